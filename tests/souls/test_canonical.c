// Canonical JSON against RFC 8785's own samples, and what is refused.
#include "souls/canonical.h"
#include "souls/sign.h"
#include "test.h"

// RFC 8785, appendix B.
static const struct {
    uint64_t bits;
    const char* text; // null: must be refused
} numbers[] = {
    {0x0000000000000000, "0"},
    {0x8000000000000000, "0"},
    {0x0000000000000001, "5e-324"},
    {0x8000000000000001, "-5e-324"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0xffefffffffffffff, "-1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0xc340000000000000, "-9007199254740992"},
    {0x4430000000000000, "295147905179352830000"},
    {0x7fffffffffffffff, NULL},
    {0x7ff0000000000000, NULL},
    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x41b3de4355555553, "333333333.3333332"},
    {0x41b3de4355555554, "333333333.33333325"},
    {0x41b3de4355555555, "333333333.3333333"},
    {0x41b3de4355555556, "333333333.3333334"},
    {0x41b3de4355555557, "333333333.33333343"},
    {0xbecbf647612f3696, "-0.0000033333333333333333"},
    {0x43143ff3c1cb0959, "1424953923781206.2"},
    // A power of two, where the nearest decimal of 16 digits is another double's.
    {0x3d30000000000000, "5.684341886080802e-14"},
};

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

TEST(numbers_are_those_of_the_rfc)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[INF_CANONICAL_NUMBER_BYTES];
        bool is_written = inf_canonical_number(double_of(numbers[i].bits), text);
        ENSURE(is_written == (numbers[i].text != NULL));
        if (is_written) ENSURE_EQ_STR(numbers[i].text, text);
    }
}

// Digits that count: without zeros before the first and behind the last.
static int digits_in(const char* text)
{
    int count = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text == '0' && count > 0) zeros++;
        if (*text >= '1' && *text <= '9') count += zeros + 1, zeros = 0;
    }
    return count;
}

TEST_RANDOM(numbers_read_back)
{
    TestRandom random = {seed};
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = test_random_u64(&random);
        if (i % 5 == 1) { // few decimals
            double few = (double)(bits >> 24) / (i % 2 == 0 ? 1000.0 : 10.0);
            memcpy(&bits, &few, sizeof bits);
        }
        if (i % 3 == 0) bits &= UINT64_C(0xfff0000000000000); // powers of two
        double value = double_of(bits);
        char text[INF_CANONICAL_NUMBER_BYTES];
        if (!inf_canonical_number(value, text)) continue;
        ENSURE_SAY(strtod(text, NULL) == value, "%s is not %.17g", text, value);
        int precision = 0; // and no shorter decimal reads back
        char shorter[40];
        do snprintf(shorter, sizeof shorter, "%.*e", precision, value);
        while (strtod(shorter, NULL) != value && ++precision < 17);
        ENSURE_SAY(digits_in(text) <= precision + 1, "%s is longer than %s", text, shorter);
    }
}

static void ensure_canonical(const char* text, const char* expected)
{
    InfSoulsError error = {0};
    json_t* value = inf_canonical_read(text, strlen(text), 65536, INF_CANONICAL_ANY, &error);
    ENSURE(value != NULL);
    char* written = inf_canonical_text(value, NULL, &error);
    ENSURE_EQ_STR(expected, written);
    json_decref(value);
    value = inf_canonical_read(written, strlen(written), 65536, INF_CANONICAL_STRICT, &error);
    ENSURE(value != NULL);
    json_decref(value);
    free(written);
}

