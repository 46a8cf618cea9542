// One row per route; see http_routes.h.
#include "server/http_routes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const InfRoute routes[] = {
    {"GET", "/healthz", INF_ROUTE_HEALTH, 0, "", false, 64, "200 while ticks are made, else 503"},
    {"GET", "/metrics", INF_ROUTE_METRICS, 0, "", false, 64, "numbers for Prometheus"},
    {"GET", "/api", INF_ROUTE_INDEX, 0, "", false, 64, "this list"},
    {"GET", "/api/status", INF_ROUTE_WORLD, INF_REQUEST_STATUS, "", false, 64,
     "the galaxy now: tick, population, credits, players"},
    {"GET", "/api/market", INF_ROUTE_WORLD, INF_REQUEST_MARKET, "!system station", false, 64,
     "prices and stock of a station; system=x,y,z,index station=number"},
    {"GET", "/api/galaxy", INF_ROUTE_STREAM, INF_REQUEST_GALAXY, "cursor", false, 64,
     "every charted system, one JSON object a line"},
    {"GET", "/api/soul", INF_ROUTE_WORLD, INF_REQUEST_SOUL, "!soul", false, 64, "a soul's page: what is public, on the admin socket all of it; soul=id"},
    {"GET", "/api/statement", INF_ROUTE_WORLD, INF_REQUEST_STATEMENT, "!soul cursor", true, 64,
     "the ledger lines of a soul, newest first; soul=id"},
    {"GET", "/api/discoveries", INF_ROUTE_WORLD, INF_REQUEST_DISCOVERIES, "cursor", false, 64, "who charted what, newest first"},
    {"GET", "/api/obituaries", INF_ROUTE_WORLD, INF_REQUEST_OBITUARIES, "cursor", false, 64, "who ended, when and how, newest first"},
    {"GET", "/api/awake", INF_ROUTE_AWAKE, INF_REQUEST_AWAKE, "cursor wait", false, 64,
     "an awake galaxy: host, passengers, what was perceived and said after cursor; wait=1 waits for news"},
    {"POST", "/api/senses", INF_ROUTE_SENSE, INF_REQUEST_SENSE, "", false, 2048,
     "feed the host's senses: JSON, text/plain or a picture with ?source= and ?text=; for the host only"},
    {"GET", "/api/senses/*", INF_ROUTE_PICTURE, 0, "", false, 64, "a picture that was perceived, by its hash"},
    {"GET", "/border", INF_ROUTE_WORLD, INF_REQUEST_BORDER, "", false, 64, "who this is to other servers: key, galaxy, kind, policy"},
    {"POST", "/border/offer", INF_ROUTE_WORLD, INF_REQUEST_BORDER_OFFERS, "", false, INF_ROUTE_BORDER_KIB,
     "other servers: would you take these souls?"},
    {"POST", "/border/arrivals", INF_ROUTE_WORLD, INF_REQUEST_BORDER_ARRIVALS, "", false, INF_ROUTE_BORDER_KIB,
     "other servers: here they are"},
    {"POST", "/border/claims", INF_ROUTE_WORLD, INF_REQUEST_BORDER_CLAIMS, "", false, INF_ROUTE_BORDER_KIB,
     "other servers: a file that was downloaded from you wakes here"},
    {"GET", "/api/souls", INF_ROUTE_WORLD, INF_REQUEST_SOULS, "find state cursor", false, 64,
     "who lives here, by pages: go on with cursor=next until that is 0; find=part of a name, state=all or one of: here, riding, in flight, away, gone, merged, ended"},
    {"GET", "/api/souls/lineage", INF_ROUTE_WORLD, INF_REQUEST_LINEAGE, "soul identity", false, 64,
     "the signed records of a soul's lineage; soul=id or identity=hash"},
    {"GET", "/api/souls/crossings", INF_ROUTE_WORLD, INF_REQUEST_CROSSINGS, "transfer", false, 64,
     "souls on their way to other servers; transfer=number of one of them"},
    {"POST", "/api/souls/ask", INF_ROUTE_WORLD, INF_REQUEST_ACT_ASK, "", false, 64, "ask a soul to agree to an act"},
    {"POST", "/api/souls/found", INF_ROUTE_WORLD, INF_REQUEST_ACT_FOUND, "", false, 64,
     "identity of a soul that keeps its own key: its founding record, signed"},
    {"POST", "/api/souls/copy", INF_ROUTE_WORLD, INF_REQUEST_ACT_COPY, "", false, 64, "copy a soul into a new body"},
    {"POST", "/api/souls/merge", INF_ROUTE_WORLD, INF_REQUEST_ACT_MERGE, "", false, 64, "make two branches one"},
    {"POST", "/api/souls/cut", INF_ROUTE_WORLD, INF_REQUEST_ACT_CUT, "", false, 64, "move a soul to another place or server"},
    {"POST", "/api/souls/download", INF_ROUTE_WORLD, INF_REQUEST_ACT_DOWNLOAD, "", false, 64, "move a soul into a file"},
    {"POST", "/api/souls/upload", INF_ROUTE_WORLD, INF_REQUEST_ACT_UPLOAD, "", false, INF_ROUTE_DOCUMENT_KIB, "wake a soul from a file"},
    {"POST", "/api/souls/sample", INF_ROUTE_WORLD, INF_REQUEST_ACT_SAMPLE, "", false, 64, "DNA from a soul that agrees"},
    {"POST", "/api/souls/sign", INF_ROUTE_WORLD, INF_REQUEST_ACT_SIGN, "", false, 64, "signatures under what an act has written for souls that keep their own keys"},
    {"POST", "/api/souls/papers", INF_ROUTE_WORLD, INF_REQUEST_ACT_PAPERS, "", false, 64, "what waits for the signature of a soul; an order"},
    {"POST", "/api/souls/withdraw", INF_ROUTE_WORLD, INF_REQUEST_ACT_WITHDRAW, "", false, 64, "take back what a soul has asked for, or do not sign; an order"},
    {"POST", "/api/souls/invite", INF_ROUTE_WORLD, INF_REQUEST_ACT_INVITE, "", true, 64, "invite a soul or a server"},
    {"POST", "/api/minds", INF_ROUTE_WORLD, INF_REQUEST_BIRTH, "", true, 64, "give birth to a mind from DNA"},
    {"POST", "/api/souls/board", INF_ROUTE_WORLD, INF_REQUEST_BOARDING, "", true, 64, "one mind rides in the head of another, if both agree"},
    {"POST", "/api/souls/leave", INF_ROUTE_WORLD, INF_REQUEST_LEAVING, "", true, 64, "one that rides in the head of another leaves into a body, if it agrees"},
    {"POST", "/api/backup", INF_ROUTE_WORLD, INF_REQUEST_BACKUP, "", true, 64, "write a backup; {\"path\": folder}"},
    {"POST", "/api/stop", INF_ROUTE_WORLD, INF_REQUEST_STOP, "", true, 64, "save and stop"},
};
#define ROUTE_COUNT (sizeof(routes) / sizeof(routes[0]))

