// Inputs: all that can act on a shard. INF_INPUT_<Name> lists the fields; the table gives number, name, who may
// send it and what it does. Numbers are wire and journal format: never reused.
//   F(type, name)  A(type, name, count)  T(name, bytes): zero-terminated text  B(name, bytes): bytes with a count
// Every input of a client begins with `soul` (the server sets it from the session) and `sequence` (the client's own
// count: an input whose sequence is not above the newest applied one is a repetition and does nothing).

#define INF_INPUT_BEGIN(F) F(u64, soul) F(u32, sequence)

#define INF_INPUT_TagClaim(F, A, T, B) A(u8, key, INF_KEY_BYTES) T(tag, INF_NAME_BYTES)
#define INF_INPUT_MindBirth(F, A, T, B)                                                                 \
    A(u8, key, INF_KEY_BYTES) T(name, INF_NAME_BYTES) A(u8, traits, INF_TRAITS) F(u64, parent)          \
    F(i64, credits) F(u8, hull)
#define INF_INPUT_Presence(F, A, T, B) F(u64, soul) F(u8, connected)
#define INF_INPUT_Undock(F, A, T, B) INF_INPUT_BEGIN(F)
#define INF_INPUT_Order(F, A, T, B)                                                                     \
    INF_INPUT_BEGIN(F) F(u8, order) F(u64, target) F(f32, range_m) F(u8, body)                          \
    A(i32, sector, 3) F(u32, system_in_sector)
#define INF_INPUT_Helm(F, A, T, B) INF_INPUT_BEGIN(F) A(i8, thrust, 3) A(i8, turn, 3)
#define INF_INPUT_Module(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, slot) F(u8, on) F(u64, target)
#define INF_INPUT_Trade(F, A, T, B)                                                                     \
    INF_INPUT_BEGIN(F) F(u8, good) F(u8, sell) F(u32, units) F(i64, limit_credits)
#define INF_INPUT_Bank(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, withdraw) F(i64, credits)
#define INF_INPUT_Pay(F, A, T, B) INF_INPUT_BEGIN(F) F(u64, payee) F(u16, payee_shard) F(i64, credits)
#define INF_INPUT_Say(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, reach) F(u64, to) T(text, INF_SAY_BYTES)
#define INF_INPUT_Scan(F, A, T, B) INF_INPUT_BEGIN(F) F(u64, target)
#define INF_INPUT_CloneBay(F, A, T, B) INF_INPUT_BEGIN(F)
#define INF_INPUT_Service(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, service) F(u32, units)
#define INF_INPUT_BuyShip(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, hull)
#define INF_INPUT_BuyModule(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, slot) F(u8, module)
#define INF_INPUT_Transponder(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, on)
#define INF_INPUT_Bounty(F, A, T, B) INF_INPUT_BEGIN(F) F(u64, target) F(i64, credits)
#define INF_INPUT_Jettison(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, good) F(u32, units)
#define INF_INPUT_TransferIn(F, A, T, B)                                                                \
    F(u64, transfer) F(u64, transfer_sequence) F(u16, source) F(u16, forward) F(u8, kind) F(u64, soul)  \
    F(i64, credits) B(payload, INF_TRANSFER_BYTES)
#define INF_INPUT_TransferReceipt(F, A, T, B) F(u64, transfer) F(u16, destination)
#define INF_INPUT_Found(F, A, T, B)                                                                     \
    F(u32, minds) F(u32, souls_capacity) F(u64, stations_radius_mly) F(u8, kind) T(host, INF_NAME_BYTES)     \
    A(u8, host_key, INF_KEY_BYTES)
// Souls. `by_host`: the host of the server does it, with the soul's consent to the host (receiver 0); else the soul
// that is named first does it itself (its own key has signed), with the consent of the other one.
#define INF_INPUT_Ask(F, A, T, B) INF_INPUT_BEGIN(F) F(u64, of) F(u8, act)
#define INF_INPUT_Consent(F, A, T, B) INF_INPUT_BEGIN(F) F(u64, to) F(u8, act) F(u8, on)
#define INF_INPUT_Bind(F, A, T, B)                                                                      \
    F(u64, soul) A(u8, key, INF_KEY_BYTES) A(u8, identity, INF_HASH_BYTES) A(u8, root, INF_HASH_BYTES)  \
    A(u8, lineage, INF_HASH_BYTES)
#define INF_INPUT_Record(F, A, T, B)                                                                    \
    F(u64, soul) F(u8, act) A(u8, identity, INF_HASH_BYTES) A(u8, hash, INF_HASH_BYTES)                 \
    B(text, INF_RECORD_BYTES)
#define INF_INPUT_Copy(F, A, T, B)                                                                      \
    INF_INPUT_BEGIN(F) F(u64, of) F(u8, by_host) F(u8, external) T(name, INF_NAME_BYTES)                \
    A(u8, key, INF_KEY_BYTES) A(u8, identity, INF_HASH_BYTES) A(u8, lineage, INF_HASH_BYTES)            \
    A(u8, lineage_of, INF_HASH_BYTES)
#define INF_INPUT_Merge(F, A, T, B)                                                                     \
    INF_INPUT_BEGIN(F) F(u64, other) F(u8, by_host) A(u8, lineage, INF_HASH_BYTES)
#define INF_INPUT_Depart(F, A, T, B)                                                                    \
    INF_INPUT_BEGIN(F) F(u8, by_host) F(u8, way) F(u8, body) A(i32, sector, 3) F(u32, system_in_sector) \
    A(u8, transfer, INF_PASSAGE_BYTES) A(u8, destination, INF_KEY_BYTES) A(u8, lineage, INF_HASH_BYTES)
