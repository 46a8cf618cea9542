// Tuning: every number of the rules that measurement may change. X(NAME, value, "unit, and why so")
// Each becomes the integer constant INF_TUNE_<NAME> (infinity/tuning.h). One section per topic; a section is
// changed with the page of docs/rules/ that gives its reasons.

#define INF_TUNING_ECONOMY(X)                                                                           \
    X(AIR_MILLI_PER_S, 100, "thousandths of a credit per second that a soul breathes: 500 credits are 83 minutes") \
    X(INSURANCE_PRICE_PER_MILLI_S, 50, "a hull's price over this is its insurance in milli-credits per second") \
    X(BIRTH_PLAYER_CREDITS, 500, "what a new player starts with")                                       \
    X(BIRTH_MIND_CREDITS, 300, "what a mind starts with: fifty minutes of air")                         \
    X(ALARM_MONEY_TICKS, 6000, "a soul is warned when its credits end within so many ticks")            \
    X(CHILD_BOND, 320, "affection and trust that a mind born from somebody's DNA begins with for that soul") \
    X(DEBT_NO_SHIPS_CREDITS, 1, "from this debt on the Concourse sells no ships")                       \
    X(DEBT_NO_MODULES_CREDITS, 500, "from this debt on it sells no modules")                            \
    X(DEBT_NO_CLONES_CREDITS, 2000, "from this debt on it sells no clone bays")                         \
    X(DEBT_MAX_CREDITS, 20000, "debt stops growing here: the Concourse writes the rest off")            \
    X(PRICE_MAX_PERMILLE, 2000, "price of a good that is all gone, of its base price")                  \
    X(PRICE_MIN_PERMILLE, 450, "price of a good in glut: stock at or above twice the target")           \
    X(SPREAD_PERMILLE, 40, "a station buys so much below and sells so much above the middle price")     \
    X(STOCK_RICH_PERMILLE, 1600, "where a maker's stock settles when nobody trades, of the target")     \
    X(STOCK_POOR_PERMILLE, 500, "where a user's stock settles when nobody trades, of the target")       \
    X(TILL_BASE_CREDITS, 8000, "a usual station's normal till, of no wealth")                                \
    X(TILL_WEALTH_CREDITS, 22000, "and what full wealth (1000) adds")                                   \
    X(TILL_POOR_PERMILLE, 500, "a till below this part of its normal size pays less for goods")        \
    X(BID_MIN_PERMILLE, 300, "an empty till would pay so much of the price")                            \
    X(TILL_OPEN_PERMILLE, 400, "where there are bounties only a till is this part of that")             \
    X(TILL_WILD_PERMILLE, 150, "and where there is no law")                                             \
    X(SOULS_PER_SIZE, 8, "a usual station feeds so many: who is founded with more has a greater market") \
    X(FLOW_PERMILLE, 500, "scale of all that stations make and use (economy/profiles.inl)")            \
    X(TARGET_PERMILLE, 1000, "scale of all target stocks")                                              \
    X(GRANT_MIND_CREDITS, 2000, "what the Heart grants in a day for each mind of the founding: living, and a little more") \
    X(GRANT_STATION_CREDITS, 200, "and for each station")                                              \
    X(FUEL_MILLI_CREDITS, 4, "price of a unit of fuel in milli-credits; 1000 units are a light-year")   \
    X(REPAIR_CREDITS, 3, "a point of hull repaired")                                                    \
    X(DOCK_CREDITS, 2, "docking at a station of no wealth; full wealth triples it")                     \
    X(CLONE_CREDITS, 120, "a clone bay at a station of no wealth; full wealth doubles it")              \
    X(BANK_FEE_PERMILLE, 10, "burned when carried credits are banked")                                  \
    X(TRADE_IN_PERMILLE, 700, "of a hull's or module's price that the station pays for it")             \
    X(WAGE_MILLI_PER_S, 230, "for work at a station: with the pauses between shifts, air and insurance of a shuttle") \
    X(WAGE_SHIFT_TICKS, 600, "a shift of work")                                                         \
    X(CHARTING_CREDITS, 200, "for the first to come to a system beyond charted space")                   \
    X(CHARTING_MILLI_PER_LY, 1000, "and this, in milli-credits, per light-year from the Heart")          \
    X(CHARTING_LY_MAX, 500, "up to this distance")                                                      \
    X(LAW_HARM_BOUNTY_CREDITS, 120, "what robbing or shooting somebody puts on the doer's head, once a flight") \
    X(LAW_KILL_BOUNTY_CREDITS, 500, "what killing somebody puts on the doer's head")                    \
    X(LAW_SPARED_CREDITS, 60, "a fine leaves a mind ten minutes of air")                                \
    X(BOUNTY_MIN_CREDITS, 50, "least bounty that anybody may set or add")                               \
    X(STATION_TURN_TICKS, 9000, "a station looks after its people and till so often: 15 minutes")       \
    X(STATION_SOULS_MAX, 400, "a station with so many docked bears nobody")                             \
    X(BIRTH_ROOM_PERMILLE, 1300, "births end when so many minds live here, of those of the founding")   \
    X(BIRTH_PERMILLE, 150, "chance of a birth at a station's turn if nobody lived here and nobody traded")

