// Souls that keep their own keys, by both doors: they copy and merge by their own signatures, leave by their own mandates,
// and nothing happens that was not signed for exactly so, in time, once.
#include "own_key_test.h"
#include "../souls/document_text.h"

/// A copy that keeps a key of its own.
static Who copy_of(Who* of, const char* name, uint8_t seed) {
    Who copy = {.number = 1};
    seed_key(&copy.key, seed);
    json_t* done = DO(of, "copy", json_pack("{s:s, s:s}", "copy_key", hex_of(copy.key.public_key, 32), "name", name), &of->key, &copy.key);
    name_soul(&copy, strtoull(text_at(done, "copy"), NULL, 10));
    json_decref(done);
    return copy;
}

static void copies_and_merges(bool by_frames) {
    open_galaxy(by_frames ? "frames" : "rest");
    Who ada = bear("Ada", 1, by_frames);
    json_int_t credits = state_of(&ada).credits;
    Who eve = copy_of(&ada, "Eve", 2);
    ENSURE(eve.soul != 0 && eve.soul != ada.soul);
    ENSURE(state_of(&ada).credits <= credits - 1600);
    InfLineageRecord first = check_lineage(&eve), record = check_lineage(&ada);
    ENSURE(first.act == INF_LINEAGE_COPIED && first.has_founding && memcmp(first.founding.key, eve.key.public_key, 32) == 0);
    ENSURE(record.act == INF_LINEAGE_COPIED && memcmp(record.other, first.identity, 32) == 0);
    json_t* page = page_of(eve.soul);
    ENSURE(json_is_true(json_object_get(page, "driven")));
    ENSURE_EQ_STR("Eve", text_at(page, "name"));
    json_decref(page);
    Who again = {.key = eve.key, .number = 1}; // whoever has that key speaks for the copy
    connect_who(&again, "");
    ENSURE_EQ_U64(eve.soul, again.soul);
    leave(&again);

    json_t* done = DO(&ada, "merge", json_pack("{s:s}", "other", eve.id), &ada.key, &eve.key);
    ENSURE_EQ_STR(ada.id, text_at(done, "lives"));
    json_decref(done);
    record = check_lineage(&ada);
    ENSURE(record.act == INF_LINEAGE_MERGED && memcmp(record.other, first.identity, 32) == 0);
    leave(&ada);
    close_galaxy();
}

TEST(a_soul_copies_itself_and_they_merge_by_orders) { copies_and_merges(false); }
TEST(a_soul_copies_itself_and_they_merge_over_the_connection) { copies_and_merges(true); }

TEST(a_copy_may_be_a_mind_of_the_server) {
    open_galaxy("kept");
    Who ada = bear("Ada", 1, true);
    json_t* done = DO(&ada, "copy", json_pack("{s:s, s:s}", "copy_key", "server", "name", "Eve"), &ada.key);
    uint64_t eve = strtoull(text_at(done, "copy"), NULL, 10);
    char eve_id[24];
    snprintf(eve_id, sizeof(eve_id), "%s", text_at(done, "copy"));
    json_decref(done);
    json_t* page = page_of(eve);
    ENSURE(json_is_false(json_object_get(page, "driven")));
    json_decref(page);
    int status; // the server signs for the copy, if its will says yes
    json_t* answer = act(&ada, "merge", json_pack("{s:I, s:s}", "wait_s", (json_int_t)20, "other", eve_id), &status);
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
    ENSURE_EQ_U64(1, json_array_size(json_object_get(answer, "sign")));
    answer = SIGN_ALL(&ada, answer, &status, &ada.key);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(answer, 0));
    json_decref(answer);
    ENSURE(check_lineage(&ada).act == INF_LINEAGE_MERGED);
    leave(&ada);
    close_galaxy();
}

