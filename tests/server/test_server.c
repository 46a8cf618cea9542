// The whole server in this process, with real clients on loopback: sign-in, two who see and hear each other, what is
// refused, and a restart after which everyone is where they were.
#include "server_test.h"

#include <jansson.h>
#include <server/feelings.h>

#include <sodium.h>
#include <sys/stat.h>

static void open_galaxy(const char* name) {
    prepare(name, 200);
    start();
}

/// The next event of a kind, within 15 s.
static bool wait_event(InfClient* client, uint32_t kind, InfEvent* out) {
    static InfFrameEvents frame;
    for (int i = 0; i < 200; i++) {
        size_t bytes;
        const uint8_t* at = inf_client_wait_frame(client, INF_FRAME_KIND_Events, FRAME_MS, &bytes);
        if (!read_frame(at, bytes, &frame, sizeof(frame))) {
            return false;
        }
        InfReader reader = inf_reader_make(frame.events, frame.events_bytes);
        while (inf_reader_left(&reader) > 0) {
            ENSURE(inf_event_read(&reader, out) == INF_OK);
            if (out->kind == kind) {
                return true;
            }
        }
    }
    return false;
}

static bool wait_refused(InfClient* client, InfFrameRefused* out) {
    size_t bytes;
    const uint8_t* at = inf_client_wait_frame(client, INF_FRAME_KIND_Refused, FRAME_MS, &bytes);
    return read_frame(at, bytes, out, sizeof(*out));
}

static InfFrameSelf wait_self(InfClient* client) {
    InfFrameSelf self;
    size_t bytes;
    const uint8_t* at = inf_client_wait_frame(client, INF_FRAME_KIND_Self, FRAME_MS, &bytes);
    ENSURE(read_frame(at, bytes, &self, sizeof(self)));
    return self;
}

static void undock(InfClient* client) {
    InfInput input = {.kind = INF_INPUT_KIND_Undock};
    ENSURE(inf_client_send_input(client, &input) != 0);
    InfEvent event;
    ENSURE(wait_event(client, INF_EVENT_KIND_Undocked, &event));
}

/// Snapshots until `ship` has moved by that much. Learns the ship's index from its Ship frame.
static bool watch_move(InfClient* client, uint64_t ship, float metres, char* name) {
    static InfViewer viewer;
    memset(&viewer, 0, sizeof(viewer));
    uint32_t index = UINT32_MAX;
    int64_t first[3] = {0};
    bool has_first = false;
    for (int i = 0; i < 4000; i++) {
        size_t bytes;
        const uint8_t* at = inf_client_next_frame(client, &bytes);
        if (at == NULL) {
            usleep(5000);
            ENSURE_SAY(inf_client_run(client), "%s", inf_client_text(client));
            continue;
        }
        InfFrameShip who;
        static InfFrameSnapshot snapshot;
        if (at[0] == INF_FRAME_KIND_Ship && read_frame(at, bytes, &who, sizeof(who)) && who.ship == ship) {
            index = who.index;
            snprintf(name, INF_NAME_BYTES, "%s", who.name);
        }
        if (at[0] != INF_FRAME_KIND_Snapshot || !read_frame(at, bytes, &snapshot, sizeof(snapshot))) {
            continue;
        }
        InfResult applied = inf_viewer_apply(&viewer, snapshot.records, snapshot.records_bytes);
        if (applied == INF_ERROR_NOT_FOUND && viewer.count == 0) {
            continue; // we began to look in the middle
        }
        ENSURE_SAY(applied == INF_OK, "%s", inf_result_text(applied));
        for (uint32_t k = 0; k < viewer.count; k++) {
            if (viewer.indices[k] != index) {
                continue;
            }
            double distance = 0;
            for (int d = 0; d < 3; d++) {
                first[d] = has_first ? first[d] : viewer.now[k].position[d];
                double moved = (double)(viewer.now[k].position[d] - first[d]) / INF_VIEW_POSITION_PER_M;
                distance += moved * moved;
            }
            has_first = true;
            if (distance > (double)metres * metres) {
                return true;
            }
        }
    }
    return false;
}

