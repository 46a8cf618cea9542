// Letta Agent Files; see letta.h.
#include "souls/letta.h"

#include "souls/words.h"

#include <infinity/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

typedef struct Page {
    char text[INF_LETTA_BLOCK_BYTES];
    size_t count;
} Page;

__attribute__((format(printf, 2, 3))) static void say(Page* page, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(page->text + page->count, sizeof page->text - page->count, format, arguments);
    va_end(arguments);
    // A sentence that does not fit is left out as a whole.
    if (more > 0 && (size_t)more < sizeof page->text - page->count) page->count += (size_t)more;
    else page->text[page->count] = '\0';
}

static const char* who_name(const json_t* who, char out[48])
{
    const char* name = json_string_value(json_object_get(who, "name"));
    if (name == NULL) snprintf(out, 48, "soul %s", json_string_value(json_object_get(who, "id")) != NULL ? json_string_value(json_object_get(who, "id")) : "?");
    return name != NULL ? name : out;
}

static void persona_write(Page* page, const json_t* object, const InfDocument* document)
{
    const InfSoul* soul = &document->passage.soul;
    char name[48];
    const json_t *value, *place;
    size_t i;
    say(page, "My name is %s. I am a soul of a galaxy called Infinity%s%s.\n", (const char*)soul->name,
        document->galaxy_name[0] != '\0' ? ", of " : "", document->galaxy_name);
    const char* home = json_string_value(json_object_get(json_object_get(object, "home"), "name"));
    if (home != NULL) say(page, "My home is %s.\n", home);
    say(page, "\nWho I am, from 0 to 1:\n");
    for (i = 0; i < INF_TRAITS; i++) say(page, "- %s %.2f\n", inf_words_trait[i], inf_trait_number(soul->traits[i]));
    say(page, "\nWhat I feel, from 0 to 1000:\n");
    for (i = 0; i < INF_FEELINGS; i++) {
        if (soul->feelings[i] > 0) say(page, "- %s %u\n", inf_words_feeling[i], soul->feelings[i]);
    }
    say(page, "\nWhat I remember:\n");
    json_array_foreach(json_object_get(object, "memories"), i, value) {
        const json_t* who = json_object_get(value, "who");
        const char* kind = json_string_value(json_object_get(value, "kind"));
        place = json_object_get(json_object_get(value, "place"), "name");
        say(page, "- %s%s%s%s%s\n", kind != NULL ? kind : "", who != NULL ? " (" : "", who != NULL ? who_name(who, name) : "",
            who != NULL ? ")" : "", "");
        if (json_is_string(place)) say(page, "  at %s\n", json_string_value(place));
    }
}

static void human_write(Page* page, const json_t* object, const InfDocument* document)
{
    const json_t* value;
    char name[48];
    size_t i;
    say(page, "Whom I know; affection and trust from -1000 to 1000:\n");
    json_array_foreach(json_object_get(object, "relations"), i, value) {
        if (i >= INF_RELATIONS) break;
        const InfRelation* relation = &document->passage.soul.relations[i];
        say(page, "- %s: affection %d, trust %d", who_name(json_object_get(value, "who"), name), relation->affection, relation->trust);
        if (relation->debt_credits > 0) say(page, ", owes me %d credits", relation->debt_credits);
        if (relation->debt_credits < 0) say(page, ", I owe %lld credits", -(long long)relation->debt_credits);
        say(page, "\n");
    }
}

static json_t* block_build(const char* id, const char* label, const char* description, const Page* page)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:b, s:b, s:{}}", "id", id, "label", label, "description", description, "value",
                     page->text, "limit", INF_LETTA_BLOCK_BYTES, "is_template", 0, "read_only", 0, "metadata");
}

