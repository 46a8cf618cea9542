// Charting: who comes first to a system beyond the space that was known at the founding is its discoverer for ever, and the
// Heart pays, more the farther out.
#include "economy/economy.h"

int64_t inf_charting_reward(const InfWorld* world, InfSystemAddress address)
{
    static const InfSystemAddress heart_address = {0, 0, 0, 0};
    InfSystem heart, system;
    inf_world_generate(world, heart_address, &heart);
    inf_world_generate(world, address, &system);
    uint64_t distance_mly = inf_system_distance_mly(&heart, &system);
    if (distance_mly <= world->header.known_radius_mly) {
        return 0;
    }
    uint64_t ly = distance_mly / 1000;
    return INF_TUNE_CHARTING_CREDITS +
           (int64_t)(ly > INF_TUNE_CHARTING_LY_MAX ? INF_TUNE_CHARTING_LY_MAX : ly) * INF_TUNE_CHARTING_MILLI_PER_LY / 1000;
}

void inf_charting_visit(InfWorld* world, uint32_t soul_index1, uint32_t system_index1)
{
    InfKnownSystem* system = inf_system_at(world, system_index1);
    InfSystemAddress address = {system->sector[0], system->sector[1], system->sector[2], system->in_sector};
    bool first = system->visits == 0;
    system->visits++;
    int64_t credits = first && soul_index1 != 0 ? inf_charting_reward(world, address) : 0;
    if (credits == 0) {
        return;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    if (inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), soul->carried_account, credits, INF_REASON_CHARTING) !=
        INF_OK) {
        credits = 0;
    }
    system->discoverer = soul->id;
    system->discovered_tick = inf_world_now(world);
    world->header.discoveries++;
    inf_income_count(world, INF_TRADE_CHARTING, credits);
    inf_soul_remember(world, soul, INF_MEMORY_DISCOVERED, 0, (int32_t)credits, 500);
    inf_soul_feel(world, soul, INF_FEELING_JOY, 150);
    INF_EMIT(world, inf_soul_place(world, soul_index1), Discovered, event) {
        event->Discovered.soul = soul->id;
        memcpy(event->Discovered.sector, system->sector, sizeof system->sector);
        event->Discovered.system_in_sector = system->in_sector;
        event->Discovered.credits = credits;
        memcpy(event->Discovered.name, soul->name, INF_NAME_BYTES);
    }
}
