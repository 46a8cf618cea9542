// Names: syllables in the manner of a region, so that neighbours sound alike and far places foreign. A name is
// made of two or three syllables (onset, nucleus, sometimes a coda) and an ending; a manner has at least a
// million names, so two systems share one rarely, and their addresses tell them apart.
#include "galaxy/space.h"

#define LIST_MAX 20
// All names fit into INF_NAME_BYTES: a system's with " Belt III" or " VIII a" behind it, a station's word with
// " Laboratories".
#define WORD_MAX 15
#define WORD_AFTER_MAX 8
#define SYSTEM_NAME_MAX 20
#define SYSTEM_NAME_MIN 3
_Static_assert(SYSTEM_NAME_MAX + 10 < INF_NAME_BYTES && WORD_MAX + 14 < INF_NAME_BYTES, "no name is cut short");

typedef struct Manner {
    const char* onsets[LIST_MAX];
    const char* nuclei[LIST_MAX];
    const char* codas[LIST_MAX];
    const char* endings[LIST_MAX];
    uint8_t coda_percent; // chance of a coda in a syllable
    uint8_t syllables;    // at least; one more in some names
} Manner;

static const Manner manners[] = {
    {{"v", "l", "c", "m", "t", "s", "br", "pr", "d", "f", "n", "r", "cl", "gr", "p", "st", "h", "b"},
     {"a", "e", "i", "o", "u", "a", "e", "au", "ae"},
     {"n", "r", "l", "s", "m"},
     {"ia", "us", "a", "um", "is", "ara", "entia", "or", "ella", "ium"}, 25, 2},
    {{"h", "th", "sk", "st", "br", "kr", "g", "v", "f", "n", "r", "s", "t", "hj", "dr", "b", "l"},
     {"a", "e", "i", "o", "u", "y", "ei", "au"},
     {"r", "rn", "ld", "lf", "g", "nd", "st", "n", "m"},
     {"heim", "gard", "vik", "fjell", "mark", "holm", "nes", "dal", "ey"}, 30, 2},
    {{"k", "m", "n", "p", "t", "h", "w", "l", "r", "", "v", "f"},
     {"a", "e", "i", "o", "u", "ai", "au", "oa"},
     {""},
     {"", "", "nui", "roa", "ki", "lei", "moana", "tea", "lani"}, 0, 3},
    {{"q", "kh", "z", "sh", "h", "m", "r", "t", "b", "d", "s", "n", "y", "f", "j"},
     {"a", "a", "i", "u", "e", "aa"},
     {"r", "l", "m", "n", "b", "d", "f", "z"},
     {"", "", "iya", "an", "at", "un", "ir", "az"}, 40, 2},
    {{"v", "z", "dr", "kr", "br", "st", "sl", "m", "n", "t", "p", "l", "r", "g", "d", "b"},
     {"a", "e", "i", "o", "u", "y", "ya"},
     {"n", "r", "l", "k", "v", "m"},
     {"ovo", "grad", "itsa", "ava", "ino", "sk", "en", "ets", "una"}, 20, 2},
    {{"mb", "nd", "k", "ng", "t", "l", "m", "b", "z", "s", "w", "j", "n", "ch", "d", "g"},
     {"a", "e", "i", "o", "u", "aa", "ia", "ua"},
     {""},
     {"", "wa", "ni", "zi", "la", "mbe", "ru", "so", "ke"}, 0, 3},
    {{"k", "s", "t", "n", "h", "m", "y", "r", "sh", "ch", "j", "b", "g", "d"},
     {"a", "i", "u", "e", "o", "ai", "ei"},
     {"n"},
     {"hara", "mi", "ka", "shima", "yama", "no", "ri", "gawa", "sato", "bara", "zawa", "me"}, 25, 2},
    {{"x", "vr", "t", "q", "zh", "y", "dh", "sk", "n", "l", "k", "r", "th", "z"},
     {"a", "e", "i", "o", "u", "ee", "ia"},
     {"x", "th", "n", "r", "l", "sh"},
     {"", "on", "ix", "ar", "eth", "os", "ul"}, 30, 2},
};
#define MANNER_COUNT (sizeof manners / sizeof *manners)

typedef struct Text {
    char* out; // INF_NAME_BYTES
    uint32_t length;
} Text;

static Text start_text(char* out)
{
    memset(out, 0, INF_NAME_BYTES); // names are stored and hashed: no stale bytes behind the end
    return (Text){out, 0};
}

static void put_char(Text* text, char letter)
{
    if (text->length + 1 < INF_NAME_BYTES) {
        text->out[text->length++] = letter;
    }
}

static void put(Text* text, const char* word)
{
    for (; *word != 0; word++) {
        put_char(text, *word);
    }
}

