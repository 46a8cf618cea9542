/// @file constants.h
/// Sizes that state, wire and files share. Changing one changes the format: bump INF_RULES_VERSION.
#ifndef INFINITY_TABLES_CONSTANTS_H
#define INFINITY_TABLES_CONSTANTS_H

/// Version of the rules: the same journal gives the same world per rules version.
#define INF_RULES_VERSION 2
/// Bytes of a name or tag with its terminating zero.
#define INF_NAME_BYTES 40
/// Bytes of a line of chat with its terminating zero.
#define INF_SAY_BYTES 240
#define INF_KEY_BYTES 32
#define INF_GOODS 12
#define INF_MODULE_SLOTS 8
#define INF_TRAITS 16
#define INF_FEELINGS 8
#define INF_MEMORIES 12
#define INF_RELATIONS 8
/// Prices of other stations that a mind remembers, or that a station's board shows.
#define INF_PRICE_NOTES 4
/// Shards of a galaxy at most (a power of two).
#define INF_SHARDS_MAX 64
/// Bytes of what one transfer carries at most (a soul with ship and wallet).
#define INF_TRANSFER_BYTES 2560
/// Bytes of a hash that names something for ever: an identity, a record of a lineage (SHA-256).
#define INF_HASH_BYTES 32
/// Bytes of the number of a passage over the border (random, from the source).
#define INF_PASSAGE_BYTES 16
/// Bytes of the text of a record of a lineage (canonical JSON) and of what the senses bring.
#define INF_RECORD_BYTES 2048
#define INF_SENSE_BYTES 480
#define INF_SENSE_SOURCE_BYTES 32
/// Passengers that one host carries.
#define INF_SEATS 8
/// Of all passengers in a frame: feelings by seat row and kind, names zero-terminated by seat row.
#define INF_HEAD_FEELINGS 64
#define INF_HEAD_NAMES 320
/// Counters by cause of death, trade and reason have so many places.
#define INF_CAUSES_MAX 16
#define INF_TRADES_MAX 16
#define INF_REASONS_MAX 48

#endif
