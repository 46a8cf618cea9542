// Connections and who is behind them. A connection is challenged, signs in by key, and then steers one soul; the
// soul of an input is always that of the session, whatever the client writes into it. One soul has one session:
// a newer one takes over. Between two ticks all that has happened is durable while somebody is connected, so sign-ins
// are answered at once; where it is not, the answer waits for the next tick.
#include "server/border.h"

#include <infinity/hash.h>
#include <infinity/text.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Keys of minds that are searched for in one tick.
#define SEARCHES_PER_TICK 4
/// A connection that does not sign in for so long is let go.
#define SIGNIN_TICKS (10 * 60 * INF_TICKS_PER_SECOND)

// ---- slot maps ------------------------------------------------------------------------------------------------

bool inf_slot_map_create(InfSlotMap* map, uint32_t count_max) {
    uint32_t size = 64;
    while (size < count_max * 4) {
        size *= 2;
    }
    map->keys = calloc(size, sizeof(uint64_t));
    map->slots1 = calloc(size, sizeof(uint32_t));
    map->mask = size - 1;
    return map->keys != NULL && map->slots1 != NULL;
}

void inf_slot_map_free(InfSlotMap* map) {
    free(map->keys);
    free(map->slots1);
}

void inf_slot_map_clear(InfSlotMap* map) {
    memset(map->keys, 0, (map->mask + 1) * sizeof(uint64_t));
    memset(map->slots1, 0, (map->mask + 1) * sizeof(uint32_t));
}

uint32_t* inf_slot_map_at(InfSlotMap* map, uint64_t key) {
    uint32_t at = (uint32_t)inf_hash_combine(key, 0) & map->mask;
    while (map->keys[at] != 0 && map->keys[at] != key) {
        at = (at + 1) & map->mask;
    }
    map->keys[at] = key;
    return &map->slots1[at];
}

uint32_t inf_slot_map_get(const InfSlotMap* map, uint64_t key) {
    uint32_t at = (uint32_t)inf_hash_combine(key, 0) & map->mask;
    while (map->keys[at] != 0 && map->keys[at] != key) {
        at = (at + 1) & map->mask;
    }
    return map->keys[at] == key ? map->slots1[at] : 0;
}

// ---- telling --------------------------------------------------------------------------------------------------

bool inf_session_tell(InfServer* server, InfSession* session, InfFrameKind kind, const void* frame, InfSendKind send) {
    uint8_t bytes[1024];
    InfWriter writer = inf_writer_make(bytes, sizeof(bytes));
    return inf_frame_write(&writer, kind, frame) &&
           inf_fanout_send(server->fanout, session->client, bytes, writer.at, send);
}

void inf_session_flush(InfServer* server, InfSession* session) {
    if (inf_shards_durable_tick(server->shards) == inf_shards_now(server->shards)) {
        inf_fanout_flush_client(server->fanout, session->client);
    } // else it goes with the next tick
}

void inf_session_refuse(InfServer* server, InfSession* session, InfResult result, uint32_t sequence, const char* what,
                        const char* help) {
    InfFrameRefused frame = {.result = (uint8_t)result, .sequence = sequence};
    snprintf(frame.what, sizeof(frame.what), "%s", what);
    snprintf(frame.help, sizeof(frame.help), "%s", help);
    inf_session_tell(server, session, INF_FRAME_KIND_Refused, &frame, INF_SEND_RELIABLE);
    inf_session_flush(server, session);
    inf_metric_add(&server->metrics.inputs_refused, 1);
}

static void challenge(InfServer* server, InfSession* session) {
    InfFrameChallenge frame;
    memset(&frame, 0, sizeof(frame));
    inf_signin_begin(&session->signin, (uint64_t)time(NULL));
    memcpy(frame.nonce, session->signin.nonce, sizeof(frame.nonce));
    memcpy(frame.galaxy, inf_shards_galaxy_id(server->shards), sizeof(frame.galaxy));
    frame.expires_unix_s = session->signin.expires_unix_s;
    frame.protocol = INF_PROTOCOL_VERSION;
    if (server->kind == INF_GALAXY_KIND_OPEN) { // others are not told by name
        snprintf(frame.server, sizeof(frame.server), "%s", server->def.name);
    }
    session->state = INF_SESSION_CHALLENGED;
    inf_session_tell(server, session, INF_FRAME_KIND_Challenge, &frame, INF_SEND_RELIABLE);
    inf_session_flush(server, session);
}

