/// @file mind.h
/// The built-in mind, inside. How it works:
///
/// A mind has one activity with a small plan in its soul's row. Nothing in it runs every tick. A *notice* (docked,
/// arrived, hold full, attacked, spoken to) marks a bit and pulls the soul's timer near; the timer takes the next *step*.
/// A step looks at where the body really is and does what brings the plan on (level, not edge: a lost or doubled notice
/// does no harm), and always leaves a timer behind. When a plan is done or has failed the mind *decides* anew, by utility.
///
/// Fields of the soul's row, as the mind uses them:
///   activity, plan_phase  what it does and how far it is
///   plan_sector, plan_system_in_sector, plan_body   where the activity leads
///   plan_good, plan_units  goods of a trade; plan_units of a pause: the tick (low 32 bits) when it ends
///   companion              whom it is about: soul id (talk, beg, mourn) or ship id (flee, rob, avenge)
///   plan_step              bits: notices 0..15, what was said to it 16..19, looks without progress 24..31
///   earned_credits         wallet when the plan began; when it ends the difference is what it brought
#ifndef INF_CORE_MIND_H
#define INF_CORE_MIND_H

#include "soul/soul.h"

/// What somebody said, as far as a built-in mind understands it.
typedef enum InfIntent {
    INF_INTENT_NONE,
    INF_INTENT_HELLO,
    INF_INTENT_WORK,   ///< asks for work, a job, ore, prices
    INF_INTENT_HELP,   ///< asks for help, credits
    INF_INTENT_DANGER, ///< asks about pirates, danger, the law
    INF_INTENT_FEEL,   ///< how are you
    INF_INTENT_WHO,    ///< who are you, your name
    INF_INTENT_THANKS,
    INF_INTENT_BYE,
    INF_INTENT_INSULT,
    INF_INTENT_NEWCOMER, ///< not words: somebody has just woken here
    INF_INTENT_OTHER,
    INF_INTENT_SENSED, ///< not words: something came through the senses
    INF_INTENT_ABOARD, ///< nor these: somebody came into the head that it rides in
    INF_INTENT_PART,   ///< or left it
    INF_INTENT_COUNT
} InfIntent;

_Static_assert(INF_INTENT_COUNT <= 16, "four bits");
#define INF_PLAN_INTENT_SHIFT 16u
#define INF_PLAN_INTENT_MASK 0x000f0000u
#define INF_PLAN_NOTICE_MASK 0x0000ffffu
#define INF_PLAN_STALL_SHIFT 24u

/// Everything that a step or a decision looks at, gathered once.
typedef struct InfMindView {
    InfWorld* world;
    uint32_t soul_index1;
    InfSoul* soul;
    InfShip* ship;
    uint32_t place_index1;   ///< of the ship; in cruise where it goes
    InfPlace* place;         ///< null if place_index1 is 0
    uint32_t station_index1; ///< docked at, else 0
    InfSystemAddress here;
    int64_t credits; ///< carried and banked
    int32_t hunger;
    bool knows_system; ///< `system` has been made
    uint64_t now;
    uint64_t host; ///< soul whose head it is in; 0: in a body of its own
    const struct InfRemark* remark; ///< what it speaks about (core/mind/senses.c); null: nothing in particular
    InfSystem system; ///< by inf_mind_here()
} InfMindView;

