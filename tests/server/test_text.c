// Names and chat: what is let in, what is not, and which tags are too alike.
#include "test.h"

#include <infinity/text.h>

static InfTextFault check(const char* text) { return inf_text_check(text, strlen(text), 239); }
static InfTextFault tag(const char* text) { return inf_tag_check(text, strlen(text)); }

static bool alike(const char* a, const char* b) {
    char x[INF_NAME_BYTES], y[INF_NAME_BYTES];
    ENSURE_SAY(inf_tag_skeleton(a, strlen(a), x) == INF_TEXT_OK, "%s", a);
    ENSURE_SAY(inf_tag_skeleton(b, strlen(b), y) == INF_TEXT_OK, "%s", b);
    return memcmp(x, y, INF_NAME_BYTES) == 0;
}

TEST(text_lets_people_write) {
    ENSURE(check("hello there") == INF_TEXT_OK);
    ENSURE(check("Größe, ça va? 1,234 ₡") == INF_TEXT_OK);
    ENSURE(check("привет, Ναι, 你好, こんにちは, 안녕") == INF_TEXT_OK);
    ENSURE(check("தமிழ் நாடு हिन्दी") == INF_TEXT_OK);
    ENSURE(check("שלום") == INF_TEXT_OK);
    ENSURE(check("🚀 away") == INF_TEXT_OK);
}

TEST(text_refuses_what_tricks) {
    ENSURE(check("") == INF_TEXT_EMPTY);
    ENSURE(check("   ") == INF_TEXT_EMPTY);
    ENSURE(check("a\nb") == INF_TEXT_CONTROL);
    ENSURE(check("a\x1b[31mred") == INF_TEXT_CONTROL);
    ENSURE(check("a\x7f") == INF_TEXT_CONTROL);
    ENSURE(check("a\xc2\x85") == INF_TEXT_CONTROL);       // C1
    ENSURE(check("a\u202eb") == INF_TEXT_INVISIBLE);      // right-to-left override
    ENSURE(check("a\u2066b") == INF_TEXT_INVISIBLE);      // isolate
    ENSURE(check("a\u200bb") == INF_TEXT_INVISIBLE);      // zero-width space
    ENSURE(check("a\u200db") == INF_TEXT_INVISIBLE);      // joiner
    ENSURE(check("\ufeffa") == INF_TEXT_INVISIBLE);       // byte order mark
    ENSURE(check("a\u00a0b") == INF_TEXT_INVISIBLE);      // a blank that is none
    ENSURE(check("\U000e0041x") == INF_TEXT_INVISIBLE);   // tag characters
    ENSURE(check("a\ue000") == INF_TEXT_PRIVATE);
    ENSURE(check("a\ufffe") == INF_TEXT_PRIVATE);
    ENSURE(check("a\U0010fffd") == INF_TEXT_PRIVATE);
    ENSURE(inf_text_check("a\0b", 3, 10) == INF_TEXT_CONTROL);
    ENSURE(inf_text_check("abcdef", 6, 5) == INF_TEXT_LONG);
}

TEST(text_refuses_bad_utf8) {
    const char* bad[] = {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                         "\xf8\x88\x80\x80\x80", "\xff", "a\xc3", "a\xe2\x82", "\xe2\x28\xa1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ENSURE_SAY(check(bad[i]) == INF_TEXT_NOT_UTF8, "case %zu", i);
    }
}

TEST(text_refuses_what_is_not_composed) {
    ENSURE(check("e\u0301") == INF_TEXT_NOT_COMPOSED);     // é in two parts
    ENSURE(check("\u212b") == INF_TEXT_NOT_COMPOSED);      // Angstrom sign
    ENSURE(check("\u1161") == INF_TEXT_NOT_COMPOSED);      // jamo
    ENSURE(check("\u0bc6\u0bbe") == INF_TEXT_NOT_COMPOSED);
    ENSURE(check("\u304b\u3099") == INF_TEXT_NOT_COMPOSED);
    ENSURE(check("a\u0483\u0484\u0485") == INF_TEXT_NOT_COMPOSED); // a tower of marks
}

