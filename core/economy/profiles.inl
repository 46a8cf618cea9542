// What the stations of each profile make (above zero) and use (below zero) in a day of two hours, and the stock at which
// a good has its base price there. Units, for a station of wealth 500; wealth scales both from a half to one and a half.
// X(PROFILE, GOOD, target units, flow units per day). A pair without a row takes the last line of this file.
//
// A day's flow of a good is worth 4,000 to 16,000 credits, which feeds 4 to 16 souls (a soul breathes 720 credits a day);
// targets are about one to two days of flow, so that a hold of a hauler moves the price and a crowd wears a route out.
#define INF_PROFILE_GOODS(X)                                                                            \
    X(HUB, WATER_ICE, 700, -500) X(HUB, ORE, 700, -500) X(HUB, HELIUM_3, 260, -150)                     \
    X(HUB, TITANIUM, 220, -120) X(HUB, FOOD, 500, -360) X(HUB, METALS, 240, -120)                       \
    X(HUB, CHEMICALS, 200, -110) X(HUB, MACHINERY, 120, -60) X(HUB, MEDICINE, 110, -60)                 \
    X(HUB, OPTRONICS, 60, -30) X(HUB, LUXURIES, 60, -36) X(HUB, ANTIMATTER, 24, 8)                      \
    X(MINING, WATER_ICE, 900, 500) X(MINING, ORE, 1100, 600) X(MINING, TITANIUM, 260, 110)              \
    X(MINING, HELIUM_3, 240, 90) X(MINING, FOOD, 300, -220) X(MINING, MACHINERY, 90, -60)               \
    X(MINING, MEDICINE, 50, -24) X(MINING, LUXURIES, 24, -10)                                           \
    X(REFINERY, ORE, 1400, -900) X(REFINERY, TITANIUM, 320, -180) X(REFINERY, HELIUM_3, 240, -140)      \
    X(REFINERY, WATER_ICE, 500, -260) X(REFINERY, METALS, 500, 320) X(REFINERY, CHEMICALS, 360, 220)    \
    X(REFINERY, FOOD, 200, -120) X(REFINERY, MACHINERY, 60, -28)                                        \
    X(FARM, WATER_ICE, 1200, -800) X(FARM, CHEMICALS, 150, -80) X(FARM, FOOD, 900, 620)                 \
    X(FARM, LUXURIES, 50, 20) X(FARM, MACHINERY, 60, -34) X(FARM, MEDICINE, 60, -26)                    \
    X(INDUSTRY, METALS, 460, -300) X(INDUSTRY, CHEMICALS, 260, -150) X(INDUSTRY, TITANIUM, 300, -170)   \
    X(INDUSTRY, MACHINERY, 240, 150) X(INDUSTRY, FOOD, 260, -160) X(INDUSTRY, OPTRONICS, 40, -18)       \
    X(INDUSTRY, HELIUM_3, 180, -90)                                                                     \
    X(HIGH_TECH, METALS, 200, -110) X(HIGH_TECH, CHEMICALS, 280, -170) X(HIGH_TECH, MACHINERY, 90, -50) \
    X(HIGH_TECH, HELIUM_3, 280, -170) X(HIGH_TECH, OPTRONICS, 110, 56) X(HIGH_TECH, MEDICINE, 170, 100) \
    X(HIGH_TECH, FOOD, 240, -140) X(HIGH_TECH, LUXURIES, 40, -18) X(HIGH_TECH, ANTIMATTER, 20, 9)       \
    X(MILITARY, FOOD, 260, -170) X(MILITARY, MACHINERY, 110, -70) X(MILITARY, OPTRONICS, 60, -34)       \
    X(MILITARY, MEDICINE, 100, -60) X(MILITARY, ANTIMATTER, 24, -12) X(MILITARY, METALS, 180, -100)     \
    X(MILITARY, HELIUM_3, 180, -110)                                                                    \
    X(OUTPOST, FOOD, 180, -110) X(OUTPOST, WATER_ICE, 400, -240) X(OUTPOST, ORE, 400, -240)             \
    X(OUTPOST, MEDICINE, 40, -20) X(OUTPOST, MACHINERY, 40, -22) X(OUTPOST, HELIUM_3, 120, -70)         \
    X(OUTPOST, TITANIUM, 90, 30) X(OUTPOST, LUXURIES, 20, -8)

/// What is neither made nor wanted: a little is used everywhere. Worth so many credits a day, and two days of it.
#define INF_PROFILE_REST_CREDITS 600
