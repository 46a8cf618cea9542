// What is fed to an awake galaxy's host, on all its ways: the JSON of POST /api/senses, lines on stdin of `infinity serve`
// (with the program's own reader; what it would send to the server is looked at here), inputs of the host's WebSocket, and
// the first bytes of pictures. The first byte says which. Whatever is let in by one way must be good by the others' rules.
#include "fuzz.h"

#include "server/senses.h"
#include "server/ws.h"

#include <infinity/text.h>

#include <unistd.h>

// The program's reader of stdin, with a server and files of the fuzzer's own: no file is opened, nothing is printed.
static FILE* fuzz_open(const char* path, const char* mode);
static FILE* fuzz_null(void);
#undef stderr
#define stderr fuzz_null()
#define fopen fuzz_open
#define usleep(us) ((void)(us))
#include "cli/senses.c"
#undef fopen
#undef usleep

static const uint8_t png[24] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};

static FILE* fuzz_null(void)
{
    static FILE* null_file;
    if (null_file == NULL) {
        null_file = (fopen)("/dev/null", "w");
    }
    return null_file;
}

static FILE* fuzz_open(const char* path, const char* mode)
{
    return strlen(path) % 3 == 0 ? NULL : fmemopen((void*)(uintptr_t)png, sizeof png, mode[0] == 'r' ? "r" : "w");
}

/// A sense that was let in: within bounds, the same when it is read again, and good as an input.
static void check_sense(const json_t* sense)
{
    static uint8_t bytes[INF_INPUT_BYTES_MAX];
    static InfInput again;
    InfInput input = {.kind = INF_INPUT_KIND_Sense};
    inf_sense_to_input(sense, &input.Sense);
    FUZZ_ENSURE(inf_sense_check(&input.Sense) == NULL);
    InfWriter writer = inf_writer_make(bytes, sizeof bytes);
    FUZZ_ENSURE(inf_input_write(&writer, &input));
    InfReader reader = inf_reader_make(bytes, writer.at);
    FUZZ_ENSURE(inf_input_read(&reader, &again) == INF_OK && inf_reader_left(&reader) == 0);
    FUZZ_ENSURE(again.Sense.text_bytes == input.Sense.text_bytes && memcmp(again.Sense.text, input.Sense.text, input.Sense.text_bytes) == 0);

    static const char* const kinds[] = {"text", "picture", "transcript"};
    json_t* body = json_pack("{s:s, s:O, s:O, s:O*}", "kind", kinds[input.Sense.kind], "source", json_object_get(sense, "source"), "text",
                             json_object_get(sense, "text"), "picture", json_object_get(sense, "hash"));
    json_t* same;
    FUZZ_ENSURE(inf_sense_read(body, &same) == NULL && json_equal(same, sense));
    json_decref(same);
    json_decref(body);
}

static void fuzz_json(const char* text, size_t count)
{
    json_t* body = json_loadb(text, count, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    json_t* sense;
    const char* wrong = inf_sense_read(body, &sense);
    FUZZ_ENSURE((wrong == NULL) == (sense != NULL) && (wrong == NULL || wrong[0] != '\0'));
    if (sense != NULL) {
        check_sense(sense);
    }
    json_decref(sense);
    json_decref(body);
}

/// text/plain, as HTTP takes it.
static void fuzz_plain(const char* text, size_t count)
{
    json_t* body = json_pack("{s:o}", "text", json_stringn(text, count));
    json_t* sense;
    if (inf_sense_read(body, &sense) == NULL) {
        check_sense(sense);
        json_decref(sense);
    }
    json_decref(body);
}

static bool is_of_plain_line; // then the server has to take all of it, but for what cannot be shown

CliExit cli_http_send(const char* method, const char* path, const char* type, const void* body, size_t body_bytes, int* out_status,
                      json_t** out_answer, char* out_text, size_t out_text_bytes)
{
    FUZZ_ENSURE(strcmp(method, "POST") == 0 && strncmp(path, "/api/senses", 11) == 0 && strpbrk(path, " \r\n") == NULL);
    *out_answer = NULL;
    *out_status = 200;
    if (strcmp(type, "application/json") == 0) {
        json_t *sense, *posted = json_loadb(body, body_bytes, JSON_REJECT_DUPLICATES, NULL);
        FUZZ_ENSURE(posted != NULL);
        const char* wrong = inf_sense_read(posted, &sense);
        if (sense != NULL) {
            check_sense(sense);
        }
        if (wrong != NULL) {
            FUZZ_ENSURE(!is_of_plain_line || strstr(wrong, "bytes at most") == NULL);
            *out_status = 400;
            snprintf(out_text, out_text_bytes, "%s", wrong);
        }
        json_decref(sense);
        json_decref(posted);
    } else {
        FUZZ_ENSURE(body_bytes <= INF_PICTURE_BYTES_MAX && inf_picture_type(body, body_bytes) != NULL);
    }
    return *out_status == 200 ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

static void fuzz_line(const uint8_t* bytes, size_t count)
{
    char* line = malloc(count + 1); // as getline() gives it
    memcpy(line, bytes, count);
    line[count] = '\0';
    size_t blanks = strspn(line, " \t");
    is_of_plain_line = line[blanks] != '{';
    take_line(1, line);
    free(line);
}

static void fuzz_input(const uint8_t* bytes, size_t count)
{
    static InfInput input;
    InfReader reader = inf_reader_make(bytes, count);
    if (inf_input_read(&reader, &input) != INF_OK || input.kind != INF_INPUT_KIND_Sense || inf_sense_check(&input.Sense) != NULL) {
        return;
    }
    FUZZ_ENSURE(input.Sense.text_bytes < INF_SENSE_BYTES && memchr(input.Sense.source, 0, sizeof input.Sense.source) != NULL);
    FUZZ_ENSURE(inf_utf8_is_valid((const uint8_t*)input.Sense.text, input.Sense.text_bytes));
    FUZZ_ENSURE(inf_sense_word(input.Sense.kind)[0] != '\0');
}

static void fuzz_picture(const uint8_t* bytes, size_t count)
{
    uint8_t* exact = malloc(count + (count == 0)); // its end is guarded
    memcpy(exact, bytes, count);
    const char* type = inf_picture_type(exact, count);
    FUZZ_ENSURE(type == NULL || strncmp(type, "image/", 6) == 0);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (count == 0) {
        return 0;
    }
    switch (bytes[0]) {
    case 'j': fuzz_json((const char*)bytes + 1, count - 1); break;
    case 'p': fuzz_plain((const char*)bytes + 1, count - 1); break;
    case 'l': fuzz_line(bytes + 1, count - 1); break;
    case 'i': fuzz_input(bytes + 1, count - 1); break;
    case 'b': fuzz_picture(bytes + 1, count - 1); break;
    default: break;
    }
    return 0;
}