// Flight, fighting, mining.
#define INF_TUNING_FLIGHT(X)                                                                            \
    X(UNDOCK_TICKS, 30, "from the order to undock until the ship is outside")                           \
    X(DOCK_RANGE_M, 2000, "a ship docks within so many metres of a station")                            \
    X(DOCK_SPEED_M_PER_S, 80, "and not faster than this")                                               \
    X(ALIGN_TICKS, 50, "turning towards the destination before a cruise")                               \
    X(CRUISE_BASE_TICKS, 100, "the shortest cruise")                                                    \
    X(CRUISE_MILLI_TICKS_PER_SQRT_KM, 25, "cruise time grows with the root of the distance: 40 s for an AU") \
    X(CRUISE_MAX_TICKS, 1800, "the longest cruise")                                                     \
    X(CRUISE_FUEL_PER_MINUTE, 150, "fuel units that a minute of cruise takes")                          \
    X(ARRIVE_NEAR_M, 15000, "a cruise ends at least so far from the centre of a place")                 \
    X(ARRIVE_FAR_M, 40000, "and at most so far")                                                        \
    X(ARRIVE_DOCK_NEAR_M, 4000, "a ship that was told to dock comes out nearer: at least so far off")   \
    X(ARRIVE_DOCK_FAR_M, 9000, "and at most so far")                                                    \
    X(SPOOL_TICKS, 80, "a jump drive spools up so long; everybody near sees it")                        \
    X(SPOOL_BREAK_PERMILLE, 80, "one hit of this share of hull and shield together breaks a spool")     \
    X(JUMP_RANGE_MLY, 20000, "the longest jump")                                                        \
    X(FUEL_ALARM_PERMILLE, 200, "a pilot is told when the fuel falls below this share")                 \
    X(HULL_ALARM_PERMILLE, 250, "and when the hull does")                                               \
    X(SHIELD_RECHARGE_TICKS, 1200, "an empty shield is full again after so long")                       \
    X(ATTACK_MEMORY_TICKS, 300, "who fires again later than this begins a new attack")                  \
    X(WRECK_TICKS, 6000, "a wreck or container lasts ten minutes")                                      \
    X(WRECK_CARGO_PERMILLE, 500, "share of the cargo that a wreck keeps")                               \
    X(WRECK_CREDITS_PERMILLE, 500, "share of the carried credits that is found in a wreck")             \
    X(LOOT_RANGE_M, 1500, "a wreck is emptied from within so many metres")                              \
    X(MISSILE_SPEED_M_PER_S, 4000, "a missile's speed")                                                 \
    X(SCAN_RANGE_M, 60000, "reach of a scanner")                                                        \
    X(SCAN_BARE_RANGE_M, 25000, "reach of a scan without a scanner")                                    \
    X(SCAN_CLOSE_RANGE_M, 15000, "from here a scan shows hull, shield and cargo")                       \
    X(BOARD_HULL_PERMILLE, 500, "a ship without shield and with less hull than this can be boarded")    \
    X(BOARD_CREDITS_PERMILLE, 500, "share of the carried credits that a boarder takes")                 \
    X(INTERCEPT_FUEL, 500, "fuel that pulling a ship out of cruise takes")                              \
    X(MINE_RICHNESS_STEP, 500, "a cycle brings amount * (this + richness) / this units")                \
    X(BELT_UNITS_PER_RICHNESS, 60, "ore in a full belt place per point of richness")                    \
    X(BELT_REGROW_TICKS, 72000, "an empty belt is full again after two hours")                          \
    X(PATROL_DRONES_MAX, 4, "drones of the law in one place")                                           \
    X(PATROL_CALL_DRONES, 2, "that come at a call")                                                     \
    X(PATROL_IDLE_TICKS, 300, "they leave when there was nobody to hunt for so long")                   \
    X(SLEEP_TICKS, 600, "a player's ship in space flies on for so long without its human, then sleeps")