TEST(two_players_see_and_hear_each_other) {
    open_galaxy("two");
    InfClient *ada = join("Ada", 1), *bob = join("Bob", 2);
    ENSURE(inf_client_welcome(ada)->newborn == 1);
    ENSURE_EQ_STR("Bob", inf_client_welcome(bob)->tag);
    uint64_t ada_ship = wait_self(ada).ship;
    ENSURE(wait_self(bob).carried_credits > 0);

    InfInput say = {.kind = INF_INPUT_KIND_Say};
    say.Say.reach = INF_REACH_PLACE;
    strcpy(say.Say.text, "Hello, Ada!");
    ENSURE(inf_client_send_input(bob, &say) != 0 && inf_client_run(bob));
    InfEvent event;
    do {
        ENSURE(wait_event(ada, INF_EVENT_KIND_Said, &event));
    } while (strcmp(event.Said.text, "Hello, Ada!") != 0);
    ENSURE_EQ_STR("Bob", event.Said.name);

    strcpy(say.Say.text, "Between us.");
    say.Say.reach = INF_REACH_WHISPER;
    say.Say.to = inf_client_welcome(bob)->soul;
    ENSURE(inf_client_send_input(ada, &say) != 0 && inf_client_run(ada));
    do {
        ENSURE(wait_event(bob, INF_EVENT_KIND_Said, &event));
    } while (strcmp(event.Said.text, "Between us.") != 0);

    undock(bob);
    undock(ada);
    InfInput helm = {.kind = INF_INPUT_KIND_Helm};
    helm.Helm.thrust[2] = 127;
    ENSURE(inf_client_send_input(ada, &helm) != 0 && inf_client_run(ada));
    inf_client_destroy(bob); // he looks anew, from the first snapshot
    bob = join("", 2);
    ENSURE_EQ_STR("Bob", inf_client_welcome(bob)->tag);
    ENSURE(inf_client_welcome(bob)->newborn == 0);
    char name[INF_NAME_BYTES] = "";
    ENSURE(watch_move(bob, ada_ship, 20.0f, name));
    ENSURE_EQ_STR("Ada", name);
    inf_client_destroy(ada);
    inf_client_destroy(bob);
    close_galaxy();
}

TEST(a_tag_belongs_to_its_key) {
    open_galaxy("tag");
    InfClient* ada = join("Ada", 1);
    InfClient* thief = connect_as("A-D a", 9);
    InfFrameRefused refused;
    ENSURE(wait_refused(thief, &refused));
    ENSURE(inf_client_state(thief) != INF_CLIENT_READY);
    ENSURE_EQ_I64(INF_ERROR_EXISTS, refused.result);
    ENSURE(strstr(refused.help, "another tag") != NULL);
    inf_client_destroy(thief);
    const char* bad[] = {"x", "Ad\u0430", "Ada\u202e", "<script>", "  "};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        InfClient* newcomer = connect_as(bad[i], (uint8_t)(20 + i));
        ENSURE(wait_refused(newcomer, &refused));
        ENSURE_SAY(refused.result == INF_ERROR_FORMAT, "%zu: %d %s", i, refused.result, refused.help);
        inf_client_destroy(newcomer);
    }
    InfClient* again = join("Ada", 1); // the newer connection takes over
    for (int i = 0; i < 2000 && inf_client_state(ada) != INF_CLIENT_CLOSED; i++) {
        size_t bytes;
        inf_client_run(ada);
        while (inf_client_next_frame(ada, &bytes) != NULL) {
        }
        usleep(2000);
    }
    ENSURE_SAY(strstr(inf_client_text(ada), "signed in elsewhere") != NULL, "%s", inf_client_text(ada));
    ENSURE_EQ_U64(inf_client_welcome(again)->soul, inf_client_welcome(ada)->soul);
    inf_client_destroy(ada);
    inf_client_destroy(again);
    close_galaxy();
}

/// The page of a soul, as a client is told it.
static json_t* look_at(InfClient* client, uint64_t soul) {
    static InfFrameSoul page;
    InfFrameLook look = {.soul = soul};
    ENSURE(inf_client_send(client, INF_FRAME_KIND_Look, &look));
    size_t bytes;
    const uint8_t* at = inf_client_wait_frame(client, INF_FRAME_KIND_Soul, FRAME_MS, &bytes);
    ENSURE(read_frame(at, bytes, &page, sizeof(page)));
    ENSURE_EQ_U64(soul, page.soul);
    json_t* json = json_loadb((const char*)page.json, page.json_bytes, 0, NULL);
    ENSURE(json != NULL);
    return json;
}

