// What a mind says: a line whose situation fits, weighed by what it feels most and what it is like, filled in from what
// it knows. A line that needs something the mind does not know is passed over, so nothing that is said is made up.
#include "mind/mind.h"

#include "mind/dialogue.inl"
#include "mind/ride.inl"
#include "soul/riders.h"

enum { FEELING_ANY = 255, TRAIT_ANY = 255 };
#define INF_FEELING_ANY FEELING_ANY
#define INF_TRAIT_NO_TRAIT TRAIT_ANY

typedef struct Line {
    uint8_t situation, feeling, trait;
    int16_t least;
    const char* text;
} Line;

static const Line lines[] = {
#define L(situation, feeling, trait, least, text) \
    {INF_SAY_##situation, (uint8_t)INF_FEELING_##feeling, (uint8_t)INF_TRAIT_##trait, (least), (text)},
    INF_DIALOGUE(L)
    INF_RIDE_DIALOGUE(L)
#undef L
};
#define LINE_COUNT (sizeof lines / sizeof lines[0])
_Static_assert(LINE_COUNT >= 80, "enough to say");

uint32_t inf_dialogue_template_count(void)
{
    return (uint32_t)LINE_COUNT;
}

typedef struct Text {
    char* out;
    uint32_t count;
    bool ok;
} Text;

static void put(Text* text, const char* part)
{
    for (; *part != '\0'; part++) {
        if (text->count + 1 >= INF_SAY_BYTES) {
            text->ok = false;
            return;
        }
        text->out[text->count++] = *part;
    }
}

static void put_number(Text* text, int64_t number)
{
    char digits[24];
    uint32_t at = sizeof digits - 1;
    uint64_t rest = inf_abs_i64(number);
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    put(text, digits + at);
}

static void put_name_of(Text* text, const InfMindView* view, uint64_t soul)
{
    const InfSoul* named = inf_soul_anyhow(view->world, soul);
    if (named == NULL) {
        text->ok = false; // not here: its name is not known to this shard
        return;
    }
    put(text, (const char*)named->name);
}

/// The dead one's row is gone, and its name with it; but most names follow from the id, and the memory can tell.
static void put_lost(Text* text, const InfMindView* view)
{
    const InfMemory* memory = inf_soul_latest(view->soul, INF_MEMORY_LOST);
    if (memory == NULL) {
        text->ok = false;
        return;
    }
    char name[INF_NAME_BYTES];
    inf_name_of_id(view->world, memory->who, name);
    put(text, inf_name_hash(name) == memory->value ? name : "the one I lost");
}

static void put_system(Text* text, const InfMindView* view, InfSystemAddress address)
{
    char name[64] = {0};
    inf_system_name(&view->world->galaxy, address, name);
    put(text, name);
}

static void put_body(Text* text, const InfMindView* view, InfSystemAddress address, uint32_t body)
{
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    inf_world_generate(view->world, address, &system);
    uint32_t count = inf_world_bodies(view->world, address, bodies);
    if (body >= count) {
        put_system(text, view, address);
        return;
    }
    char name[64] = {0};
    inf_body_name(&view->world->galaxy, &system, bodies, count, body, name);
    put(text, name);
}

/// The good that stands highest over its base price somewhere else.
static const InfPriceNote* best_note(const InfMindView* view, uint32_t* good)
{
    const InfPriceNote* best = NULL;
    int64_t best_permille = 1050;
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        const InfPriceNote* note = &view->soul->prices[i];
        if (note->seen_tick == 0 ||
            (view->place != NULL && inf_same_system(inf_note_address(note), view->here) && note->body == view->place->body)) {
            continue;
        }
        for (uint32_t k = 0; k < INF_GOODS; k++) {
            int64_t permille = (int64_t)note->price_credits[k] * 1000 / inf_good_base_price(k);
            if (permille > best_permille) {
                best = note;
                best_permille = permille;
                *good = k;
            }
        }
    }
    return best;
}

/// Harm that it remembers: the strongest, but rather one that happened near here or that the listener did.
static const InfMemory* worst_memory(const InfMindView* view, uint64_t to)
{
    InfLikeness like = {.kind = INF_MEMORY_ROBBED, .who = to, .at = true, .address = view->here, .body = INF_BODY_NONE};
    const InfMemory* robbed = inf_soul_recall(view->world, view->soul, &like);
    like.kind = INF_MEMORY_ATTACKED;
    const InfMemory* attacked = inf_soul_recall(view->world, view->soul, &like);
    if (robbed == NULL || attacked == NULL) {
        return robbed == NULL ? attacked : robbed;
    }
    return inf_memory_strength(view->world, view->soul, robbed) >= inf_memory_strength(view->world, view->soul, attacked) ? robbed : attacked;
}

