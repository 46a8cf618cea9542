/// @file soul.h
/// What the commands on souls share: a file, opened and checked, and the pages that are printed of it.
#ifndef INFINITY_CLI_SOUL_H
#define INFINITY_CLI_SOUL_H

#include "cli.h"

#include <souls/document.h>

/// A file of a soul, in memory.
typedef struct CliSoul {
    InfDocument document;
    json_t* object;
    InfLineage* lineage;
    bool holds;          ///< signatures, lineage and all
    InfSoulsError fault; ///< why not
    uint8_t hash[32];    ///< of its canonical text
    bool was_sealed;
} CliSoul;

/// Open a file; one that is sealed is opened with the identity (null: age asks for the passphrase at the terminal).
/// A file that can be read but does not hold is given too: the caller looks at `holds`.
/// @return OK, or FAILED after having said why
CliExit cli_soul_open_file(const char* path, const char* identity_path, CliSoul* out);
void cli_soul_close(CliSoul* soul);
/// `PATH: sentence` of a fault.
CliExit cli_soul_fail(const char* path, const InfSoulsError* error);
/// Is there a terminal that age can ask for a passphrase at?
bool cli_soul_has_terminal(void);
/// For --json: {"file": path}.
void cli_soul_tell_file(const char* path);
/// The option that names an age identity.
extern const char* cli_soul_identity;
#define CLI_OPTION_IDENTITY                                                                              \
    { "identity", CLI_TEXT, &cli_soul_identity, "FILE", 0, 0, "age key file, if the soul's file is sealed" }

/// The whole page, for people. @param object  the document: names of others stand in it
void cli_soul_page_print(const InfDocument* document, const json_t* object);
/// The lineage as a graph, newest first, for people.
void cli_soul_lineage_print(const InfLineage* lineage, const uint8_t head[32]);
/// As an array of {hash, act, identity, name, epoch, tick, galaxy, server, previous}, earliest first; json_decref() it.
json_t* cli_soul_lineage_json(const InfLineage* lineage, const uint8_t head[32]);
/// Sixteen rows with a bar each.
void cli_traits_print(const uint8_t traits[INF_TRAITS]);
/// Eight lines, 0 to 1000.
void cli_feelings_print(const uint32_t feelings[INF_FEELINGS]);
/// A text from elsewhere, without what could steer a terminal. Lives until the next few calls.
const char* cli_soul_clean(const char* text);

#endif
