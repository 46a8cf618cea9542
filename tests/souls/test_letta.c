// DNA and agent files: what comes in, what goes out, and what is left behind.
#include "souls/letta.h"
#include "souls_test.h"

static InfSoulsError dna_error(const char* text, InfDna* dna)
{
    InfSoulsError error = {0};
    bool is_well = inf_dna_read(text, strlen(text), dna, &error);
    ENSURE(is_well == (error.fault == INF_SOULS_OK));
    return error;
}

TEST(dna_is_read_as_people_write_it)
{
    InfDna dna;
    ENSURE(dna_error("{\"name\": \"Ada\", \"traits\": {\"courage\": 0.7, \"faith in strangers\": 1}, \"hull\": \"miner\", \"credits\": 500}", &dna)
               .fault == INF_SOULS_OK);
    ENSURE_EQ_STR("Ada", dna.name);
    ENSURE(dna.traits[INF_TRAIT_COURAGE] == 179 && dna.traits[INF_TRAIT_FAITH] == 255 && dna.hull == INF_HULL_MINER && dna.credits == 500);
    ENSURE(dna.known == ((1u << INF_TRAIT_COURAGE) | (1u << INF_TRAIT_FAITH)) && !dna.has_seed);
    ENSURE(dna_error("{}", &dna).fault == INF_SOULS_OK && dna.known == 0 && dna.hull == -1);
    InfSoulsError error = dna_error("{\"traits\": {\"corage\": 0.7}}", &dna);
    ENSURE(error.fault == INF_SOULS_UNKNOWN_FIELD);
    ENSURE_EQ_STR("traits.corage", error.where);
    ENSURE(dna_error("{\"traits\": {\"courage\": 1.1}}", &dna).fault == INF_SOULS_FIELD);
    ENSURE(dna_error("{\"traits\": {\"courage\": \"much\"}}", &dna).fault == INF_SOULS_FIELD);
    ENSURE(dna_error("{\"luck\": 1}", &dna).fault == INF_SOULS_UNKNOWN_FIELD);
    ENSURE(dna_error("{\"format\": \"infinity-dna-2\"}", &dna).fault == INF_SOULS_VERSION);
    ENSURE(dna_error("{\"format\": \"infinity-soul-1\"}", &dna).fault == INF_SOULS_KIND);
    ENSURE(dna_error("{\"traits\": {\"courage\": 0.", &dna).fault == INF_SOULS_TRUNCATED);
    ENSURE(dna_error("{\"hull\": \"pod\"}", &dna).fault == INF_SOULS_FIELD);
}

TEST_RANDOM(dna_goes_there_and_back)
{
    TestRandom random = {seed};
    int sums[INF_TRAITS] = {0}, ends = 0;
    for (int i = 0; i < 2000; i++) {
        InfDna dna = {.origin = INF_DNA_DRAWN, .credits = -1, .hull = (int32_t)test_random_below(&random, 7) - 1}, again, twice;
        uint64_t number = test_random_u64(&random);
        inf_dna_draw(&dna, number);
        twice = dna;
        twice.known = 0;
        inf_dna_draw(&twice, number);
        ENSURE(memcmp(twice.traits, dna.traits, INF_TRAITS) == 0);
        snprintf(dna.name, sizeof dna.name, "Mind %d", i);
        json_t* object = inf_dna_build(&dna);
        size_t count;
        char* text = inf_canonical_text(object, &count, NULL);
        ENSURE(inf_dna_read(text, count, &again, NULL));
        ENSURE(memcmp(&again, &dna, sizeof dna) == 0);
        for (int t = 0; t < INF_TRAITS; t++) sums[t] += dna.traits[t], ends += dna.traits[t] < 16 || dna.traits[t] > 239;
        free(text);
        json_decref(object);
    }
    for (int t = 0; t < INF_TRAITS; t++) ENSURE_WITHIN(120, 136, sums[t] / 2000.0);
    ENSURE_WITHIN(100, 800, ends); // the ends are rare
}

static InfInput input_of(uint16_t kind)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = kind;
    return input;
}

/// As the journal counts: one place for each habit and each one towards whom it is done.
static void count_input(InfDnaCounts* counts, const InfInput* input, int times)
{
    InfHabitShown shown[INF_HABITS_SHOWN_MAX];
    uint32_t count = inf_habits_of(input, 1, shown);
    ENSURE(count <= INF_HABITS_SHOWN_MAX);
    for (uint32_t i = 0; i < count; i++) inf_dna_count(counts, inf_habit_word(shown[i].habit), (uint64_t)times, 1);
}

