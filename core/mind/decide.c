// What to do next: the choice with the highest utility.
//
//   money      want * r / (r + HALF_RATE)      r: expected credits in a thousand ticks (trade.c)
//   want       greed and hunger raise it, wealth lowers it
//   the rest   from feelings and traits alone, all 0..1000
//
// What was done last loses by boredom; each utility is shaken by a tenth, so that equal minds differ. A choice that
// turns out to be impossible (no fuel, no neighbour, nobody there) falls through to the next best.
#include "mind/mind.h"

#include "economy/economy.h"

#define HALF_RATE 120
#define LIVING_RATE 14 // credits in a thousand ticks: air and a shuttle's insurance are eleven
#define NEIGHBOURS_SEEN 24u

typedef struct Choices {
    int32_t utility[INF_ACTIVITY_COUNT];
    InfOffer trade, mining, sale;
    bool outlaw;    ///< without scruples, and armed
    bool destitute; ///< nothing here pays for the air
} Choices;

static int32_t want_of_money(const InfMindView* view)
{
    int64_t wealth = view->credits * 1000 / (view->credits + 6000); // 6,000 credits: half content
    int64_t want = 350 + inf_soul_trait(view->soul, INF_TRAIT_GREED) / 2 + view->hunger;
    return (int32_t)(want * (1000 - wealth * 3 / 4) / 1000);
}

static int32_t of_rate(const InfMindView* view, int64_t rate)
{
    if (rate <= 0) {
        return 0;
    }
    return (int32_t)(want_of_money(view) * rate / (rate + HALF_RATE));
}

static bool is_concourse(const InfMindView* view)
{
    static const InfSystemAddress heart = {0, 0, 0, 0};
    return inf_same_system(view->here, heart) && inf_station_at(view->world, view->station_index1)->profile == INF_STATION_HUB;
}

static InfSystemAddress home_of(const InfSoul* soul)
{
    return (InfSystemAddress){soul->clone_sector[0], soul->clone_sector[1], soul->clone_sector[2],
                              soul->clone_system_in_sector};
}

/// Home, if it is elsewhere and one jump away; the restless do not always think of it. People so stay where they began,
/// and the Concourse stays full.
static bool choose_home(InfMindView* view, InfSystemAddress* out, uint8_t* body)
{
    InfSoul* soul = view->soul;
    InfSystemAddress home = home_of(soul);
    if (soul->clone_body == INF_BODY_NONE || inf_same_system(home, view->here)) {
        return false;
    }
    uint64_t distance = inf_mind_distance(view, home);
    if (distance > inf_jump_range_mly(view->ship) || inf_jump_fuel(view->ship, distance) + 1500 > view->ship->fuel ||
        inf_rng_ratio(inf_soul_rng(soul), (uint64_t)inf_soul_trait(soul, INF_TRAIT_WANDERLUST), 2000)) {
        return false;
    }
    *out = home;
    *body = soul->clone_body;
    return true;
}

