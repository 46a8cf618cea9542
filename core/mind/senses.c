// The senses of an awake galaxy's host: what comes in is kept in a ring of impressions, told to host and passengers, and
// remembered by each. What a mind says to it comes from here: the earlier impression that is most like it, or the episode
// of its own life that one of the words belongs to.
//
// The ring has two classes, so that talk does not push out what was perceived: three quarters are for what came through the
// senses, the rest for what was said in the head. In each the oldest gives way.
//
// Likeness: words that two texts share, each weighed by how few of the kept texts have it. One shared word is enough if it
// is rare, else two must be shared. A picture with the same hash is the same picture.
#include "soul/riders.h"

#include "mind/kin.inl"
#include "mind/likeness.h"
#include "mind/mind.h"

#include "infinity/text.h"

#define RARE_TEXTS 3u

static bool is_said(const InfImpression* impression) { return impression->kind == INF_SENSE_SAID; }

static uint32_t class_capacity(const InfWorld* world, bool said)
{
    uint32_t talk = world->impression_pool.capacity / 4;
    return said ? talk : world->impression_pool.capacity - talk;
}

static uint32_t row_for(InfWorld* world, bool said)
{
    uint32_t count = 0, oldest = 0;
    for (uint32_t i = 1; i <= world->impression_pool.count; i++) {
        if (inf_pool_is_live(&world->impression_pool, i) && is_said(inf_impression_at(world, i)) == said) {
            count++;
            if (oldest == 0 || inf_impression_at(world, i)->sequence < inf_impression_at(world, oldest)->sequence) {
                oldest = i;
            }
        }
    }
    if (count < class_capacity(world, said)) {
        uint32_t fresh = inf_pool_take(&world->impression_pool);
        if (fresh != 0) {
            return fresh;
        }
    }
    return oldest;
}

uint64_t inf_impression_keep(InfWorld* world, InfSenseKind kind, const char* source, const uint8_t hash[INF_HASH_BYTES],
                             const char* text, uint32_t text_bytes)
{
    uint32_t index1 = row_for(world, kind == INF_SENSE_SAID);
    uint64_t sequence = ++world->header.impression_sequence;
    if (index1 == 0) {
        return sequence; // a ring too small for talk
    }
    InfImpression* impression = inf_impression_at(world, index1);
    InfWords words;
    inf_words_split(text, text_bytes, &words);
    uint32_t generation = impression->generation;
    memset(impression, 0, sizeof *impression);
    impression->generation = generation;
    impression->tick = inf_world_now(world);
    impression->sequence = sequence;
    impression->likeness = inf_words_signature(&words);
    impression->kind = (uint8_t)kind;
    impression->text_bytes = (uint16_t)text_bytes;
    for (uint32_t i = 0; i + 1 < INF_SENSE_SOURCE_BYTES && source[i] != '\0'; i++) {
        impression->source[i] = (uint8_t)source[i];
    }
    memcpy(impression->hash, hash, INF_HASH_BYTES);
    memcpy(impression->text, text, text_bytes);
    return sequence;
}

const InfImpression* inf_impression_find(const InfWorld* world, uint64_t sequence)
{
    for (uint32_t i = 1; i <= world->impression_pool.count; i++) {
        if (inf_pool_is_live(&world->impression_pool, i) && inf_impression_at(world, i)->sequence == sequence) {
            return inf_impression_at(world, i);
        }
    }
    return NULL;
}

// ---- likeness -------------------------------------------------------------------------------------------------------

static void copy_word(const InfImpression* impression, const InfWords* words, uint32_t word, char* out, uint32_t out_bytes)
{
    uint32_t bytes = inf_min_u32(words->bytes[word], out_bytes - 1);
    memcpy(out, impression->text + words->starts[word], bytes);
    out[bytes] = '\0';
}

static void copy_quote(const InfImpression* impression, char out[INF_REMARK_QUOTE_BYTES])
{
    char text[INF_SENSE_BYTES + 1];
    memcpy(text, impression->text, impression->text_bytes);
    text[impression->text_bytes] = '\0';
    inf_text_quote(text, out, INF_REMARK_QUOTE_BYTES);
}