TEST(what_is_private_about_a_soul_is_shown_to_itself_only) {
    open_galaxy("page");
    InfClient* ada = join("Ada", 1);
    InfClient* bob = join("Bob", 2);
    uint64_t soul = inf_client_welcome(ada)->soul;
    static const char* const secret[] = {"memories", "relations", "statement", "carried_credits", "place", "will"};
    json_t *own = look_at(ada, soul), *other = look_at(bob, soul);
    ENSURE(json_is_true(json_object_get(own, "shown")) && json_is_false(json_object_get(other, "shown")));
    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
        ENSURE_SAY(json_object_get(own, secret[i]) != NULL, "%s is not shown to the soul itself", secret[i]);
        ENSURE_SAY(json_object_get(other, secret[i]) == NULL, "%s is shown to anybody", secret[i]);
    }
    ENSURE_EQ_STR("Ada", json_string_value(json_object_get(other, "name")));
    ENSURE_EQ_U64(INF_TRAITS, json_object_size(json_object_get(other, "traits")));
    ENSURE_EQ_U64(INF_FEELINGS, json_array_size(json_object_get(other, "feelings")));
    ENSURE_EQ_STR("here", json_string_value(json_object_get(other, "state")));
    ENSURE_EQ_I64(500, json_integer_value(json_object_get(own, "carried_credits")) +
                           json_integer_value(json_object_get(own, "banked_credits")));
    json_t* nobody = look_at(bob, 77);
    ENSURE_EQ_STR("not found", json_string_value(json_object_get(nobody, "error")));
    json_decref(own);
    json_decref(other);
    json_decref(nobody);
    inf_client_destroy(ada);
    inf_client_destroy(bob);
    close_galaxy();
}

TEST(who_cruises_is_on_the_way_and_has_no_address) {
    prepare("cruise", 20);
    def.tick_ms = 10;
    start();
    InfClient* ada = join("Ada", 1);
    uint64_t soul = inf_client_welcome(ada)->soul;
    json_t* page = look_at(ada, soul);
    ENSURE(json_is_true(json_object_get(page, "docked")) && json_is_string(json_object_get(page, "address")));
    ENSURE(strncmp(json_string_value(json_object_get(page, "place")), "at The Concourse", 16) == 0);
    json_decref(page);
    undock(ada);
    InfInput input = {.kind = INF_INPUT_KIND_Order};
    input.Order.order = INF_ORDER_CRUISE;
    ENSURE(inf_client_send_input(ada, &input) != 0);
    bool goes = false;
    for (int tries = 0; tries < 1000 && !goes; tries++) {
        page = look_at(ada, soul);
        goes = strncmp(json_string_value(json_object_get(page, "place")), "on the way to ", 14) == 0;
        ENSURE(json_is_false(json_object_get(page, "docked")) && (json_object_get(page, "address") == NULL) == goes);
        json_decref(page);
        usleep(10000);
    }
    ENSURE(goes);
    inf_client_destroy(ada);
    close_galaxy();
}

/// A page with so many samples of feelings, or the last one that was seen.
static json_t* look_until(InfClient* client, uint64_t soul, size_t samples) {
    for (int tries = 0;; tries++) {
        json_t* page = look_at(client, soul);
        if (json_array_size(json_object_get(json_object_get(page, "history"), "ticks")) >= samples || tries == 30) {
            return page;
        }
        json_decref(page);
        usleep(300000);
    }
}