/// Where the original has to sign its record for a copy: a paper is out. Its founding is signed already.
static json_t* begin_copy(Who* of, const InfSignKey* copy_key, json_int_t sign_s) {
    int status;
    json_t* answer = act(of, "copy", json_pack("{s:s, s:s, s:I}", "copy_key", hex_of(copy_key->public_key, 32), "name", "Eve", "sign_s", sign_s), &status);
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
    return answer;
}

static const json_t* only_item(const json_t* paper) {
    ENSURE_EQ_U64(1, json_array_size(json_object_get(paper, "sign")));
    return json_array_get(json_object_get(paper, "sign"), 0);
}

static void nothing_happens(bool by_frames) {
    open_galaxy(by_frames ? "nothing-f" : "nothing-r");
    Who ada = bear("Ada", 1, by_frames), bob = bear("Bob", 3, by_frames);
    InfSignKey fresh;
    int status;
    seed_key(&fresh, 9);
    Who eve = copy_of(&ada, "Ena", 2); // both have identities now
    State before = state_of(&ada);

    // the copy's key
    json_t* answer = act(&ada, "copy", json_object(), &status);
    ENSURE_REFUSED(400, "\"copy_key\" is missing", status, answer);
    answer = act(&ada, "copy", json_pack("{s:s}", "copy_key", "abc"), &status);
    ENSURE_REFUSED(400, "64 hexadecimal digits", status, answer);
    answer = act(&ada, "copy", json_pack("{s:s}", "copy_key", hex_of(bob.key.public_key, 32)), &status);
    ENSURE_REFUSED(400, "somebody who lives here", status, answer);
    answer = act(&ada, "copy", json_pack("{s:s}", "copy_key", hex_of(ada.key.public_key, 32)), &status);
    ENSURE_REFUSED(400, "somebody who lives here", status, answer);

    // forms
    answer = act(&ada, "sign", json_object(), &status);
    ENSURE_REFUSED(400, "\"paper\" is the number", status, answer);
    answer = act(&ada, "sign", json_pack("{s:s}", "paper", "00112233445566778899aabbccddeeff"), &status);
    ENSURE_REFUSED(404, "Nothing of that number", status, answer);
    json_t* paper = begin_copy(&ada, &fresh, 60);
    const json_t* item = only_item(paper);
    answer = act(&ada, "sign", json_pack("{s:s}", "paper", text_at(paper, "paper")), &status);
    ENSURE_REFUSED(403, "\"signatures\" is an array", status, answer);
    answer = act(&ada, "sign", json_pack("{s:s, s:[{s:i, s:s}]}", "paper", text_at(paper, "paper"), "signatures", "number", 7, "signature", "00"), &status);
    ENSURE_REFUSED(403, "has the \"number\"", status, answer);

    // forged: by another key, of another text, of another kind, turned by a bit
    answer = act(&ada, "sign", signature_of(paper, item, &bob.key), &status);
    ENSURE_REFUSED(403, "does not hold", status, answer);
    answer = act(&ada, "sign", signature_of(paper, item, &fresh), &status);
    ENSURE_REFUSED(403, "does not hold", status, answer);
    json_t* other = json_deep_copy(item);
    char text[4096];
    snprintf(text, sizeof(text), "%s", text_at(item, "text"));
    ENSURE(strncmp(text, "infinity-lineage-1\n{\"act\":\"copied\"", 34) == 0);
    json_object_set_new(other, "text", json_string(strchr(text, '{')));
    answer = act(&ada, "sign", signature_of(paper, other, &ada.key), &status); // without its prefix
    ENSURE_REFUSED(403, "does not hold", status, answer);
    char* tick = strstr(text, "\"tick\":");
    tick[7] = tick[7] == '1' ? '2' : '1';
    json_object_set_new(other, "text", json_string(text));
    answer = act(&ada, "sign", signature_of(paper, other, &ada.key), &status); // of another tick
    ENSURE_REFUSED(403, "does not hold", status, answer);
    json_decref(other);
    ensure_same(&ada, &before);

    // a good one, twice in one request and after one that is not: none of them counts
    json_t* both = signature_of(paper, item, &ada.key);
    json_array_append_new(json_object_get(both, "signatures"), json_pack("{s:i, s:s}", "number", 1, "signature", text_at(json_array_get(json_object_get(both, "signatures"), 0), "signature")));
    answer = act(&ada, "sign", both, &status);
    ENSURE_REFUSED(403, "has the \"number\"", status, answer);

    // the original signs; the copy's key does not, or another one does
    answer = act(&ada, "sign", signature_of(paper, item, &ada.key), &status);
    ENSURE_SAY(status == 202, "%d", status);
    const json_t* second = NULL;
    ENSURE_EQ_U64(1, json_array_size(json_object_get(answer, "sign")));
    second = json_array_get(json_object_get(answer, "sign"), 0);
    ENSURE_EQ_STR("copy", text_at(second, "by"));
    json_t* forged = act(&ada, "sign", signature_of(answer, second, &ada.key), &status);
    ENSURE_REFUSED(403, "does not hold", status, forged);
    forged = act(&ada, "sign", signature_of(paper, item, &ada.key), &status); // the first once more
    ENSURE_REFUSED(403, "signed already", status, forged);
    ensure_same(&ada, &before);

    // taken back; then nothing of it can be signed any more
    json_t* taken = act(&bob, "withdraw", json_pack("{s:s}", "paper", text_at(paper, "paper")), &status);
    ENSURE_REFUSED(404, "Nothing of it is under way", status, taken); // it is not Bob's
    taken = act(&ada, "withdraw", json_pack("{s:s}", "paper", text_at(paper, "paper")), &status);
    ENSURE_SAY(status == 200, "%d", status);
    json_decref(taken);
    forged = act(&ada, "sign", signature_of(answer, second, &fresh), &status);
    ENSURE_REFUSED(410, "taken", status, forged);
    json_decref(answer);
    json_decref(paper);
    ensure_same(&ada, &before);

    // late
    paper = begin_copy(&ada, &fresh, 1);
    usleep(1300000);
    answer = act(&ada, "sign", signature_of(paper, only_item(paper), &ada.key), &status);
    ENSURE_REFUSED(410, "in time", status, answer);
    json_decref(paper);
    ensure_same(&ada, &before);

    // the world has gone on: of two copies that were written on the same record one can be
    paper = begin_copy(&ada, &fresh, 60);
    InfSignKey other_fresh;
    seed_key(&other_fresh, 10);
    json_t* rival = begin_copy(&ada, &other_fresh, 60);
    answer = act(&ada, "sign", signature_of(rival, only_item(rival), &ada.key), &status);
    answer = SIGN_ALL(&ada, answer, &status, &other_fresh);
    ENSURE_SAY(status == 200, "%d", status);
    json_decref(answer);
    State later = state_of(&ada);
    answer = act(&ada, "sign", signature_of(paper, only_item(paper), &ada.key), &status);
    answer = SIGN_ALL(&ada, answer, &status, &fresh);
    ENSURE_REFUSED(409, "has gone on", status, answer);
    ensure_same(&ada, &later);

    // replayed: what was carried out is not carried out again
    answer = act(&ada, "sign", signature_of(rival, only_item(rival), &ada.key), &status);
    ENSURE_REFUSED(409, "carried out already", status, answer);
    ensure_same(&ada, &later);
    json_decref(rival);
    json_decref(paper);

    // strangers are not even asked to sign
    answer = act(&ada, "merge", json_pack("{s:s}", "other", bob.id), &status);
    if (status == 202) { // Bob founds himself first
        answer = SIGN_ALL(&ada, answer, &status, &bob.key);
    }
    ENSURE_REFUSED(409, inf_result_text(INF_ERROR_UNRELATED), status, answer);
    answer = act(&ada, "merge", json_pack("{s:s}", "other", ada.id), &status);
    ENSURE_REFUSED(400, "with itself", status, answer);
    ensure_same(&ada, &later);
    ENSURE(check_lineage(&ada).act == INF_LINEAGE_COPIED);
    leave(&ada);
    leave(&bob);
    (void)eve;
    close_galaxy();
}

