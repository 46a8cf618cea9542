// Prints docs/wire.md: every message, kind and number of the wire, from the same tables as the code. `make docs` writes the
// page; tests/docs holds that the checked-in one is current.
#include "infinity/galaxy.h"
#include "infinity/message.h"
#include "infinity/wire.h"

#include <stdio.h>

static const char* const type_words[] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "text", "bytes"};

static const char introduction[] =
    "# The wire\n"
    "\n"
    "All that goes between a client and the server, and what a journal holds: made from the tables in\n"
    "`include/infinity/tables/` by `make docs`, so do not edit this page. Numbers are format: never reused.\n"
    "\n"
    "## How it goes\n"
    "\n"
    "A client opens a WebSocket at `/ws` and speaks in binary messages; each is one frame: a `u8` number and the fields of\n"
    "that frame, in order. The server begins with *Challenge*. The client answers with *SignIn*: its Ed25519 public key, and\n"
    "its signature of the bytes `infinity sign-in v1` (19 characters), the galaxy's id, the origin that it names, the nonce\n"
    "and `expires_unix_s` (u64), one after the other. A key that the galaxy does not know wakes a new player under `tag`;\n"
    "`watch` 1 only looks on and needs no key. *Welcome* tells the soul and the newest `sequence` that was applied.\n"
    "\n"
    "From then on the client sends *Input* frames, each one encoded input, numbered by a `sequence` of its own that rises from\n"
    "one above the one in *Welcome*: what is not above the newest applied one is a repetition and does nothing, so an\n"
    "input may be sent again after a broken connection. The `soul` inside is set by the server. Each input is answered by\n"
    "an event *Accepted* or *Rejected* with its sequence. Nothing is told before it is durable.\n"
    "\n"
    "## Encoding\n"
    "\n"
    "| type | bytes |\n"
    "| --- | --- |\n"
    "| u8 … i64 | little-endian, 1 to 8 bytes; signed numbers as two's complement |\n"
    "| f32 | IEEE 754, little-endian |\n"
    "| type[n] | n of them, one after the other |\n"
    "| text(n) | `u8` length below n, then UTF-8 without a zero |\n"
    "| bytes(n) | `u16` length up to n, then the bytes |\n"
    "\n"
    "An *input* or an *event* is a `u16` number, a `u16` count of the bytes that follow, and the fields. An *Events* frame\n"
    "holds events one after the other; an *Input* frame holds one input. Souls, ships and transfers are `u64` ids that last\n"
    "for ever: birth shard in the upper 16 bits; 0 is none. A system is `sector` (three i32) and its index there; a place\n"
    "is a system's `body`. Ticks are tenths of a second since the galaxy began.\n"
    "\n"
    "### Snapshot records\n"
    "\n"
    "The content of a *Snapshot* frame: `u64` tick, `u8` flags (1: forget all ships first), `u16` count, records. A record is the\n"
    "`u24` index of a ship's row, a `u8` mask, and by the mask:\n"
    "\n"
    "| mask | what follows |\n"
    "| --- | --- |\n"
    "| 0xff | full: u16 generation, u8 hull kind, u8 state, 3 × i24 position, 3 × i16 velocity, u32 attitude, u8 shield, u8 hull |\n"
    "| 0x80 | gone: nothing |\n"
    "| 1 | 3 × i8 position against the prediction |\n"
    "| 2 | 3 × i24 position |\n"
    "| 4 | 3 × i8 velocity against the last snapshot |\n"
    "| 8 | 3 × i16 velocity |\n"
    "| 16 | u32 attitude: the smallest three components of the quaternion, 10 bits each |\n"
    "| 32 | u8 shield, u8 hull, in 1/255 of the hull's full value |\n"
    "| 64 | u8 state |\n"
    "\n"
    "All but full records are against the last snapshot that came. From it a ship is predicted to move by its velocity, rounded\n"
    "towards zero to 1/32 m a tick, for each tick that has gone by (up to 16); one without a record did so and changed in\n"
    "nothing else. Under load snapshots come every second or fourth tick.\n"
    "\n";

static void print_type(const InfFieldInfo* field)
{
    const char* word = type_words[field->type];
    if (field->type == INF_TYPE_TEXT || field->type == INF_TYPE_BYTES) {
        printf("%s(%u)", word, field->count);
    } else if (field->count > 1) {
        printf("%s[%u]", word, field->count);
    } else {
        printf("%s", word);
    }
}

static void print_message(const InfStructInfo* info, const char* about)
{
    printf("### %u %s\n\n%c%s. %s\n\n", info->number, info->name, info->text[0] >= 'a' && info->text[0] <= 'z' ? info->text[0] - 32 : info->text[0],
           info->text + (info->text[0] != 0), about);
    if (info->field_count == 0) {
        return;
    }
    printf("| field | type |\n| --- | --- |\n");
    for (uint32_t f = 0; f < info->field_count; f++) {
        printf("| %s | ", info->fields[f].name);
        print_type(&info->fields[f]);
        printf(" |\n");
    }
    printf("\n");
}

#define INF_ABOUT_PLAYER "From players."
#define INF_ABOUT_HOST "From the host only."
#define INF_ABOUT_UP "To the server."
#define INF_ABOUT_DOWN "From the server."

