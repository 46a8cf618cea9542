/// @file border_parcel.h
/// Souls on their way to one server, many to a letter. The loop fills a parcel (border_out.c), the courier's thread makes
/// the letter of it and judges the answer, the loop acts on the verdicts.
#ifndef INFINITY_SERVER_BORDER_PARCEL_H
#define INFINITY_SERVER_BORDER_PARCEL_H

#include "server/border.h"

typedef enum InfVerdict { INF_VERDICT_NONE, INF_VERDICT_ACCEPTED, INF_VERDICT_REFUSED, INF_VERDICT_LIE, INF_VERDICT_PROBLEM } InfVerdict;

typedef struct InfParcelItem {
    uint8_t transfer[INF_PASSAGE_BYTES], host[32];
    uint32_t epoch;
    bool is_packed;
    InfVerdict verdict;
    char note[INF_MESSAGE_TEXT_BYTES]; ///< what went wrong, or why it was refused
    InfPassage passage;
} InfParcelItem;

/// InfErrand.user of an arrival; belongs to the courier's thread between pack and unpack.
typedef struct InfParcel {
    InfBorder* border;
    uint8_t destination[32];
    uint32_t count;
    InfParcelItem items[];
} InfParcel;

/// InfErrand.pack and .unpack. What cannot be made ready, or finds no room in the letter, has its verdict at once.
bool inf_parcel_pack(InfErrand* errand);
void inf_parcel_unpack(InfErrand* errand);
/// A life that is too long for a document never was sent and never will be: it may come home.
bool inf_parcel_is_too_long(const InfSoulsError* error);

#endif
