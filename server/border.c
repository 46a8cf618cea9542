// Keys, policy and address book of the border, and the hooks by which the loop drives it. Nothing here decides about a
// soul: that is done by inputs in the world, and by the answers of other servers.
#include "server/border.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 600

uint64_t inf_border_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

json_t* inf_hex_json(const uint8_t* bytes, size_t count) {
    char text[129];
    return json_string(count <= 64 ? inf_hex_write(bytes, count, text) : "");
}

json_t* inf_id_json(uint64_t id) {
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, id);
    return json_string(text);
}

const InfWorld* inf_border_heart(const InfBorder* border) { return border->server->worlds[0]; }

void inf_border_reply(InfBorder* border, InfRequest* request, int status, json_t* json) {
    request->status = status;
    request->answer = json;
    if (request->connection != 0) {
        inf_session_answer_act(border->server, request);
        inf_request_free(request);
        return;
    }
    inf_mailbox_answer(border->server->mailbox, request);
}

void inf_border_reply_error(InfBorder* border, InfRequest* request, int status, const char* error, const char* reason,
                            const char* what_to_do) {
    inf_border_reply(border, request, status, inf_error_json(error, reason, what_to_do));
}

bool inf_border_submit(InfBorder* border, uint32_t shard, const InfInput* input) {
    if (inf_shards_submit(border->server->shards, shard, input) != INF_OK) {
        return false;
    }
    border->queued_inputs++;
    return true;
}

bool inf_border_has_record_room(const InfBorder* border, uint32_t records) {
    return border->queued_record_bytes + records * (INF_RECORD_BYTES + INF_BORDER_RECORD_HEAD_BYTES) <= INF_BORDER_RECORD_BYTES_PER_TICK;
}

bool inf_border_record(InfBorder* border, uint64_t soul, const char* text, size_t byte_count, const uint8_t hash[32],
                       const InfLineageRecord* record) {
    static InfInput input;
    uint32_t event_bytes = (uint32_t)byte_count + INF_BORDER_RECORD_HEAD_BYTES;
    if (byte_count == 0 || byte_count > sizeof(input.Record.text) ||
        border->queued_record_bytes + event_bytes > INF_BORDER_RECORD_BYTES_PER_TICK) {
        return false;
    }
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Record;
    input.Record.soul = soul;
    input.Record.act = (uint8_t)record->act;
    memcpy(input.Record.identity, record->identity, 32);
    memcpy(input.Record.hash, hash, 32);
    input.Record.text_bytes = (uint16_t)byte_count;
    memcpy(input.Record.text, text, byte_count);
    if (!inf_border_submit(border, 0, &input)) {
        return false;
    }
    border->queued_record_bytes += event_bytes;
    inf_lineage_log_put(border->log, record, hash, text, byte_count);
    border->record_tick = inf_shards_now(border->server->shards) + 1;
    return true;
}

// ---- where tests kill ------------------------------------------------------------------------------------------------

static const char* const kill_words[INF_KILL_COUNT] = {
#define X(NAME, word, help) [INF_KILL_##NAME] = word,
    INF_KILL_POINTS(X)
#undef X
};

InfKillPoint inf_kill_point_find(const char* word) {
    uint32_t point = 0;
    while (point < INF_KILL_COUNT && strcmp(kill_words[point], word) != 0) {
        point++;
    }
    return (InfKillPoint)point;
}

/// "point" or "point:n", several separated by commas.
static bool read_kill_points(InfBorder* border, const char* text, char* error, size_t error_bytes) {
    while (text != NULL && *text != 0) {
        char word[32];
        size_t bytes = strcspn(text, ",");
        snprintf(word, sizeof(word), "%.*s", (int)(bytes < sizeof(word) ? bytes : sizeof(word) - 1), text);
        text += bytes;
        text += *text == ',';
        char* colon = strchr(word, ':');
        long times = colon != NULL ? strtol(colon + 1, NULL, 10) : 1;
        if (colon != NULL) {
            *colon = 0;
        }
        InfKillPoint point = inf_kill_point_find(word);
        if (point == INF_KILL_COUNT || times < 1) {
            snprintf(error, error_bytes, "INFINITY_KILL_AT: there is no point '%s'; server/border.h lists them", word);
            return false;
        }
        border->kill_left[point] = (uint32_t)times;
    }
    return true;
}

