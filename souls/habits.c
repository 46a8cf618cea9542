// From an input to what it says about who gave it; see habits.h.
#include "souls/habits.h"

#include <string.h>

#define HELM_TICKS (60 * INF_TICKS_PER_SECOND)

const char* inf_habit_word(uint32_t habit)
{
    static const char* const words[INF_HABIT_COUNT] = {
#define X(NAME, name, text) [INF_HABIT_##NAME] = #name,
        INF_HABITS(X)
#undef X
    };
    return habit < INF_HABIT_COUNT ? words[habit] : NULL;
}

static bool has_laugh(const char* text)
{
    static const char* const laughs[] = {"haha", "hehe", "lol", "rofl", ":)", ";)", ":D", ":-)", ";-)", "^^"};
    for (size_t i = 0; i < sizeof laughs / sizeof *laughs; i++) {
        if (strcasestr(text, laughs[i]) != NULL) return true;
    }
    return false;
}

typedef struct Shown {
    InfHabitShown* out;
    uint32_t count;
} Shown;

static void show(Shown* shown, InfHabit habit, uint64_t with)
{
    shown->out[shown->count++] = (InfHabitShown){habit, with};
}

static void show_order(Shown* shown, uint32_t order)
{
    switch (order) {
    case INF_ORDER_MINE: show(shown, INF_HABIT_MINED, 0); break;
    case INF_ORDER_JUMP:
        show(shown, INF_HABIT_JUMPED, 0);
        show(shown, INF_HABIT_WANDERED, 0);
        break;
    case INF_ORDER_CRUISE: case INF_ORDER_APPROACH: show(shown, INF_HABIT_WANDERED, 0); break;
    case INF_ORDER_ATTACK: show(shown, INF_HABIT_ATTACKED, 0); break;
    case INF_ORDER_FLEE: show(shown, INF_HABIT_FLED, 0); break;
    case INF_ORDER_LOOT: show(shown, INF_HABIT_LOOTED, 0); break;
    case INF_ORDER_DOCK: show(shown, INF_HABIT_DOCKED, 0); break;
    default: break;
    }
}

static void show_words(Shown* shown, const InfInputSay* say)
{
    if (has_laugh(say->text)) show(shown, INF_HABIT_JOKED, 0);
    if (say->reach == INF_REACH_WHISPER) show(shown, INF_HABIT_WHISPERED, say->to);
    else show(shown, INF_HABIT_TALKED, 0);
}

uint32_t inf_habits_of(const InfInput* input, uint64_t tick, InfHabitShown out[INF_HABITS_SHOWN_MAX])
{
    Shown shown = {out, 0};
    switch (input->kind) {
    case INF_INPUT_KIND_Order: show_order(&shown, input->Order.order); break;
    case INF_INPUT_KIND_Helm:
        if (tick % HELM_TICKS == input->Helm.soul % HELM_TICKS) show(&shown, INF_HABIT_HELMED, 0);
        break;
    case INF_INPUT_KIND_Trade: show(&shown, input->Trade.sell ? INF_HABIT_SOLD : INF_HABIT_BOUGHT, 0); break;
    case INF_INPUT_KIND_Bank: show(&shown, input->Bank.withdraw ? INF_HABIT_WITHDREW : INF_HABIT_BANKED, 0); break;
    case INF_INPUT_KIND_Pay: show(&shown, INF_HABIT_GAVE, input->Pay.payee); break;
    case INF_INPUT_KIND_Say: show_words(&shown, &input->Say); break;
    case INF_INPUT_KIND_Scan: show(&shown, INF_HABIT_SCANNED, 0); break;
    case INF_INPUT_KIND_CloneBay: show(&shown, INF_HABIT_INSURED, 0); break;
    case INF_INPUT_KIND_Service:
        if (input->Service.service == INF_SERVICE_WORK) show(&shown, INF_HABIT_WORKED, 0);
        else if (input->Service.service != INF_SERVICE_PAY_DEBT) show(&shown, INF_HABIT_REPAIRED, 0);
        break;
    case INF_INPUT_KIND_BuyShip: case INF_INPUT_KIND_BuyModule: show(&shown, INF_HABIT_REFITTED, 0); break;
    case INF_INPUT_KIND_Transponder: show(&shown, input->Transponder.on ? INF_HABIT_SHOWED : INF_HABIT_HID, 0); break;
    case INF_INPUT_KIND_Bounty: show(&shown, INF_HABIT_HUNTED, 0); break;
    case INF_INPUT_KIND_Jettison: show(&shown, INF_HABIT_JETTISONED, 0); break;
    case INF_INPUT_KIND_Ask: show(&shown, INF_HABIT_ASKED, 0); break;
    case INF_INPUT_KIND_Consent:
        if (input->Consent.on) show(&shown, INF_HABIT_AGREED, 0);
        break;
    default: break;
    }
    return shown.count;
}