TEST(feelings_over_time_outlive_a_restart) {
    open_galaxy("felt");
    InfClient* ada = join("Ada", 1);
    uint64_t soul = inf_client_welcome(ada)->soul;
    json_t* before = look_until(ada, soul, 2);
    json_t *ticks = json_object_get(json_object_get(before, "history"), "ticks"), *values = json_object_get(json_object_get(before, "history"), "values");
    ENSURE(json_array_size(ticks) >= 2);
    inf_client_destroy(ada);
    stop();
    start();
    InfClient* bob = join("Bob", 2); // somebody else looks, Ada is not connected
    json_t *after = look_until(bob, soul, json_array_size(ticks) + 1), *later = json_object_get(json_object_get(after, "history"), "ticks");
    ENSURE(json_array_size(later) > json_array_size(ticks));
    for (size_t i = 0; i < json_array_size(ticks); i++) {
        ENSURE_EQ_I64(json_integer_value(json_array_get(ticks, i)), json_integer_value(json_array_get(later, i)));
        ENSURE(json_equal(json_array_get(values, i), json_array_get(json_object_get(json_object_get(after, "history"), "values"), i)));
    }
    json_decref(before);
    json_decref(after);
    inf_client_destroy(bob);
    close_galaxy();
}

/// What a desk keeps, as the journal's table would.
typedef struct Kept {
    InfFeelingsRow rows[INF_FEELINGS_SAMPLES + 1];
    uint32_t count, forgotten;
} Kept;

static void keep_row(void* user, const InfFeelingsRow* row) {
    Kept* kept = user;
    uint32_t left = 0;
    kept->forgotten += row->every_ticks == 0;
    for (uint32_t i = 0; i < kept->count; i++) {
        bool fits = row->every_ticks != 0 && (!row->is_thinned || (kept->rows[i].tick - row->soul_id % INF_JOURNAL_FEELINGS_PHASE) % row->every_ticks == 0);
        if (fits || kept->rows[i].soul_id != row->soul_id) {
            kept->rows[left++] = kept->rows[i];
        }
    }
    kept->count = left;
    if (row->every_ticks != 0) {
        ENSURE(kept->count <= INF_FEELINGS_SAMPLES);
        kept->rows[kept->count++] = *row;
    }
}

TEST(feelings_thin_themselves_out_here_and_in_the_table) {
    static Kept kept;
    memset(&kept, 0, sizeof(kept));
    InfFeelingsDesk *desk = inf_feelings_desk_create(keep_row, &kept), *again = inf_feelings_desk_create(NULL, NULL);
    ENSURE(desk != NULL && again != NULL);
    uint16_t felt[INF_FEELINGS] = {0};
    InfFeelingsLog* log = inf_feelings_follow(desk, 25, 101); // due at 5 beyond a multiple of the interval
    for (uint64_t tick = 101; tick < 100 + 100000; tick++) {
        felt[0] = (uint16_t)(tick % 1000);
        if (tick < 30000 || tick > 47000) { // it was not here for a while
            inf_feelings_add(desk, log, tick, felt);
        }
        if (tick % 9973 == 0) { // a start from the table goes on like the one that never stopped
            inf_feelings_desk_destroy(again);
            again = inf_feelings_desk_create(NULL, NULL);
            inf_feelings_load(again, kept.rows, kept.count);
            const InfFeelingsLog* same = inf_feelings_find(again, 25);
            ENSURE(same != NULL && same->every_ticks == log->every_ticks && same->count == log->count);
            ENSURE(memcmp(same->ticks, log->ticks, log->count * sizeof(log->ticks[0])) == 0);
            ENSURE(memcmp(same->values, log->values, log->count * sizeof(log->values[0])) == 0);
        }
    }
    ENSURE(log->count <= INF_FEELINGS_SAMPLES && log->count >= INF_FEELINGS_SAMPLES / 3 && log->every_ticks > INF_FEELINGS_EVERY_TICKS);
    for (uint32_t i = 0; i < log->count; i++) {
        ENSURE(i == 0 || (log->ticks[i] - log->ticks[i - 1]) % log->every_ticks == 0);
        ENSURE_EQ_U64(log->ticks[i] % 1000, log->values[i][0]);
    }
    for (uint64_t soul = 26; soul < 26 + INF_FEELINGS_SOULS; soul++) { // the one that nobody asks for gives way
        inf_feelings_follow(desk, soul, 200000 + soul);
    }
    uint32_t at = 0, logs = 0;
    while (inf_feelings_next(desk, &at) != NULL) {
        logs++;
    }
    ENSURE(inf_feelings_find(desk, 25) == NULL && logs == INF_FEELINGS_SOULS && kept.forgotten == 1 && kept.count == 0);
    inf_feelings_desk_destroy(desk);
    inf_feelings_desk_destroy(again);
}

