// Events: what a tick tells. X-table below: X(number, Name, reach, "text"). Fields as in inputs.inl.
// Numbers are wire format: never reused. `soul` is whom it happened to; the place is in the event's head.

#define INF_EVENT_Rejected(F, A, T, B) F(u64, soul) F(u32, sequence) F(u16, input) F(u8, result)
#define INF_EVENT_Accepted(F, A, T, B) F(u64, soul) F(u32, sequence) F(u16, input)
#define INF_EVENT_Born(F, A, T, B)                                                                      \
    F(u64, soul) F(u64, parent) F(u8, player) T(name, INF_NAME_BYTES) A(u8, key, INF_KEY_BYTES)
#define INF_EVENT_Woke(F, A, T, B) F(u64, soul) F(i64, fee_credits)
#define INF_EVENT_Died(F, A, T, B)                                                                      \
    F(u64, soul) F(u64, killer) F(u64, born_tick) F(i64, credits) F(u8, cause) F(u8, player)            \
    T(name, INF_NAME_BYTES)
#define INF_EVENT_Undocked(F, A, T, B) F(u64, soul) F(u64, ship)
#define INF_EVENT_Docked(F, A, T, B) F(u64, soul) F(u64, ship)
#define INF_EVENT_CruiseStarted(F, A, T, B) F(u64, soul) F(u64, ship) F(u64, end_tick) F(u8, body)
#define INF_EVENT_Arrived(F, A, T, B) F(u64, soul) F(u64, ship)
#define INF_EVENT_JumpSpool(F, A, T, B)                                                                 \
    F(u64, soul) F(u64, ship) F(u64, end_tick) A(i32, sector, 3) F(u32, system_in_sector)
#define INF_EVENT_JumpBroken(F, A, T, B) F(u64, soul) F(u64, ship) F(u8, result)
#define INF_EVENT_Jumped(F, A, T, B)                                                                    \
    F(u64, soul) F(u64, ship) A(i32, sector, 3) F(u32, system_in_sector) F(u16, shard)
#define INF_EVENT_Entered(F, A, T, B)                                                                   \
    F(u64, soul) F(u64, ship) A(i32, sector, 3) F(u32, system_in_sector) F(u16, source)
#define INF_EVENT_Mined(F, A, T, B) F(u64, soul) F(u64, ship) F(u8, good) F(u32, units)
#define INF_EVENT_Fired(F, A, T, B) F(u64, ship) F(u64, target) F(u8, module) F(u8, hit) F(f32, damage)
#define INF_EVENT_Destroyed(F, A, T, B) F(u64, soul) F(u64, ship) F(u64, killer)
#define INF_EVENT_Traded(F, A, T, B)                                                                    \
    F(u64, soul) F(u8, good) F(u8, sell) F(u32, units) F(i64, credits)
#define INF_EVENT_Ledger(F, A, T, B)                                                                    \
    F(u64, payer) F(u64, payee) F(i64, credits) F(i64, payer_after_credits) F(i64, payee_after_credits) \
    F(u8, payer_kind) F(u8, payee_kind) F(u8, reason)
#define INF_EVENT_Said(F, A, T, B)                                                                      \
    F(u64, soul) F(u64, to) F(u8, reach) F(u8, ghost) T(name, INF_NAME_BYTES) T(text, INF_SAY_BYTES)
#define INF_EVENT_Scanned(F, A, T, B)                                                                   \
    F(u64, soul) F(u64, ship) F(u64, owner) F(i64, bounty_credits) F(u8, hull_kind) F(u8, ghost)        \
    F(u8, close) F(f32, hull) F(f32, shield) A(u16, cargo, INF_GOODS) T(name, INF_NAME_BYTES)
#define INF_EVENT_Discovered(F, A, T, B)                                                                \
    F(u64, soul) A(i32, sector, 3) F(u32, system_in_sector) F(i64, credits) T(name, INF_NAME_BYTES)