void inf_border_reach(InfBorder* border, InfKillPoint point) {
    if (border->kill_left[point] != 0 && --border->kill_left[point] == 0) {
        kill(getpid(), SIGKILL);
        for (;;) {
            pause();
        }
    }
}

// ---- small files: a line per entry, appended durably --------------------------------------------------------------------

static void path_of(const InfBorder* border, const char* name, char out[PATH_BYTES]) {
    snprintf(out, PATH_BYTES, "%s/%s", border->server->def.folder, name);
}

/// All of the line or nothing of it; behind a line that a crash has torn it begins anew.
static bool append_line(const InfBorder* border, const char* name, const char* line) {
    char path[PATH_BYTES], text[INF_COURIER_URL_BYTES + 82], last = '\n';
    path_of(border, name, path);
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        return false;
    }
    off_t end = lseek(fd, 0, SEEK_END);
    bool fine = end >= 0 && (end == 0 || pread(fd, &last, 1, end - 1) == 1);
    snprintf(text, sizeof(text), "%s%s", last != '\n' ? "\n" : "", line);
    size_t bytes = strlen(text);
    fine = fine && write(fd, text, bytes) == (ssize_t)bytes && fsync(fd) == 0;
    if (!fine && end >= 0 && ftruncate(fd, end) != 0) {
        inf_log(INF_LOG_WARNING, "border", "half a line stays behind", "file", INF_LOG_STRING, path, NULL);
    }
    close(fd);
    return fine;
}