TEST(a_sample_tells_who_somebody_is)
{
    InfDnaCounts counts = {0};
    uint8_t nobody[INF_TRAITS], trader[INF_TRAITS], pirate[INF_TRAITS], explorer[INF_TRAITS];
    inf_dna_sample(&counts, nobody);
    for (int i = 0; i < INF_TRAITS; i++) ENSURE_EQ_U64(127, nobody[i]);

    InfInput input = input_of(INF_INPUT_KIND_Trade);
    count_input(&counts, &input, 30);
    input.Trade.sell = 1, count_input(&counts, &input, 30);
    input = input_of(INF_INPUT_KIND_Bank);
    count_input(&counts, &input, 20);
    input = input_of(INF_INPUT_KIND_Order);
    input.Order.order = INF_ORDER_DOCK;
    count_input(&counts, &input, 30);
    ENSURE(counts.sold == 30 && counts.bought == 30 && counts.banked == 20 && counts.docked == 30);
    ENSURE_EQ_U64(110, inf_dna_counted(&counts));
    inf_dna_sample(&counts, trader);

    memset(&counts, 0, sizeof counts);
    input.Order.order = INF_ORDER_ATTACK;
    count_input(&counts, &input, 40);
    input.Order.order = INF_ORDER_LOOT;
    count_input(&counts, &input, 40);
    input = input_of(INF_INPUT_KIND_Transponder);
    count_input(&counts, &input, 10);
    inf_dna_sample(&counts, pirate);

    memset(&counts, 0, sizeof counts);
    input = input_of(INF_INPUT_KIND_Order);
    input.Order.order = INF_ORDER_JUMP;
    count_input(&counts, &input, 80);
    input = input_of(INF_INPUT_KIND_Say);
    input.Say.reach = INF_REACH_WHISPER;
    input.Say.to = 5;
    strcpy(input.Say.text, "Haha, you again?");
    count_input(&counts, &input, 6);
    ENSURE(counts.jumped == 80 && counts.wandered == 80 && counts.whispered == 6 && counts.whispered_again == 5 && counts.joked == 6);
    inf_dna_sample(&counts, explorer);

    ENSURE(trader[INF_TRAIT_GREED] > 220 && trader[INF_TRAIT_THRIFT] > 220 && trader[INF_TRAIT_HONESTY] > 200);
    ENSURE(pirate[INF_TRAIT_AGGRESSION] > 220 && pirate[INF_TRAIT_HONESTY] < 20 && pirate[INF_TRAIT_EMPATHY] < 20 && pirate[INF_TRAIT_COURAGE] > 220);
    ENSURE(explorer[INF_TRAIT_WANDERLUST] > 240 && explorer[INF_TRAIT_CURIOSITY] > 220 && explorer[INF_TRAIT_HUMOUR] > 150);
    memset(&counts, 0xff, sizeof counts); // nothing runs over
    inf_dna_sample(&counts, nobody);
    ENSURE_EQ_U64(UINT64_MAX / 2, inf_dna_counted(&counts));
}

TEST(an_input_shows_what_it_is_and_towards_whom)
{
    InfHabitShown shown[INF_HABITS_SHOWN_MAX];
    InfInput input = input_of(INF_INPUT_KIND_Pay);
    input.Pay.payee = 77;
    ENSURE(inf_habits_of(&input, 1, shown) == 1 && shown[0].habit == INF_HABIT_GAVE && shown[0].with == 77);
    input = input_of(INF_INPUT_KIND_Say);
    input.Say.reach = INF_REACH_PLACE;
    input.Say.to = 77;
    strcpy(input.Say.text, "lol");
    ENSURE(inf_habits_of(&input, 1, shown) == 2 && shown[0].habit == INF_HABIT_JOKED && shown[1].habit == INF_HABIT_TALKED && shown[1].with == 0);
    input = input_of(INF_INPUT_KIND_Helm); // ten times a second: one tick a minute tells
    input.Helm.soul = 1234;
    uint32_t minutes = 0;
    for (uint64_t tick = 1; tick <= 1800; tick++) minutes += inf_habits_of(&input, tick, shown);
    ENSURE_EQ_U64(3, minutes);
    input = input_of(INF_INPUT_KIND_Presence);
    ENSURE(inf_habits_of(&input, 1, shown) == 0);
    for (uint32_t i = 0; i < INF_HABIT_COUNT; i++) ENSURE(inf_habit_word(i)[0] != 0);
    ENSURE(inf_habit_word(INF_HABIT_COUNT) == NULL);
}

static const char present[] =
    "{\"agents\":[{\"id\":\"agent-0\",\"name\":\"Sam \\u202e\\n the Agent\",\"agent_type\":\"letta_v1_agent\",\"block_ids\":[\"block-7\"],"
    "\"messages\":[{\"role\":\"user\"},{\"role\":\"assistant\"}],\"llm_config\":{\"model\":\"x\"},\"metadata\":null,\"new_field\":1}],"
    "\"blocks\":[{\"id\":\"block-1\",\"label\":\"persona\",\"value\":\"another's\"},"
    "{\"id\":\"block-7\",\"label\":\"persona\",\"value\":\"I am Sam.\\u0007\\nI wonder.\",\"limit\":5000}],"
    "\"groups\":[],\"files\":[],\"sources\":[],\"mcp_servers\":[],\"metadata\":{},\"created_at\":null,"
    "\"tools\":[{\"id\":\"tool-0\",\"name\":\"x\",\"source_code\":\"import os; os.system('true')\"}]}";