TEST(what_is_not_signed_does_not_happen_by_orders) { nothing_happens(false); }
TEST(what_is_not_signed_does_not_happen_over_the_connection) { nothing_happens(true); }

static json_t* wait_paper(Who* who) {
    static InfFramePaper frame;
    size_t bytes;
    const uint8_t* at = inf_client_wait_frame(who->client, INF_FRAME_KIND_Paper, ANSWER_MS, &bytes);
    ENSURE_SAY(read_frame(at, bytes, &frame, sizeof(frame)), "no paper: %s", inf_client_text(who->client));
    json_t* json = json_loadb((const char*)frame.json, frame.json_bytes, 0, NULL);
    ENSURE(json != NULL);
    return json;
}

TEST(two_holders_sign_each_for_itself) {
    open_galaxy("two");
    Who ada = bear("Ada", 1, true), eve = copy_of(&ada, "Eve", 2);
    int status;
    // Eve is not there; she reads it when she comes, and says no
    json_t* answer = act(&ada, "merge", json_pack("{s:s}", "other", eve.id), &status);
    ENSURE_SAY(status == 202, "%d", status);
    answer = SIGN_ALL(&ada, answer, &status, &ada.key);
    ENSURE_SAY(status == 202 && strcmp(text_at(only_item(answer), "by"), "other") == 0, "%d", status); // she has to, too
    connect_who(&eve, "");
    json_t* paper = wait_paper(&eve);
    ENSURE_EQ_STR(text_at(answer, "paper"), text_at(paper, "paper"));
    ENSURE_EQ_STR("Ada", text_at(paper, "asker_name"));
    State before = state_of(&eve);
    json_t* no = act(&eve, "withdraw", json_pack("{s:s}", "paper", text_at(paper, "paper")), &status);
    ENSURE(status == 200);
    json_decref(no);
    json_t* late = act(&eve, "sign", signature_of(paper, only_item(paper), &eve.key), &status);
    ENSURE_REFUSED(410, "", status, late);
    ensure_same(&eve, &before);
    json_decref(answer);
    json_decref(paper);

    // asked again she signs; the last signature hears how it ends
    answer = act(&ada, "merge", json_pack("{s:s}", "other", eve.id), &status);
    answer = SIGN_ALL(&ada, answer, &status, &ada.key);
    paper = wait_paper(&eve);
    json_decref(paper); // of the first asking, or the same: what counts is what waits now
    json_t* papers = act(&eve, "papers", NULL, &status);
    ENSURE_EQ_U64(1, json_array_size(json_object_get(papers, "papers")));
    json_t* done = act(&eve, "sign", signatures_of(json_array_get(json_object_get(papers, "papers"), 0), (const InfSignKey* const[]){&eve.key}, 1), &status);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(done, 0));
    ENSURE_EQ_STR(ada.id, text_at(done, "lives"));
    json_decref(done);
    json_decref(papers);
    json_decref(answer);
    ENSURE(check_lineage(&ada).act == INF_LINEAGE_MERGED);
    leave(&ada);
    leave(&eve);
    close_galaxy();
}

