// GET /api/souls in a galaxy of many: each answer costs a bounded look, whatever is looked for, and the pages together are all.
#include "own_key_test.h"

#define MINDS 9000u
#define LOOKED_AT 4096u // rows for one answer, at most: souls_answers.c

/// All pages of a question. @param out_pages  how many, of which the first empty with more behind it are counted, too
static json_t* all_pages(const char* question, uint32_t* out_pages, uint32_t* out_empty) {
    json_t* all = json_array();
    char cursor[24] = "0", path[160];
    *out_pages = *out_empty = 0;
    uint64_t before = 0;
    do {
        int status;
        snprintf(path, sizeof(path), "/api/souls?cursor=%s%s", cursor, question);
        json_t* answer = http(false, "GET", path, NULL, &status);
        ENSURE_EQ_I64(200, status);
        const json_t* souls = json_object_get(answer, "souls");
        snprintf(cursor, sizeof(cursor), "%s", text_at(answer, "next"));
        ++*out_pages;
        *out_empty += json_array_size(souls) == 0 && strcmp(cursor, "0") != 0;
        uint64_t next = strtoull(cursor, NULL, 10);
        if (next != 0 && next >> 63 == 0 && next >> 32 == before >> 32) { // in one world
            ENSURE(next > before && next - before <= LOOKED_AT);
        }
        before = next;
        ENSURE(json_array_extend(all, (json_t*)souls) == 0 && *out_pages < 1000);
        json_decref(answer);
        if (*out_pages % 40 == 0) {
            usleep(900000); // 50 questions a second are allowed
        }
    } while (strcmp(cursor, "0") != 0);
    return all;
}

TEST(a_name_among_thousands_is_found_page_by_page) {
    acts_minds = MINDS;
    open_galaxy("many");
    Who ada = bear("Zquz Last", 1, false); // her row is behind all others
    uint32_t pages, empty;
    json_t* found = all_pages("&find=qUz+lAST", &pages, &empty);
    ENSURE_EQ_U64(1, json_array_size(found));
    ENSURE_EQ_STR(ada.id, text_at(json_array_get(found, 0), "soul"));
    ENSURE_SAY(pages >= MINDS / LOOKED_AT && pages < 20, "%u pages", pages);
    ENSURE(empty >= 1); // what was looked at first had no such name, and the answer did not wait for more
    json_decref(found);
    found = all_pages("&find=nobody+is+called+so", &pages, &empty);
    ENSURE_EQ_U64(0, json_array_size(found));
    ENSURE_EQ_U64(pages - 1, empty);
    json_decref(found);
    found = all_pages("", &pages, &empty);
    ENSURE_SAY(json_array_size(found) > MINDS * 9 / 10 && pages >= json_array_size(found) / 100, "%zu souls, %u pages", json_array_size(found), pages);
    json_t *seen = json_object(), *soul;
    size_t index;
    json_array_foreach(found, index, soul) {
        ENSURE(json_object_set_new(seen, text_at(soul, "soul"), json_true()) == 0);
    }
    ENSURE_SAY(json_object_size(seen) >= json_array_size(found) - 5, "%zu of %zu", json_object_size(seen), json_array_size(found)); // who changed worlds meanwhile
    json_decref(seen);
    json_decref(found);
    close_galaxy();
}