static void weigh_docked(InfMindView* view, Choices* out)
{
    const InfSoul* soul = view->soul;
    InfWorld* world = view->world;
    const uint16_t* feel = soul->feelings; // brought up to now before the step
    int32_t calm = 1000 - view->hunger;
    int32_t* utility = out->utility;
    InfMarketView market;
    inf_station_market(world, view->station_index1, &market);
    if (inf_ship_cargo_units(view->ship) > 0) {
        out->sale = inf_mind_best_sale(view, &market);
    }
    out->trade = inf_mind_best_trade(view, &market);
    out->mining = inf_mind_mining(view, &market);
    // What a station cannot pay is not earned: a full till pays whole wages and takes a whole load.
    const InfStation* station = inf_station_at(world, view->station_index1);
    int64_t till = inf_account_credits(world, station->account);
    int64_t fill = inf_clamp_i64(till * 2000 / inf_station_till_normal(station), 0, 1000);
    int64_t wage = INF_TUNE_WAGE_MILLI_PER_S * fill / 1000 / 10;
    if (out->mining.profit > till / 2) {
        out->mining.rate = inf_mul_div_i64(out->mining.rate, till / 2, out->mining.profit);
    }
    int64_t best_rate = inf_max_i64(wage, inf_max_i64(out->trade.rate, out->mining.rate));
    out->destitute = best_rate < LIVING_RATE;
    // What it has lived counts more than what it reckons: the last trade and the last loads shade the offer.
    const InfMemory* traded = inf_soul_latest(soul, INF_MEMORY_TRADED);
    int64_t luck = traded == NULL ? 0 : inf_clamp_i64((int64_t)traded->value * 200 / (400 + view->credits), -400, 200);
    utility[INF_ACTIVITY_TRADE] = (int32_t)(of_rate(view, out->trade.rate) * (1000 + luck) / 1000);
    utility[INF_ACTIVITY_MINE] =
        of_rate(view, out->mining.rate) * (800 + inf_soul_trait(soul, INF_TRAIT_DILIGENCE) / 4 +
                                           inf_soul_trait(soul, INF_TRAIT_ORDER) / 8) / 1000;
    utility[INF_ACTIVITY_WORK] = of_rate(view, wage) + (wage >= LIVING_RATE ? view->hunger / 8 : view->hunger / 30);
    utility[INF_ACTIVITY_REST] = (60 + feel[INF_FEELING_PAIN] / 3 + feel[INF_FEELING_FEAR] / 4 + feel[INF_FEELING_GRIEF] / 6 +
                                  (1000 - inf_soul_trait(soul, INF_TRAIT_DILIGENCE)) / 6) * calm / 1000;
    utility[INF_ACTIVITY_TALK] = feel[INF_FEELING_LONELINESS] * (250 + inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) * 3 / 4) /
                                 1000 * (400 + calm * 6 / 10) / 1000;
    if (view->place->docked_count < 2) {
        utility[INF_ACTIVITY_TALK] = 0;
    }
    utility[INF_ACTIVITY_HIDE] = feel[INF_FEELING_FEAR] > 250 ? feel[INF_FEELING_FEAR] * (300 + calm * 7 / 10) / 1000 : 0;
    utility[INF_ACTIVITY_MOURN] = feel[INF_FEELING_GRIEF] > 250 ? feel[INF_FEELING_GRIEF] * (200 + calm * 8 / 10) / 1000 : 0;
    if (is_concourse(view)) { // the bar where everybody passes
        utility[INF_ACTIVITY_TALK] = utility[INF_ACTIVITY_TALK] * 3 / 2;
        utility[INF_ACTIVITY_REST] += (40 + inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) / 5) * calm / 1000;
    }
    bool can_jump = inf_count_modules(view->ship, INF_MODULE_JUMP_DRIVE) > 0 &&
                    view->ship->fuel > inf_hull(view->ship->hull_kind)->fuel / 4 && view->credits > 250;
    if (can_jump) {
        int32_t away = (feel[INF_FEELING_BOREDOM] + inf_soul_trait(soul, INF_TRAIT_WANDERLUST)) / 3 -
                       feel[INF_FEELING_FEAR] / 3;
        utility[INF_ACTIVITY_EXPLORE] = (away + inf_soul_trait(soul, INF_TRAIT_CURIOSITY) / 3) / 2 * calm / 1000 +
                                        of_rate(view, INF_TUNE_CHARTING_CREDITS / 8);
        utility[INF_ACTIVITY_TRAVEL] = away / 3 + (best_rate < 40 ? 200 : 0) + (view->hunger > 700 ? -200 : 0);
        if (!inf_same_system(home_of(soul), view->here)) {
            utility[INF_ACTIVITY_TRAVEL] += (1000 - inf_soul_trait(soul, INF_TRAIT_WANDERLUST)) * INF_TUNE_HOMESICK / 1000;
        }
    }
    if (out->destitute && view->ship->fuel > 3000) {
        utility[INF_ACTIVITY_TRAVEL] = 500 + view->hunger / 2; // while the tank still holds a way out
    }
    if (view->hunger > 850) {
        utility[INF_ACTIVITY_BEG] = (view->hunger - 600) * (600 + inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) / 2) / 1000;
    }
    // Lying in wait: for the hungry or greedy without scruples, with a weapon, where no patrol comes.
    int32_t scruples = inf_soul_trait(soul, INF_TRAIT_HONESTY) + inf_soul_trait(soul, INF_TRAIT_ORDER) / 2 +
                       inf_soul_trait(soul, INF_TRAIT_EMPATHY) / 2;
    int32_t drive = inf_soul_trait(soul, INF_TRAIT_AGGRESSION) + inf_soul_trait(soul, INF_TRAIT_GREED) / 2 +
                    view->hunger / 2 + feel[INF_FEELING_ANGER] / 2;
    out->outlaw = drive > scruples + 150 && inf_count_modules(view->ship, INF_MODULE_PULSE_LASER) +
                                                    inf_count_modules(view->ship, INF_MODULE_MISSILE_RACK) > 0;
    if (!out->outlaw) {
        return;
    }
    if (view->place->law == INF_LAW_CHARTED) { // where patrols come there is nothing for it to do: off to where none does
        if (can_jump && !out->destitute && view->hunger < 400) {
            utility[INF_ACTIVITY_TRAVEL] += (drive - scruples) / 3;
        }
    } else if (out->mining.body != INF_BODY_NONE && soul->plan_phase != INF_ACTIVITY_ROB) {
        // Not twice in a row: word gets round, and the belt is empty now.
        utility[INF_ACTIVITY_ROB] = (drive - scruples - 150) * (1000 - feel[INF_FEELING_FEAR]) / 1000;
    }
}

