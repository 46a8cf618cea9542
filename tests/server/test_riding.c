// Riding along, with real sockets: a passenger's session sees and hears what its host's does and speaks in the head only, over
// a restart too; and an awake galaxy's host feeds its senses over its own socket.
#include "server_test.h"

#include <sodium.h>

static void open_galaxy(const char* name) { prepare(name, 60); }

/// What a client has been told of interest since the last look.
typedef struct Seen {
    InfFrameHead head;
    InfFramePlace place;
    bool has_head, has_place;
    InfEvent event; ///< the one waited for
} Seen;

typedef bool Wanted(const InfEvent* event, const void* user);

/// Take frames until an event is the wanted one. `never`: a line that must not be heard before it.
static bool wait_for(InfClient* client, Seen* seen, Wanted* wanted, const void* user, const char* never) {
    static InfFrameEvents frame;
    for (int i = 0; i < FRAME_MS / 5; i++) {
        size_t bytes;
        const uint8_t* at;
        while ((at = inf_client_next_frame(client, &bytes)) != NULL) {
            seen->has_head |= at[0] == INF_FRAME_KIND_Head && read_frame(at, bytes, &seen->head, sizeof(seen->head));
            seen->has_place |= at[0] == INF_FRAME_KIND_Place && read_frame(at, bytes, &seen->place, sizeof(seen->place));
            if (at[0] != INF_FRAME_KIND_Events || !read_frame(at, bytes, &frame, sizeof(frame))) {
                continue;
            }
            InfReader reader = inf_reader_make(frame.events, frame.events_bytes);
            bool found = false;
            while (inf_reader_left(&reader) > 0) {
                InfEvent event;
                ENSURE(inf_event_read(&reader, &event) == INF_OK);
                ENSURE(never == NULL || event.kind != INF_EVENT_KIND_Said || strcmp(event.Said.text, never) != 0);
                if (!found && wanted(&event, user)) {
                    seen->event = event;
                    found = true;
                }
            }
            if (found) {
                return true;
            }
        }
        usleep(5000);
        ENSURE_SAY(inf_client_run(client), "%s", inf_client_text(client));
    }
    return false;
}

static bool is_kind(const InfEvent* event, const void* kind) { return event->kind == *(const uint32_t*)kind; }
static bool is_line(const InfEvent* event, const void* text) {
    return event->kind == INF_EVENT_KIND_Said && strcmp(event->Said.text, text) == 0;
}

static bool wait_kind(InfClient* client, Seen* seen, uint32_t kind) { return wait_for(client, seen, is_kind, &kind, NULL); }

static bool wait_head(InfClient* client, Seen* seen) {
    size_t bytes;
    const uint8_t* at = inf_client_wait_frame(client, INF_FRAME_KIND_Head, FRAME_MS, &bytes);
    return at != NULL && read_frame(at, bytes, &seen->head, sizeof(seen->head));
}

static void send(InfClient* client, InfInput* input) {
    ENSURE(inf_client_send_input(client, input) != 0 && inf_client_run(client));
}

static void say(InfClient* client, InfReach reach, const char* text) {
    InfInput input = {.kind = INF_INPUT_KIND_Say};
    input.Say.reach = (uint8_t)reach;
    snprintf(input.Say.text, sizeof(input.Say.text), "%s", text);
    send(client, &input);
}

