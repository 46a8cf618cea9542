/// @file paper.h
/// The holder's side of signing for oneself. A server that carries out an act with a soul whose key somebody else holds
/// answers with a *paper*: what is to be signed, text by text (docs/souls.md, Signing for oneself). Whoever signs looks
/// first whether it is what was asked for: a signature in a lineage holds for ever, and a server may lie.
#ifndef INFINITY_SOULS_PAPER_H
#define INFINITY_SOULS_PAPER_H

#include "souls/lineage.h"

/// What the holder wants, or agrees to.
typedef struct InfPaperWish {
    const char* act;         ///< "copy", "merge", "cut" or "download"
    const uint8_t* copy_key; ///< of a copy that keeps its own key; null: the server keeps it
    const uint8_t* to;       ///< of a cut: the server's key, if it is known beforehand; null: whichever the paper says
} InfPaperWish;

/// One of the paper's texts, judged: its form is exact, it is signed by `key`, and it belongs to the act.
/// Faults: FIELD and others of its form, KIND (a text for something else), KEY, ADDRESSEE, FOUNDING.
bool inf_paper_check(const json_t* paper, const json_t* item, const InfPaperWish* wish, const uint8_t key[32], InfSoulsError* error);

/// Sign what these keys can sign of it. Signs nothing at all if one of those texts is not what was wished for.
/// @param out_count  how many texts were signed
/// @return the body of `POST /api/souls/sign`, json_decref() it; null with a fault
json_t* inf_paper_sign(const json_t* paper, const InfPaperWish* wish, const InfSignKey* const* keys, size_t key_count, uint32_t* out_count,
                       InfSoulsError* error);

#endif