static void welcome(InfServer* server, InfSession* session, bool is_newborn) {
    InfGalaxyDef galaxy = inf_shards_galaxy(server->shards);
    InfFrameWelcome frame;
    memset(&frame, 0, sizeof(frame));
    frame.soul = session->soul;
    frame.tick = inf_shards_now(server->shards);
    frame.galaxy_seed = galaxy.seed;
    frame.galaxy_version = galaxy.version;
    frame.sequence = session->sequence;
    frame.newborn = is_newborn;
    memcpy(frame.tag, session->tag, sizeof(frame.tag));
    inf_session_tell(server, session, INF_FRAME_KIND_Welcome, &frame, INF_SEND_RELIABLE);
}

// ---- signing in -----------------------------------------------------------------------------------------------

static void submit_presence(InfServer* server, uint64_t soul, bool is_connected) {
    uint32_t shard = inf_shards_locate_soul(server->shards, soul);
    if (shard == UINT32_MAX) {
        return;
    }
    InfInput input = {.kind = INF_INPUT_KIND_Presence};
    input.Presence.soul = soul;
    input.Presence.connected = is_connected;
    inf_shards_submit(server->shards, shard, &input);
}

void inf_sessions_forget_connected(InfServer* server) {
    for (uint32_t s = 0; s < server->shard_count; s++) {
        uint32_t count;
        const InfSoul* souls = inf_world_souls(server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((souls[i].generation & 1u) != 0 && (souls[i].flags & INF_SOUL_CONNECTED) != 0) {
                submit_presence(server, souls[i].id, false);
            }
        }
        const InfPassenger* riders = inf_world_passengers(server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((riders[i].generation & 1u) != 0 && (riders[i].soul->flags & INF_SOUL_CONNECTED) != 0) {
                submit_presence(server, riders[i].soul->id, false);
            }
        }
    }
}

/// Another connection that steers the soul is told and let go.
static void replace_older(InfServer* server, const InfSession* session) {
    for (uint32_t i = 0; i < server->session_end; i++) {
        InfSession* other = &server->sessions[i];
        if (other != session && other->state == INF_SESSION_PLAYING && other->soul == session->soul) {
            other->state = INF_SESSION_NONE; // so that its end does not take the helm from the newer one
            inf_fanout_close(server->fanout, other->client, INF_WS_CLOSE_REPLACED, NULL);
            inf_session_flush(server, other);
        }
    }
}

/// The newest input of its client that a soul has taken, be it in a jump just now: whoever counted from less would be passed
/// over as a repetition.
static uint32_t newest_sequence(InfServer* server, uint64_t soul) {
    InfSoulAt at;
    InfSoul flying;
    return inf_soul_locate(server, soul, &at)                            ? at.soul->client_sequence
           : inf_shards_read_flying(server->shards, soul, &flying) ? flying.client_sequence
                                                                         : 0;
}

static void start_playing(InfServer* server, InfSession* session, uint64_t soul, const char* name, bool is_newborn) {
    session->soul = soul;
    session->sequence = newest_sequence(server, soul);
    snprintf(session->tag, sizeof(session->tag), "%s", name);
    session->state = INF_SESSION_PLAYING;
    inf_feelings_follow(server->feelings, session->soul, inf_shards_now(server->shards));
    replace_older(server, session);
    submit_presence(server, soul, true);
    welcome(server, session, is_newborn);
    if (server->border != NULL) {
        inf_border_tell_papers(server->border, soul);
    }
    inf_metric_add(&server->metrics.signin_good, 1);
    inf_log(INF_LOG_INFO, "session", is_newborn ? "a player is born" : "a player is back", "tag", INF_LOG_STRING, name,
            "soul", INF_LOG_INT, (int64_t)soul, NULL);
}

/// The player of a key: by its tag in the Heart's registry.
static const InfTag* find_tag_of(const InfServer* server, const uint8_t key[INF_KEY_BYTES]) {
    uint32_t count;
    uint32_t index1 = inf_world_find_tag_by_key(server->worlds[0], key);
    return index1 != 0 ? &inf_world_tags(server->worlds[0], &count)[index1 - 1] : NULL;
}