static uint64_t best_friend(const InfMindView* view)
{
    const InfRelation* best = NULL;
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        const InfRelation* relation = &view->soul->relations[i];
        if (relation->who != 0 && relation->affection >= 150 && (best == NULL || relation->affection > best->affection)) {
            best = relation;
        }
    }
    return best == NULL ? 0 : best->who;
}

/// The ore that pays best at this station compared with what it usually costs.
static bool best_ore(const InfMindView* view, uint32_t* ore, int64_t* price)
{
    if (view->station_index1 == 0) {
        return false;
    }
    InfMarketView market;
    inf_station_market(view->world, view->station_index1, &market);
    int64_t best = -1;
    for (uint32_t i = 0; i < INF_ORE_COUNT; i++) {
        int64_t permille = market.sell_credits[i] * 1000 / inf_good_base_price(i);
        if (permille > best) {
            best = permille;
            *ore = i;
            *price = market.sell_credits[i];
        }
    }
    return *price > 0;
}

static bool is_word(const char* brace, const char* word)
{
    while (*word != '\0' && *brace == *word) {
        brace++;
        word++;
    }
    return *word == '\0' && *brace == '}';
}

/// Places of another galaxy have other names, which nobody knows here.
static bool is_of_this_sky(const InfMindView* view, const InfMemory* memory)
{
    return memory->galaxy == inf_galaxy_mark(&view->world->galaxy);
}

/// "3 minutes ago", in the time of who listens.
static void put_ago(Text* text, uint64_t ticks)
{
    static const struct {
        uint64_t ticks;
        const char *one, *many;
    } units[] = {{24u * 36000u, "a day ago", " days ago"}, {36000u, "an hour ago", " hours ago"}, {600u, "a minute ago", " minutes ago"}};
    for (uint32_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        uint64_t count = ticks / units[i].ticks;
        if (count == 1) {
            put(text, units[i].one);
            return;
        }
        if (count > 1) {
            put_number(text, (int64_t)count);
            put(text, units[i].many);
            return;
        }
    }
    put(text, "a moment ago");
}

/// What only a mind in a head knows; false: it is another word.
static bool put_head_value(Text* text, const InfMindView* view, const char* brace)
{
    const InfRemark* remark = view->remark;
    if (is_word(brace, "host")) {
        put_name_of(text, view, view->host);
    } else if (is_word(brace, "word") || is_word(brace, "quote") || is_word(brace, "seen")) {
        const char* part = remark == NULL ? "" : is_word(brace, "word") ? remark->word : is_word(brace, "quote") ? remark->quote : remark->seen;
        text->ok = text->ok && part[0] != '\0';
        put(text, part);
    } else if (is_word(brace, "ago")) {
        if (remark == NULL) text->ok = false;
        else put_ago(text, remark->ago_ticks);
    } else {
        return false;
    }
    return true;
}

/// Words about space: an awake galaxy has none that is worth a word.
static bool is_of_space(const char* brace)
{
    static const char* const words[] = {"here", "system", "hull", "credits", "good", "price", "there", "ore", "oreprice"};
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is_word(brace, words[i])) {
            return true;
        }
    }
    return false;
}

