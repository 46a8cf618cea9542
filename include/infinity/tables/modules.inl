// Modules. X(number, NAME, "word", price ₡, range m, cycle ticks, amount per cycle, tracking rad/s, "help")
// amount: damage, shield or hull points, ore units; by kind.
#define INF_MODULES_TABLE(X)                                                                            \
    X(0, NONE, "empty", 0, 0.0f, 0, 0.0f, 0.0f, "")                                                     \
    X(1, PULSE_LASER, "Pulse laser", 1500, 9000.0f, 15, 18.0f, 0.12f, "hits by range and angular speed") \
    X(2, MISSILE_RACK, "Missile rack", 3200, 30000.0f, 60, 90.0f, 0.0f, "missiles fly and can be outrun") \
    X(3, MINING_LASER, "Mining laser", 900, 12000.0f, 100, 1.0f, 0.0f, "ore from belts")                 \
    X(4, SHIELD_BOOSTER, "Shield booster", 2400, 0.0f, 40, 40.0f, 0.0f, "shield points now")            \
    X(5, HULL_REPAIRER, "Hull repairer", 2800, 0.0f, 60, 20.0f, 0.0f, "hull points now")                \
    X(6, SCANNER, "Scanner", 600, 60000.0f, 20, 0.0f, 0.0f, "tag, bounty, hull and cargo")              \
    X(7, TRACTOR, "Tractor", 800, 5000.0f, 30, 10.0f, 0.0f, "takes cargo out of wrecks")                \
    X(8, BOARDING_CLAMPS, "Boarding clamps", 4200, 500.0f, 50, 0.0f, 0.0f, "holds a disabled ship")     \
    X(9, JUMP_DRIVE, "Jump drive", 2000, 0.0f, 80, 0.0f, 0.0f, "jumps between systems")                 \
    X(10, INTERDICTOR, "Interdictor", 6500, 40000.0f, 100, 0.0f, 0.0f, "pulls ships out of cruise")     \
    X(11, CLOAK, "Cloak", 12000, 0.0f, 50, 0.0f, 0.0f, "hides from the overview")                       \
    X(12, CABIN, "Passenger cabin", 1100, 0.0f, 0, 4.0f, 0.0f, "souls can ride along")