/// Minds are not indexed by key, since few speak from outside: a search walks all souls, so few are made in a tick.
static bool may_search(InfServer* server) {
    uint64_t now = inf_shards_now(server->shards);
    if (server->search_tick != now) {
        server->search_tick = now;
        server->search_count = 0;
    }
    return server->search_count++ < SEARCHES_PER_TICK;
}

/// A mind that has this key: a program speaks for it.
static const InfSoul* find_mind_of(const InfServer* server, const uint8_t key[INF_KEY_BYTES]) {
    for (uint32_t s = 0; s < server->shard_count; s++) {
        uint32_t count;
        const InfSoul* souls = inf_world_souls(server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((souls[i].generation & 1u) != 0 && memcmp(souls[i].key, key, INF_KEY_BYTES) == 0) {
                return &souls[i];
            }
        }
        const InfPassenger* riders = inf_world_passengers(server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((riders[i].generation & 1u) != 0 && memcmp(riders[i].soul->key, key, INF_KEY_BYTES) == 0) {
                return riders[i].soul;
            }
        }
    }
    return NULL;
}

/// Something about the tag is wrong: say it and let them try again with a new challenge.
static void refuse_tag(InfServer* server, InfSession* session, InfResult result, const char* what, const char* help) {
    inf_metric_add(&server->metrics.signin_bad, 1);
    inf_session_refuse(server, session, result, 0, what, help);
    if (++session->tries >= INF_SIGNIN_TRIES) {
        session->state = INF_SESSION_NONE;
        inf_fanout_close(server->fanout, session->client, INF_WS_CLOSE_SIGN_IN, "too many tries; connect again");
        inf_session_flush(server, session);
    } else {
        challenge(server, session);
    }
}

static void claim_tag(InfServer* server, InfSession* session, const char* tag) {
    if (server->kind != INF_GALAXY_KIND_OPEN) {
        refuse_tag(server, session, INF_ERROR_SECLUDED, "This galaxy knows no players",
                   "Sign in with the key of a soul that lives here, without a tag");
        return;
    }
    InfTextFault fault = inf_tag_check(tag, strlen(tag));
    if (fault != INF_TEXT_OK) {
        refuse_tag(server, session, INF_ERROR_FORMAT, "That tag cannot be used", inf_text_fault_text(fault));
        return;
    }
    if (inf_world_find_tag(server->worlds[0], tag) != 0) {
        refuse_tag(server, session, INF_ERROR_EXISTS, "That tag, or one that looks like it, belongs to another key",
                   "Choose another tag. If it is yours, bring your key: the recovery file");
        return;
    }
    InfInput input = {.kind = INF_INPUT_KIND_TagClaim};
    memcpy(input.TagClaim.key, session->key, sizeof(input.TagClaim.key));
    snprintf(input.TagClaim.tag, sizeof(input.TagClaim.tag), "%s", tag);
    if (inf_shards_submit(server->shards, 0, &input) != INF_OK) {
        refuse_tag(server, session, INF_ERROR_FULL, "Too many newcomers at once", "Try again in a moment");
        return;
    }
    snprintf(session->tag, sizeof(session->tag), "%s", tag);
    session->state = INF_SESSION_CLAIMING;
    session->opened_tick = inf_shards_now(server->shards);
}