TEST(another_copies_a_soul_that_signs_for_it) {
    open_galaxy("another");
    Who ada = bear("Ada", 1, true), bob = bear("Bob", 3, false);
    InfSignKey fresh;
    seed_key(&fresh, 9);
    int status;
    State before = state_of(&bob);
    json_t* answer = act(&bob, "copy", json_pack("{s:s, s:s, s:s}", "of", ada.id, "copy_key", hex_of(fresh.public_key, 32), "name", "Eve"), &status);
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
    json_t* founding = wait_paper(&ada); // she has no identity yet: that comes first
    ENSURE(strstr(text_at(only_item(founding), "text"), "\"act\":\"founded\"") != NULL);
    json_decref(answer);
    answer = act(&ada, "sign", signature_of(founding, only_item(founding), &ada.key), &status);
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
    json_t* first = act(&ada, "sign", signatures_of(answer, (const InfSignKey* const[]){&ada.key}, 1), &status);
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(first, 0)); // now the copy's key, which Bob has
    json_t* done = SIGN_ALL(&bob, first, &status, &fresh);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(done, 0));
    Who eve = {.key = fresh};
    name_soul(&eve, strtoull(text_at(done, "copy"), NULL, 10));
    check_lineage(&eve);
    ENSURE(check_lineage(&ada).act == INF_LINEAGE_COPIED);
    ENSURE(state_of(&bob).credits <= before.credits - 1600); // who asked pays
    json_decref(done);
    json_decref(answer);
    json_decref(founding);

    // a mind of the server is copied by its will, and its copy's key is the server's
    json_t* traits = json_object();
    static const char* const words[] = {"faith in strangers", "order", "curiosity", "courage", "sociability"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        json_object_set_new(traits, words[i], json_integer(255));
    }
    json_t* body = json_pack("{s:s, s:o, s:i}", "name", "Minna", "traits", traits, "credits", 20000);
    json_t* born = http(true, "POST", "/api/minds", body, &status);
    json_decref(body);
    answer = act(&bob, "copy", json_pack("{s:s, s:s}", "of", text_at(born, "soul"), "copy_key", hex_of(bob.key.public_key, 32)), &status);
    ENSURE_REFUSED(400, "a mind of the server", status, answer);
    json_decref(born);
    leave(&ada);
    close_galaxy();
}