/// Is it one that the newer one could remind of? What was perceived, before it.
static bool is_before(const InfWorld* world, uint32_t index1, const InfImpression* newest)
{
    if (!inf_pool_is_live(&world->impression_pool, index1)) {
        return false;
    }
    const InfImpression* other = inf_impression_at(world, index1);
    return !is_said(other) && other->sequence < newest->sequence;
}

static bool is_hash(const uint8_t hash[INF_HASH_BYTES])
{
    uint8_t any = 0;
    for (uint32_t i = 0; i < INF_HASH_BYTES; i++) {
        any |= hash[i];
    }
    return any != 0;
}

/// In how many of the texts before it each word of the newest stands.
static void count_texts(const InfWorld* world, const InfImpression* newest, const InfWords* words, uint32_t texts[INF_WORDS_MAX])
{
    memset(texts, 0, INF_WORDS_MAX * sizeof texts[0]);
    for (uint32_t i = 1; i <= world->impression_pool.count; i++) {
        if (!is_before(world, i, newest) || (inf_impression_at(world, i)->likeness & newest->likeness) == 0) {
            continue;
        }
        const InfImpression* other = inf_impression_at(world, i);
        InfWords others;
        inf_words_split((const char*)other->text, other->text_bytes, &others);
        for (uint32_t w = 0; w < words->count; w++) {
            texts[w] += inf_words_find(&others, words->hashes[w]) != 0;
        }
    }
}

typedef struct Match {
    const InfImpression* impression;
    uint32_t score, word; ///< the shared word that counts most
} Match;

static Match best_match(const InfWorld* world, const InfImpression* newest, const InfWords* words, const uint32_t texts[INF_WORDS_MAX])
{
    Match best = {0};
    for (uint32_t i = 1; i <= world->impression_pool.count; i++) {
        if (!is_before(world, i, newest)) {
            continue;
        }
        const InfImpression* other = inf_impression_at(world, i);
        Match match = {.impression = other};
        uint32_t shared = 0, heaviest = 0;
        bool rare = false;
        if ((other->likeness & newest->likeness) != 0) {
            InfWords others;
            inf_words_split((const char*)other->text, other->text_bytes, &others);
            for (uint32_t w = 0; w < words->count; w++) {
                if (inf_words_find(&others, words->hashes[w]) == 0) {
                    continue;
                }
                uint32_t weight = inf_word_weight(texts[w]);
                shared++;
                rare = rare || texts[w] <= RARE_TEXTS;
                match.score += weight;
                if (weight > heaviest) {
                    heaviest = weight;
                    match.word = w;
                }
            }
        }
        bool same = is_hash(newest->hash) && memcmp(newest->hash, other->hash, INF_HASH_BYTES) == 0;
        match.score = same ? match.score + 100000u : shared >= 2 || (shared == 1 && rare) ? match.score : 0;
        bool better = match.score > best.score ||
                      (match.score != 0 && match.score == best.score && other->sequence > best.impression->sequence);
        if (better) {
            best = match;
        }
    }
    return best;
}

bool inf_impression_recall(const InfWorld* world, uint64_t sequence, InfRemark* out)
{
    memset(out, 0, sizeof *out);
    const InfImpression* newest = inf_impression_find(world, sequence);
    if (newest == NULL) {
        return false;
    }
    InfWords words;
    uint32_t texts[INF_WORDS_MAX];
    inf_words_split((const char*)newest->text, newest->text_bytes, &words);
    count_texts(world, newest, &words, texts);
    copy_quote(newest, out->seen);
    out->is_picture = newest->kind == INF_SENSE_PICTURE;
    Match match = best_match(world, newest, &words, texts);
    if (match.score != 0) {
        copy_quote(match.impression, out->quote);
        out->ago_ticks = inf_world_now(world) - match.impression->tick;
        out->is_same = match.score >= 100000u;
        if (words.count > 0) {
            copy_word(newest, &words, match.word, out->word, sizeof out->word);
        }
        return true;
    }
    uint32_t rarest = 0; // nothing like it: what is new about it is its rarest, longest word
    for (uint32_t w = 1; w < words.count; w++) {
        if (texts[w] < texts[rarest] || (texts[w] == texts[rarest] && words.bytes[w] > words.bytes[rarest])) {
            rarest = w;
        }
    }
    if (words.count > 0) {
        copy_word(newest, &words, rarest, out->word, sizeof out->word);
    }
    return true;
}

