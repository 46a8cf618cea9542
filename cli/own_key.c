// A soul gives its own orders; see own_key.h.
#include "own_key.h"
#include "http.h"
#include "text.h"

#include <server/courier.h>
#include <souls/paper.h>

#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

const char *cli_own_key, *cli_own_server;

// ---- by a server's address ----------------------------------------------------------------------------------------------

static CliExit fail_by_answer(int status, const json_t* answer, const char* path) {
    const char *reason = json_string_value(json_object_get(answer, "reason")), *what_to_do = json_string_value(json_object_get(answer, "what_to_do"));
    char text[1024];
    if (reason != NULL) snprintf(text, sizeof text, "%s%s%s", reason, what_to_do != NULL ? " " : "", what_to_do != NULL ? what_to_do : "");
    else snprintf(text, sizeof text, "the server answered %s with status %d", path, status);
    cli_text_clean(text);
    return cli_fail(CLI_EXIT_FAILED, "%s", text);
}

static CliExit ask_far(const char* method, const char* path, const json_t* body, uint64_t wait_s, json_t** out_answer) {
    char url[INF_COURIER_URL_BYTES], error[256];
    const char* wrong = inf_courier_check_url(cli_own_server, url);
    if (wrong != NULL) return cli_fail(CLI_EXIT_USAGE, "--server: %s", wrong);
    InfCourierDef def = inf_courier_def_default();
    def.timeout_ms = (uint32_t)(wait_s + 40) * 1000u;
    InfCourier* courier = inf_courier_create(&def, error, sizeof error);
    bool is_post = strcmp(method, "POST") == 0;
    InfErrand* errand = courier != NULL ? inf_errand_create(url, path, is_post ? json_dumps(body, JSON_COMPACT) : NULL) : NULL;
    if (errand == NULL) {
        inf_courier_destroy(courier);
        return cli_fail(CLI_EXIT_FAILED, "the request could not be made: %s", courier == NULL ? error : "no memory");
    }
    errand->allows_private = true; // whoever sits here may name any address
    inf_courier_send(courier, errand);
    struct pollfd at = {.fd = inf_courier_fd(courier), .events = POLLIN};
    while ((errand = inf_courier_collect(courier)) == NULL) poll(&at, 1, 1000);
    CliExit result = CLI_EXIT_OK;
    *out_answer = errand->end == INF_ERRAND_ANSWERED ? json_loadb(errand->answer, errand->answer_bytes, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (errand->end != INF_ERRAND_ANSWERED) {
        result = cli_fail(CLI_EXIT_NO_SERVER, "%s does not answer: %s", url, errand->error);
    } else if (errand->status < 200 || errand->status > 299 || *out_answer == NULL) {
        result = fail_by_answer(errand->status, *out_answer, path);
    }
    if (result != CLI_EXIT_OK) {
        json_decref(*out_answer);
        *out_answer = NULL;
    }
    inf_errand_free(errand);
    inf_courier_destroy(courier);
    return result;
}

CliExit cli_own_ask(const char* method, const char* path, const json_t* body, uint64_t wait_s, json_t** out_answer) {
    return cli_own_server != NULL ? ask_far(method, path, body, wait_s, out_answer) : cli_live_ask(method, path, body, wait_s, out_answer);
}

// ---- orders and signatures ---------------------------------------------------------------------------------------------------

static CliExit read_key(const char* path, InfSignKey* key) {
    InfSoulsError error = {0};
    char sentence[256];
    if (inf_sign_key_read(path, key, &error)) return CLI_EXIT_OK;
    return cli_fail(CLI_EXIT_FAILED, "%s", inf_souls_error_text(&error, sentence, sizeof sentence));
}

// Orders name souls by their ids; people do by their names.
static CliExit resolve(json_t* body, const char* member) {
    const char* word = json_string_value(json_object_get(body, member));
    if (word == NULL || strspn(word, "0123456789") == strlen(word) || (strlen(word) == 64 && strspn(word, "0123456789abcdef") == 64)) return CLI_EXIT_OK;
    char encoded[512], path[640], id[CLI_LIVE_ID_BYTES] = "", cursor[32] = "0";
    cli_live_encode(word, encoded, sizeof encoded);
    unsigned matches = 0;
    do {
        snprintf(path, sizeof path, "/api/souls?find=%s&cursor=%s", encoded, cursor);
        json_t *answer = NULL, *soul;
        CliExit result = cli_own_ask("GET", path, NULL, 0, &answer);
        if (result != CLI_EXIT_OK) return result;
        size_t index;
        json_array_foreach(json_object_get(answer, "souls"), index, soul) {
            const char* known = json_string_value(json_object_get(soul, "name"));
            if (known == NULL || strcasecmp(known, word) != 0) continue;
            matches++;
            cli_live_text(soul, "soul", id, sizeof id);
        }
        cli_live_text(answer, "next", cursor, sizeof cursor);
        json_decref(answer);
    } while (strcmp(cursor, "0") != 0 && cursor[0] != '\0' && matches < 2);
    if (matches != 1) {
        return cli_fail(CLI_EXIT_FAILED, matches == 0 ? "nobody called %s lives there; infinity soul list --find TEXT looks for parts of names"
                                                      : "several souls are called %s: name an id of infinity soul list --find", word);
    }
    json_object_set_new(body, member, json_string(id));
    return CLI_EXIT_OK;
}

static bool make_order(json_t* body, const char* act, const InfSignKey* key) {
    uint8_t nonce[16];
    char key_hex[65], nonce_hex[33];
    randombytes_buf(nonce, sizeof nonce);
    return json_object_set_new(body, "act", json_string(act)) == 0 && json_object_set_new(body, "issued", json_integer((json_int_t)time(NULL))) == 0 &&
           json_object_set_new(body, "key", json_string(inf_hex_write(key->public_key, 32, key_hex))) == 0 &&
           json_object_set_new(body, "nonce", json_string(inf_hex_write(nonce, 16, nonce_hex))) == 0 &&
           inf_sign_object(INF_SIGN_ORDER, body, "soul_signature", key, NULL);
}

static void tell_signing(const json_t* paper) {
    size_t index;
    json_t* item;
    char by[16];
    if (cli_json) return;
    json_array_foreach(json_object_get(paper, "sign"), index, item) {
        const char* text = json_string_value(json_object_get(item, "text"));
        bool founds = text != NULL && strstr(text, "\"act\":\"founded\"") != NULL;
        printf("%-9s %s, by the key of %s\n", "to sign", json_string_value(json_object_get(item, "kind")) == NULL ? "" :
               strcmp(json_string_value(json_object_get(item, "kind")), "mandate") == 0 ? "a mandate for this departure" : founds ? "its founding record" : "a record of its lineage",
               strcmp(cli_live_text(item, "by", by, sizeof by), "copy") == 0 ? "the copy" : strcmp(by, "other") == 0 ? "the other branch" : "the soul");
    }
    fflush(stdout);
}

CliExit cli_own_act(const char* act, json_t* body, const char* other_key_path, const uint8_t* copy_key, uint64_t wait_s, json_t** out_answer) {
    InfSignKey keys[2] = {0};
    const InfSignKey* held[2] = {&keys[0], &keys[1]};
    size_t key_count = other_key_path != NULL ? 2 : 1;
    char path[64];
    *out_answer = NULL;
    CliExit result = read_key(cli_own_key, &keys[0]);
    if (result == CLI_EXIT_OK && other_key_path != NULL) result = read_key(other_key_path, &keys[1]);
    if (result == CLI_EXIT_OK) result = resolve(body, "soul");
    if (result == CLI_EXIT_OK) result = resolve(body, "other");
    if (result == CLI_EXIT_OK && !make_order(body, act, &keys[0])) result = cli_fail(CLI_EXIT_FAILED, "the order could not be written: a name is no UTF-8");
    snprintf(path, sizeof path, "/api/souls/%s", act);
    if (result == CLI_EXIT_OK) result = cli_own_ask("POST", path, body, wait_s, out_answer);
    InfPaperWish wish = {.act = act, .copy_key = copy_key};
    while (result == CLI_EXIT_OK && json_object_get(*out_answer, "sign") != NULL) {
        InfSoulsError error = {0};
        uint32_t signed_count = 0;
        char sentence[256];
        tell_signing(*out_answer);
        json_t* signatures = inf_paper_sign(*out_answer, &wish, held, key_count, &signed_count, &error);
        if (signatures == NULL) {
            result = cli_fail(CLI_EXIT_FAILED, "the server wants something signed that was not asked for: %s; nothing was signed",
                              inf_souls_error_text(&error, sentence, sizeof sentence));
        } else if (signed_count == 0) {
            result = cli_fail(CLI_EXIT_FAILED, "your part is signed; another soul has to sign, too, within two minutes (POST /api/souls/papers shows it what)");
        }
        json_t* answer = NULL;
        if (result == CLI_EXIT_OK) result = cli_own_ask("POST", "/api/souls/sign", signatures, wait_s, &answer);
        json_decref(signatures);
        json_decref(*out_answer);
        *out_answer = answer;
    }
    for (size_t i = 0; i < 2; i++) inf_sign_key_wipe(&keys[i]);
    return result;
}
