// `infinity soul cut --all URL`: everybody whom the server can sign for is asked, and goes or stays. Those who are docked
// first, 64 at a time; then those who still fly, who get the time to dock. Then all passages are followed to their ends.
// Ctrl-C: nobody more is asked; who is at the border goes on by itself, and a second one leaves at once.
#include "live_acts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DOCKED_AT_ONCE 64
#define FLYING_AT_ONCE 512 // they wait side by side

typedef enum Fate { FATE_UNASKED, FATE_STAYS, FATE_AT_BORDER, FATE_GONE, FATE_BACK, FATE_HERE } Fate;

typedef struct Traveller {
    char id[CLI_LIVE_ID_BYTES], name[64], transfer[40], told[400];
    bool is_docked;
    Fate fate;
} Traveller;

static volatile sig_atomic_t is_stopped;

static void on_interrupt(int number) {
    (void)number;
    is_stopped = 1;
    signal(SIGINT, SIG_DFL);
}

// ---- who ---------------------------------------------------------------------------------------------------------------

static CliExit list_souls(Traveller** out, size_t* out_count, size_t* out_own_keys) {
    char path[128], cursor[32] = "0", kind[32];
    size_t capacity = 0;
    *out = NULL, *out_count = *out_own_keys = 0;
    do {
        json_t* answer = NULL;
        size_t index;
        json_t* soul;
        snprintf(path, sizeof path, "/api/souls?cursor=%s", cursor);
        CliExit result = cli_live_ask("GET", path, NULL, 0, &answer);
        if (result != CLI_EXIT_OK) return result;
        json_array_foreach(json_object_get(answer, "souls"), index, soul) {
            if (strcmp(cli_live_text(soul, "kind", kind, sizeof kind), "mind") != 0) {
                ++*out_own_keys;
                continue;
            }
            if (json_object_get(soul, "host") != NULL) continue; // it goes with its host
            if (*out_count == capacity) {
                capacity = capacity == 0 ? 256 : 2 * capacity;
                Traveller* grown = realloc(*out, capacity * sizeof **out);
                if (grown == NULL) {
                    json_decref(answer);
                    return cli_fail(CLI_EXIT_FAILED, "there is no memory for so many souls");
                }
                *out = grown;
            }
            Traveller* traveller = &(*out)[(*out_count)++];
            memset(traveller, 0, sizeof *traveller);
            cli_live_text(soul, "soul", traveller->id, sizeof traveller->id);
            cli_live_text(soul, "name", traveller->name, sizeof traveller->name);
            traveller->is_docked = json_is_true(json_object_get(soul, "docked"));
        }
        cli_live_text(answer, "next", cursor, sizeof cursor);
        json_decref(answer);
    } while (strcmp(cursor, "0") != 0 && cursor[0] != '\0');
    return CLI_EXIT_OK;
}

// ---- asking ------------------------------------------------------------------------------------------------------------

static Traveller* find(Traveller* all, size_t count, const char* id) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].id, id) == 0) return &all[i];
    }
    return NULL;
}

static void hear_one(Traveller* all, size_t count, const json_t* said, bool is_far) {
    char id[CLI_LIVE_ID_BYTES];
    Traveller* traveller = find(all, count, cli_live_text(said, "soul", id, sizeof id));
    if (traveller == NULL) return;
    if (json_integer_value(json_object_get(said, "status")) != 200) {
        traveller->fate = FATE_STAYS;
        cli_live_say("stays", "%s: %s", traveller->name, cli_live_text(said, "reason", traveller->told, sizeof traveller->told));
    } else if (!is_far) {
        traveller->fate = FATE_HERE;
        cli_live_say("arrived", "%s", traveller->name);
    } else {
        traveller->fate = FATE_AT_BORDER;
        cli_live_say("escrow", "%s (passage %s)", traveller->name, cli_live_text(said, "transfer", traveller->transfer, sizeof traveller->transfer));
    }
}

// The next of those who are docked, or fly. @return how many were asked, 0: there are no others, -1: the server does not hear
static int ask_some(Traveller* all, size_t count, bool is_docked, const char* to, uint64_t wait_s, CliExit* result) {
    json_t* names = json_array();
    size_t most = is_docked ? DOCKED_AT_ONCE : FLYING_AT_ONCE, index;
    for (size_t i = 0; i < count && json_array_size(names) < most; i++) {
        if (all[i].fate == FATE_UNASKED && all[i].is_docked == is_docked) json_array_append_new(names, json_string(all[i].id));
    }
    int asked = (int)json_array_size(names);
    json_t *answer = NULL, *said;
    if (asked > 0) {
        json_t* body = json_pack("{s:O, s:s, s:I}", "souls", names, "to", to, "wait_s", (json_int_t)wait_s);
        if (!is_docked) cli_live_say("waiting", "for %d who fly, until they are docked (%llu s at most)", asked, (unsigned long long)wait_s);
        *result = cli_live_ask("POST", "/api/souls/cut", body, wait_s, &answer);
        json_decref(body);
        bool is_far = strncmp(to, "http", 4) == 0;
        json_array_foreach(json_object_get(answer, "souls"), index, said) hear_one(all, count, said, is_far);
        json_array_foreach(names, index, said) { // one that the answer does not name is not asked for ever
            Traveller* traveller = find(all, count, json_string_value(said));
            if (*result == CLI_EXIT_OK && traveller->fate == FATE_UNASKED) traveller->fate = FATE_STAYS;
        }
        json_decref(answer);
    }
    json_decref(names);
    return *result == CLI_EXIT_OK ? asked : -1;
}