TEST(tags_have_a_form) {
    ENSURE(tag("Ada") == INF_TEXT_OK);
    ENSURE(tag("Old Man_7") == INF_TEXT_OK);
    ENSURE(tag("O'Neill-2") == INF_TEXT_OK);
    ENSURE(tag("Žižek") == INF_TEXT_OK);
    ENSURE(tag("Катя") == INF_TEXT_OK);
    ENSURE(tag("Ωρίων") == INF_TEXT_OK);
    ENSURE(tag("") == INF_TEXT_EMPTY);
    ENSURE(tag("ab") == INF_TEXT_SHORT);
    ENSURE(tag("aaaaaaaaaaaaaaaaaaaaa") == INF_TEXT_LONG);
    ENSURE(tag("aaaaaaaaaaaaaaaaaaaa") == INF_TEXT_OK);
    ENSURE(tag("ЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖ") == (20 * 2 < INF_NAME_BYTES ? INF_TEXT_OK : INF_TEXT_LONG)); // 40 bytes
    ENSURE(tag("12345") == INF_TEXT_NO_LETTER);
    ENSURE(tag(" Ada") == INF_TEXT_BLANKS);
    ENSURE(tag("Ada ") == INF_TEXT_BLANKS);
    ENSURE(tag("A  da") == INF_TEXT_BLANKS);
    ENSURE(tag("Ada!") == INF_TEXT_LETTER);
    ENSURE(tag("<b>Ada") == INF_TEXT_LETTER);
    ENSURE(tag("Ad🚀") == INF_TEXT_LETTER);
    ENSURE(tag("Аda") == INF_TEXT_MIXED); // Cyrillic А
    ENSURE(tag("Adα") == INF_TEXT_MIXED);
}

TEST(tags_that_look_alike_share_a_skeleton) {
    ENSURE(alike("Ada", "ADA"));
    ENSURE(alike("Ada", "Àdá"));
    ENSURE(alike("Bob", "B0b"));
    ENSURE(alike("Bill", "BlII"));
    ENSURE(alike("Bill", "B1l1"));
    ENSURE(alike("Burn", "Bum"));
    ENSURE(alike("vvolf", "Wolf"));
    ENSURE(alike("Old Man", "old_man"));
    ENSURE(alike("Old Man", "OldMan"));
    ENSURE(alike("Straße", "STRASSE"));
    ENSURE(alike("Ægir", "aegir"));
    ENSURE(alike("ТОМ", "TOM"));  // Cyrillic
    ENSURE(alike("ΑΝΝΑ", "ANNA")); // Greek
    ENSURE(alike("Катя", "КАТЯ"));
    ENSURE(!alike("Ada", "Eva"));
    ENSURE(!alike("Катя", "Митя"));
    ENSURE(!alike("Anna", "Hanna"));
}

TEST(a_bad_tag_has_no_skeleton) {
    char out[INF_NAME_BYTES];
    memset(out, 'x', sizeof(out));
    ENSURE(inf_tag_skeleton("a\u202eb", 5, out) == INF_TEXT_INVISIBLE);
    for (size_t i = 0; i < sizeof(out); i++) {
        ENSURE(out[i] == 0);
    }
}

TEST_RANDOM(noise_is_judged_and_never_overruns) {
    TestRandom random = {seed};
    for (int i = 0; i < 20000; i++) {
        char text[64], skeleton[INF_NAME_BYTES];
        size_t bytes = test_random_below(&random, sizeof(text));
        test_random_bytes(&random, text, bytes);
        char* exact = malloc(bytes + 1); // so that an address sanitizer sees each byte too many
        memcpy(exact, text, bytes);
        InfTextFault fault = inf_text_check(exact, bytes, 63);
        ENSURE(fault <= INF_TEXT_NO_LETTER);
        InfTextFault own = inf_tag_skeleton(exact, bytes, skeleton);
        ENSURE(own != INF_TEXT_OK || skeleton[INF_NAME_BYTES - 1] == 0);
        free(exact);
    }
}