static void shake(InfMindView* view, Choices* choices)
{
    InfSoul* soul = view->soul;
    int32_t boredom = soul->feelings[INF_FEELING_BOREDOM];
    for (uint32_t i = 0; i < INF_ACTIVITY_COUNT; i++) {
        int32_t* utility = &choices->utility[i];
        if (*utility <= 0) {
            *utility = 0;
            continue;
        }
        if (i == soul->plan_phase) { // what was done last
            *utility = *utility * (1000 - boredom / 2) / 1000;
        }
        *utility = *utility * (int32_t)(900 + inf_rng_below(inf_soul_rng(soul), 200)) / 1000;
    }
}

typedef enum Errand {
    ERRAND_STATION,  ///< some system with a station, better than this one
    ERRAND_HOMEWARD, ///< the same, nearer to the Heart if there is one: that way lies money
    ERRAND_OUTWARD,  ///< the same, but away from the Heart: that way lies what nobody has charted
    ERRAND_UNCHARTED ///< a system beyond the law's charts that is not known to this shard
} Errand;

static uint64_t from_heart(const InfWorld* world, const InfSystem* system)
{
    static const InfSystemAddress heart_address = {0, 0, 0, 0};
    InfSystem heart;
    inf_world_generate(world, heart_address, &heart);
    return inf_system_distance_mly(&heart, system);
}

/// Known to this shard, or of another shard and known since the founding.
static bool is_charted_here(const InfWorld* world, InfSystemAddress address, const InfSystem* system)
{
    if (inf_system_shard(address, world->header.shard_count) == world->header.shard) {
        return inf_world_find_system(world, address) != 0;
    }
    return from_heart(world, system) <= world->header.known_radius_mly;
}