// ---- an older life ----------------------------------------------------------------------------------------------------

typedef struct Kin {
    uint8_t kind;
    char word[15];
} Kin;
static const Kin kin_words[] = {
#define K(kind, word) {INF_MEMORY_##kind, word},
    INF_KIN_WORDS(K)
#undef K
};

static uint32_t kin_of(uint32_t hash)
{
    for (uint32_t k = 0; k < sizeof kin_words / sizeof kin_words[0]; k++) {
        uint32_t bytes = 0;
        while (bytes < sizeof kin_words[k].word && kin_words[k].word[bytes] != '\0') {
            bytes++;
        }
        if ((uint32_t)inf_hash_bytes(kin_words[k].word, bytes, 0) == hash) {
            return kin_words[k].kind;
        }
    }
    return INF_MEMORY_NONE;
}

const InfMemory* inf_impression_kin(const InfWorld* world, const InfSoul* soul, uint64_t sequence, InfRemark* remark)
{
    const InfImpression* newest = inf_impression_find(world, sequence);
    if (newest == NULL) {
        return NULL;
    }
    InfWords words;
    inf_words_split((const char*)newest->text, newest->text_bytes, &words);
    const InfMemory* best = NULL;
    int32_t best_strength = -1;
    for (uint32_t w = 0; w < words.count; w++) {
        uint32_t kind = kin_of(words.hashes[w]);
        const InfMemory* memory = kind == INF_MEMORY_NONE ? NULL : inf_soul_latest(soul, (InfMemoryKind)kind);
        if (memory == NULL || memory->strength <= best_strength) {
            continue;
        }
        best = memory;
        best_strength = memory->strength;
        copy_word(newest, &words, w, remark->word, sizeof remark->word);
    }
    return best;
}

// ---- the input ----------------------------------------------------------------------------------------------------------

static bool is_line(const uint8_t* text, uint32_t bytes, uint32_t bytes_max)
{
    return bytes == 0 || (bytes <= bytes_max && inf_text_check((const char*)text, bytes, bytes_max) == INF_TEXT_OK);
}

InfResult inf_apply_Sense(InfWorld* world, const InfInputSense* input)
{
    if (world->header.galaxy_kind != INF_GALAXY_KIND_AWAKE) {
        return INF_ERROR_NOT_AWAKE;
    }
    uint32_t host_index1 = inf_soul_find(world, world->header.host_soul);
    if (host_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (input->kind >= INF_SENSE_SAID) {
        return INF_ERROR_UNKNOWN;
    }
    uint32_t source_bytes = 0;
    while (source_bytes < INF_SENSE_SOURCE_BYTES && input->source[source_bytes] != '\0') {
        source_bytes++;
    }
    bool picture = input->kind == INF_SENSE_PICTURE;
    if (is_hash(input->hash) != picture || (input->text_bytes == 0 && !picture) ||
        !is_line(input->text, input->text_bytes, INF_SENSE_BYTES - 1) ||
        !is_line((const uint8_t*)input->source, source_bytes, INF_SENSE_SOURCE_BYTES - 1)) {
        return INF_ERROR_FORMAT;
    }
    uint64_t sequence = inf_impression_keep(world, (InfSenseKind)input->kind, input->source, input->hash,
                                            (const char*)input->text, input->text_bytes);
    const InfImpression* kept = inf_impression_find(world, sequence);
    InfSoul* host = inf_soul_at(world, host_index1);
    INF_EMIT(world, 0, Sensed, event)
    {
        event->Sensed.soul = host->id;
        event->Sensed.impression = sequence;
        event->Sensed.likeness = kept != NULL ? kept->likeness : 0;
        event->Sensed.kind = input->kind;
        memcpy(event->Sensed.source, input->source, sizeof event->Sensed.source);
        memcpy(event->Sensed.hash, input->hash, INF_HASH_BYTES);
        event->Sensed.text_bytes = input->text_bytes;
        memcpy(event->Sensed.text, input->text, input->text_bytes);
    }
    inf_soul_remember(world, host, INF_MEMORY_SENSED, 0, (int32_t)(sequence & 0x7fffffffu), 220);
    inf_head_sensed(world, host->id, sequence);
    return INF_OK;
}