/// Decided by the built-in mind (not a player, not from outside).
static inline bool inf_mind_is_built_in(const InfSoul* soul)
{
    return (soul->flags & (INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) == 0;
}
static inline bool inf_same_system(InfSystemAddress a, InfSystemAddress b)
{
    return a.x == b.x && a.y == b.y && a.z == b.z && a.index == b.index;
}
static inline InfSystemAddress inf_note_address(const InfPriceNote* note)
{
    return (InfSystemAddress){note->sector[0], note->sector[1], note->sector[2], note->system_in_sector};
}
static inline InfSystemAddress inf_memory_address(const InfMemory* memory)
{
    return (InfSystemAddress){memory->sector[0], memory->sector[1], memory->sector[2], memory->system_in_sector};
}
static inline InfSystemAddress inf_plan_address(const InfSoul* soul)
{
    return (InfSystemAddress){soul->plan_sector[0], soul->plan_sector[1], soul->plan_sector[2],
                              soul->plan_system_in_sector};
}
static inline uint32_t inf_intent_of(const InfSoul* soul)
{
    return (soul->plan_step & INF_PLAN_INTENT_MASK) >> INF_PLAN_INTENT_SHIFT;
}
static inline uint32_t inf_count_modules(const InfShip* ship, InfModuleKind kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        count += ship->modules[i] == kind;
    }
    return count;
}

// ---- mind.c: the frame -----------------------------------------------------------------------------------------
/// Take up an activity: forgets the old plan, tells it.
void inf_mind_begin(InfMindView* view, InfActivity activity);
/// What the plan has brought up to now, credits.
int64_t inf_mind_earned(const InfMindView* view);
/// The plan is done or has failed: remember what it brought and be idle.
void inf_mind_end(InfMindView* view, bool well);
/// Come back after so many ticks.
void inf_mind_sleep(InfMindView* view, uint64_t ticks);
void inf_mind_aim(InfSoul* soul, InfSystemAddress address, uint8_t body);
/// Look again at what the body is and where it is (after something that may have changed it).
void inf_mind_look(InfMindView* view);
/// Somebody said that to this mind: understand it as well as it can and answer soon.
void inf_mind_hear(InfWorld* world, uint32_t soul_index1, uint64_t speaker, const char* text);
/// A newcomer woke at a place: somebody at the bar greets it.
void inf_mind_welcome(InfWorld* world, uint32_t place_index1, uint64_t newcomer);

// ---- go.c: getting about ------------------------------------------------------------------------------------------
typedef enum InfGo { INF_GO_THERE, INF_GO_UNDER_WAY, INF_GO_FAILED } InfGo;
/// Bring the body on towards a place; sets the timer when under way. `dock`: be docked at its station.
InfGo inf_mind_go(InfMindView* view, InfSystemAddress address, uint8_t body, bool dock);
/// Is an order being carried out that the mind should wait for?
bool inf_mind_is_under_way(const InfShip* ship);
/// The best body of a kind in the present system (a belt: the richest; a station: the wealthiest), lightly shuffled by
/// the mind's own chance and shunning what it dreads. INF_BODY_NONE: there is none.
uint8_t inf_mind_find_body(InfMindView* view, InfPlaceKind kind);
/// Three quarters of what a shard can hold of space are taken.
bool inf_mind_space_is_tight(const InfWorld* world);
/// The present system, generated once per step.
const InfSystem* inf_mind_here(InfMindView* view);
/// Milli light-years from here.
uint64_t inf_mind_distance(InfMindView* view, InfSystemAddress address);

// ---- decide.c -------------------------------------------------------------------------------------------------------
void inf_mind_decide(InfMindView* view);

// ---- the activities: each takes one step ------------------------------------------------------------------------------
void inf_mind_step_mine(InfMindView* view);
void inf_mind_step_trade(InfMindView* view);
void inf_mind_step_travel(InfMindView* view); ///< TRAVEL and EXPLORE
void inf_mind_step_pause(InfMindView* view);  ///< REST, HIDE, MOURN, TALK when all is said
void inf_mind_step_work(InfMindView* view);
void inf_mind_step_talk(InfMindView* view);
void inf_mind_step_beg(InfMindView* view);
void inf_mind_step_flee(InfMindView* view);
void inf_mind_step_fight(InfMindView* view); ///< ROB and AVENGE