/// A neighbour to go to. Costs some ten microseconds, so it is looked for only when the choice has fallen on going.
static bool choose_system(InfMindView* view, Errand errand, InfSystemAddress* out)
{
    InfWorld* world = view->world;
    InfSystem here = *inf_mind_here(view);
    uint64_t range = inf_jump_range_mly(view->ship);
    uint64_t tank = inf_hull(view->ship->hull_kind)->fuel;
    range = range > tank / 2 ? tank / 2 : range; // and back again
    uint64_t limit = errand == ERRAND_STATION ? 8000 : 12000; // the cost grows with the cube
    InfSystemAddress near[NEIGHBOURS_SEEN];
    uint32_t count = inf_system_neighbours(&world->galaxy, &here, (uint32_t)(range > limit ? limit : range), near,
                                           errand == ERRAND_STATION ? NEIGHBOURS_SEEN / 2 : NEIGHBOURS_SEEN);
    int64_t best_score = INT64_MIN;
    uint32_t best = count;
    bool tight = inf_mind_space_is_tight(world);
    int64_t home = (int64_t)from_heart(world, &here);
    for (uint32_t i = 0; i < count; i++) {
        InfSystem system;
        inf_world_generate(world, near[i], &system);
        if (tight && !is_charted_here(world, near[i], &system)) {
            continue; // a shard has room for so many systems only: the last quarter is for who must get somewhere
        }
        uint64_t distance = inf_system_distance_mly(&here, &system);
        uint32_t fuel = inf_jump_fuel(view->ship, distance);
        if (errand == ERRAND_UNCHARTED) {
            // What other shards have charted is not known here; whether it is new shows on arrival.
            if (2 * fuel + 2500 > view->ship->fuel || inf_charting_reward(world, near[i]) == 0 ||
                inf_world_find_system(world, near[i]) != 0) {
                continue;
            }
        } else if (fuel + 1500 > view->ship->fuel || system.station_count == 0) {
            continue;
        }
        int64_t score = (int64_t)system.station_count * 120 + system.wealth / 2 + (int64_t)system.belt_count * 60;
        score -= (int64_t)system.law * (900 - inf_soul_trait(view->soul, INF_TRAIT_COURAGE)) / 4;
        score -= (int64_t)distance / 60;
        score -= inf_soul_dread(world, view->soul, near[i], INF_BODY_NONE);
        score += (int64_t)inf_rng_below(inf_soul_rng(view->soul), 500);
        int64_t outward = (int64_t)from_heart(world, &system) - home;
        if (errand == ERRAND_HOMEWARD) {
            score -= outward / 4;
        } else if (errand == ERRAND_OUTWARD) {
            if (outward <= 0) continue;
            score += outward / 10;
        } else if (errand == ERRAND_STATION) {
            // All roads lead to the Heart a little; far out, where money is short, much.
            score -= outward / (home > (int64_t)world->header.known_radius_mly ? 8 : 25);
        }
        if (score > best_score) {
            best_score = score;
            best = i;
        }
    }
    if (best == count) {
        return false;
    }
    *out = near[best];
    return true;
}

/// A station in another system that it or the board has a note of; most journeys go there. False: look around instead.
static bool choose_known_station(InfMindView* view, InfSystemAddress* address, uint8_t* body)
{
    InfRng* rng = inf_soul_rng(view->soul);
    if (inf_rng_ratio(rng, 1, 4)) {
        return false;
    }
    const InfPriceNote* board =
        view->station_index1 == 0 ? NULL : inf_station_at(view->world, view->station_index1)->board;
    static const InfSystemAddress heart = {0, 0, 0, 0};
    uint64_t to_heart = inf_same_system(view->here, heart) ? UINT64_MAX : inf_mind_distance(view, heart);
    if (to_heart <= inf_jump_range_mly(view->ship) && inf_jump_fuel(view->ship, to_heart) + 1500 < view->ship->fuel &&
        inf_rng_ratio(rng, (uint64_t)(500 + inf_soul_trait(view->soul, INF_TRAIT_SOCIABILITY)), 3000)) {
        *address = heart; // all ways lead to the Concourse
        *body = inf_soul_concourse_body(view->world);
        return true;
    }
    uint32_t first = (uint32_t)inf_rng_below(rng, 2 * INF_PRICE_NOTES);
    for (uint32_t i = 0; i < 2 * INF_PRICE_NOTES; i++) {
        uint32_t k = (first + i) % (2 * INF_PRICE_NOTES);
        const InfPriceNote* note = k < INF_PRICE_NOTES ? &view->soul->prices[k] : board == NULL ? NULL : &board[k - INF_PRICE_NOTES];
        if (note == NULL || note->seen_tick == 0 || inf_same_system(inf_note_address(note), view->here)) continue;
        uint64_t distance = inf_mind_distance(view, inf_note_address(note));
        if (distance > inf_jump_range_mly(view->ship) || inf_jump_fuel(view->ship, distance) + 1500 > view->ship->fuel ||
            inf_soul_dread(view->world, view->soul, inf_note_address(note), note->body) > 300) {
            continue;
        }
        *address = inf_note_address(note);
        *body = note->body;
        return true;
    }
    return false;
}

