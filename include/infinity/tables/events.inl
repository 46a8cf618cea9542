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
    X(29, Activity, NONE, "a mind took something up")

// Alarms. X(number, NAME, "text")
#define INF_ALARMS(X)                                                                                   \
    X(0, MONEY, "Your credits end within ten minutes.")                                                 \
    X(1, DEBT, "You are in debt: the Concourse will not sell you ships or modules.")                    \
    X(2, SHIELD, "Shield down.")                                                                        \
    X(3, HULL, "Hull below a quarter.")                                                                 \
    X(4, FUEL, "Fuel below a fifth.")                                                                   \
    X(5, HOLD, "The hold is full.")                                                                     \
    X(6, ATTACKED, "You are under attack.")
