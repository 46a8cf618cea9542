// Sign-in by challenge, and log lines that cannot be forged.
#include "test.h"

#include "server/log.h"
#include "server/signin.h"

#include <sodium.h>
#include <unistd.h>

typedef struct Person {
    uint8_t key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    uint8_t signature[64];
} Person;

static const uint8_t galaxy[16] = {1, 2, 3};
static const char page[] = "https://galaxy.example";

static void sign(Person* person, const InfSignIn* signin, const uint8_t where[16], const char* origin) {
    uint8_t message[INF_SIGNIN_MESSAGE_BYTES_MAX];
    size_t bytes = inf_signin_message(signin, where, origin, message);
    ENSURE(bytes > 0);
    crypto_sign_detached(person->signature, NULL, message, bytes, person->secret);
}

static Person person_make(void) {
    Person person;
    ENSURE(sodium_init() >= 0);
    crypto_sign_keypair(person.key, person.secret);
    return person;
}

static InfSignInFault verify(InfSignIn* signin, const Person* person, const char* origin, const char* header,
                             uint64_t now) {
    return inf_signin_verify(signin, galaxy, person->key, person->signature, origin, header, now);
}

TEST(signin_takes_a_good_answer_once) {
    Person person = person_make();
    InfSignIn signin = {0};
    inf_signin_begin(&signin, 1000);
    sign(&person, &signin, galaxy, page);
    ENSURE(verify(&signin, &person, page, page, 1001) == INF_SIGNIN_OK);
    ENSURE(verify(&signin, &person, page, page, 1001) == INF_SIGNIN_NO_CHALLENGE);
}

TEST(signin_message_is_as_documented) {
    InfSignIn signin = {.expires_unix_s = 0x0102030405060708u, .is_open = true};
    memset(signin.nonce, 0xaa, sizeof(signin.nonce));
    uint8_t message[INF_SIGNIN_MESSAGE_BYTES_MAX];
    ENSURE_EQ_U64(19 + 16 + 3 + 32 + 8, inf_signin_message(&signin, galaxy, "a:b", message));
    ENSURE(memcmp(message, "infinity sign-in v1\x01\x02\x03", 22) == 0);
    ENSURE(memcmp(message + 35, "a:b\xaa", 4) == 0);
    ENSURE(memcmp(message + 70, "\x08\x07\x06\x05\x04\x03\x02\x01", 8) == 0);
}

TEST(signin_refuses_what_is_wrong) {
    Person person = person_make(), other = person_make();
    InfSignIn signin = {0};
    ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_NO_CHALLENGE);

    inf_signin_begin(&signin, 1000);
    sign(&person, &signin, galaxy, page);
    ENSURE(verify(&signin, &person, page, page, 1000 + INF_SIGNIN_SECONDS + 1) == INF_SIGNIN_EXPIRED);
    ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_NO_CHALLENGE); // used up by the failure

    inf_signin_begin(&signin, 1000); // another's key
    sign(&person, &signin, galaxy, page);
    memcpy(other.signature, person.signature, 64);
    ENSURE(verify(&signin, &other, page, page, 1000) == INF_SIGNIN_SIGNATURE);

    inf_signin_begin(&signin, 1000); // a page elsewhere relays the challenge
    sign(&person, &signin, galaxy, "https://evil.example");
    ENSURE(verify(&signin, &person, "https://evil.example", page, 1000) == INF_SIGNIN_ORIGIN);

    inf_signin_begin(&signin, 1000); // it names the right origin, but signed another
    sign(&person, &signin, galaxy, "https://evil.example");
    ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_SIGNATURE);

    uint8_t elsewhere[16] = {9}; // an answer for another galaxy
    inf_signin_begin(&signin, 1000);
    sign(&person, &signin, elsewhere, page);
    ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_SIGNATURE);

    inf_signin_begin(&signin, 1000); // an older challenge's answer
    sign(&person, &signin, galaxy, page);
    inf_signin_begin(&signin, 1000);
    ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_SIGNATURE);

    memset(person.key, 0, sizeof(person.key)); // a key of small order
    memset(person.signature, 0, 64);
    inf_signin_begin(&signin, 1000);
    ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_SIGNATURE);
}

TEST(signin_of_a_program_needs_no_origin) {
    Person person = person_make();
    InfSignIn signin = {0};
    inf_signin_begin(&signin, 1000);
    sign(&person, &signin, galaxy, "");
    ENSURE(verify(&signin, &person, "", "", 1000) == INF_SIGNIN_OK);
}

TEST(every_flipped_bit_of_a_signature_is_noticed) {
    Person person = person_make();
    InfSignIn signin = {0};
    for (int bit = 0; bit < 512; bit += 7) {
        inf_signin_begin(&signin, 1000);
        sign(&person, &signin, galaxy, page);
        person.signature[bit / 8] ^= (uint8_t)(1 << (bit % 8));
        ENSURE(verify(&signin, &person, page, page, 1000) == INF_SIGNIN_SIGNATURE);
    }
}

static void log_once(InfLogStyle style, const char* value, char* out, size_t out_bytes) {
    int pipe_fds[2];
    ENSURE(pipe(pipe_fds) == 0);
    inf_log_open(pipe_fds[1], style, INF_LOG_INFO);
    inf_log(INF_LOG_INFO, "test", "said", "count", INF_LOG_INT, (int64_t)-7, "text", INF_LOG_STRING, value, NULL);
    inf_log(INF_LOG_DEBUG, "test", "not shown", NULL);
    ssize_t bytes = read(pipe_fds[0], out, out_bytes - 1);
    ENSURE(bytes > 0);
    out[bytes] = 0;
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    inf_log_open(2, INF_LOG_AUTO, INF_LOG_INFO);
}

TEST(log_lines_cannot_be_forged) {
    char line[4096];
    log_once(INF_LOG_JSON, "a\n{\"level\":\"error\"}\x1b[31m\u202e", line, sizeof(line));
    ENSURE(strchr(line, '\n') == line + strlen(line) - 1);
    ENSURE(strstr(line, "\\n{\\\"level\\\":\\\"error\\\"}\\u001b[31m\\u202e") != NULL);
    ENSURE(strstr(line, "\"count\":-7") != NULL);
    log_once(INF_LOG_TEXT, "x\x1b[2J\x9b", line, sizeof(line));
    ENSURE(strchr(line, 0x1b) == NULL);
    ENSURE(strstr(line, "text=\"x\\u001b[2J\\ufffd\"") != NULL);
}

TEST(log_lines_have_a_bound) {
    static char text[10000];
    memset(text, '"', sizeof(text) - 1);
    char line[8192];
    log_once(INF_LOG_JSON, text, line, sizeof(line));
    ENSURE(strlen(line) <= 2048);
    ENSURE(strcmp(line + strlen(line) - 3, "\"}\n") == 0);
}