/// Take the choice up. False if it cannot be done after all.
static bool take_up(InfMindView* view, InfActivity activity, const Choices* choices)
{
    InfSoul* soul = view->soul;
    switch (activity) {
    case INF_ACTIVITY_TRADE:
        if (choices->trade.rate <= 0) return false;
        inf_mind_begin(view, INF_ACTIVITY_TRADE);
        inf_mind_aim(soul, choices->trade.address, choices->trade.body);
        soul->plan_good = choices->trade.good;
        soul->plan_units = choices->trade.units;
        inf_mind_step_trade(view);
        return true;
    case INF_ACTIVITY_MINE: {
        uint8_t body = inf_mind_find_body(view, INF_PLACE_BELT);
        if (body == INF_BODY_NONE) return false;
        inf_mind_begin(view, INF_ACTIVITY_MINE);
        inf_mind_aim(soul, view->here, body);
        inf_mind_step_mine(view);
        return true;
    }
    case INF_ACTIVITY_ROB: {
        uint8_t body = inf_mind_find_body(view, INF_PLACE_BELT);
        if (body == INF_BODY_NONE) return false;
        inf_mind_begin(view, INF_ACTIVITY_ROB);
        soul->companion = 0;
        inf_mind_aim(soul, view->here, body);
        inf_mind_step_fight(view);
        return true;
    }
    case INF_ACTIVITY_TRAVEL:
    case INF_ACTIVITY_EXPLORE: {
        InfSystemAddress address;
        inf_mind_refuel(view, INF_TUNE_MIND_RESERVE_CREDITS);
        uint8_t body = 0;
        if (choices->destitute && choose_system(view, ERRAND_HOMEWARD, &address)) {
            activity = INF_ACTIVITY_TRAVEL;
        } else if (choices->outlaw && view->place != NULL && view->place->law == INF_LAW_CHARTED &&
                   choose_system(view, ERRAND_OUTWARD, &address)) {
            activity = INF_ACTIVITY_TRAVEL;
        } else if (activity == INF_ACTIVITY_TRAVEL && choose_home(view, &address, &body)) {
            // back to where it belongs
        } else if (activity == INF_ACTIVITY_TRAVEL && choose_known_station(view, &address, &body)) {
            // somewhere it has heard of
        } else if (activity == INF_ACTIVITY_TRAVEL) {
            bool outward = inf_rng_ratio(inf_soul_rng(soul), (uint64_t)inf_soul_trait(soul, INF_TRAIT_WANDERLUST), 2500);
            if (!choose_system(view, outward ? ERRAND_OUTWARD : ERRAND_STATION, &address)) return false;
        } else if (!choose_system(view, ERRAND_UNCHARTED, &address)) {
            // Everything near is charted: a leg of an expedition, from dock to dock.
            if (!choose_system(view, ERRAND_OUTWARD, &address)) return false;
            activity = INF_ACTIVITY_TRAVEL;
        }
        inf_mind_begin(view, activity);
        inf_mind_aim(soul, address, body);
        inf_mind_step_travel(view);
        return true;
    }
    case INF_ACTIVITY_TALK: {
        InfSystemAddress address;
        uint8_t body;
        if (inf_rng_ratio(inf_soul_rng(soul), (uint64_t)(200 + inf_soul_trait(soul, INF_TRAIT_LOYALTY)), 2000) &&
            inf_mind_find_friend(view, &address, &body)) { // a visit
            inf_mind_begin(view, INF_ACTIVITY_TRAVEL);
            inf_mind_aim(soul, address, body);
            inf_mind_step_travel(view);
            return true;
        }
        uint32_t other = inf_mind_find_company(view);
        if (other == 0) return false;
        inf_mind_begin(view, INF_ACTIVITY_TALK);
        soul->companion = inf_soul_at(view->world, other)->id;
        inf_mind_step_talk(view);
        return true;
    }
    case INF_ACTIVITY_BEG:
        inf_mind_begin(view, INF_ACTIVITY_BEG);
        inf_mind_step_beg(view);
        return true;
    case INF_ACTIVITY_WORK:
        inf_mind_begin(view, INF_ACTIVITY_WORK);
        inf_mind_step_work(view);
        return true;
    case INF_ACTIVITY_REST:
    case INF_ACTIVITY_HIDE:
    case INF_ACTIVITY_MOURN:
        inf_mind_begin(view, activity);
        inf_mind_step_pause(view);
        return true;
    default: return false;
    }
}