static void put_value(Text* text, const InfMindView* view, uint64_t to, const char* brace)
{
    if (view->world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE && is_of_space(brace)) {
        text->ok = false;
        return;
    }
    if (put_head_value(text, view, brace)) {
        return;
    }
    const InfSoul* soul = view->soul;
    uint32_t good = 0;
    if (is_word(brace, "me")) {
        put(text, (const char*)soul->name);
    } else if (is_word(brace, "you")) {
        put_name_of(text, view, to);
    } else if (is_word(brace, "here")) {
        if (view->place == NULL || view->place->kind == INF_PLACE_DEEP) put_system(text, view, view->here);
        else put_body(text, view, view->here, view->place->body);
    } else if (is_word(brace, "system")) {
        put_system(text, view, view->here);
    } else if (is_word(brace, "hull")) {
        // "Shuttle" in the table, "shuttle" in a sentence.
        const char* word = inf_hull(view->ship->hull_kind)->word;
        char first[2] = {(char)(*word >= 'A' && *word <= 'Z' ? *word - 'A' + 'a' : *word), '\0'};
        put(text, first);
        put(text, word + 1);
    } else if (is_word(brace, "credits")) {
        put_number(text, view->credits);
        put(text, view->credits == 1 ? " credit" : " credits");
    } else if (is_word(brace, "days")) {
        uint64_t hours = (inf_soul_time(soul, view->now) - soul->born_tick) / (INF_TICKS_PER_DAY / 24u);
        uint64_t count = hours >= 24 ? hours / 24 : hours;
        put_number(text, (int64_t)count);
        put(text, hours >= 24 ? (count == 1 ? " day" : " days") : count == 1 ? " hour" : " hours");
    } else if (is_word(brace, "good") || is_word(brace, "price") || is_word(brace, "there")) {
        const InfPriceNote* note = best_note(view, &good);
        if (note == NULL) text->ok = false;
        else if (is_word(brace, "good")) put(text, inf_good_word(good));
        else if (is_word(brace, "price")) put_number(text, note->price_credits[good]);
        else put_body(text, view, inf_note_address(note), note->body);
    } else if (is_word(brace, "who") || is_word(brace, "where")) {
        const InfMemory* memory = worst_memory(view, to);
        if (memory == NULL || (is_word(brace, "where") && !is_of_this_sky(view, memory))) text->ok = false;
        else if (is_word(brace, "who")) put_name_of(text, view, memory->who);
        else put_system(text, view, inf_memory_address(memory));
    } else if (is_word(brace, "lost")) {
        put_lost(text, view);
    } else if (is_word(brace, "found")) {
        const InfMemory* memory = inf_soul_latest(soul, INF_MEMORY_DISCOVERED);
        if (memory == NULL || !is_of_this_sky(view, memory)) text->ok = false;
        else put_system(text, view, inf_memory_address(memory));
    } else if (is_word(brace, "friend")) {
        uint64_t friend = best_friend(view);
        if (friend == to) text->ok = false;
        else put_name_of(text, view, friend);
    } else if (is_word(brace, "profit")) {
        const InfMemory* memory = inf_soul_latest(soul, INF_MEMORY_TRADED);
        if (memory == NULL || memory->value <= 0) text->ok = false;
        else put_number(text, memory->value);
    } else if (is_word(brace, "ore") || is_word(brace, "oreprice")) {
        int64_t price = 0;
        if (!best_ore(view, &good, &price)) text->ok = false;
        else if (is_word(brace, "ore")) put(text, inf_good_word(good));
        else put_number(text, price);
    } else {
        text->ok = false;
    }
}

static bool fill(const InfMindView* view, uint64_t to, const char* template, char out[INF_SAY_BYTES])
{
    memset(out, 0, INF_SAY_BYTES);
    Text text = {out, 0, true};
    char one[2] = {0};
    for (const char* at = template; *at != '\0' && text.ok; at++) {
        if (*at == '{') {
            put_value(&text, view, to, at + 1);
            while (*at != '}') {
                at++;
            }
        } else {
            one[0] = *at;
            put(&text, one);
        }
    }
    if (out[0] >= 'a' && out[0] <= 'z') {
        out[0] = (char)(out[0] - 'a' + 'A');
    }
    return text.ok && text.count > 0;
}

static uint8_t strongest_feeling(const InfSoul* soul)
{
    uint8_t best = FEELING_ANY;
    uint16_t best_value = 180; // weaker than that is calm
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        if (soul->feelings[i] > best_value) {
            best = (uint8_t)i;
            best_value = soul->feelings[i];
        }
    }
    return best;
}

/// 0: does not fit.
static uint32_t weight_of(const InfSoul* soul, const Line* line, uint8_t feeling)
{
    uint32_t weight = 2;
    if (line->feeling != FEELING_ANY) {
        if (line->feeling != feeling) return 0;
        weight += 4;
    }
    if (line->trait != TRAIT_ANY) {
        int32_t value = inf_soul_trait(soul, (InfTraitKind)line->trait);
        if (line->least >= 0 ? value < line->least : value > -line->least) return 0;
        weight += 4;
    }
    return weight;
}

