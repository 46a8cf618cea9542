// Personal names: a given and a family name from syllables. About 10^5 given and 10^6 family names, so that two
// souls with one name are rare; nothing depends on their being different (ids are what counts).
#include "soul/soul.h"

static const char* const onsets[] = {"b", "d",  "f",  "g",  "h",  "j",  "k",  "l",  "m",  "n",  "p",  "r",
                                     "s", "t",  "v",  "w",  "z",  "ch", "sh", "th", "br", "dr", "kr", "tr",
                                     "",  "st", "sv", "y",  "rh", "ph", "l",  "m",  "n",  "r",  "s",  "t"};
static const char* const vowels[] = {"a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ei", "ia", "io", "ea", "ou", "au"};
static const char* const given_ends[] = {"n", "l", "ra", "na", "s", "k", "th", "la", "m", "ri", "ne", "ko",
                                         "", "",  "t",  "sha", "vi", "do", "r", "x"};
static const char* const middles[] = {"l", "r", "n", "m", "s", "v", "nd", "rk", "st", "ll", "rr", "nt", "lm", "sk", "k", "d"};
static const char* const family_ends[] = {"sen", "ov",  "ara", "ez",  "ian", "stad", "wick", "mori", "dal", "berg",
                                          "ski", "oye", "ade", "ini", "eau", "rath", "holm", "u",    "an",  "eth",
                                          "kar", "un",  "aki", "or",  "ham", "ell",  "ic",   "os",   "ander", "ow"};
#define PICK(rng, list) ((list)[inf_rng_below((rng), sizeof(list) / sizeof((list)[0]))])

typedef struct Text {
    char* out;
    uint32_t count, capacity;
} Text;

static void put(Text* text, const char* part)
{
    for (; *part != '\0' && text->count + 1 < text->capacity; part++) {
        text->out[text->count++] = *part;
    }
    text->out[text->count] = '\0';
}

static void capitalise(char* letter)
{
    if (*letter >= 'a' && *letter <= 'z') {
        *letter = (char)(*letter - 'a' + 'A');
    }
}

void inf_name_of_id(const InfWorld* world, uint64_t soul, char out[INF_NAME_BYTES])
{
    InfRng rng;
    inf_soul_seed(world, soul, &rng);
    inf_name_draw(&rng, out);
}

void inf_name_draw(InfRng* rng, char out[INF_NAME_BYTES])
{
    memset(out, 0, INF_NAME_BYTES);
    Text text = {out, 0, INF_NAME_BYTES};
    put(&text, PICK(rng, onsets));
    put(&text, PICK(rng, vowels));
    if (inf_rng_ratio(rng, 2, 5)) {
        put(&text, PICK(rng, middles));
        put(&text, PICK(rng, vowels));
    }
    put(&text, PICK(rng, given_ends));
    capitalise(&out[0]);
    put(&text, " ");
    uint32_t family = text.count;
    put(&text, PICK(rng, onsets));
    put(&text, PICK(rng, vowels));
    put(&text, PICK(rng, middles));
    if (inf_rng_ratio(rng, 1, 4)) {
        put(&text, PICK(rng, vowels));
        put(&text, PICK(rng, middles));
    }
    put(&text, PICK(rng, family_ends));
    capitalise(&out[family]);
}