static const char* pick(InfRng* rng, const char* const list[LIST_MAX])
{
    uint32_t count = 0;
    while (count < LIST_MAX && list[count] != NULL) {
        count++;
    }
    return list[inf_rng_below(rng, count)];
}

static bool is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u' || letter == 'y';
}

// No vowel next to itself across a seam.
static void put_part(Text* text, const char* part)
{
    if (text->length != 0 && part[0] == text->out[text->length - 1] && is_vowel(part[0])) {
        part++;
    }
    put(text, part);
}

static void put_word(Text* text, InfRng* rng, const Manner* manner, uint32_t syllables, bool has_ending)
{
    uint32_t start = text->length;
    for (uint32_t i = 0; i < syllables; i++) {
        bool is_first_open = i == 0 && inf_rng_ratio(rng, 1, 6);
        if (!is_first_open) {
            put_part(text, pick(rng, manner->onsets));
        }
        bool is_last = i + 1 == syllables;
        const char* nucleus = pick(rng, manner->nuclei);
        bool has_coda = inf_rng_ratio(rng, manner->coda_percent, 100);
        const char* ending = is_last && has_ending ? pick(rng, manner->endings) : "";
        if (ending[0] != 0 && is_vowel(ending[0])) {
            // "Brel-ia", not "Bre-ia": the ending's vowel is the nucleus, on a syllable that closes.
            if (is_vowel(text->out[text->length - 1])) {
                put_part(text, pick(rng, manner->onsets));
            }
        } else {
            put_part(text, nucleus);
            if (has_coda) {
                put(text, pick(rng, manner->codas));
            }
        }
        put_part(text, ending);
    }
    char first = text->out[start];
    if (first >= 'a' && first <= 'z') {
        text->out[start] = (char)(first - 'a' + 'A');
    }
}

// A word of at most WORD_MAX letters: longer ones are drawn again, and at last cut by a syllable. So are shorter ones: three
// open syllables of one vowel leave one letter.
static uint32_t make_word(char out[INF_NAME_BYTES], InfRng* rng, const Manner* manner, uint32_t syllables,
                          bool has_ending, uint32_t least)
{
    for (uint32_t attempt = 0;; attempt++) {
        Text text = start_text(out);
        put_word(&text, rng, manner, attempt < 4 ? syllables : 2, has_ending && attempt < 8);
        if (text.length >= least && text.length <= WORD_MAX) {
            return text.length;
        }
    }
}

// Cubes of 32 sectors, the Heart in the middle of one; one name in ten was brought from elsewhere.
static const Manner* manner_of(const InfGalaxyDef* def, InfSystemAddress address, InfRng* rng)
{
    int32_t x = (int32_t)(((int64_t)address.x + 16) >> 5);
    int32_t y = (int32_t)(((int64_t)address.y + 16) >> 5);
    int32_t z = (int32_t)(((int64_t)address.z + 16) >> 5);
    uint64_t region = space_sector_hash(space_galaxy_hash(def) + PURPOSE_NAME, x, y, z);
    bool is_settled = inf_rng_ratio(rng, 1, 10);
    uint32_t other = (uint32_t)inf_rng_below(rng, MANNER_COUNT);
    bool is_home = (x | y | z) == 0;
    uint32_t local = is_home ? 0 : (uint32_t)(region % MANNER_COUNT);
    return &manners[is_settled ? other : local];
}

void inf_system_name(const InfGalaxyDef* def, InfSystemAddress address, char out[INF_NAME_BYTES])
{
    static const char* const before[] = {"New ", "Nova ", "Far ", "Old ", "Great ", "Little "};
    static const char* const after[] = {" Minor", " Major", " Prime", " Secunda", " Reach", " Deep", " Cross", " Gate"};
    Text text = start_text(out);
    if (space_is_heart(address)) {
        put(&text, "Heart");
        return;
    }
    InfRng rng;
    inf_rng_seed(&rng, space_address_hash(def, address), PURPOSE_NAME);
    const Manner* manner = manner_of(def, address, &rng);
    uint32_t syllables = manner->syllables + inf_rng_ratio(&rng, manner->syllables == 2 ? 2 : 1, 3);
    char word[INF_NAME_BYTES];
    uint32_t length = make_word(word, &rng, manner, syllables, syllables < 4, SYSTEM_NAME_MIN);
    uint32_t style = (uint32_t)inf_rng_below(&rng, 100);
    bool fits = length + WORD_AFTER_MAX <= SYSTEM_NAME_MAX;
    if (style < 4 && fits) {
        put(&text, before[inf_rng_below(&rng, 6)]);
    }
    put(&text, word);
    if (style >= 90 && fits) {
        put(&text, after[inf_rng_below(&rng, 8)]);
    }
}

// ---- Bodies ---------------------------------------------------------------------------------------