TEST(bad_inputs_are_told_and_change_nothing) {
    open_galaxy("bad");
    InfClient* ada = join("Ada", 1);
    InfFrameRefused refused;
    InfFrameInput raw = {.input_bytes = 3, .input = {1, 2, 3}};
    ENSURE(inf_client_send(ada, INF_FRAME_KIND_Input, &raw));
    ENSURE(wait_refused(ada, &refused) && refused.result == INF_ERROR_FORMAT);

    InfInput host = {.kind = INF_INPUT_KIND_Presence}; // for the server only
    InfWriter writer = inf_writer_make(raw.input, sizeof(raw.input));
    ENSURE(inf_input_write(&writer, &host));
    raw.input_bytes = (uint16_t)writer.at;
    ENSURE(inf_client_send(ada, INF_FRAME_KIND_Input, &raw));
    ENSURE(wait_refused(ada, &refused) && refused.result == INF_ERROR_DENIED);

    InfInput say = {.kind = INF_INPUT_KIND_Say};
    say.Say.reach = INF_REACH_PLACE;
    strcpy(say.Say.text, "evil \u202e text");
    ENSURE(inf_client_send_input(ada, &say) != 0);
    ENSURE(wait_refused(ada, &refused) && refused.result == INF_ERROR_FORMAT);
    ENSURE(strstr(refused.help, "direction") != NULL);

    strcpy(say.Say.text, "flood");
    for (int i = 0; i < 20; i++) {
        ENSURE(inf_client_send_input(ada, &say) != 0);
    }
    ENSURE(wait_refused(ada, &refused) && refused.result == INF_ERROR_DENIED);
    ENSURE(strstr(refused.what, "at once") != NULL);

    InfEvent event;
    InfInput pay = {.kind = INF_INPUT_KIND_Pay}; // sense is judged by the core
    pay.Pay.payee = 12345;
    pay.Pay.credits = -5;
    ENSURE(inf_client_send_input(ada, &pay) != 0);
    ENSURE(wait_event(ada, INF_EVENT_KIND_Rejected, &event));
    ENSURE(event.Rejected.input == INF_INPUT_KIND_Pay);
    inf_client_destroy(ada);
    close_galaxy();
}

TEST(an_input_sent_twice_is_done_once) {
    open_galaxy("twice");
    InfClient* ada = join("Ada", 1);
    InfFrameSelf before = wait_self(ada);
    InfInput bank = {.kind = INF_INPUT_KIND_Bank};
    bank.Bank.soul = inf_client_welcome(ada)->soul;
    bank.Bank.sequence = inf_client_welcome(ada)->sequence + 1;
    bank.Bank.credits = 100;
    InfFrameInput raw;
    InfWriter writer = inf_writer_make(raw.input, sizeof(raw.input));
    ENSURE(inf_input_write(&writer, &bank));
    raw.input_bytes = (uint16_t)writer.at;
    for (int i = 0; i < 3; i++) {
        ENSURE(inf_client_send(ada, INF_FRAME_KIND_Input, &raw));
    }
    InfFrameSelf self = before;
    for (int i = 0; i < 50 && self.banked_credits == before.banked_credits; i++) {
        self = wait_self(ada);
    }
    int64_t banked = self.banked_credits; // less a fee
    ENSURE(banked > before.banked_credits && banked <= before.banked_credits + 100);
    inf_client_destroy(ada);
    ada = join("Ada", 1);
    ENSURE_EQ_U64(bank.Bank.sequence, inf_client_welcome(ada)->sequence);
    ENSURE(inf_client_send(ada, INF_FRAME_KIND_Input, &raw)); // after a lost line, once more
    InfFramePing ping = {.client_ms = 7};
    ENSURE(inf_client_send(ada, INF_FRAME_KIND_Ping, &ping));
    size_t bytes;
    ENSURE(inf_client_wait_frame(ada, INF_FRAME_KIND_Pong, FRAME_MS, &bytes) != NULL);
    usleep(500000);
    inf_client_destroy(ada);
    ada = join("Ada", 1);
    ENSURE_EQ_I64(banked, wait_self(ada).banked_credits);
    inf_client_destroy(ada);
    close_galaxy();
}