#define INF_EVENT_Robbed(F, A, T, B) F(u64, soul) F(u64, robber) F(i64, credits)
#define INF_EVENT_BountySet(F, A, T, B) F(u64, soul) F(u64, target) F(i64, credits) F(i64, total_credits)
#define INF_EVENT_BountyPaid(F, A, T, B) F(u64, soul) F(u64, target) F(i64, credits)
#define INF_EVENT_GoalReached(F, A, T, B) F(u64, soul) F(u8, goal) F(u8, next)
#define INF_EVENT_Alarm(F, A, T, B) F(u64, soul) F(u8, alarm)
#define INF_EVENT_TransferArrived(F, A, T, B)                                                           \
    F(u64, transfer) F(u16, source) F(u64, soul)
#define INF_EVENT_Paid(F, A, T, B) F(u64, soul) F(u64, payer) F(i64, credits)
#define INF_EVENT_Activity(F, A, T, B) F(u64, soul) F(u8, activity)
#define INF_EVENT_Asked(F, A, T, B) F(u64, soul) F(u64, asker) F(u8, act) T(name, INF_NAME_BYTES)
// `soul` is whom the answer is for (0: the host of the server); reason is an InfWillReason, value its weight.
#define INF_EVENT_Consented(F, A, T, B)                                                                 \
    F(u64, soul) F(u64, giver) F(u64, until_tick) F(i32, value) F(u8, act) F(u8, on) F(u8, reason)      \
    T(name, INF_NAME_BYTES)
#define INF_EVENT_Recorded(F, A, T, B)                                                                  \
    F(u64, soul) F(u8, act) A(u8, identity, INF_HASH_BYTES) A(u8, hash, INF_HASH_BYTES)                 \
    B(text, INF_RECORD_BYTES)
#define INF_EVENT_Copied(F, A, T, B)                                                                    \
    F(u64, soul) F(u64, of) F(u64, copy) F(i64, credits) A(u8, identity, INF_HASH_BYTES)                \
    T(name, INF_NAME_BYTES)
#define INF_EVENT_Merged(F, A, T, B)                                                                    \
    F(u64, soul) F(u64, ended) F(i64, credits) A(u8, identity, INF_HASH_BYTES)                          \
    A(u8, ended_identity, INF_HASH_BYTES) T(name, INF_NAME_BYTES) T(ended_name, INF_NAME_BYTES)
#define INF_EVENT_Departed(F, A, T, B)                                                                  \
    F(u64, soul) F(i64, credits) F(u8, way) A(u8, transfer, INF_PASSAGE_BYTES)                          \
    A(u8, destination, INF_KEY_BYTES) T(name, INF_NAME_BYTES)
// `way` is how it came; `returned`: it had left and was sent back.
#define INF_EVENT_Appeared(F, A, T, B)                                                                  \
    F(u64, soul) F(u64, born_tick) F(i64, credits) F(u32, epoch) F(u8, way) F(u8, returned)             \
    F(u8, player) A(u8, transfer, INF_PASSAGE_BYTES) A(u8, source, INF_KEY_BYTES)                       \
    A(u8, identity, INF_HASH_BYTES) A(u8, key, INF_KEY_BYTES) T(name, INF_NAME_BYTES)
#define INF_EVENT_Settled(F, A, T, B)                                                                   \
    F(u64, soul) F(i64, credits) F(u32, epoch) F(u8, state) A(u8, transfer, INF_PASSAGE_BYTES)          \
    A(u8, identity, INF_HASH_BYTES) A(u8, server, INF_KEY_BYTES)
#define INF_EVENT_Boarded(F, A, T, B)                                                                   \
    F(u64, soul) F(u64, host) F(i64, credits) F(u8, seat) T(name, INF_NAME_BYTES)
#define INF_EVENT_Left(F, A, T, B) F(u64, soul) F(u64, host) F(i64, credits) T(name, INF_NAME_BYTES)
#define INF_EVENT_Sensed(F, A, T, B)                                                                    \
    F(u64, soul) F(u64, impression) F(u64, likeness) F(u8, kind) T(source, INF_SENSE_SOURCE_BYTES)      \
    A(u8, hash, INF_HASH_BYTES) B(text, INF_SENSE_BYTES)