void inf_dialogue_line(InfMindView* view, InfSituation situation, uint64_t to, char out[INF_SAY_BYTES])
{
    InfRng* rng = inf_soul_rng(view->soul);
    uint8_t feeling = strongest_feeling(view->soul);
    uint32_t fitting[LINE_COUNT], weights[LINE_COUNT], count = 0, sum = 0;
    for (uint32_t i = 0; i < LINE_COUNT; i++) {
        if (lines[i].situation != situation) continue;
        uint32_t weight = weight_of(view->soul, &lines[i], feeling);
        if (weight == 0) continue;
        fitting[count] = i;
        weights[count++] = weight;
        sum += weight;
    }
    while (count > 0) {
        uint64_t draw = inf_rng_below(rng, sum);
        uint32_t k = 0;
        while (draw >= weights[k]) {
            draw -= weights[k++];
        }
        if (fill(view, to, lines[fitting[k]].text, out)) {
            return;
        }
        sum -= weights[k]; // it needs what this mind does not know
        count--;
        fitting[k] = fitting[count];
        weights[k] = weights[count];
    }
    memset(out, 0, INF_SAY_BYTES);
    Text text = {out, 0, true};
    put(&text, "Hm.");
}

// ---- understanding ---------------------------------------------------------------------------------------------------

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `word` stands in the text as a beginning of a word.
static bool has_word(const char* text, const char* word)
{
    for (const char* at = text; *at != '\0'; at++) {
        if (at != text && is_letter(at[-1])) continue;
        const char* a = at;
        const char* b = word;
        while (*b != '\0' && lower(*a) == *b) {
            a++;
            b++;
        }
        // Short words must end here too: "hi" is not "his".
        if (*b == '\0' && (b - word > 3 || !is_letter(*a))) return true;
    }
    return false;
}

InfIntent inf_dialogue_understand(const char* text)
{
    static const struct {
        InfIntent intent;
        const char* word;
    } words[] = {
        {INF_INTENT_INSULT, "idiot"},   {INF_INTENT_INSULT, "stupid"},  {INF_INTENT_INSULT, "shut up"},
        {INF_INTENT_INSULT, "scum"},    {INF_INTENT_INSULT, "hate you"},
        {INF_INTENT_THANKS, "thank"},   {INF_INTENT_THANKS, "thx"},     {INF_INTENT_THANKS, "cheers"},
        {INF_INTENT_DANGER, "pirate"},  {INF_INTENT_DANGER, "danger"},  {INF_INTENT_DANGER, "safe"},
        {INF_INTENT_DANGER, "law"},     {INF_INTENT_DANGER, "patrol"},  {INF_INTENT_DANGER, "attack"},
        {INF_INTENT_WORK, "work"},      {INF_INTENT_WORK, "job"},       {INF_INTENT_WORK, "price"},
        {INF_INTENT_WORK, "trade"},     {INF_INTENT_WORK, "sell"},      {INF_INTENT_WORK, "buy"},
        {INF_INTENT_WORK, "ore"},       {INF_INTENT_WORK, "mine"},      {INF_INTENT_WORK, "earn"},
        {INF_INTENT_WORK, "news"},      {INF_INTENT_HELP, "help"},      {INF_INTENT_HELP, "spare"},
        {INF_INTENT_HELP, "credits"},   {INF_INTENT_HELP, "broke"},     {INF_INTENT_HELP, "lend"},
        {INF_INTENT_FEEL, "how are"},   {INF_INTENT_FEEL, "feel"},      {INF_INTENT_FEEL, "how is it"},
        {INF_INTENT_FEEL, "you ok"},    {INF_INTENT_WHO, "who are"},    {INF_INTENT_WHO, "your name"},
        {INF_INTENT_WHO, "who is"},     {INF_INTENT_BYE, "bye"},        {INF_INTENT_BYE, "farewell"},
        {INF_INTENT_BYE, "see you"},    {INF_INTENT_BYE, "good night"}, {INF_INTENT_HELLO, "hello"},
        {INF_INTENT_HELLO, "hi"},       {INF_INTENT_HELLO, "hey"},      {INF_INTENT_HELLO, "greetings"},
        {INF_INTENT_HELLO, "good day"}, {INF_INTENT_HELLO, "o7"},
    };
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (has_word(text, words[i].word)) {
            return words[i].intent;
        }
    }
    return INF_INTENT_OTHER;
}