json_t* inf_letta_export(const json_t* object, const InfDocument* document, InfSoulsError* error)
{
    const InfSoul* soul = &document->passage.soul;
    Page *persona = calloc(1, sizeof *persona), *human = calloc(1, sizeof *human);
    uint8_t hash[32];
    char identity_hex[65], hash_hex[65];
    if (persona == NULL || human == NULL || !inf_document_hash(object, hash, error)) {
        free(persona);
        free(human);
        inf_souls_fail(error, INF_SOULS_MEMORY, "agent file");
        return NULL;
    }
    persona_write(persona, object, document);
    human_write(human, object, document);
    inf_hex_write(soul->identity, 32, identity_hex);
    inf_hex_write(hash, 32, hash_hex);
    json_t* traits = json_object();
    for (size_t i = 0; i < INF_TRAITS; i++) {
        json_object_set_new(traits, inf_words_trait[i], json_real(inf_trait_number(soul->traits[i])));
    }
    json_t* agent = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:[s,s], s:[], s:[], s:[s], s:[], s:[], s:[], s:[], s:{s:{s:s, s:s, s:s, s:o}}}", "id",
        "agent-0", "name", (const char*)soul->name, "agent_type", "letta_v1_agent", "description",
        "A soul of Infinity. Its key, lineage, credits and ship stay in its .soul file.", "system",
        "You are the soul that your persona block describes. Speak as it would.", "block_ids", "block-0", "block-1", "tool_ids",
        "source_ids", "tags", "infinity", "messages", "in_context_message_ids", "files_agents", "group_ids", "metadata", "infinity",
        "format", "infinity-soul-1", "identity", identity_hex, "document", hash_hex, "traits", traits);
    json_t* file = json_pack("{s:[o], s:[o,o], s:[], s:[], s:[], s:[], s:[], s:{s:s, s:s}}", "agents", agent, "blocks",
                             block_build("block-0", "persona", "The soul, in its own words", persona),
                             block_build("block-1", "human", "Whom it knows", human), "groups", "files", "sources", "tools",
                             "mcp_servers", "metadata", "infinity_identity", identity_hex, "infinity_document", hash_hex);
    free(persona);
    free(human);
    if (file == NULL) inf_souls_fail(error, INF_SOULS_MEMORY, "agent file");
    return file;
}

// ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

// A name that our rules accept: what cannot stand there is left out, and what is left may be nothing.
static void name_clean(const char* text, char out[INF_NAME_BYTES])
{
    size_t count = 0;
    memset(out, 0, INF_NAME_BYTES);
    for (const char* at = text; at != NULL && *at != '\0';) {
        size_t bytes = 1;
        while (((unsigned char)at[bytes] & 0xc0) == 0x80) bytes++;
        if (count + bytes >= INF_NAME_BYTES) break;
        char one[8] = "x";
        if (bytes < sizeof one - 1) memcpy(one + 1, at, bytes);
        bool is_blank = *at == ' ';
        if (bytes < sizeof one - 1 && (is_blank ? count > 0 && out[count - 1] != ' ' : inf_text_check(one, bytes + 1, 16) == INF_TEXT_OK)) {
            memcpy(out + count, at, bytes);
            count += bytes;
        }
        at += bytes;
    }
    while (count > 0 && out[count - 1] == ' ') out[--count] = '\0';
    if (count > 0 && inf_text_check(out, count, INF_NAME_BYTES - 1) != INF_TEXT_OK) memset(out, 0, INF_NAME_BYTES);
}

static void text_clean(const char* text, char* out, size_t out_bytes)
{
    size_t count = 0;
    for (; text != NULL && *text != '\0' && count + 5 < out_bytes; text++) {
        unsigned char c = (unsigned char)*text;
        out[count++] = (c < 0x20 && c != '\n') || c == 0x7f ? ' ' : (char)c;
    }
    // Not inside a character.
    if (text != NULL && ((unsigned char)*text & 0xc0) == 0x80) {
        while (count > 0 && ((unsigned char)out[count - 1] & 0xc0) == 0x80) count--;
        if (count > 0) count--;
    }
    out[count] = '\0';
}