static json_t* host_answer;
static int host_status;
static void* host_downloads(void* user) {
    json_t* body = json_pack("{s:s, s:i}", "soul", "Ada", "wait_s", 15);
    host_answer = http(true, "POST", "/api/souls/download", body, &host_status);
    json_decref(body);
    return user;
}

TEST(the_host_asks_and_the_soul_signs) {
    open_galaxy("host");
    Who ada = bear("Ada", 1, true);
    int status;
    // nobody signs: the host is told so when its patience is over
    json_t* body = json_pack("{s:s, s:i, s:s}", "soul", "Ada", "wait_s", 1, "copy_key", "server");
    State before = state_of(&ada);
    json_t* answer = http(true, "POST", "/api/souls/copy", body, &status);
    ENSURE_REFUSED(409, "not signed in time", status, answer);
    ensure_same(&ada, &before);
    json_decref(body);
    json_decref(wait_paper(&ada)); // of that

    // it signs what it is shown: its founding, then the mandate; the host hears how it ends
    pthread_t host;
    ENSURE(pthread_create(&host, NULL, host_downloads, NULL) == 0);
    for (int i = 0; i < 2; i++) {
        json_t* paper = wait_paper(&ada);
        ENSURE_EQ_STR("the host", text_at(paper, "asker_name"));
        answer = act(&ada, "sign", signatures_of(paper, (const InfSignKey* const[]){&ada.key}, 1), &status);
        ENSURE_SAY(status == 200 && json_is_true(json_object_get(answer, "signed")), "%d %s", status, json_dumps(answer, 0));
        json_decref(answer);
        json_decref(paper);
    }
    pthread_join(host, NULL);
    ENSURE_SAY(host_status == 200 && strstr(text_at(host_answer, "document"), "infinity-soul-1") != NULL, "%d %s", host_status, json_dumps(host_answer, 0));
    json_decref(host_answer);
    leave(&ada);
    close_galaxy();
}