static void sign_in(InfServer* server, InfSession* session, const InfFrameSignIn* frame) {
    if (frame->watch != 0 && server->kind != INF_GALAXY_KIND_OPEN) {
        refuse_tag(server, session, INF_ERROR_SECLUDED, "Nobody looks on in this galaxy", "Sign in with the key of a soul that lives here");
        return;
    }
    if (frame->watch != 0) {
        session->state = INF_SESSION_WATCHING;
        welcome(server, session, false);
        inf_session_flush(server, session);
        return;
    }
    const char* page_origin = inf_fanout_get_origin(server->fanout, session->client);
    InfSignInFault fault = inf_signin_verify(&session->signin, inf_shards_galaxy_id(server->shards), frame->key,
                                             frame->signature, frame->origin, page_origin ? page_origin : "",
                                             (uint64_t)time(NULL));
    if (fault == INF_SIGNIN_EXPIRED) { // somebody thought about a tag for long
        refuse_tag(server, session, INF_ERROR_SIGNATURE, inf_signin_fault_text(fault), inf_signin_fault_help(fault));
        return;
    }
    if (fault != INF_SIGNIN_OK) {
        inf_metric_add(&server->metrics.signin_bad, 1);
        inf_session_refuse(server, session, INF_ERROR_SIGNATURE, 0, inf_signin_fault_text(fault),
                           inf_signin_fault_help(fault));
        session->state = INF_SESSION_NONE;
        inf_fanout_close(server->fanout, session->client, INF_WS_CLOSE_SIGN_IN, NULL);
        inf_session_flush(server, session);
        return;
    }
    memcpy(session->key, frame->key, sizeof(session->key));
    const InfTag* tag = find_tag_of(server, frame->key);
    if (tag != NULL) {
        start_playing(server, session, tag->soul, (const char*)tag->name, false);
        inf_session_flush(server, session);
        return;
    }
    if (frame->tag[0] == 0 && !may_search(server)) {
        refuse_tag(server, session, INF_ERROR_STATE, "Too many sign-ins at once", "Try again in a second");
        return;
    }
    const InfSoul* mind = frame->tag[0] == 0 ? find_mind_of(server, frame->key) : NULL;
    if (mind != NULL) {
        start_playing(server, session, mind->id, (const char*)mind->name, false);
        inf_session_flush(server, session);
        return;
    }
    claim_tag(server, session, frame->tag);
}

/// Has the tick given it the tag?
static void look_for_tag(InfServer* server, InfSession* session) {
    const InfTag* tag = find_tag_of(server, session->key);
    if (tag != NULL) {
        start_playing(server, session, tag->soul, (const char*)tag->name, true);
    } else if (inf_shards_now(server->shards) > session->opened_tick) {
        bool is_taken = inf_world_find_tag(server->worlds[0], session->tag) != 0;
        refuse_tag(server, session, is_taken ? INF_ERROR_EXISTS : INF_ERROR_FULL,
                   is_taken ? "Somebody has just taken that tag" : "The galaxy has no room for another player now",
                   is_taken ? "Choose another tag" : "Try again later");
    }
}

// ---- receiving ------------------------------------------------------------------------------------------------

static void take_frame(InfServer* server, InfSession* session, const uint8_t* bytes, size_t byte_count) {
    InfReader reader = inf_reader_make(bytes, byte_count);
    switch (byte_count > 0 ? bytes[0] : 0) {
    case INF_FRAME_KIND_SignIn: {
        InfFrameSignIn frame;
        if (inf_frame_read(&reader, bytes[0], &frame, sizeof(frame)) != INF_OK) {
            break;
        }
        if (session->state == INF_SESSION_CHALLENGED || session->state == INF_SESSION_WATCHING) {
            sign_in(server, session, &frame);
        } else {
            inf_session_refuse(server, session, INF_ERROR_STATE, 0, "You are signed in already",
                               "Connect again to sign in as somebody else");
        }
        return;
    }
    case INF_FRAME_KIND_Input: {
        InfFrameInput frame;
        if (inf_frame_read(&reader, bytes[0], &frame, sizeof(frame)) != INF_OK) {
            break;
        }
        if (session->state == INF_SESSION_PLAYING) {
            inf_session_take_input(server, session, frame.input, frame.input_bytes);
        } else {
            inf_session_refuse(server, session, INF_ERROR_STATE, 0, "You are not signed in", "Sign in first");
        }
        return;
    }
    case INF_FRAME_KIND_Ask: {
        InfFrameAsk frame;
        if (inf_frame_read(&reader, bytes[0], &frame, sizeof(frame)) != INF_OK || frame.what > 2) {
            break;
        }
        session->wants_statement |= frame.what == 0;
        session->wants_market |= frame.what == 1;
        session->wants_place |= frame.what == 2;
        return;
    }
    case INF_FRAME_KIND_Look: {
        InfFrameLook frame;
        if (inf_frame_read(&reader, bytes[0], &frame, sizeof(frame)) != INF_OK || frame.soul == 0) {
            break;
        }
        session->wants_soul = frame.soul;
        return;
    }
    case INF_FRAME_KIND_Act: {
        static InfFrameAct frame;
        if (inf_frame_read(&reader, bytes[0], &frame, sizeof(frame)) != INF_OK) {
            break;
        }
        if (session->state == INF_SESSION_PLAYING) {
            inf_session_take_act(server, session, &frame);
        } else {
            inf_session_refuse(server, session, INF_ERROR_STATE, 0, "You are not signed in", "Sign in first");
        }
        return;
    }
    case INF_FRAME_KIND_Ping: {
        InfFramePing frame;
        if (inf_frame_read(&reader, bytes[0], &frame, sizeof(frame)) != INF_OK) {
            break;
        }
        InfFramePong pong = {.client_ms = frame.client_ms, .tick = inf_shards_now(server->shards)};
        inf_session_tell(server, session, INF_FRAME_KIND_Pong, &pong, INF_SEND_DETAIL);
        inf_session_flush(server, session);
        return;
    }
    default:
        break;
    }
    inf_session_refuse(server, session, INF_ERROR_FORMAT, 0, "That frame is malformed or not for the server",
                       "The frames are in include/infinity/tables/frames.inl");
}