#define INF_EVENT_Bound(F, A, T, B)                                                                     \
    F(u64, soul) F(u32, epoch) A(u8, key, INF_KEY_BYTES) A(u8, identity, INF_HASH_BYTES)                \
    A(u8, root, INF_HASH_BYTES) A(u8, lineage, INF_HASH_BYTES)

#define INF_EVENTS_TABLE(X)                                                                             \
    X(1, Rejected, SOUL, "an input was refused, with the reason")                                       \
    X(2, Accepted, SOUL, "an input took effect")                                                        \
    X(3, Born, NONE, "a soul began")                                                                    \
    X(4, Woke, SOUL, "a player woke in a clone bay")                                                    \
    X(5, Died, PLACE, "a soul died")                                                                    \
    X(6, Undocked, PLACE, "a ship left the station")                                                    \
    X(7, Docked, PLACE, "a ship docked")                                                                \
    X(8, CruiseStarted, PLACE, "a ship went into cruise")                                               \
    X(9, Arrived, PLACE, "a ship came out of cruise")                                                   \
    X(10, JumpSpool, PLACE, "a jump drive spools up")                                                   \
    X(11, JumpBroken, PLACE, "a jump was broken off")                                                   \
    X(12, Jumped, PLACE, "a ship jumped away")                                                          \
    X(13, Entered, PLACE, "a ship jumped in")                                                           \
    X(14, Mined, SOUL, "ore came aboard")                                                               \
    X(15, Fired, PLACE, "a weapon fired")                                                               \
    X(16, Destroyed, PLACE, "a ship became a wreck")                                                    \
    X(17, Traded, SOUL, "goods changed hands")                                                          \
    X(18, Ledger, NONE, "credits moved")                                                                \
    X(19, Said, PLACE, "somebody said something")                                                       \
    X(20, Scanned, SOUL, "what a scan showed")                                                          \
    X(21, Discovered, GALAXY, "a system was charted")                                                   \
    X(22, Robbed, SOUL, "credits were taken")                                                           \
    X(23, BountySet, GALAXY, "a bounty was put on a head")                                              \
    X(24, BountyPaid, GALAXY, "a bounty was paid")                                                      \
    X(25, GoalReached, SOUL, "a newcomer's goal was reached")                                           \
    X(26, Alarm, SOUL, "something needs attention")                                                     \
    X(27, TransferArrived, NONE, "a transfer was taken in")                                  \
    X(28, Paid, SOUL, "somebody paid you")                                                              \
    X(29, Activity, NONE, "a mind took something up")                                                   \
    X(30, Asked, SOUL, "somebody asks for consent")                                                     \
    X(31, Consented, SOUL, "a soul agreed, did not, or took it back")                                   \
    X(32, Recorded, NONE, "a record of a lineage was kept")                                             \
    X(33, Copied, PLACE, "a soul was copied")                                                           \
    X(34, Merged, PLACE, "two branches of a soul became one")                                           \
    X(35, Departed, PLACE, "a soul left with all that it has")                                          \
    X(36, Appeared, PLACE, "a soul came in from another place or galaxy, or came back")                 \
    X(37, Settled, SOUL, "the directory changed: a passage ended")                                      \
    X(38, Boarded, PLACE, "a soul boarded a host")                                                      \
    X(39, Left, PLACE, "a passenger left its host")                                                     \
    X(40, Sensed, GALAXY, "the host of an awake galaxy perceived something")                            \
    X(41, Bound, NONE, "a soul got its identity")

// Alarms. X(number, NAME, "text")
#define INF_ALARMS(X)                                                                                   \
    X(0, MONEY, "Your credits end within ten minutes.")                                                 \
    X(1, DEBT, "You are in debt: the Concourse will not sell you ships or modules.")                    \
    X(2, SHIELD, "Shield down.")                                                                        \
    X(3, HULL, "Hull below a quarter.")                                                                 \
    X(4, FUEL, "Fuel below a fifth.")                                                                   \
    X(5, HOLD, "The hold is full.")                                                                     \
    X(6, ATTACKED, "You are under attack.")