TEST(a_passenger_sees_and_hears_what_its_host_does) {
    open_galaxy("ride");
    start();
    InfClient *ada = join("Ada", 1), *bob = join("Bob", 2), *cy = join("Cyan", 3);
    uint64_t ada_soul = inf_client_welcome(ada)->soul, bob_soul = inf_client_welcome(bob)->soul;
    static Seen a, b, c;
    InfInput input = {.kind = INF_INPUT_KIND_Board};
    input.Board.host = ada_soul;
    send(bob, &input); // unasked
    ENSURE(wait_kind(bob, &b, INF_EVENT_KIND_Rejected) && b.event.Rejected.result == INF_ERROR_CONSENT);
    input = (InfInput){.kind = INF_INPUT_KIND_Consent};
    input.Consent.to = bob_soul;
    input.Consent.act = INF_ACT_CARRY;
    input.Consent.on = 1;
    send(ada, &input);
    ENSURE(wait_kind(bob, &b, INF_EVENT_KIND_Consented) && b.event.Consented.giver == ada_soul);
    input = (InfInput){.kind = INF_INPUT_KIND_Board};
    input.Board.host = ada_soul;
    send(bob, &input);
    ENSURE(wait_kind(bob, &b, INF_EVENT_KIND_Boarded) && b.event.Boarded.host == ada_soul);
    ENSURE(wait_kind(ada, &a, INF_EVENT_KIND_Boarded) && a.event.Boarded.soul == bob_soul);
    ENSURE(a.has_head || wait_head(ada, &a));
    ENSURE(b.has_head || wait_head(bob, &b));
    ENSURE(a.head.count == 1 && a.head.souls[0] == bob_soul && strcmp((char*)a.head.names, "Bob") == 0);
    ENSURE(b.head.host == ada_soul && strcmp(b.head.host_name, "Ada") == 0 && a.head.players[0] && a.head.connected[0]);

    // What is said to the host reaches who rides with it; its own voice does not leave the head.
    say(cy, INF_REACH_PLACE, "Good air in here.");
    ENSURE(wait_for(bob, &b, is_line, "Good air in here.", NULL));
    say(bob, INF_REACH_PLACE, "Can you hear me?");
    ENSURE(wait_kind(bob, &b, INF_EVENT_KIND_Rejected) && b.event.Rejected.result == INF_ERROR_PASSENGER);
    say(bob, INF_REACH_HEAD, "I am in here.");
    ENSURE(wait_for(ada, &a, is_line, "I am in here.", "Can you hear me?"));
    ENSURE(a.event.Said.reach == INF_REACH_HEAD && a.event.Said.soul == bob_soul);
    say(ada, INF_REACH_HEAD, "I know.");
    ENSURE(wait_for(bob, &b, is_line, "I know.", NULL));
    say(ada, INF_REACH_PLACE, "Nothing, Cyan.");
    ENSURE(wait_for(cy, &c, is_line, "Nothing, Cyan.", "I am in here."));

    // It goes where its host goes, and steers nothing.
    input = (InfInput){.kind = INF_INPUT_KIND_Undock};
    send(bob, &input);
    ENSURE(wait_kind(bob, &b, INF_EVENT_KIND_Rejected) && b.event.Rejected.result == INF_ERROR_PASSENGER);
    input = (InfInput){.kind = INF_INPUT_KIND_Undock};
    send(ada, &input);
    b.has_place = false;
    ENSURE(wait_kind(bob, &b, INF_EVENT_KIND_Undocked) && b.event.Undocked.soul == ada_soul);
    for (int i = 0; i < 50 && !(b.has_place && !b.place.docked); i++) {
        size_t bytes;
        const uint8_t* at = inf_client_wait_frame(bob, INF_FRAME_KIND_Place, FRAME_MS, &bytes);
        b.has_place = at != NULL && read_frame(at, bytes, &b.place, sizeof(b.place));
    }
    ENSURE(b.has_place && !b.place.docked);

    inf_client_destroy(ada);
    inf_client_destroy(bob);
    inf_client_destroy(cy);
    stop();
    start(); // everyone is where they were: also who is in somebody's head
    bob = join("", 2);
    ENSURE_EQ_U64(bob_soul, inf_client_welcome(bob)->soul);
    ENSURE(wait_head(bob, &b) && b.head.host == ada_soul && b.head.souls[0] == bob_soul);
    inf_client_destroy(bob);
    close_galaxy();
}

TEST(the_host_of_an_awake_galaxy_feeds_its_senses) {
    uint8_t secret[64], seed[32];
    memset(seed, 9, sizeof(seed));
    open_galaxy("awake");
    def.kind = INF_GALAXY_KIND_AWAKE;
    def.host_soul = "Neo";
    ENSURE(crypto_sign_seed_keypair(def.host_key, secret, seed) == 0);
    start();
    InfClient* neo = join("", 9);
    ENSURE_EQ_STR("Neo", inf_client_welcome(neo)->tag);
    static Seen seen;
    InfFrameInput raw = {0};
    InfInput input = {.kind = INF_INPUT_KIND_Sense};
    snprintf(input.Sense.source, sizeof(input.Sense.source), "eyes");
    input.Sense.text_bytes = (uint16_t)snprintf((char*)input.Sense.text, sizeof(input.Sense.text), "A white rabbit.");
    InfWriter writer = inf_writer_make(raw.input, sizeof(raw.input));
    ENSURE(inf_input_write(&writer, &input));
    raw.input_bytes = (uint16_t)writer.at;
    ENSURE(inf_client_send(neo, INF_FRAME_KIND_Input, &raw) && inf_client_run(neo));
    ENSURE(wait_kind(neo, &seen, INF_EVENT_KIND_Sensed));
    ENSURE(seen.event.Sensed.impression == 1 && memcmp(seen.event.Sensed.text, "A white rabbit.", 15) == 0);
    input.Sense.kind = INF_SENSE_PICTURE; // of which nobody has the bytes
    memset(input.Sense.hash, 5, sizeof(input.Sense.hash));
    writer = inf_writer_make(raw.input, sizeof(raw.input));
    ENSURE(inf_input_write(&writer, &input));
    raw.input_bytes = (uint16_t)writer.at;
    ENSURE(inf_client_send(neo, INF_FRAME_KIND_Input, &raw) && inf_client_run(neo));
    size_t bytes;
    InfFrameRefused refused;
    const uint8_t* at = inf_client_wait_frame(neo, INF_FRAME_KIND_Refused, FRAME_MS, &bytes);
    ENSURE(at != NULL && read_frame(at, bytes, &refused, sizeof(refused)) && refused.result == INF_ERROR_FORMAT);
    // Nobody else comes in: no tags, and nobody looks on.
    InfClientDef stranger_def = {.host = "127.0.0.1", .port = inf_server_get_port(server), .tag = "Smith"};
    memset(stranger_def.seed, 66, sizeof(stranger_def.seed));
    InfClient* smith = inf_client_create(&stranger_def);
    at = inf_client_wait_frame(smith, INF_FRAME_KIND_Refused, FRAME_MS, &bytes);
    ENSURE(at != NULL && read_frame(at, bytes, &refused, sizeof(refused)) && refused.result == INF_ERROR_SECLUDED);
    ENSURE_EQ_STR("This galaxy knows no players", refused.what);
    inf_client_destroy(smith);
    inf_client_destroy(neo);
    close_galaxy();
}