static const json_t* block_find(const json_t* file, const json_t* agent, const char* label)
{
    const json_t* lists[3] = {json_object_get(agent, "core_memory"), json_object_get(agent, "memory_blocks"), NULL};
    const json_t* ids = json_object_get(agent, "block_ids");
    const json_t* block;
    size_t i, j;
    for (int list = 0; list < 2; list++) {
        json_array_foreach(lists[list], i, block) {
            const char* text = json_string_value(json_object_get(block, "label"));
            if (text != NULL && strcmp(text, label) == 0) return block;
        }
    }
    json_array_foreach(json_object_get(file, "blocks"), i, block) {
        const char* text = json_string_value(json_object_get(block, "label"));
        const char* id = json_string_value(json_object_get(block, "id"));
        if (text == NULL || strcmp(text, label) != 0) continue;
        if (!json_is_array(ids)) return block;
        const json_t* wanted;
        json_array_foreach(ids, j, wanted) {
            if (id != NULL && json_is_string(wanted) && strcmp(json_string_value(wanted), id) == 0) return block;
        }
    }
    return NULL;
}

static void metadata_read(const json_t* agent, InfLettaImport* out)
{
    const json_t* ours = json_object_get(json_object_get(agent, "metadata"), "infinity");
    if (!json_is_object(ours)) ours = json_object_get(json_object_get(agent, "metadata_"), "infinity");
    const json_t* traits = json_object_get(ours, "traits");
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        const json_t* value = json_object_get(traits, inf_words_trait[i]);
        double number = json_number_value(value);
        if (!json_is_number(value) || !(number >= 0 && number <= 1)) continue;
        out->dna.traits[i] = inf_trait_of(number);
        out->dna.known |= 1u << i;
    }
    out->has_document = inf_hex_read(json_string_value(json_object_get(ours, "identity")), out->identity, 32) &&
                        inf_hex_read(json_string_value(json_object_get(ours, "document")), out->document_hash, 32);
}

static uint64_t seed_of(const char* name, const char* persona, const char* human)
{
    uint8_t hash[32];
    uint64_t seed = 0;
    size_t bytes = strlen(name) + strlen(persona) + strlen(human) + 3;
    char* text = malloc(bytes);
    if (text == NULL) return 0;
    snprintf(text, bytes, "%s\n%s\n%s", name, persona, human);
    inf_canonical_hash(text, bytes - 1, hash);
    free(text);
    for (int i = 0; i < 8; i++) seed = seed << 8 | hash[i];
    return seed;
}

static uint32_t count_of(const json_t* array)
{
    size_t count = json_array_size(array);
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

static const char* text_of(const json_t* object, const char* name)
{
    const char* text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

bool inf_letta_import(const char* text, size_t byte_count, InfLettaImport* out, InfSoulsError* error)
{
    memset(out, 0, sizeof *out);
    json_t* file = inf_canonical_read(text, byte_count, INF_LETTA_BYTES_MAX, INF_CANONICAL_ANY, error);
    if (file == NULL) return false;
    const json_t* agents = json_object_get(file, "agents");
    bool is_first_form = agents == NULL && json_is_array(json_object_get(file, "core_memory"));
    const json_t* agent = is_first_form ? file : json_array_get(agents, 0);
    if (!json_is_object(agent)) {
        json_decref(file);
        return inf_souls_fail(error, INF_SOULS_KIND, "there is no agent in it");
    }
    const char *persona = text_of(block_find(file, agent, "persona"), "value"), *human = text_of(block_find(file, agent, "human"), "value");
    const char* name = text_of(agent, "name");
    out->dna.credits = -1;
    out->dna.hull = -1;
    out->agent_count = is_first_form ? 1 : count_of(agents);
    out->message_count = count_of(json_object_get(agent, "messages"));
    out->tool_count = count_of(json_object_get(is_first_form ? agent : file, "tools"));
    out->block_count = count_of(json_object_get(is_first_form ? agent : file, is_first_form ? "core_memory" : "blocks"));
    name_clean(name, out->dna.name);
    text_clean(persona, out->persona, sizeof out->persona);
    metadata_read(agent, out);
    out->dna.origin = out->dna.known != 0 ? INF_DNA_WRITTEN : INF_DNA_DRAWN;
    bool is_whole = out->dna.known == (1u << INF_TRAITS) - 1;
    if (!is_whole) inf_dna_draw(&out->dna, seed_of(name, persona, human));
    snprintf(out->dna.note, sizeof out->dna.note, "From a Letta agent file%s", out->has_document ? " of a soul of Infinity" : "");
    json_decref(file);
    return true;
}