// ---- following -----------------------------------------------------------------------------------------------------------

static CliExit follow(Traveller* traveller) {
    char path[128], state[32], note[400];
    json_t* answer = NULL;
    snprintf(path, sizeof path, "/api/souls/crossings?transfer=%s", traveller->transfer);
    CliExit result = cli_live_ask("GET", path, NULL, 0, &answer);
    if (result != CLI_EXIT_OK) return result;
    cli_live_text(answer, "state", state, sizeof state);
    cli_live_text(answer, "note", note, sizeof note);
    json_decref(answer);
    if (strcmp(state, "gone") == 0) {
        traveller->fate = FATE_GONE;
        cli_live_say("receipt", "%s lives there now", traveller->name);
    } else if (strcmp(state, "back") == 0) {
        traveller->fate = FATE_BACK;
        snprintf(traveller->told, sizeof traveller->told, "%s", note);
        cli_live_say("home", "%s was refused there (%s)", traveller->name, note);
    } else if (strcmp(state, "waiting") == 0 && strcmp(note, traveller->told) != 0) {
        cli_live_say("waiting", "%s: %s; it will be sent again", traveller->name, note);
        snprintf(traveller->told, sizeof traveller->told, "%s", note);
    }
    return CLI_EXIT_OK;
}

static CliExit follow_all(Traveller* all, size_t count) {
    for (bool any = true; any && !is_stopped;) {
        any = false;
        for (size_t i = 0; i < count && !is_stopped; i++) {
            if (all[i].fate != FATE_AT_BORDER) continue;
            CliExit result = follow(&all[i]);
            if (result != CLI_EXIT_OK) return result;
            any |= all[i].fate == FATE_AT_BORDER;
        }
        if (any) nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    }
    return CLI_EXIT_OK;
}

// ---- the end ---------------------------------------------------------------------------------------------------------------

static CliExit sum_up(const Traveller* all, size_t count, size_t own_keys, const char* to) {
    static const char* const words[] = {"not asked", "stays", "at the border", "gone", "back", "arrived"};
    size_t sums[6] = {0};
    json_t* list = json_array();
    for (size_t i = 0; i < count; i++) {
        sums[all[i].fate]++;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s*}", "soul", all[i].id, "name", all[i].name, "end", words[all[i].fate], "reason",
                                              all[i].fate == FATE_STAYS || all[i].fate == FATE_BACK ? all[i].told : NULL));
    }
    size_t went = sums[FATE_GONE] + sums[FATE_HERE];
    json_t* brief = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:O}", "went", (json_int_t)went, "stay", (json_int_t)sums[FATE_STAYS], "back",
                              (json_int_t)sums[FATE_BACK], "at_the_border", (json_int_t)sums[FATE_AT_BORDER], "not_asked", (json_int_t)sums[FATE_UNASKED],
                              "own_keys", (json_int_t)own_keys, "interrupted", is_stopped != 0, "souls", list);
    if (!cli_live_json(brief)) {
        printf("%zu of %zu went to %s: %zu stay, %zu came back, %zu at the border, %zu not asked\n", went, count, to, sums[FATE_STAYS],
               sums[FATE_BACK], sums[FATE_AT_BORDER], sums[FATE_UNASKED]);
        if (own_keys > 0) printf("%zu keep their own keys and go by themselves: infinity soul cut NAME URL --key FILE\n", own_keys);
        if (is_stopped) printf("Interrupted. Who is at the border goes on by itself: GET /api/souls/crossings.\n");
    }
    json_decref(brief);
    json_decref(list);
    return went == count && !is_stopped ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

CliExit cli_live_cut_all(const char* to, uint64_t wait_s) {
    Traveller* all;
    size_t count, own_keys;
    struct sigaction action = {.sa_handler = on_interrupt};
    CliExit result = list_souls(&all, &count, &own_keys);
    if (result != CLI_EXIT_OK) {
        free(all);
        return result;
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    cli_live_say("asking", "%zu souls, and the server at %s", count, to);
    for (int is_docked = 1; is_docked >= 0; is_docked--) {
        while (!is_stopped && result == CLI_EXIT_OK && ask_some(all, count, is_docked != 0, to, is_docked ? 5 : wait_s, &result) > 0) {
        }
    }
    if (result == CLI_EXIT_OK) result = follow_all(all, count);
    if (result == CLI_EXIT_OK || result == CLI_EXIT_NO_SERVER) {
        CliExit end = sum_up(all, count, own_keys, to);
        result = result != CLI_EXIT_OK ? result : end;
    }
    free(all);
    return result;
}
