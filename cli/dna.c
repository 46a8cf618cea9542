// `infinity dna new|draw|show`: DNA of minds in files. Nothing here needs a galaxy.
#include "soul.h"
#include "text.h"

#include <infinity/text.h>
#include <souls/dna.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *out_path, *given_name;
static uint64_t seed = UINT64_MAX;

// To a file, or to stdout. A file gets its final newline in place of the terminating zero.
static CliExit dna_write(const InfDna* dna) {
    InfSoulsError error = {0};
    json_t* object = inf_dna_build(dna);
    char* text = object != NULL ? json_dumps(object, JSON_INDENT(1)) : NULL;
    json_decref(object);
    if (text == NULL) return cli_fail(CLI_EXIT_FAILED, "the name is not UTF-8");
    CliExit result = CLI_EXIT_OK;
    if (out_path == NULL) {
        printf("%s\n", text);
    } else {
        size_t count = strlen(text);
        text[count] = '\n';
        if (!inf_souls_file_write(out_path, text, count + 1, false, &error)) result = cli_soul_fail(out_path, &error);
        else if (cli_json) cli_soul_tell_file(out_path);
        else printf("%s; to bear it: infinity mind birth --dna %s%s\n", cli_soul_clean(out_path), cli_soul_clean(out_path),
                    dna->name[0] != '\0' ? "" : " --name NAME");
    }
    free(text);
    return result;
}

static CliExit name_take(InfDna* dna, const char* name) {
    if (name == NULL) return CLI_EXIT_OK;
    InfTextFault fault = inf_text_check(name, strlen(name), INF_NAME_BYTES - 1);
    if (fault != INF_TEXT_OK) return cli_fail(CLI_EXIT_USAGE, "that name cannot be: %s", inf_text_fault_text(fault));
    snprintf(dna->name, sizeof dna->name, "%s", name);
    return CLI_EXIT_OK;
}

// "courage=0.7"
static CliExit trait_take(InfDna* dna, const char* text) {
    const char* words[INF_TRAITS];
    for (uint32_t i = 0; i < INF_TRAITS; i++) words[i] = inf_trait_word(i);
    const char* equals = strchr(text, '=');
    if (equals == NULL) return cli_fail(CLI_EXIT_USAGE, "a trait is given as courage=0.7, not \"%s\"", cli_soul_clean(text));
    char word[64], *end;
    snprintf(word, sizeof word, "%.*s", (int)(equals - text), text);
    double value = strtod(equals + 1, &end);
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        if (strcmp(words[i], word) != 0) continue;
        if (equals[1] == '\0' || *end != '\0' || !(value >= 0 && value <= 1)) {
            return cli_fail(CLI_EXIT_USAGE, "trait %s wants a number from 0 to 1", word);
        }
        dna->traits[i] = (uint8_t)(value * 255 + 0.5);
        dna->known |= 1u << i;
        return CLI_EXIT_OK;
    }
    const char* nearest = cli_text_nearest(word, words, INF_TRAITS);
    return cli_fail(CLI_EXIT_USAGE, "there is no trait \"%s\"%s%s%s", cli_soul_clean(word), nearest != NULL ? "; did you mean \"" : "",
                    nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

static CliExit new_run(int argument_count, const char** arguments) {
    InfDna dna = {.origin = INF_DNA_WRITTEN, .credits = -1, .hull = -1};
    CliExit result = name_take(&dna, arguments[0]);
    for (int i = 1; i < argument_count && result == CLI_EXIT_OK; i++) result = trait_take(&dna, arguments[i]);
    if (result != CLI_EXIT_OK) return result;
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        if ((dna.known >> i & 1) == 0) dna.traits[i] = 128;
    }
    dna.known = (1u << INF_TRAITS) - 1;
    return dna_write(&dna);
}

static CliExit draw_run(int argument_count, const char** arguments) {
    InfDna dna = {.origin = INF_DNA_DRAWN, .credits = -1, .hull = -1};
    CliExit result = name_take(&dna, given_name);
    if (result != CLI_EXIT_OK) return result;
    if (seed == UINT64_MAX) {
        InfSignKey chance;
        if (!inf_sign_start()) return cli_fail(CLI_EXIT_FAILED, "this machine has no source of chance");
        inf_sign_key_draw(&chance);
        memcpy(&seed, chance.secret_key, sizeof seed);
        seed >>= 1;
    }
    inf_dna_draw(&dna, seed);
    return dna_write(&dna);
}

static CliExit show_run(int argument_count, const char** arguments) {
    InfSoulsError error = {0};
    InfDna dna;
    size_t count;
    char* text = inf_souls_file_read(arguments[0], INF_DNA_BYTES_MAX, &count, &error);
    bool is_well = text != NULL && inf_dna_read(text, count, &dna, &error);
    free(text);
    if (!is_well) return cli_soul_fail(arguments[0], &error);
    if (cli_json) {
        json_t* object = inf_dna_build(&dna);
        json_dumpf(object, stdout, JSON_INDENT(1));
        json_decref(object);
        putchar('\n');
        return CLI_EXIT_OK;
    }
    static const char* const origins[] = {"written", "drawn by chance", "sampled from what somebody did"};
    printf("%s\n  %s", dna.name[0] != '\0' ? dna.name : "(no name yet)", origins[dna.origin]);
    if (dna.has_seed) printf(", seed %" PRIu64, dna.seed);
    printf("\n");
    if (dna.note[0] != '\0') printf("  %s\n", cli_soul_clean(dna.note));
    printf("\n");
    cli_traits_print(dna.traits);
    if (dna.known != (1u << INF_TRAITS) - 1) printf("\nTraits that the file leaves out are shown as 0; they are drawn at birth.\n");
    return CLI_EXIT_OK;
}

#define OPTION_OUT {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "write to a file (default: print it)"}
static const CliOption new_options[] = {OPTION_OUT};
static const CliOption draw_options[] = {
    OPTION_OUT,
    {"name", CLI_TEXT, &given_name, "NAME", 0, 0, "its name (default: none yet)"},
    {"seed", CLI_NUMBER, &seed, "N", 0, UINT64_MAX - 1, "the same seed draws the same traits (default: chance)"},
};
const CliCommand cli_dna_new = {
    .name = "dna new",
    .usage = "NAME [TRAIT=VALUE...] [--out FILE]",
    .brief = "Writes DNA by hand: traits from 0 to 1, those not named in the middle",
    .help = "Traits: courage, greed, empathy, curiosity, loyalty, patience, humour, faith in strangers, aggression,\n"
            "honesty, diligence, thrift, sociability, resilience, order, wanderlust.",
    .options = new_options, .option_count = 1, .arguments_min = 1, .arguments_max = 1 + INF_TRAITS, .run = new_run,
};
const CliCommand cli_dna_draw = {
    .name = "dna draw",
    .usage = "[--name NAME] [--seed N] [--out FILE]",
    .brief = "Draws DNA by chance",
    .help = "Each trait is the mean of two throws: the middle is common, the ends are rare.",
    .options = draw_options, .option_count = 3, .arguments_min = 0, .arguments_max = 0, .run = draw_run,
};
const CliCommand cli_dna_show = {
    .name = "dna show",
    .usage = "FILE",
    .brief = "Shows DNA: sixteen bars",
    .help = "",
    .options = NULL, .option_count = 0, .arguments_min = 1, .arguments_max = 1, .run = show_run,
};