TEST(objects_are_those_of_the_rfc)
{
    ensure_canonical("{\n \"numbers\": [333333333.33333329, 1E30, 4.50,\n 2e-3, 0.000000000000000000000000001],\n"
                     " \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                     " \"literals\": [null, true, false]\n}",
                     "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                     "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    ensure_canonical("{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\","
                     "\"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\", \"1\": \"One\","
                     "\"\\ud83d\\ude00\": \"Emoji: Grinning Face\", \"\\u0080\": \"Control\","
                     "\"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}",
                     "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
                     "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
                     "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
    // The RFC's structure sample.
    ensure_canonical("{\"1\": {\"f\": {\"f\": \"hi\",\"F\": 5} ,\"\\n\": 56.0}, \"10\": { }, \"\": \"empty\", \"a\": { },"
                     "\"111\": [ {\"e\": \"yes\",\"E\": \"no\" } ], \"A\": { } }",
                     "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},"
                     "\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}");
    ensure_canonical("[\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\"]", "[\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\"]");
}

TEST(a_member_may_be_there_as_text)
{
    json_t* object = json_loads("{\"b\":{\"lineage\":1},\"lineage_head\":2,\"lineage\":[],\"a\":3}", 0, NULL);
    size_t count = 0;
    char* text = inf_canonical_text_with(object, "lineage", "[{\"x\":1}]", 9, &count, NULL);
    const char* expected = "{\"a\":3,\"b\":{\"lineage\":1},\"lineage\":[{\"x\":1}],\"lineage_head\":2}"; // the outermost only
    ENSURE(text != NULL && count == strlen(expected) && strcmp(text, expected) == 0);
    free(text);
    json_decref(object);
}

TEST(names_are_ordered_by_utf16)
{
    ENSURE(inf_canonical_compare("a", "b") < 0 && inf_canonical_compare("b", "a") > 0);
    ENSURE(inf_canonical_compare("a", "a") == 0 && inf_canonical_compare("", "a") < 0);
    ENSURE(inf_canonical_compare("\xf0\x90\x80\x80", "\xee\x80\x80") < 0); // U+10000 before U+E000
    ENSURE(inf_canonical_compare("\xef\xbf\xbd", "\xf4\x8f\xbf\xbf") > 0);
    ENSURE(inf_canonical_compare("\xed\x9f\xbf", "\xf0\x90\x80\x80") < 0); // U+D7FF stays before both
    ENSURE(inf_canonical_compare("\xf0\x90\x80\x80", "\xf0\x90\x80\x81") < 0);
}

static InfSoulsFault fault_of(const char* text, InfCanonicalForm form)
{
    InfSoulsError error = {0};
    json_t* value = inf_canonical_read(text, strlen(text), 1000, form, &error);
    ENSURE((value == NULL) == (error.fault != INF_SOULS_OK));
    json_decref(value);
    return error.fault;
}

TEST(what_is_not_canonical_is_told)
{
    ENSURE(fault_of("{\"a\":1,\"b\":2}", INF_CANONICAL_STRICT) == INF_SOULS_OK);
    ENSURE(fault_of("{\"a\":1,\"b\":2}\n", INF_CANONICAL_STRICT) == INF_SOULS_OK);
    ENSURE(fault_of("{\"b\":2,\"a\":1}", INF_CANONICAL_STRICT) == INF_SOULS_CANONICAL);
    ENSURE(fault_of("{\"b\":2,\"a\":1}", INF_CANONICAL_ANY) == INF_SOULS_OK);
    ENSURE(fault_of("{\"a\": 1}", INF_CANONICAL_STRICT) == INF_SOULS_CANONICAL);
    ENSURE(fault_of("{\"a\":1.0}", INF_CANONICAL_STRICT) == INF_SOULS_CANONICAL);
    ENSURE(fault_of("{\"a\":\"\\u0041\"}", INF_CANONICAL_STRICT) == INF_SOULS_CANONICAL);
    ENSURE(fault_of("{\"a\":9007199254740993}", INF_CANONICAL_STRICT) == INF_SOULS_NUMBER);
    ENSURE(fault_of("{\"a\":1e400}", INF_CANONICAL_ANY) == INF_SOULS_NUMBER);
    ENSURE(fault_of("{\"a\":123456789012345678901234567890}", INF_CANONICAL_ANY) == INF_SOULS_NUMBER);
    ENSURE(fault_of("{\"a\":1,\"a\":2}", INF_CANONICAL_ANY) == INF_SOULS_JSON);
    ENSURE(fault_of("{\"a\":[1,2", INF_CANONICAL_ANY) == INF_SOULS_TRUNCATED);
    ENSURE(fault_of("{\"a\":\"x", INF_CANONICAL_ANY) == INF_SOULS_TRUNCATED);
    ENSURE(fault_of("", INF_CANONICAL_ANY) == INF_SOULS_TRUNCATED);
    ENSURE(fault_of("{\"a\":1}x", INF_CANONICAL_ANY) == INF_SOULS_JSON);
    ENSURE(fault_of("{\"a\":\"\\ud800\"}", INF_CANONICAL_ANY) == INF_SOULS_JSON);
    ENSURE(fault_of("{\"a\":\"\xff\"}", INF_CANONICAL_ANY) == INF_SOULS_JSON);
    ENSURE(fault_of("{\"a\\u0000\":1}", INF_CANONICAL_ANY) == INF_SOULS_JSON);
    char deep[INF_CANONICAL_DEPTH_MAX * 2 + 3] = "";
    for (int i = 0; i <= INF_CANONICAL_DEPTH_MAX; i++) deep[i] = '[', deep[2 * INF_CANONICAL_DEPTH_MAX + 1 - i] = ']';
    ENSURE(fault_of(deep, INF_CANONICAL_ANY) == INF_SOULS_DEPTH);
    deep[2 * INF_CANONICAL_DEPTH_MAX + 1] = '\0';
    ENSURE(fault_of(deep + 1, INF_CANONICAL_STRICT) == INF_SOULS_OK);
    ENSURE(fault_of("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[\"]", INF_CANONICAL_ANY) == INF_SOULS_OK);
    char large[1200];
    memset(large, ' ', sizeof large);
    large[sizeof large - 1] = '\0';
    ENSURE(fault_of(large, INF_CANONICAL_ANY) == INF_SOULS_SIZE);
}

TEST(digits_have_one_form)
{
    uint8_t bytes[4];
    char text[9];
    ENSURE(inf_hex_read("00ff10a5", bytes, 4) && bytes[1] == 0xff && bytes[3] == 0xa5);
    ENSURE_EQ_STR("00ff10a5", inf_hex_write(bytes, 4, text));
    ENSURE(!inf_hex_read("00FF10A5", bytes, 4) && bytes[3] == 0);
    ENSURE(!inf_hex_read("00ff10a", bytes, 4) && !inf_hex_read("00ff10a5a", bytes, 4));
    ENSURE(!inf_hex_read("00ff10g5", bytes, 4) && !inf_hex_read(NULL, bytes, 4));
}

TEST(a_signature_is_for_one_kind_and_content)
{
    ENSURE(inf_sign_start());
    InfSignKey key, other;
    inf_sign_key_draw(&key);
    inf_sign_key_draw(&other);
    json_t* object = json_pack("{s:i, s:s}", "b", 2, "a", "x");
    ENSURE(inf_sign_object(INF_SIGN_OFFER, object, "server_signature", &key, NULL));
    ENSURE(inf_sign_object(INF_SIGN_OFFER, object, "soul_signature", &other, NULL));
    ENSURE(inf_sign_object_check(INF_SIGN_OFFER, object, "server_signature", key.public_key));
    ENSURE(inf_sign_object_check(INF_SIGN_OFFER, object, "soul_signature", other.public_key));
    ENSURE(!inf_sign_object_check(INF_SIGN_OFFER, object, "server_signature", other.public_key));
    ENSURE(!inf_sign_object_check(INF_SIGN_CLAIM, object, "server_signature", key.public_key));
    ENSURE(!inf_sign_object_check(INF_SIGN_OFFER, object, "other_signature", key.public_key));
    json_object_set_new(object, "b", json_integer(3));
    ENSURE(!inf_sign_object_check(INF_SIGN_OFFER, object, "server_signature", key.public_key));
    json_decref(object);
}