#define INF_INPUT_Arrive(F, A, T, B)                                                                    \
    A(u8, transfer, INF_PASSAGE_BYTES) A(u8, source, INF_KEY_BYTES) F(u32, epoch) F(u8, way)            \
    A(u8, identity, INF_HASH_BYTES) A(u8, root, INF_HASH_BYTES) A(u8, lineage, INF_HASH_BYTES)          \
    A(u8, key, INF_KEY_BYTES) A(u8, host, INF_HASH_BYTES) B(payload, INF_TRANSFER_BYTES)
#define INF_INPUT_Settle(F, A, T, B) A(u8, transfer, INF_PASSAGE_BYTES) F(u8, accepted)
#define INF_INPUT_Refuse(F, A, T, B)                                                                    \
    A(u8, transfer, INF_PASSAGE_BYTES) A(u8, identity, INF_HASH_BYTES) F(u32, epoch)                    \
    A(u8, source, INF_KEY_BYTES)
#define INF_INPUT_Board(F, A, T, B) INF_INPUT_BEGIN(F) F(u64, host)
#define INF_INPUT_Leave(F, A, T, B) INF_INPUT_BEGIN(F) F(u8, pay)
#define INF_INPUT_Sense(F, A, T, B)                                                                     \
    F(u8, kind) T(source, INF_SENSE_SOURCE_BYTES) A(u8, hash, INF_HASH_BYTES) B(text, INF_SENSE_BYTES)
#define INF_INPUT_Claim(F, A, T, B)                                                                     \
    A(u8, transfer, INF_PASSAGE_BYTES) A(u8, identity, INF_HASH_BYTES) F(u32, epoch)                    \
    A(u8, server, INF_KEY_BYTES)

// X(number, Name, who, "what it does")  who: PLAYER (any soul's own key), HOST (server or shard only)
#define INF_INPUTS_TABLE(X)                                                                             \
    X(1, TagClaim, HOST, "bind a tag to a key and wake its player on the Concourse (shard 0)")          \
    X(2, MindBirth, HOST, "bear a mind from its traits")                                                \
    X(3, Presence, HOST, "a human came to the helm or left it")                                         \
    X(4, Undock, PLAYER, "leave the station")                                                           \
    X(5, Order, PLAYER, "give the ship an order")                                                       \
    X(6, Helm, PLAYER, "fly by hand: thrust and turn, -127..127")                                       \
    X(7, Module, PLAYER, "switch a module on or off")                                                   \
    X(8, Trade, PLAYER, "buy or sell at the station's market, not past the limit price")                \
    X(9, Bank, PLAYER, "bank carried credits or withdraw them")                                         \
    X(10, Pay, PLAYER, "pay a soul, however far away")                                                  \
    X(11, Say, PLAYER, "say a line to the place, the crew or one soul")                                 \
    X(12, Scan, PLAYER, "scan a ship")                                                                  \
    X(13, CloneBay, PLAYER, "pay for a clone bay at this station")                                      \
    X(14, Service, PLAYER, "refuel, repair or pay off debt at this station")                            \
    X(15, BuyShip, PLAYER, "trade the ship in for another hull")                                        \
    X(16, BuyModule, PLAYER, "fit a module into a slot (0 takes it out)")                               \
    X(17, Transponder, PLAYER, "show the tag or fly as a ghost")                                        \
    X(18, Bounty, PLAYER, "put credits on a head")                                                      \
    X(19, Jettison, PLAYER, "throw cargo out")                                                          \
    X(20, TransferIn, HOST, "something arrives from another shard")                                     \
    X(21, TransferReceipt, HOST, "what was sent was taken in: the outbox lets go of it")                \
    X(22, Found, HOST, "found the galaxy: the first input of every shard")                              \
    X(23, Ask, PLAYER, "ask a soul near to agree to an act; the host asks as soul 0")                   \
    X(24, Consent, PLAYER, "agree to an act of another soul (0: of the host), or take that back")       \
    X(25, Bind, HOST, "give a soul its key, identity and lineage")                                      \
    X(26, Record, HOST, "keep a signed record of a lineage")                                            \
    X(27, Copy, HOST, "copy a soul into a new body")                                                    \
    X(28, Merge, HOST, "make two branches of one soul one again")                                       \
    X(29, Depart, HOST, "move a soul with all that it has to another place, galaxy or file")            \
    X(30, Arrive, HOST, "take in a soul from another galaxy or a file (shard 0)")                       \
    X(31, Settle, HOST, "the answer of the other galaxy: gone for good, or back (shard 0)")             \
    X(32, Refuse, HOST, "refuse a passage for ever (shard 0)")                                          \
    X(33, Board, PLAYER, "ride in another's head")                                                      \
    X(34, Leave, PLAYER, "leave the host into a free body")                                             \
    X(35, Sense, HOST, "feed the senses of an awake galaxy's host")                                     \
    X(36, Claim, HOST, "a file that was downloaded here woke elsewhere (shard 0)")

// Services of a station. X(number, NAME, "word", "help")
#define INF_SERVICES(X)                                                                                 \
    X(0, REFUEL, "refuel", "fuel up")                                                                   \
    X(1, REPAIR, "repair", "restore the hull")                                                          \
    X(2, PAY_DEBT, "pay debt", "pay off what the Concourse is owed")                                    \
    X(3, WORK, "work", "an hour's wage for work at the station")

// Kinds of transfer. X(number, NAME, "word")
#define INF_TRANSFER_KINDS(X)                                                                           \
    X(0, NONE, "none")                                                                                  \
    X(1, JUMP, "jump")                                                                                  \
    X(2, PAY, "pay")                                                                                    \
    X(3, WAKE, "wake")                                                                                  \
    X(4, CUT, "cut")                                                                                    \
    X(5, KNOWN, "known")                                                                                \
    X(6, RIDER, "rider")