TEST(after_a_restart_everyone_is_where_they_were) {
    open_galaxy("restart");
    InfClient* ada = join("Ada", 1);
    uint64_t soul = inf_client_welcome(ada)->soul;
    undock(ada);
    InfFrameSelf before = wait_self(ada);
    inf_client_destroy(ada);
    stop();
    start();
    ENSURE(inf_shards_was_created(inf_server_get_shards(server)) == false);
    ada = join("", 1);
    ENSURE_EQ_U64(soul, inf_client_welcome(ada)->soul);
    InfFrameSelf after = wait_self(ada);
    ENSURE_EQ_U64(before.ship, after.ship);
    ENSURE(after.state == INF_SHIP_STATE_SPACE && after.tick > before.tick);
    inf_client_destroy(ada);
    close_galaxy();
}

TEST(a_watcher_sees_without_signing_in) {
    open_galaxy("watch");
    InfClientDef watcher_def = {.host = "127.0.0.1", .port = inf_server_get_port(server), .watch = true};
    InfClient* watcher = inf_client_create(&watcher_def);
    ENSURE(inf_client_wait_ready(watcher, FRAME_MS) == INF_CLIENT_READY);
    ENSURE(inf_client_welcome(watcher)->soul == 0);
    size_t bytes;
    InfFramePlace place;
    const uint8_t* at = inf_client_wait_frame(watcher, INF_FRAME_KIND_Place, FRAME_MS, &bytes);
    ENSURE(read_frame(at, bytes, &place, sizeof(place)) && place.spectator == 1);
    InfFrameInput raw = {.input_bytes = 0};
    InfFrameRefused refused;
    ENSURE(inf_client_send(watcher, INF_FRAME_KIND_Input, &raw));
    ENSURE(wait_refused(watcher, &refused) && refused.result == INF_ERROR_STATE);
    inf_client_destroy(watcher);
    close_galaxy();
}

/// Read what came. @return the last snapshot's ships, 0 if none came
static uint32_t take_snapshots(InfClient* client, InfViewer* viewer, int count) {
    uint32_t seen = 0;
    for (int i = 0; i < count; i++) {
        size_t bytes;
        const uint8_t* at = inf_client_wait_frame(client, INF_FRAME_KIND_Snapshot, FRAME_MS, &bytes);
        ENSURE(at != NULL && bytes > 3);
        ENSURE(inf_viewer_apply(viewer, at + 3, bytes - 3) == INF_OK);
        seen = viewer->count;
    }
    return seen;
}

TEST(under_load_fewer_ships_are_shown_and_nobody_is_dropped) {
    static InfViewer viewer;
    static InfClient* crowd[24];
    memset(&viewer, 0, sizeof(viewer));
    prepare("load", 200);
    def.tick_ms = 10; // everything ten times as fast as life,
    def.tick_budget_percent = 1; // and 100 microseconds for it
    start();
    for (int i = 0; i < 24; i++) {
        char tag[INF_NAME_BYTES];
        snprintf(tag, sizeof(tag), "Wing%c%c", 'a' + i % 5 * 4, 'b' + i / 5 * 4);
        crowd[i] = join(tag, (uint8_t)(i + 1));
        InfInput input = {.kind = INF_INPUT_KIND_Undock};
        ENSURE(inf_client_send_input(crowd[i], &input) != 0 && inf_client_run(crowd[i]));
    }
    uint32_t most = 0, now = UINT32_MAX;
    for (int i = 0; i < 400 && !(most > 16 && now <= 16); i++) {
        now = take_snapshots(crowd[0], &viewer, 5);
        most = now > most ? now : most;
        for (int k = 1; k < 24; k++) { // the others read, too
            ENSURE(inf_client_run(crowd[k]));
            for (size_t bytes; inf_client_next_frame(crowd[k], &bytes) != NULL;) {
            }
        }
        if (i > 100 && most <= 16 && now > 0) {
            break; // detail had fallen before they were all out
        }
    }
    ENSURE_SAY(now <= 16 && now > 0, "%u ships are shown", now);
    size_t bytes;
    InfFrameAsk ask = {.what = 2};
    InfFramePlace place;
    ENSURE(inf_client_send(crowd[1], INF_FRAME_KIND_Ask, &ask) && inf_client_run(crowd[1]));
    do {
        const uint8_t* at = inf_client_wait_frame(crowd[1], INF_FRAME_KIND_Place, FRAME_MS, &bytes);
        ENSURE(read_frame(at, bytes, &place, sizeof(place)));
    } while (place.ships < 20);
    for (int i = 0; i < 24; i++) {
        ENSURE_SAY(inf_client_state(crowd[i]) == INF_CLIENT_READY, "%s", inf_client_text(crowd[i]));
        inf_client_destroy(crowd[i]);
    }
    close_galaxy();
}

