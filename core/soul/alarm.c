// Alarms: what needs a person's attention. Only people get them; a mind feels it instead.
#include "soul/soul.h"

void inf_soul_alarm(InfWorld* world, uint32_t soul_index1, InfAlarm alarm)
{
    INF_ASSERT((uint32_t)alarm < INF_ALARM_COUNT);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    switch (alarm) {
    case INF_ALARM_SHIELD: inf_soul_feel(world, soul, INF_FEELING_FEAR, 120); break;
    case INF_ALARM_HULL:
        inf_soul_feel(world, soul, INF_FEELING_FEAR, 300);
        inf_soul_feel(world, soul, INF_FEELING_PAIN, 200);
        break;
    case INF_ALARM_ATTACKED: inf_soul_feel(world, soul, INF_FEELING_FEAR, 150); break;
    default: break;
    }
    if (inf_soul_is_mind(soul) && (soul->flags & INF_SOUL_EXTERNAL) == 0) {
        return;
    }
    INF_EMIT(world, inf_soul_here(world, soul), Alarm, event)
    {
        event->Alarm.soul = soul->id;
        event->Alarm.alarm = (uint8_t)alarm;
    }
}