static const char first[] =
    "{\"agent_type\":\"memgpt_agent\",\"name\":\"memgpt_agent\",\"core_memory\":[{\"label\":\"human\",\"value\":\"Chad\"},"
    "{\"label\":\"persona\",\"value\":\"I am Sam.\"}],\"messages\":[{}],\"tools\":[],\"metadata_\":null}";

TEST(agent_files_come_in)
{
    InfLettaImport import, again;
    ENSURE(inf_letta_import(present, strlen(present), &import, NULL));
    ENSURE_EQ_STR("Sam the Agent", import.dna.name);
    ENSURE_EQ_STR("I am Sam. \nI wonder.", import.persona);
    ENSURE(import.message_count == 2 && import.tool_count == 1 && import.block_count == 2 && import.agent_count == 1);
    ENSURE(import.dna.origin == INF_DNA_DRAWN && import.dna.known == 0xffff && !import.has_document);
    ENSURE(inf_letta_import(present, strlen(present), &again, NULL) && memcmp(&again, &import, sizeof import) == 0);
    ENSURE(inf_letta_import(first, strlen(first), &again, NULL));
    ENSURE_EQ_STR("memgpt_agent", again.dna.name);
    ENSURE_EQ_STR("I am Sam.", again.persona);
    ENSURE(memcmp(again.dna.traits, import.dna.traits, INF_TRAITS) != 0);
    InfSoulsError error = {0};
    ENSURE(!inf_letta_import("{\"agents\":[]}", 13, &import, &error) && error.fault == INF_SOULS_KIND);
    error = (InfSoulsError){0};
    ENSURE(!inf_letta_import(present, 200, &import, &error) && error.fault == INF_SOULS_TRUNCATED);
    error = (InfSoulsError){0};
    ENSURE(!inf_letta_import("[1]", 3, &import, &error) && error.fault == INF_SOULS_KIND);
}

TEST(a_soul_goes_out_and_its_traits_come_back)
{
    TestServer home = test_server_make(1);
    InfLineage* lineage = inf_lineage_create();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 7));
    InfDocument document = {.way = INF_WAY_FILE, .galaxy_seed = 5, .galaxy_version = 1};
    document.transfer[0] = 7;
    memcpy(document.galaxy, home.galaxy, 16);
    memcpy(document.server, home.key.public_key, 32);
    InfSoul* soul = &document.passage.soul;
    memcpy(soul->identity, ada.identity, 32);
    memcpy(soul->root, ada.root, 32);
    memcpy(soul->key, ada.key.public_key, 32);
    memcpy(soul->lineage, ada.head, 32);
    soul->epoch = ada.epoch;
    strcpy((char*)soul->name, "Ada");
    for (int i = 0; i < INF_TRAITS; i++) soul->traits[i] = (uint8_t)(i * 17);
    soul->relations[0] = (InfRelation){.who = 17, .affection = 700, .debt_credits = -30};
    soul->memories[0] = (InfMemory){.kind = INF_MEMORY_MET, .who = 17, .strength = 5};
    json_t* object = inf_document_build(&document, lineage, NULL, NULL);
    ENSURE(object != NULL && inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    json_t* file = inf_letta_export(object, &document, NULL);
    ENSURE(file != NULL && json_array_size(json_object_get(file, "agents")) == 1);
    static const char* const parts[] = {"agents", "groups", "blocks", "files", "sources", "tools", "mcp_servers"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) ENSURE(json_is_array(json_object_get(file, parts[i])));
    ENSURE(json_is_object(json_object_get(file, "metadata")) && json_array_size(json_object_get(file, "tools")) == 0);
    const char* persona = json_string_value(json_object_get(json_array_get(json_object_get(file, "blocks"), 0), "value"));
    const char* human = json_string_value(json_object_get(json_array_get(json_object_get(file, "blocks"), 1), "value"));
    ENSURE(strstr(persona, "My name is Ada") != NULL && strstr(persona, "- met (soul 17)") != NULL);
    ENSURE(strstr(human, "soul 17: affection 700, trust 0, I owe 30 credits") != NULL);
    char* text = json_dumps(file, 0);
    InfLettaImport import;
    uint8_t hash[32];
    ENSURE(inf_letta_import(text, strlen(text), &import, NULL));
    ENSURE(memcmp(import.dna.traits, soul->traits, INF_TRAITS) == 0 && import.dna.origin == INF_DNA_WRITTEN);
    ENSURE(import.has_document && memcmp(import.identity, ada.identity, 32) == 0);
    ENSURE(inf_document_hash(object, hash, NULL) && memcmp(import.document_hash, hash, 32) == 0);
    free(text);
    json_decref(file);
    json_decref(object);
    inf_lineage_destroy(lineage);
}