static void drain(InfClient** crowd, int from, int count) {
    for (int k = from; k < count; k++) {
        ENSURE(inf_client_run(crowd[k]));
        for (size_t bytes; inf_client_next_frame(crowd[k], &bytes) != NULL;) {
        }
    }
}

static void say(InfClient* client, uint8_t reach, uint64_t to, const char* text) {
    InfInput input = {.kind = INF_INPUT_KIND_Say};
    input.Say.reach = reach;
    input.Say.to = to;
    strcpy(input.Say.text, text);
    ENSURE(inf_client_send_input(client, &input) != 0 && inf_client_run(client));
}

TEST(told_less_often_nothing_that_was_said_is_lost) {
    static InfViewer viewer;
    InfClient* crowd[3];
    memset(&viewer, 0, sizeof(viewer));
    prepare("less", 200);
    def.tick_ms = 10;
    def.tick_budget_percent = def.tick_late_percent = 1; // all is too late
    start();
    for (int i = 0; i < 3; i++) {
        crowd[i] = join((const char*[]){"Ada", "Bob", "Cleo"}[i], (uint8_t)(i + 1));
        InfInput input = {.kind = INF_INPUT_KIND_Undock};
        ENSURE(inf_client_send_input(crowd[i], &input) != 0 && inf_client_run(crowd[i]));
    }
    uint64_t gap = 0;
    for (int i = 0; i < 2000 && gap < 4; i++) {
        uint64_t before = viewer.tick;
        take_snapshots(crowd[0], &viewer, 1);
        gap = before != 0 ? viewer.tick - before : 0;
        drain(crowd, 1, 3);
    }
    ENSURE_EQ_U64(4, gap); // every fourth tick
    for (int i = 0; i < 100; i++) { // and each record stands on what came four ticks ago
        uint64_t before = viewer.tick;
        take_snapshots(crowd[0], &viewer, 1);
        ENSURE_SAY(viewer.tick - before <= 8, "%d ticks", (int)(viewer.tick - before));
        drain(crowd, 1, 3);
    }
    InfEvent event;
    char text[32];
    for (int i = 0; i < 12; i++) { // in each of the four ticks, whoever's turn it is
        snprintf(text, sizeof(text), "Number %d", i);
        say(crowd[1 + i % 2], i % 3 == 0 ? INF_REACH_WHISPER : INF_REACH_PLACE, inf_client_welcome(crowd[0])->soul, text);
        do {
            ENSURE(wait_event(crowd[0], INF_EVENT_KIND_Said, &event));
        } while (event.Said.soul != inf_client_welcome(crowd[1 + i % 2])->soul);
        ENSURE_EQ_STR(text, event.Said.text);
        drain(crowd, 1, 3);
        usleep(250000); // a tongue has its pace
    }
    for (int i = 0; i < 3; i++) {
        inf_client_destroy(crowd[i]);
    }
    close_galaxy();
}

TEST(one_galaxy_one_server) {
    open_galaxy("one");
    InfServerDef second = inf_server_def_default();
    InfServerError error;
    second.folder = folder;
    second.port = 0;
    ENSURE(inf_server_create(&second, &error) == NULL);
    ENSURE(error.fault == INF_SERVER_FAULT_GALAXY && error.text[0] != 0);
    char other[96];
    snprintf(other, sizeof(other), "%s-other", folder);
    second.folder = other;
    second.minds = 10;
    second.port = inf_server_get_port(server);
    ENSURE(inf_server_create(&second, &error) == NULL);
    ENSURE_SAY(error.fault == INF_SERVER_FAULT_ADDRESS && strstr(error.text, "another program") != NULL, "%s", error.text);
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", other);
    ENSURE(system(command) == 0);
    close_galaxy();
}
