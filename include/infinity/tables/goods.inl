// Goods. X(number, NAME, "word", base price in credits per unit)
// What stations make and use of them, per profile, is in core/economy/profiles.inl.
#define INF_GOODS_TABLE(X)                                                                              \
    X(0, WATER_ICE, "Water ice", 8)                                                                     \
    X(1, ORE, "Ore", 10)                                                                                \
    X(2, HELIUM_3, "Helium-3", 34)                                                                      \
    X(3, TITANIUM, "Titanium", 28)                                                                      \
    X(4, FOOD, "Food", 26)                                                                              \
    X(5, METALS, "Metals", 44)                                                                          \
    X(6, CHEMICALS, "Chemicals", 54)                                                                    \
    X(7, MACHINERY, "Machinery", 120)                                                                   \
    X(8, MEDICINE, "Medicine", 160)                                                                     \
    X(9, OPTRONICS, "Optronics", 310)                                                                   \
    X(10, LUXURIES, "Luxuries", 420)                                                                    \
    X(11, ANTIMATTER, "Antimatter", 900)
