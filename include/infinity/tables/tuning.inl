// Tuning: every number of the rules that measurement may change. X(NAME, value, "unit, and why so")
// Each becomes the integer constant INF_TUNE_<NAME> (infinity/tuning.h). One section per topic; a section is
// changed with the page of docs/rules/ that gives its reasons.

#define INF_TUNING_ECONOMY(X)                                                                           \
    X(AIR_MILLI_PER_S, 100, "thousandths of a credit per second that a soul breathes: 500 credits are 83 minutes") \
    X(INSURANCE_PRICE_PER_MILLI_S, 120, "a hull's price over this is its insurance in milli-credits per second") \
    X(BIRTH_PLAYER_CREDITS, 500, "what a new player starts with")                                       \
    X(BIRTH_MIND_CREDITS, 300, "what a mind starts with: fifty minutes of air")                         \
    X(ALARM_MONEY_TICKS, 6000, "a soul is warned when its credits end within so many ticks")            \
    X(DEBT_NO_SHIPS_CREDITS, 1, "from this debt on the Concourse sells no ships")                       \
    X(DEBT_NO_MODULES_CREDITS, 500, "from this debt on it sells no modules")                            \
    X(DEBT_NO_CLONES_CREDITS, 2000, "from this debt on it sells no clone bays")                         \
    X(DEBT_MAX_CREDITS, 20000, "debt stops growing here: the Concourse writes the rest off")            \
    X(PRICE_MAX_PERMILLE, 3000, "price of a good that is all gone, of its base price")                  \
    X(PRICE_MIN_PERMILLE, 350, "price of a good in glut: stock at or above twice the target")           \
    X(SPREAD_PERMILLE, 40, "a station buys so much below and sells so much above the middle price")     \
    X(STOCK_RICH_PERMILLE, 1700, "where a maker's stock settles when nobody trades, of the target")     \
    X(STOCK_POOR_PERMILLE, 400, "where a user's stock settles when nobody trades, of the target")       \
    X(TILL_BASE_CREDITS, 20000, "a station's normal till, of no wealth")                                \
    X(TILL_WEALTH_CREDITS, 60000, "and what full wealth (1000) adds")                                   \
    X(TILL_HALF_TICKS, 18000, "a till moves half way back to normal in about so long: 30 minutes")      \
    X(FUEL_MILLI_CREDITS, 4, "price of a unit of fuel in milli-credits; 1000 units are a light-year")   \
    X(REPAIR_PRICE_DIVISOR, 3, "a whole hull repaired costs the hull's price over this")                \
    X(DOCK_PRICE_DIVISOR, 600, "docking costs the hull's price over this: 2 credits for a shuttle")     \
    X(CLONE_CREDITS, 120, "a clone bay at a station of no wealth; full wealth doubles it")              \
    X(BANK_FEE_PERMILLE, 10, "burned when carried credits are banked")                                  \
    X(TRADE_IN_PERMILLE, 700, "of a hull's or module's price that the station pays for it")             \
    X(WAGE_MILLI_PER_S, 130, "what work at a station pays: air, and a little: nobody gets rich by it")  \
    X(WAGE_SHIFT_TICKS, 600, "a shift of work")                                                         \
    X(CHARTING_CREDITS, 400, "for the first to come to a system beyond the known radius")               \
    X(CHARTING_PER_LY_CREDITS, 2, "and this per light-year from the Heart, up to 500 light-years")      \
    X(CHARTING_AHEAD_MLY, 0, "systems nearer to the Heart than its known radius plus this are known")   \
    X(LAW_ROBBERY_BOUNTY_CREDITS, 150, "minted onto the head of a robber or shooter by the Heart")      \
    X(LAW_KILL_BOUNTY_CREDITS, 600, "minted onto the head of a killer by the Heart")                    \
    X(BOUNTY_MIN_CREDITS, 50, "least bounty that anybody may set or add")                               \
    X(STATION_TURN_TICKS, 9000, "a station looks after its people and till so often: 15 minutes")       \
    X(STATION_SOULS_MAX, 400, "a station with so many docked bears nobody")

// Flight, fighting, mining.
#define INF_TUNING_FLIGHT(X)

// Souls and minds.
#define INF_TUNING_MIND(X)

#define INF_TUNING_TABLE(X) INF_TUNING_ECONOMY(X) INF_TUNING_FLIGHT(X) INF_TUNING_MIND(X)