// ---- trade.c ----------------------------------------------------------------------------------------------------------
typedef struct InfOffer {
    int64_t rate; ///< credits in a thousand ticks
    int64_t profit;
    InfSystemAddress address;
    uint32_t units;
    uint8_t good, body;
} InfOffer;
/// The best trade that is known from here; rate 0 if there is none. Docked only.
InfOffer inf_mind_best_trade(InfMindView* view, const InfMarketView* market);
/// Where the cargo aboard is known to bring most; rate 0 if the hold is empty or nobody is known to buy.
InfOffer inf_mind_best_sale(InfMindView* view, const InfMarketView* market);
/// Expected credits in a thousand ticks of mining in this system; body INF_BODY_NONE if there is no belt.
InfOffer inf_mind_mining(InfMindView* view, const InfMarketView* market);
/// Sell what is aboard here, where the price is at least so many thousandths of the base price. Credits that it brought.
int64_t inf_mind_sell_cargo(InfMindView* view, int32_t least_permille_of_base);

// ---- home.c: what a mind does first when it has docked ------------------------------------------------------------------
/// Exchange price notes with the station's board, refuel, repair, bank, buy a better ship.
void inf_mind_settle_in(InfMindView* view);
/// Two lists of notes tell each other what is newer.
void inf_mind_exchange_prices(InfPriceNote a[INF_PRICE_NOTES], InfPriceNote b[INF_PRICE_NOTES]);
void inf_mind_refuel(InfMindView* view, int64_t reserve_credits);

// ---- danger.c -------------------------------------------------------------------------------------------------------------
/// React to an attack now: flee, or fight back.
void inf_mind_react(InfMindView* view);
/// A ship here that this one could rob, by id; 0: none. In space outside charted systems only.
uint64_t inf_mind_find_prey(InfMindView* view);
/// Attack it: to rob it, or to avenge what its pilot did.
void inf_mind_hunt(InfMindView* view, uint64_t prey);

// ---- social.c ------------------------------------------------------------------------------------------------------------
/// Somebody docked here to talk to; 0: nobody.
uint32_t inf_mind_find_company(InfMindView* view);
/// Those it likes and finds docked here: company without a word, and a greeting if the room is quiet.
void inf_mind_meet_friends(InfMindView* view);
/// Where the one it likes best is docked, in reach but not here. False: nowhere.
bool inf_mind_find_friend(InfMindView* view, InfSystemAddress* address, uint8_t* body);
/// Answer what was said; keeps the activity.
void inf_mind_answer(InfMindView* view);

// ---- dialogue.c -----------------------------------------------------------------------------------------------------------
typedef enum InfSituation {
    INF_SAY_GREETING, INF_SAY_NEWCOMER, INF_SAY_TIP, INF_SAY_BEG, INF_SAY_GIVE, INF_SAY_REFUSE, INF_SAY_THANKS,
    INF_SAY_MOURN, INF_SAY_MOOD, INF_SAY_WARNING, INF_SAY_FLEE, INF_SAY_ROB, INF_SAY_AVENGE, INF_SAY_WHO, INF_SAY_BYE,
    INF_SAY_STORY, INF_SAY_STUNG, INF_SAY_SMALL_TALK, INF_SAY_REUNION, INF_SAY_GRUDGE,
    // in a head (ride.inl)
    INF_SAY_RIDE, INF_SAY_ABOARD, INF_SAY_PART, INF_SAY_FELLOW, INF_SAY_REMIND, INF_SAY_OLD_LOST, INF_SAY_OLD_HARM,
    INF_SAY_OLD_WORK, INF_SAY_OLD_FOUND, INF_SAY_OLD_KIN, INF_SAY_OLD_HUNGER, INF_SAY_OLD_BORN, INF_SAY_UNKNOWN, INF_SAY_PICTURE,
    INF_SAY_MUSE, INF_SITUATION_COUNT
} InfSituation;
/// Fill a line in from what the mind feels and remembers. Always at least one character, always fine to say.
void inf_dialogue_line(InfMindView* view, InfSituation situation, uint64_t to, char out[INF_SAY_BYTES]);
uint32_t inf_dialogue_template_count(void);
InfIntent inf_dialogue_understand(const char* text);

#endif