static void open_session(InfServer* server, InfClientId client) {
    uint32_t slot = client.index1 - 1;
    InfSession* session = &server->sessions[slot];
    memset(session, 0, sizeof(*session));
    session->client = client;
    session->events = server->event_slab + (size_t)slot * INF_SESSION_EVENT_BYTES;
    session->opened_tick = inf_shards_now(server->shards);
    if (slot >= server->session_end) {
        server->session_end = slot + 1;
    }
    challenge(server, session);
}

static void close_session(InfServer* server, InfSession* session) {
    if (session->state == INF_SESSION_PLAYING) {
        submit_presence(server, session->soul, false);
    }
    session->state = INF_SESSION_NONE;
    session->client = (InfClientId){0};
}

void inf_sessions_receive(InfServer* server) {
    for (InfFanoutEvent event; inf_fanout_next(server->fanout, &event);) {
        InfSession* session = &server->sessions[event.client.index1 - 1];
        if (event.kind == INF_FANOUT_OPENED) {
            open_session(server, event.client);
        } else if (event.kind == INF_FANOUT_CLOSED) {
            close_session(server, session);
        } else if (session->state != INF_SESSION_NONE) {
            take_frame(server, session, event.bytes, event.byte_count);
        }
    }
}

void inf_sessions_before_tick(InfServer* server) {
    uint64_t now = inf_shards_now(server->shards);
    for (uint32_t i = 0; i < server->session_end; i++) {
        InfSession* session = &server->sessions[i];
        if (session->has_helm) {
            inf_session_submit_helm(server, session);
        }
        if (session->state == INF_SESSION_CHALLENGED && now - session->opened_tick > SIGNIN_TICKS) {
            session->state = INF_SESSION_NONE;
            inf_fanout_close(server->fanout, session->client, INF_WS_CLOSE_SIGN_IN, "you did not sign in; connect again");
        }
    }
}

// ---- where everybody is ---------------------------------------------------------------------------------------

/// A row that is given back is zeroed: an id that is there still is the soul's.
static uint32_t find_soul_again(const InfWorld* world, uint64_t soul, uint32_t before_index1) {
    uint32_t count;
    const InfSoul* souls = inf_world_souls(world, &count);
    bool is_there = soul != 0 && before_index1 != 0 && before_index1 <= count && souls[before_index1 - 1].id == soul;
    return is_there ? before_index1 : inf_world_find_soul(world, soul);
}

static void locate(InfServer* server, InfSession* session) {
    uint32_t before_index1 = session->soul_index1;
    session->place_index1 = session->ship_index1 = session->soul_index1 = session->passenger_index1 = 0;
    session->is_docked = false;
    session->eyes = session->soul;
    if (session->state == INF_SESSION_WATCHING) {
        session->shard = server->stage_shard;
        session->place_index1 = server->stage_place1;
        return;
    }
    uint32_t count;
    // Mostly it is where it was.
    const InfWorld* world = server->worlds[session->shard];
    session->soul_index1 = find_soul_again(world, session->soul, before_index1);
    if (session->soul_index1 == 0) {
        uint32_t shard;
        if (inf_session_locate_rider(server, session) ||
            !inf_shards_find_soul(server->shards, session->soul, &shard, &session->soul_index1)) {
            return; // with its host, or between two shards
        }
        session->shard = shard;
        world = server->worlds[shard];
    }
    session->place_index1 = inf_soul_place(world, session->soul_index1);
    session->ship_index1 = inf_world_souls(world, &count)[session->soul_index1 - 1].ship_index1;
    if (session->ship_index1 != 0) {
        session->is_docked = inf_world_ships(world, &count)[session->ship_index1 - 1].state == INF_SHIP_STATE_DOCKED;
    }
}

