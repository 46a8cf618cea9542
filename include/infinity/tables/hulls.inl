// Hulls. X(number, NAME, "word", price ₡, cargo units, fuel capacity (1000 = one light-year), hull points,
//          shield points, acceleration m/s², speed limit m/s, turn rate rad/s, module slots, radius m, cruise km/s)
#define INF_HULLS_TABLE(X)                                                                              \
    X(0, SHUTTLE, "Shuttle", 1200, 20, 40000, 120.0f, 80.0f, 60.0f, 320.0f, 1.4f, 3, 18.0f, 3000000)    \
    X(1, MINER, "Miner", 4800, 60, 50000, 200.0f, 120.0f, 35.0f, 220.0f, 0.8f, 4, 35.0f, 2400000)       \
    X(2, HAULER, "Hauler", 9600, 200, 60000, 320.0f, 160.0f, 22.0f, 180.0f, 0.5f, 3, 60.0f, 2200000)    \
    X(3, INTERCEPTOR, "Interceptor", 7800, 10, 45000, 160.0f, 160.0f, 110.0f, 520.0f, 2.2f, 4, 15.0f, 4200000) \
    X(4, FRIGATE, "Frigate", 18000, 30, 60000, 420.0f, 360.0f, 55.0f, 340.0f, 1.1f, 6, 40.0f, 3200000)  \
    X(5, CRUISER, "Cruiser", 60000, 60, 80000, 1400.0f, 1100.0f, 24.0f, 200.0f, 0.45f, 8, 120.0f, 2600000) \
    X(6, POD, "Pod", 0, 0, 20000, 40.0f, 0.0f, 30.0f, 140.0f, 1.0f, 0, 6.0f, 1200000)