const InfRoute* inf_route_find(const char* method, const char* path, bool is_admin, bool* wrong_method) {
    *wrong_method = false;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        const InfRoute* route = &routes[i];
        size_t bytes = strlen(route->path);
        bool is_fit = route->path[bytes - 1] == '*' ? strncmp(route->path, path, bytes - 1) == 0 : strcmp(route->path, path) == 0;
        if (!is_fit || (route->is_admin && !is_admin)) {
            continue;
        }
        if (strcmp(route->method, method) == 0 || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0)) {
            *wrong_method = false;
            return route;
        }
        *wrong_method = true;
    }
    return NULL;
}

static bool read_u64(const char* text, uint64_t* out) {
    char* end;
    if (*text < '0' || *text > '9') {
        return false;
    }
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *end == 0;
}

static bool read_system(const char* text, InfRequest* request) {
    long long part[4];
    for (int i = 0; i < 4; i++) {
        char* end;
        if (*text != '-' && (*text < '0' || *text > '9')) {
            return false;
        }
        errno = 0;
        part[i] = strtoll(text, &end, 10);
        if (errno != 0 || *end != (i < 3 ? ',' : 0)) {
            return false;
        }
        text = end + 1;
    }
    for (int i = 0; i < 3; i++) {
        if (part[i] < INT32_MIN || part[i] > INT32_MAX) {
            return false;
        }
    }
    if (part[3] < 0 || part[3] > UINT32_MAX) {
        return false;
    }
    request->system_x = (int32_t)part[0];
    request->system_y = (int32_t)part[1];
    request->system_z = (int32_t)part[2];
    request->system_index = (uint32_t)part[3];
    return true;
}

static const char* read_one(const char* name, const char* value, InfRequest* request) {
    uint64_t number = 0;
    if (strcmp(name, "find") == 0 || strcmp(name, "identity") == 0 || strcmp(name, "transfer") == 0) {
        if (strlen(value) >= sizeof(request->text)) {
            return "find, identity and transfer may have 159 bytes at most";
        }
        strcpy(request->text, value);
        return NULL;
    }
    if (strcmp(name, "state") == 0) { // its words are the read model's: who answers knows them
        snprintf(request->soul_state, sizeof(request->soul_state), "%s", value);
        return NULL;
    }
    if (strcmp(name, "system") == 0) {
        return read_system(value, request) ? NULL : "system must be x,y,z,index in whole numbers, e.g. 0,0,0,0";
    }
    if (!read_u64(value, &number)) {
        return "soul, station, cursor and wait must be whole numbers";
    }
    if (strcmp(name, "station") == 0) {
        if (number > UINT32_MAX) {
            return "station is out of range";
        }
        request->station = (uint32_t)number;
    } else if (strcmp(name, "soul") == 0) {
        request->soul = number;
    } else if (strcmp(name, "wait") == 0) {
        request->is_patient = number != 0;
    } else {
        request->cursor = number;
    }
    return NULL;
}

const char* inf_route_read_query(const InfRoute* route, InfQueryReader* reader, void* user, InfRequest* request) {
    const char* at = route->query;
    while (*at != 0) {
        bool must = *at == '!';
        at += must;
        char name[16];
        size_t bytes = strcspn(at, " ");
        snprintf(name, sizeof(name), "%.*s", (int)bytes, at);
        at += bytes;
        at += *at == ' ';
        const char* value = reader(user, name);
        if (value == NULL || *value == 0) {
            if (must) {
                return strcmp(name, "system") == 0 ? "system=x,y,z,index is missing" : "soul=id is missing";
            }
            continue;
        }
        const char* wrong = read_one(name, value, request);
        if (wrong != NULL) {
            return wrong;
        }
    }
    return NULL;
}

json_t* inf_routes_to_json(bool is_admin) {
    json_t* list = json_array();
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!routes[i].is_admin || is_admin) {
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "method", routes[i].method, "path",
                                                  routes[i].path, "help", routes[i].help));
        }
    }
    return json_pack("{s:o}", "routes", list);
}