/// Watchers see the place where most happens: the fullest contested one, else the fullest.
static void choose_stage(InfServer* server) {
    if (server->stage_place1 != 0 && inf_shards_now(server->shards) - server->stage_tick < 300) {
        return;
    }
    server->stage_tick = inf_shards_now(server->shards);
    uint64_t best = 0;
    for (uint32_t s = 0; s < server->shard_count; s++) {
        uint32_t count;
        const InfPlace* places = inf_world_places(server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t value = (uint64_t)places[i].ship_count * 4 * (places[i].hot ? 8 : 1) + (places[i].station_index1 != 0);
            if ((places[i].generation & 1u) != 0 && value > best) {
                best = value;
                server->stage_shard = s;
                server->stage_place1 = i + 1;
            }
        }
    }
}

/// The rows of a soul and its ship, if they are where they were.
static void fetch_rows(const InfServer* server, const InfSession* session) {
    const InfWorld* world = server->worlds[session->shard];
    uint32_t count;
    if (session->soul_index1 != 0) {
        __builtin_prefetch(&inf_world_souls(world, &count)[session->soul_index1 - 1].id);
        __builtin_prefetch(&inf_world_souls(world, &count)[session->soul_index1 - 1].ship_index1);
    }
    if (session->ship_index1 != 0) {
        __builtin_prefetch(&inf_world_ships(world, &count)[session->ship_index1 - 1].state);
        __builtin_prefetch(&inf_world_ships(world, &count)[session->ship_index1 - 1].place_index1);
    }
}

void inf_sessions_after_tick(InfServer* server) {
    uint32_t players = 0, watchers = 0;
    inf_slot_map_clear(&server->by_soul);
    inf_slot_map_clear(&server->by_place);
    inf_slot_map_clear(&server->by_host);
    for (uint32_t i = 0; i < server->session_end; i++) {
        watchers += server->sessions[i].state == INF_SESSION_WATCHING;
    }
    if (watchers > 0) {
        choose_stage(server);
    }
    for (uint32_t i = 0; i < server->session_end; i++) {
        InfSession* session = &server->sessions[i];
        InfSeat* seat = &server->seats[i];
        *seat = (InfSeat){0};
        if (i + 8 < server->session_end) {
            __builtin_prefetch(session + 8, 1);
            __builtin_prefetch((const char*)(session + 8) + 64, 1);
            fetch_rows(server, session + 4);
        }
        session->scene1 = 0;
        session->is_concerned = false;
        if (session->state == INF_SESSION_CLAIMING) {
            look_for_tag(server, session);
        }
        if (session->state != INF_SESSION_PLAYING && session->state != INF_SESSION_WATCHING) {
            continue;
        }
        locate(server, session);
        seat->is_told = true;
        seat->ship_index1 = session->ship_index1;
        if (session->state == INF_SESSION_PLAYING) {
            players++;
            *inf_slot_map_at(&server->by_soul, session->soul) = i + 1;
            if (session->passenger_index1 != 0) {
                uint32_t* first1 = inf_slot_map_at(&server->by_host, session->eyes);
                session->next_rider1 = *first1;
                *first1 = i + 1;
            }
        }
        if (session->place_index1 != 0) {
            uint32_t* first1 = inf_slot_map_at(&server->by_place, inf_place_key(session->shard, session->place_index1));
            seat->is_in_place = true;
            seat->next_in_place1 = *first1;
            session->listeners = *first1 != 0 ? server->sessions[*first1 - 1].listeners + 1 : 1;
            *first1 = i + 1;
        }
    }
    server->galaxy_listeners = players + watchers;
    inf_metric_set(&server->metrics.players, players);
}