static const char* const station_words[INF_STATION_PROFILE_COUNT][4] = {
    [INF_STATION_NONE] = {"Station", "Station", "Station", "Station"},
    [INF_STATION_HUB] = {"Freeport", "Exchange", "Terminal", "Crossing"},
    [INF_STATION_MINING] = {"Diggings", "Claim", "Pit", "Quarry"},
    [INF_STATION_REFINERY] = {"Refinery", "Smelter", "Works", "Furnace"},
    [INF_STATION_FARM] = {"Gardens", "Orchard", "Granary", "Terraces"},
    [INF_STATION_INDUSTRY] = {"Foundry", "Yards", "Forge", "Docks"},
    [INF_STATION_HIGH_TECH] = {"Institute", "Laboratories", "Spire", "Observatory"},
    [INF_STATION_MILITARY] = {"Garrison", "Bastion", "Citadel", "Watch"},
    [INF_STATION_OUTPOST] = {"Outpost", "Beacon", "Rest", "Lookout"},
};

static const char* const given_words[] = {
    "Vesta",   "Kepler",   "Lowell",   "Tycho",  "Hypatia", "Halley",  "Sagan",   "Leavitt", "Cannon", "Payne",
    "Oberth",  "Goddard",  "Ride",     "Jemison", "Noether", "Zhang",  "Ulugh",   "Banneker", "Corrigan", "Lantern",
    "Solace",  "Sorrow",   "Mercy",    "Plenty", "Candle",  "Anvil",   "Lark",    "Heron",   "Juniper", "Amber",
    "Cobalt",  "Saffron",  "Marisol",  "Okoye",  "Ibarra",  "Lindqvist", "Tanaka", "Mbeki",  "Novak",  "Farrow",
    "Quill",   "Thistle",  "Driftwood", "Compass", "Hope",  "Patience", "Last Light", "Long Wait",
};
#define GIVEN_WORD_COUNT (sizeof given_words / sizeof *given_words)

static void put_station(Text* text, const InfGalaxyDef* def, const InfSystem* system, const InfBody* station)
{
    InfRng rng;
    inf_rng_seed(&rng, space_address_hash(def, system->address), PURPOSE_STATION_NAMES + station->number);
    uint32_t profile = station->profile < INF_STATION_PROFILE_COUNT ? station->profile : INF_STATION_NONE;
    if (inf_rng_ratio(&rng, 1, 2)) {
        // Steps by the station's number, so that two stations of a system never share the word.
        uint64_t first = space_address_hash(def, system->address);
        put(text, given_words[(first + station->number * 17u) % GIVEN_WORD_COUNT]);
    } else {
        const Manner* manner = manner_of(def, system->address, &rng);
        char word[INF_NAME_BYTES];
        make_word(word, &rng, manner, 2, manner->syllables == 2, 1);
        put(text, word);
    }
    put_char(text, ' ');
    put(text, station_words[profile][inf_rng_below(&rng, 4)]);
}

static void put_roman(Text* text, uint32_t number)
{
    static const char* const ones[] = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
    for (; number >= 10; number -= 10) {
        put_char(text, 'X');
    }
    put(text, ones[number]);
}

static void put_system(Text* text, const InfGalaxyDef* def, const InfSystem* system)
{
    char name[INF_NAME_BYTES];
    inf_system_name(def, system->address, name);
    put(text, name);
}

void inf_body_name(const InfGalaxyDef* def, const InfSystem* system, const InfBody* bodies, uint32_t count,
                   uint32_t body, char out[INF_NAME_BYTES])
{
    INF_ASSERT(body < count);
    const InfBody* at = &bodies[body];
    Text text = start_text(out);
    const char* by_hand = space_is_heart(system->address) ? space_heart_body_name(body) : NULL;
    if (by_hand != NULL) {
        put(&text, by_hand);
        return;
    }
    switch (at->kind) {
    case INF_BODY_STATION:
        put_station(&text, def, system, at);
        return;
    case INF_BODY_MOON:
        if (at->parent < body) {
            inf_body_name(def, system, bodies, count, at->parent, out); // its planet's
            while (out[text.length] != 0) {
                text.length++;
            }
        }
        put_char(&text, ' ');
        put_char(&text, (char)('a' + at->number % 26));
        return;
    case INF_BODY_PLANET:
        put_system(&text, def, system);
        put_char(&text, ' ');
        put_roman(&text, at->number + 1u);
        return;
    case INF_BODY_BELT:
        put_system(&text, def, system);
        put(&text, " Belt");
        if (at->number != 0) {
            put_char(&text, ' ');
            put_roman(&text, at->number + 1u);
        }
        return;
    default:
        put_system(&text, def, system);
        if (at->number != 0) {
            put_char(&text, ' ');
            put_char(&text, (char)('A' + at->number % 26));
        }
    }
}
