// Frames between a client and the server, binary, one per WebSocket message: u8 number, then the fields.
// Fields as in inputs.inl. X(number, Name, direction, "meaning")  Numbers are wire format: never reused.

#define INF_FRAME_Challenge(F, A, T, B)                                                                 \
    A(u8, nonce, 32) A(u8, galaxy, 16) F(u64, expires_unix_s) F(u16, protocol) T(server, 64)
#define INF_FRAME_Welcome(F, A, T, B)                                                                   \
    F(u64, soul) F(u64, tick) F(u64, galaxy_seed) F(u32, galaxy_version) F(u32, sequence)               \
    F(u8, newborn) T(tag, INF_NAME_BYTES)
#define INF_FRAME_Refused(F, A, T, B) F(u8, result) F(u32, sequence) T(what, 96) T(help, 160)
// Where the client's eyes are: everything that the page cannot work out from the seed.
#define INF_FRAME_Place(F, A, T, B)                                                                     \
    F(u64, tick) A(i32, sector, 3) F(u32, system_in_sector) F(u8, kind) F(u8, body) F(u8, law)          \
    F(u8, docked) F(u8, spectator) A(i64, position_km, 3) F(u32, ships) F(u32, souls_docked)            \
    F(u64, discoverer) T(discoverer_name, INF_NAME_BYTES)
// The soul and the ship of the client.
#define INF_FRAME_Self(F, A, T, B)                                                                      \
    F(u64, tick) F(u64, soul) F(u64, ship) F(i64, carried_credits) F(i64, banked_credits)               \
    F(i64, debt_credits) F(i64, bounty_credits) F(i64, burn_milli_credits_per_s)                        \
    F(u64, zero_tick) F(u64, timer_tick) F(u64, leg_start_tick) F(u64, target) F(u64, weapon_target)    \
    F(u32, fuel) F(f32, hull) F(f32, shield) A(u16, cargo, INF_GOODS) A(u8, modules, INF_MODULE_SLOTS)  \
    A(u16, module_wait_ticks, INF_MODULE_SLOTS) F(u8, modules_on) F(u8, hull_kind) F(u8, state)         \
    F(u8, order) F(u8, spool) F(u8, ghost) F(u8, goal) F(u8, clone_paid) F(u8, destination_body)        \
    A(u16, feelings, INF_FEELINGS)
#define INF_FRAME_Snapshot(F, A, T, B) B(records, 49152)
#define INF_FRAME_Events(F, A, T, B) F(u64, tick) B(events, 49152)
#define INF_FRAME_Market(F, A, T, B)                                                                    \
    F(u64, tick) A(i32, sector, 3) F(u32, system_in_sector) F(u8, body) F(u8, profile)                  \
    A(u16, buy_credits, INF_GOODS) A(u16, sell_credits, INF_GOODS) A(u32, stock_units, INF_GOODS)       \
    F(u16, fuel_milli_credits) F(u16, repair_credits) F(u32, clone_credits) F(u16, dock_credits)
// Who flies what: sent once per ship that a client sees.
#define INF_FRAME_Ship(F, A, T, B)                                                                      \
    F(u64, ship) F(u64, soul) F(u32, index) F(u8, hull_kind) F(u8, ghost) F(u8, player) F(u8, drone)    \
    F(i64, bounty_credits) T(name, INF_NAME_BYTES)
#define INF_FRAME_Statement(F, A, T, B) B(json, 32768)
#define INF_FRAME_Pong(F, A, T, B) F(u64, client_ms) F(u64, tick)
#define INF_FRAME_News(F, A, T, B) F(u64, tick) T(text, 240)
// A soul's page, as `GET /api/soul` tells it; with what is private if the one that looks may see it.
#define INF_FRAME_Soul(F, A, T, B) F(u64, soul) B(json, 49152)

// Who rides in the head that the client is in, rows by seat; to the host and to each of its passengers, when changed.
#define INF_FRAME_Head(F, A, T, B)                                                                      \
    F(u64, tick) F(u64, host) T(host_name, INF_NAME_BYTES) F(u8, count) A(u64, souls, INF_SEATS)        \
    A(u64, boarded_ticks, INF_SEATS) A(u8, seats, INF_SEATS) A(u8, players, INF_SEATS)                  \
    A(u8, connected, INF_SEATS) A(u16, feelings, INF_HEAD_FEELINGS) A(u8, names, INF_HEAD_NAMES)

// What became of an act, as JSON: in pieces one after the other, `more` while there are others. And what the soul of the
// client is to sign for an act, whoever asked for it: as the answer 202 of `POST /api/souls/copy` is.
#define INF_FRAME_Answer(F, A, T, B) F(u32, number) F(u16, status) F(u8, more) B(json, 32768)
#define INF_FRAME_Paper(F, A, T, B) B(json, 32768)

#define INF_FRAME_SignIn(F, A, T, B)                                                                    \
    A(u8, key, INF_KEY_BYTES) A(u8, signature, 64) F(u8, watch) T(origin, 128) T(tag, INF_NAME_BYTES)
#define INF_FRAME_Input(F, A, T, B) B(input, 4096)
#define INF_FRAME_Ask(F, A, T, B) F(u8, what)
#define INF_FRAME_Ping(F, A, T, B) F(u64, client_ms)
#define INF_FRAME_Look(F, A, T, B) F(u64, soul)
// The body of `POST /api/souls/WHAT` without act, soul, key, issued, nonce and signature: the connection has proved the key.
#define INF_FRAME_Act(F, A, T, B) F(u32, number) T(what, 16) B(json, 8000)

#define INF_FRAMES_TABLE(X)                                                                             \
    X(1, Challenge, DOWN, "sign this")                                                                  \
    X(2, Welcome, DOWN, "you are in")                                                                   \
    X(3, Refused, DOWN, "what was refused, why, and what to do")                                        \
    X(4, Place, DOWN, "where you are")                                                                  \
    X(5, Self, DOWN, "your soul, wallet and ship; when changed")                                        \
    X(6, Snapshot, DOWN, "ships near you, as a delta")                                                  \
    X(7, Events, DOWN, "what happened within your reach")                                               \
    X(8, Market, DOWN, "the market where you are docked")                                               \
    X(9, Ship, DOWN, "who flies a ship")                                                                \
    X(10, Statement, DOWN, "your newest ledger entries")                                                \
    X(11, Pong, DOWN, "answer to a ping")                                                               \
    X(12, News, DOWN, "news of the galaxy")                                                             \
    X(13, Soul, DOWN, "a soul's page, as JSON")                                                         \
    X(14, Head, DOWN, "the host and its passengers, with what they feel")                               \
    X(15, Answer, DOWN, "what became of an act, piece by piece")                                        \
    X(16, Paper, DOWN, "what your soul is to sign")                                                     \
    X(64, SignIn, UP, "key, signature of the challenge, tag; or watch without signing in")              \
    X(65, Input, UP, "an encoded input of inputs.inl")                                                  \
    X(66, Ask, UP, "ask for: 0 statement, 1 market, 2 place")                                           \
    X(67, Ping, UP, "are you there")                                                                    \
    X(68, Look, UP, "ask for the page of a soul")                                                       \
    X(69, Act, UP, "an act on your own soul, or signatures for one")