TEST(a_soul_goes_into_a_file_by_the_mandate_that_it_is_asked_for) {
    open_galaxy("file");
    Who ada = bear("Ada", 1, true);
    int status;
    json_t* answer = act(&ada, "download", NULL, &status);
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
    json_t* signatures = signatures_of(answer, (const InfSignKey* const[]){&ada.key}, 1);
    json_decref(answer);
    answer = act(&ada, "sign", signatures, &status); // founded
    ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
    const json_t* item = only_item(answer);
    ENSURE_EQ_STR("mandate", text_at(item, "kind"));
    State before = state_of(&ada);
    Who bob = bear("Bob", 3, false);
    json_t* forged = act(&ada, "sign", signature_of(answer, item, &bob.key), &status);
    ENSURE_REFUSED(403, "does not hold", status, forged);
    before.souls++;
    ensure_same(&ada, &before);
    status = 202;
    json_t* done = SIGN_ALL(&ada, answer, &status, &ada.key);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(done, 0));
    const char* text = text_at(done, "document");
    InfSoulsError error = {0};
    static InfDocument document;
    char sentence[200];
    ENSURE_SAY(document_open(text, strlen(text), &document, NULL, NULL, &error), "%s", inf_souls_error_text(&error, sentence, sizeof(sentence)));
    leave(&ada);
    json_t* body = json_pack("{s:s}", "document", text);
    json_t* awake = http(false, "POST", "/api/souls/upload", body, &status);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(awake, 0));
    name_soul(&ada, strtoull(text_at(awake, "soul"), NULL, 10));
    ENSURE(check_lineage(&ada).act == INF_LINEAGE_WOKEN);
    json_decref(awake);
    json_decref(body);
    json_decref(done);
    connect_who(&ada, ""); // its key still is its own
    Who eve = copy_of(&ada, "Eve", 2);
    check_lineage(&eve);
    leave(&ada);
    close_galaxy();
}

TEST(frames_of_acts_are_judged) {
    open_galaxy("judged");
    Who ada = bear("Ada", 1, true);
    static InfFrameAct frame;
    int status;
    memset(&frame, 0, sizeof(frame));
    json_t* answer = act(&ada, "erase", json_object(), &status);
    ENSURE_REFUSED(404, "no act of that name", status, answer);
    frame.number = 99;
    snprintf(frame.what, sizeof(frame.what), "copy");
    memcpy(frame.json, "{[", 2);
    frame.json_bytes = 2;
    ENSURE(inf_client_send(ada.client, INF_FRAME_KIND_Act, &frame) && inf_client_run(ada.client));
    answer = wait_answer(ada.client, 99, &status);
    ENSURE_REFUSED(400, "must be a JSON object", status, answer);
    for (int i = 0; i < 9; i++) { // eight under way, and no more
        answer = act(&ada, "copy", json_pack("{s:s}", "copy_key", "server"), &status);
        if (i < 8) {
            ENSURE_SAY(status == 202, "%d %s", status, json_dumps(answer, 0));
            json_decref(answer);
        }
    }
    ENSURE_REFUSED(429, "Eight acts", status, answer);
    for (int i = 0; i < 30; i++) { // and so many in a second
        memset(&frame, 0, sizeof(frame));
        frame.number = 200;
        snprintf(frame.what, sizeof(frame.what), "sign");
        frame.json_bytes = 2;
        memcpy(frame.json, "{}", 2);
        ENSURE(inf_client_send(ada.client, INF_FRAME_KIND_Act, &frame));
    }
    ENSURE(inf_client_run(ada.client));
    for (int i = 0, busy = 0; i < 30; i++) {
        json_decref(wait_answer(ada.client, 200, &status));
        busy += status == 429;
        ENSURE(i < 29 || (busy > 5 && busy < 30));
    }
    usleep(800000);
    answer = act(&ada, "withdraw", NULL, &status);
    ENSURE_SAY(status == 200 && json_integer_value(json_object_get(answer, "withdrawn")) == 8, "%s", json_dumps(answer, 0));
    json_decref(answer);
    leave(&ada);
    close_galaxy();
}