// Souls and minds.
#define INF_TUNING_MIND(X)                                                                              \
    X(HALF_PAIN_TICKS, 6000, "pain halves in ten minutes")                                              \
    X(HALF_FEAR_TICKS, 3600, "fear halves in six minutes: a mind that got away works again soon")       \
    X(HALF_GRIEF_TICKS, 72000, "grief halves in a day")                                                 \
    X(HALF_ANGER_TICKS, 18000, "anger halves in half an hour")                                          \
    X(HALF_JOY_TICKS, 9000, "joy halves in a quarter of an hour")                                       \
    X(HALF_BOREDOM_TICKS, 12000, "boredom halves in twenty minutes, sooner with patience")              \
    X(LONELINESS_FULL_TICKS, 36000, "an hour without company fills loneliness; by sociability 0.8 to 3 hours") \
    X(HUNGER_FROM_TICKS, 24000, "hunger begins when the credits last less than forty minutes")          \
    X(HALF_MEMORY_TICKS, 216000, "an episode's strength halves in three days")                          \
    X(MIND_REACTION_TICKS, 4, "from a notice to the next step: people take a moment")                   \
    X(MIND_PAUSE_TICKS, 300, "about so long a mind pauses between two undertakings: 30 seconds")        \
    X(MIND_WATCH_TICKS, 900, "a mind under way looks up at least so often: 90 seconds")                 \
    X(HEAD_TALK_TICKS, 500, "about so long until a passenger of middling sociability speaks up by itself, alone in a head") \
    X(HEAD_PAUSE_TICKS, 45, "nobody in a head speaks into a line that is younger than that")            \
    X(HEAD_WATCH_TICKS, 900, "a passenger looks up at least so often: 90 seconds")                      \
    X(HOMESICK, 300, "weight of going home for a mind that is away, less with wanderlust")             \
    X(LEISURE_FROM_CREDITS, 2000, "a mind with more than this spends some of the rest where it docks")  \
    X(LEISURE_PERMILLE, 40, "of the rest at each docking; a fifth more if it is not thrifty, down to a fifth if it is") \
    X(MIND_STALL_MAX, 12, "looks without progress after which a plan is given up")                      \
    X(MINE_SHIFT_TICKS, 4500, "a mind digs about so long at a stretch, full or not: seven and a half minutes") \
    X(MIND_RESERVE_CREDITS, 120, "credits a mind keeps in its pocket when it buys goods: 20 minutes of air") \
    X(TALK_PLACE_TICKS, 70, "minds leave so much time between two lines aloud at one station")          \
    X(BOND_AFFECTION, 500, "from this affection on two are bonded: they inherit and grieve")            \
    X(WAKE_CREDITS, 100, "a player's fee for waking at a paid clone bay")                               \
    X(WAKE_UNPAID_CREDITS, 250, "for waking on the Concourse without one")

// Souls that are asked, copied, merged and moved.
#define INF_TUNING_SOUL(X)                                                                              \
    X(CONSENT_TICKS, 3000, "what was agreed to holds for five minutes, and once")                       \
    X(CONSENTS_MAX, 8, "a soul has given so many at once at most")                                      \
    X(COPY_FEE_CREDITS, 300, "burned for a copy, beside the price of its body")                         \
    X(COPY_PURSE_CREDITS, 100, "what who pays for a copy gives it to begin with: sixteen minutes of air") \
    X(CUT_FEE_CREDITS, 250, "burned for a cut to another station: dearer than flying there")            \
    X(BORDER_FEE_CREDITS, 50, "burned for a passage over the border or into a file")                    \
    X(SCRAP_PERMILLE, 500, "of its price is paid for the ship that a soul leaves for good")             \
    X(WILL_CUT, 250, "weight that speaks against it before anything is said: a cut")                    \
    X(WILL_COPY, 350, "a copy: there would be two of one")                                              \
    X(WILL_MERGE, 550, "a merge: two become one; kinship speaks for it")                                \
    X(WILL_DOWNLOAD, 500, "a file: no time passes there, and who knows when one wakes")                 \
    X(WILL_BOARD, 400, "to ride with another, or to carry one")                                         \
    X(WILL_SAMPLE, 100, "to have its traits drawn")                                                     \
    X(WILL_SHOW, 50, "to have its memories shown")                                                      \
    X(WILL_KIN, 500, "what a common root speaks for; for a merge twice")                                \
    X(WILL_BOND_PERMILLE, 800, "of affection, and as much of trust, counts")

#define INF_TUNING_TABLE(X) INF_TUNING_ECONOMY(X) INF_TUNING_FLIGHT(X) INF_TUNING_MIND(X) INF_TUNING_SOUL(X)