/// Each line's words; a torn or foreign line is passed over.
static void read_lines(InfBorder* border, const char* name, void (*take)(InfBorder* border, const char* words[3])) {
    char path[PATH_BYTES], line[INF_COURIER_URL_BYTES + 80];
    path_of(border, name, path);
    FILE* file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        char* rest = NULL;
        const char* words[3] = {strtok_r(line, " \t\r\n", &rest)};
        for (int i = 1; i < 3 && words[i - 1] != NULL; i++) {
            words[i] = strtok_r(NULL, " \t\r\n", &rest);
        }
        if (words[0] != NULL && words[0][0] != '#') {
            take(border, words);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

// ---- who is believed ----------------------------------------------------------------------------------------------------

static bool is_listed(const uint8_t (*list)[32], uint32_t count, const uint8_t key[32]) {
    for (uint32_t i = 0; i < count; i++) {
        if (memcmp(list[i], key, 32) == 0) {
            return true;
        }
    }
    return false;
}

bool inf_border_is_peer(const InfBorder* border, const uint8_t server[32]) {
    return is_listed(border->peers, border->peer_count, server);
}

bool inf_border_is_invited(const InfBorder* border, const uint8_t key[32]) {
    return is_listed(border->invited, border->invited_count, key);
}

/// HTTP's thread sees a row when it is whole.
static void add_invited(InfBorder* border, const uint8_t key[32]) {
    memcpy(border->invited[border->invited_count], key, 32);
    border->invited_count++;
}

static void take_invitation(InfBorder* border, const char* words[3]) {
    uint8_t key[32];
    if (inf_hex_read(words[0], key, 32) && !inf_border_is_invited(border, key) && border->invited_count < INF_BORDER_INVITED_MAX) {
        add_invited(border, key);
    }
}

bool inf_border_invite(InfBorder* border, const uint8_t key[32]) {
    if (inf_border_is_invited(border, key)) {
        return true;
    }
    char line[80];
    inf_hex_write(key, 32, line);
    line[64] = '\n';
    line[65] = 0;
    if (border->invited_count == INF_BORDER_INVITED_MAX || !append_line(border, "invitations", line)) {
        return false;
    }
    add_invited(border, key);
    return true;
}

static bool read_peers(InfBorder* border, const char* text, char* error, size_t error_bytes) {
    while (text != NULL && *(text += strspn(text, " \t")) != 0) {
        size_t bytes = strcspn(text, " \t");
        char word[65];
        snprintf(word, sizeof(word), "%.*s", (int)(bytes < 65 ? bytes : 64), text);
        if (bytes != 64 || border->peer_count == INF_BORDER_PEERS_MAX || !inf_hex_read(word, border->peers[border->peer_count], 32)) {
            snprintf(error, error_bytes,
                     "border_peers: '%.70s' is no public key of a server (64 lower-case hexadecimal digits; at most %d of them). "
                     "A server tells its key at GET /border",
                     word, INF_BORDER_PEERS_MAX);
            return false;
        }
        border->peer_count++;
        text += bytes;
    }
    return true;
}

uint32_t inf_border_next_epoch(const InfBorder* border, const InfSoul* soul) {
    uint32_t count, index1 = inf_world_find_identity(inf_border_heart(border), soul->identity), epoch = soul->epoch;
    if (index1 != 0) { // as core/border/crossing.c does
        const InfDirectoryEntry* entry = &inf_world_directory(inf_border_heart(border), &count)[index1 - 1];
        epoch = entry->epoch > epoch ? entry->epoch : epoch;
        epoch = entry->refused_epoch > epoch ? entry->refused_epoch : epoch;
    }
    return epoch + 1;
}

// ---- address book -------------------------------------------------------------------------------------------------------

InfNeighbour* inf_border_neighbour(InfBorder* border, const uint8_t key[32]) {
    InfNeighbour* neighbour = border->neighbours;
    while (neighbour != NULL && memcmp(neighbour->key, key, 32) != 0) {
        neighbour = neighbour->next;
    }
    return neighbour;
}

/// KEY URL, and "private" if it may be on this machine or in a private network.
static void take_neighbour(InfBorder* border, const char* words[3]) {
    uint8_t key[32];
    char url[INF_COURIER_URL_BYTES];
    if (words[1] == NULL || !inf_hex_read(words[0], key, 32) || inf_courier_check_url(words[1], url) != NULL) {
        return;
    }
    InfNeighbour* neighbour = inf_border_neighbour(border, key);
    if (neighbour == NULL) {
        neighbour = calloc(1, sizeof(*neighbour));
        if (neighbour == NULL) {
            return;
        }
        memcpy(neighbour->key, key, 32);
        neighbour->next = border->neighbours;
        border->neighbours = neighbour;
    }
    memcpy(neighbour->url, url, sizeof(url)); // the newest line counts
    neighbour->allows_private = words[2] != NULL && strcmp(words[2], "private") == 0;
}

bool inf_border_know(InfBorder* border, const uint8_t key[32], const char* url, bool allows_private) {
    InfNeighbour* neighbour = inf_border_neighbour(border, key);
    if (neighbour != NULL && strcmp(neighbour->url, url) == 0 && neighbour->allows_private >= allows_private) {
        return true;
    }
    char hex[65], line[INF_COURIER_URL_BYTES + 80];
    inf_hex_write(key, 32, hex);
    snprintf(line, sizeof(line), "%s %s%s\n", hex, url, allows_private ? " private" : "");
    if (!append_line(border, "neighbours", line)) {
        return false;
    }
    const char* words[3] = {hex, url, allows_private ? "private" : NULL};
    take_neighbour(border, words);
    return inf_border_neighbour(border, key) != NULL;
}

bool inf_soul_key(InfBorder* border, const uint8_t identity[32], const uint8_t public_key[32], InfSignKey* out) {
    memset(out, 0, sizeof(*out));
    if (inf_keyring_get(border->keyring, identity, out, NULL) && memcmp(out->public_key, public_key, 32) == 0) {
        return true;
    }
    inf_sign_key_wipe(out);
    return false;
}

// ---- opening --------------------------------------------------------------------------------------------------------------

static bool open_key(InfBorder* border, char* error, size_t error_bytes) {
    char path[PATH_BYTES], text[256];
    InfSoulsError fault = {0};
    path_of(border, "server.key", path);
    if (access(path, F_OK) != 0) {
        InfSignKey fresh;
        inf_sign_key_draw(&fresh);
        bool written = inf_sign_key_write(path, "server", NULL, &fresh, &fault);
        inf_sign_key_wipe(&fresh);
        if (!written) {
            snprintf(error, error_bytes, "%s cannot be written: %s", path, inf_souls_error_text(&fault, text, sizeof(text)));
            return false;
        }
    }
    if (!inf_sign_key_read(path, &border->key, &fault)) {
        snprintf(error, error_bytes, "%s is no key of a server: %s; restore it from a backup, since souls and other servers know it",
                 path, inf_souls_error_text(&fault, text, sizeof(text)));
        return false;
    }
    return true;
}

InfBorder* inf_border_create(InfServer* server, char* error, size_t error_bytes) {
    InfBorder* border = calloc(1, sizeof(*border));
    if (border == NULL || !inf_sign_start()) {
        free(border);
        snprintf(error, error_bytes, "out of memory, or no source of chance for keys");
        return NULL;
    }
    border->server = server;
    border->known = inf_lineage_known_create();
    border->started_unix_s = (uint64_t)time(NULL);
    randombytes_buf(border->run, sizeof(border->run));
    border->looked_tick = UINT64_MAX;
    memcpy(border->galaxy, inf_shards_galaxy_id(server->shards), sizeof(border->galaxy));
    const InfBorderDef* def = &server->def.border;
    char reason[256] = "";
    InfSoulsError fault = {0};
    InfCourierDef courier_def = inf_courier_def_default();
    courier_def.ca_file = def->ca_file;
    courier_def.metrics = &server->metrics;
    const char* wrong = def->url != NULL && def->url[0] != 0 ? inf_courier_check_url(def->url, border->url) : NULL;
    if (wrong != NULL) {
        snprintf(error, error_bytes, "border_url: %s", wrong);
    } else if (!open_key(border, error, error_bytes) || !read_peers(border, def->peers, error, error_bytes) ||
               !read_kill_points(border, def->kill_at, error, error_bytes)) {
        wrong = error;
    } else if ((border->keyring = inf_keyring_open(server->def.folder, &fault)) == NULL) {
        wrong = inf_souls_error_text(&fault, reason, sizeof(reason));
        snprintf(error, error_bytes, "the keyring of %s cannot be opened: %s", server->def.folder, wrong);
    } else if ((border->log = inf_lineage_log_create(inf_shards_journal(server->shards))) == NULL) {
        wrong = "lineages";
        snprintf(error, error_bytes, "the lineages in the journal cannot be read");
    } else if ((border->courier = inf_courier_create(&courier_def, error, error_bytes)) == NULL) {
        wrong = error;
    }
    if (wrong != NULL) {
        inf_border_destroy(border);
        return NULL;
    }
    read_lines(border, "invitations", take_invitation);
    read_lines(border, "neighbours", take_neighbour);
    return border;
}

void inf_border_destroy(InfBorder* border) {
    if (border == NULL) {
        return;
    }
    inf_courier_destroy(border->courier);
    inf_acts_free(border);
    inf_border_out_free(border);
    inf_away_free(border);
    while (border->letters != NULL) {
        InfLetters* next = border->letters->next;
        inf_request_free(border->letters->request);
        border->letters = next;
    }
    while (border->neighbours != NULL) {
        InfNeighbour* next = border->neighbours->next;
        free(border->neighbours);
        border->neighbours = next;
    }
    inf_lineage_log_destroy(border->log);
    inf_lineage_known_destroy(border->known);
    inf_keyring_close(border->keyring);
    inf_sign_key_wipe(&border->key);
    free(border);
}

void inf_border_set_port(InfBorder* border) {
    if (border->url[0] == 0) {
        const InfServerDef* def = &border->server->def;
        unsigned tls = inf_server_get_tls_port(border->server), plain = inf_server_get_port(border->server);
        bool everywhere = def->host == NULL || strcmp(def->host, "0.0.0.0") == 0 || strcmp(def->host, "::") == 0;
        const char* host = everywhere ? "localhost" : def->host;
        snprintf(border->url, sizeof(border->url), strchr(host, ':') != NULL ? "%s://[%.200s]:%u" : "%s://%.200s:%u",
                 tls != 0 ? "https" : "http", host, tls != 0 ? tls : plain);
    }
    char key[65];
    inf_hex_write(border->key.public_key, 32, key);
    inf_log(INF_LOG_INFO, "border", "other servers know this one by", "key", INF_LOG_STRING, key, "url", INF_LOG_STRING, border->url,
            "keys_of_souls", INF_LOG_INT, (int64_t)inf_keyring_count(border->keyring), NULL);
}

// ---- the hooks of the loop --------------------------------------------------------------------------------------------------

int inf_border_fd(const InfBorder* border) { return inf_courier_fd(border->courier); }

bool inf_border_is_busy(const InfBorder* border) {
    return border->letters != NULL || border->queued_inputs != 0 || inf_acts_are_waiting(border) ||
           (border->record_tick != 0 && inf_shards_now(border->server->shards) <= border->record_tick + 1);
}

void inf_border_collect(InfBorder* border) {
    for (InfErrand* errand; (errand = inf_courier_collect(border->courier)) != NULL;) {
        if (errand->kind == 0) {
            inf_border_take_errand(border, errand);
        } else {
            inf_acts_take_errand(border, errand);
        }
    }
}

void inf_border_before_tick(InfBorder* border) {
    inf_border_collect(border);
    inf_border_letters_before_tick(border);
    inf_border_out_before_tick(border);
    inf_acts_before_tick(border);
}

void inf_border_after_tick(InfBorder* border) {
    border->queued_inputs = border->queued_arrivals = border->queued_settlements = border->queued_record_bytes = 0;
    inf_acts_after_tick(border);
}

void inf_border_durable(InfBorder* border) {
    if (inf_shards_durable_tick(border->server->shards) != inf_shards_now(border->server->shards)) {
        return; // the next tick is computed already: what the worlds say is ahead of the disk
    }
    inf_border_letters_durable(border);
    inf_acts_durable(border);
    inf_border_out_durable(border);
    inf_away_durable(border);
}

// ---- requests -----------------------------------------------------------------------------------------------------------------

static json_t* self_json(const InfBorder* border, bool is_host) {
    static const char* const open_words[] = {"closed", "peers", "open"};
    const InfBorderDef* def = &border->server->def.border;
    bool has_name = border->server->kind == INF_GALAXY_KIND_OPEN || is_host; // who is not listed is known by its key alone
    return json_pack("{s:i, s:i, s:o, s:o, s:s, s:s, s:s, s:I, s:s}", "infinity_border", 1, "message_version", INF_MESSAGE_VERSION,
                     "server", inf_hex_json(border->key.public_key, 32), "galaxy", inf_hex_json(border->galaxy, 16), "name",
                     has_name ? border->server->def.name : "", "kind",
                     inf_border_galaxy_word(inf_world_header(inf_border_heart(border))->galaxy_kind), "border",
                     open_words[def->open], "claim_max", (json_int_t)def->claim_max, "url", border->url);
}

void inf_border_prepare(void* user, InfRequest* request) {
    InfBorder* border = user;
    InfMessageKind kind = INF_MESSAGE_KIND_Offer;
    switch (request->kind) {
    case INF_REQUEST_BORDER_OFFERS: break;
    case INF_REQUEST_BORDER_ARRIVALS: kind = INF_MESSAGE_KIND_Arrival; break;
    case INF_REQUEST_BORDER_CLAIMS: kind = INF_MESSAGE_KIND_Claim; break;
    case INF_REQUEST_ACT_UPLOAD: inf_upload_prepare(border, request); return;
    default: return;
    }
    const char* reason = "The body is missing.";
    InfLetters* letters = request->body != NULL ? inf_border_read_letters(border, kind, request->body, &reason) : NULL;
    if (letters == NULL) {
        request->status = 400;
        request->answer = inf_error_json("bad request", reason, "Send an array of 1 to 64 messages; see docs/border.md.");
        return;
    }
    letters->request = request;
    request->prepared = letters;
    request->prepared_free = inf_border_letters_free;
}

void inf_border_answer(InfBorder* border, InfRequest* request) {
    switch (request->kind) {
    case INF_REQUEST_BORDER:
        inf_border_reply(border, request, 200, self_json(border, request->is_host));
        break;
    case INF_REQUEST_BORDER_OFFERS:
    case INF_REQUEST_BORDER_ARRIVALS:
    case INF_REQUEST_BORDER_CLAIMS:
        inf_border_take_letters(border, request);
        break;
    case INF_REQUEST_SOULS:
        inf_answer_souls(border, request);
        break;
    case INF_REQUEST_LINEAGE:
        inf_answer_lineage(border, request);
        break;
    case INF_REQUEST_CROSSINGS: {
        json_t* json = inf_border_crossings_json(border, request->text);
        if (json != NULL) {
            inf_border_reply(border, request, 200, json);
        } else {
            inf_border_reply_error(border, request, 404, "not found", "No passage of that number was seen here lately.",
                                   "GET /api/souls/crossings lists those that are under way.");
        }
        break;
    }
    default:
        inf_acts_begin(border, request);
        break;
    }
}
