/// @file letta.h
/// Letta Agent Files (.af): what such a file can hold of a soul, and a soul's beginnings from such a file.
///
/// **Out**: one agent with two memory blocks: `persona`, the soul in its own words (name, traits, feelings, memories, home),
/// and `human`, whom it knows and how it feels for them. No messages, no tools. `metadata` carries the identity and the
/// SHA-256 of the soul's document, so that both files can be told to belong together, and the traits.
///
/// **In**: the name, a note on its origin, traits. Traits are those of `metadata.infinity.traits` if it has them, else drawn
/// from a hash of name and blocks: the same file gives the same mind. What comes in is DNA for a new mind: memories that
/// never happened here are not made up for it.
///
/// **Cannot be held**, either way: keys and signatures (an .af has none: whoever has it can write what they like), lineage,
/// exact memories and relations with their times, credits, ship and hold; on the way in also messages, files, sources,
/// tools and everything that could be run: it is neither executed nor kept.
#ifndef INFINITY_SOULS_LETTA_H
#define INFINITY_SOULS_LETTA_H

#include "souls/dna.h"
#include "souls/document.h"

#define INF_LETTA_BYTES_MAX (8u * 1024u * 1024u)
#define INF_LETTA_BLOCK_BYTES 8192

/// A document's soul as an agent file. @param object  the document, for names beside ids; @param document read from it
/// @return json_decref() it
json_t* inf_letta_export(const json_t* object, const InfDocument* document, InfSoulsError* error);

/// What was left behind while importing, for a person to read.
typedef struct InfLettaImport {
    InfDna dna;              ///< origin WRITTEN if the file had traits, else DRAWN with its seed
    char persona[INF_LETTA_BLOCK_BYTES]; ///< as far as it fits, control characters replaced
    bool has_document;       ///< it was exported from a soul of ours: these two tell which
    uint8_t identity[32], document_hash[32];
    uint32_t agent_count;    ///< in the file; the first one is taken
    uint32_t message_count, tool_count, block_count; ///< of the file; messages and tools were left behind
} InfLettaImport;

/// Read a file of the present form (agents, blocks, …) or of the first one (one agent with core_memory). Fields that are
/// not known are passed over. Faults: JSON, TRUNCATED, SIZE, DEPTH, KIND (no agent in it).
bool inf_letta_import(const char* text, size_t byte_count, InfLettaImport* out, InfSoulsError* error);

#endif