static void decide_docked(InfMindView* view)
{
    Choices choices;
    memset(&choices, 0, sizeof choices);
    choices.trade.body = choices.mining.body = choices.sale.body = INF_BODY_NONE;
    if (inf_ship_cargo_units(view->ship) > 0) {
        inf_mind_sell_cargo(view, view->hunger > 500 ? 0 : 450);
    }
    weigh_docked(view, &choices);
    if (choices.sale.rate > 40 && choices.sale.rate >= choices.trade.rate / 2) {
        // What is still aboard brings more elsewhere: that is a trade whose buying is done.
        choices.trade = choices.sale;
        choices.trade.units = 0;
        choices.utility[INF_ACTIVITY_TRADE] = of_rate(view, choices.sale.rate) + 150;
    }
    shake(view, &choices);
    for (uint32_t tries = 0; tries < 4; tries++) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < INF_ACTIVITY_COUNT; i++) {
            if (choices.utility[i] > choices.utility[best]) {
                best = i;
            }
        }
        if (best == 0 || choices.utility[best] <= 0) {
            break;
        }
        if (take_up(view, (InfActivity)best, &choices)) {
            return;
        }
        choices.utility[best] = 0;
    }
    take_up(view, view->hunger > 300 ? INF_ACTIVITY_WORK : INF_ACTIVITY_REST, &choices);
}

/// In space with nothing to do: home to a station; here, or where prices are remembered, or to any neighbour.
static void decide_in_space(InfMindView* view)
{
    InfSoul* soul = view->soul;
    if (view->ship->spool != 0 || view->ship->state == INF_SHIP_STATE_CRUISE) {
        inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
        return;
    }
    uint64_t prey = inf_mind_find_prey(view);
    if (prey != 0) {
        inf_mind_hunt(view, prey);
        return;
    }
    uint8_t body = inf_mind_find_body(view, INF_PLACE_STATION);
    if (body != INF_BODY_NONE) {
        inf_mind_begin(view, INF_ACTIVITY_TRAVEL);
        inf_mind_aim(soul, view->here, body);
        inf_mind_step_travel(view);
        return;
    }
    uint64_t reach = inf_jump_range_mly(view->ship);
    const InfPriceNote* best = NULL;
    uint64_t best_distance = 0;
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        const InfPriceNote* note = &soul->prices[i];
        if (note->seen_tick == 0) continue;
        uint64_t distance = inf_mind_distance(view, inf_note_address(note));
        if (distance <= reach && inf_jump_fuel(view->ship, distance) <= view->ship->fuel &&
            (best == NULL || distance < best_distance)) {
            best = note;
            best_distance = distance;
        }
    }
    InfSystemAddress address;
    uint8_t target = 0;
    bool found = false;
    if (best != NULL) {
        address = inf_note_address(best);
        target = best->body;
        found = true;
    } else {
        found = choose_system(view, ERRAND_STATION, &address);
    }
    if (found) {
        inf_mind_begin(view, INF_ACTIVITY_TRAVEL);
        inf_mind_aim(soul, address, target);
        inf_mind_step_travel(view);
        return;
    }
    // Stranded. Somebody may hear it; looking at it all the time changes nothing.
    inf_mind_begin(view, INF_ACTIVITY_BEG);
    inf_mind_step_beg(view);
}

void inf_mind_decide(InfMindView* view)
{
    if (view->station_index1 != 0) {
        decide_docked(view);
    } else if (view->ship->state == INF_SHIP_STATE_SPACE && view->place != NULL) {
        decide_in_space(view);
    } else {
        inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
    }
}