static const char* reach_text(uint32_t kind)
{
    switch (inf_event_reach(kind)) {
#define X(number, NAME, word, meaning)                                                                  \
    case INF_REACH_##NAME: return meaning;
        INF_REACHES(X)
#undef X
    default: return "";
    }
}

static void print_messages(void)
{
    printf("## Frames\n\n");
#define X(number, Name, direction, text) print_message(inf_frame_info(number), INF_ABOUT_##direction);
    INF_FRAMES_TABLE(X)
#undef X
    printf("## Inputs\n\n");
#define X(number, Name, who, text) print_message(inf_input_info(number), INF_ABOUT_##who);
    INF_INPUTS_TABLE(X)
#undef X
    printf("## Events\n\n");
#define X(number, Name, reach, text)                                                                    \
    {                                                                                                   \
        char about[160];                                                                                \
        snprintf(about, sizeof about, "Reaches: %s.", reach_text(number));                              \
        print_message(inf_event_info(number), about);                                                   \
    }
    INF_EVENTS_TABLE(X)
#undef X
}

// ---- kinds ----------------------------------------------------------------------------------------------------------

static void print_words(int number, const char* const* words, size_t count)
{
    printf("| %d |", number);
    for (size_t i = 0; i < 2; i++) {
        printf(" %s |", i < count ? words[i] : "");
    }
    printf("\n");
}

#define WORDS_ROW(number, NAME, ...)                                                                    \
    {                                                                                                   \
        static const char* const words[] = {__VA_ARGS__};                                               \
        print_words(number, words, sizeof words / sizeof words[0]);                                     \
    }
#define KINDS(title, TABLE)                                                                             \
    printf("### " title "\n\n| number | word | meaning |\n| --- | --- | --- |\n");                      \
    TABLE(WORDS_ROW)                                                                                    \
    printf("\n");

static void print_kinds(void)
{
    printf("## Kinds\n\n");
    KINDS("Results", INF_RESULTS)
    KINDS("States of a ship", INF_SHIP_STATES)
    KINDS("Orders", INF_ORDERS)
    KINDS("Services of a station", INF_SERVICES)
    KINDS("Reaches", INF_REACHES)
    KINDS("Kinds of place", INF_PLACE_KINDS)
    KINDS("Laws", INF_LAWS)
    KINDS("Profiles of a station", INF_STATION_PROFILES)
    KINDS("Classes of planet", INF_PLANET_CLASSES)
    KINDS("Spectral classes", INF_SPECTRAL_CLASSES)
    KINDS("Alarms", INF_ALARMS)
    KINDS("Goals of a newcomer", INF_GOALS)
    KINDS("Feelings", INF_FEELING_KINDS)
    KINDS("Traits", INF_TRAIT_KINDS)
    KINDS("Acts that one soul asks of another", INF_ACTS)
    KINDS("Why a mind agrees or not", INF_WILL_REASONS)
    KINDS("Ways out", INF_WAYS)
    KINDS("States of an identity", INF_DIRECTORY_STATES)
    KINDS("Acts of a lineage", INF_LINEAGE_ACTS)
    KINDS("Kinds of galaxy", INF_GALAXY_KINDS)
    KINDS("Kinds of senses", INF_SENSE_KINDS)
    KINDS("Memories", INF_MEMORY_KINDS)
    KINDS("Activities of a mind", INF_ACTIVITIES)
    KINDS("Causes of death", INF_DEATH_CAUSES)
    KINDS("Reasons of a movement of credits", INF_REASONS)
    KINDS("Accounts", INF_ACCOUNT_KINDS)
    KINDS("Trades of the statistics", INF_TRADES)
    KINDS("Transfers between shards", INF_TRANSFER_KINDS)
}

static void print_things(void)
{
    printf("## Goods\n\n| number | good | base price in credits per unit |\n| --- | --- | --- |\n");
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        printf("| %u | %s | %lld |\n", good, inf_good_word(good), (long long)inf_good_base_price(good));
    }
    printf("\n## Hulls\n\n| number | hull | price | cargo units | fuel (1000: a light-year) | hull | shield | m/s² | m/s | rad/s | "
           "slots | radius m | cruise km/s |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (uint32_t kind = 0; kind < INF_HULL_COUNT; kind++) {
        const InfHull* hull = inf_hull(kind);
        printf("| %u | %s | %lld | %u | %u | %g | %g | %g | %g | %g | %u | %g | %lld |\n", kind, hull->word,
               (long long)hull->price_credits, hull->cargo_units, hull->fuel, (double)hull->hull, (double)hull->shield,
               (double)hull->acceleration_m_per_s2, (double)hull->speed_m_per_s, (double)hull->turn_rad_per_s, hull->slots,
               (double)hull->radius_m, (long long)hull->cruise_km_per_s);
    }
    printf("\n## Modules\n\n| number | module | price | range m | cycle ticks | amount | tracking rad/s | what it does |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (uint32_t kind = 0; kind < INF_MODULE_COUNT; kind++) {
        const InfModule* module = inf_module(kind);
        printf("| %u | %s | %lld | %g | %u | %g | %g | %s |\n", kind, module->word, (long long)module->price_credits,
               (double)module->range_m, module->cycle_ticks, (double)module->amount, (double)module->tracking_rad_per_s,
               module->help);
    }
    printf("\n");
}

int main(void)
{
    fputs(introduction, stdout);
    print_messages();
    print_kinds();
    print_things();
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
