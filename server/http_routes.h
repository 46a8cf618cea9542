/// @file http_routes.h
/// The table of REST routes. A route names what it asks of the tick thread and how its query is read; the same
/// table answers `GET /api`. Pure: from method, path and query to a request or an error.
#ifndef INFINITY_SERVER_HTTP_ROUTES_H
#define INFINITY_SERVER_HTTP_ROUTES_H

#include "server/mailbox.h"

typedef enum InfRouteKind {
    INF_ROUTE_HEALTH,  ///< answered at once from the metrics
    INF_ROUTE_METRICS, ///< the same, as Prometheus text
    INF_ROUTE_INDEX,   ///< this table as JSON
    INF_ROUTE_WORLD,   ///< one request to the tick thread
    INF_ROUTE_STREAM,  ///< request after request, one JSON object a line
    INF_ROUTE_AWAKE,   ///< as WORLD, for who may look at an awake galaxy
    INF_ROUTE_SENSE,   ///< a sense of an awake galaxy's host
    INF_ROUTE_PICTURE  ///< a picture that was perceived; the path ends in its name
} InfRouteKind;

typedef struct InfRoute {
    const char* method; ///< "GET" or "POST"
    const char* path;
    InfRouteKind kind;
    InfRequestKind request;
    const char* query; ///< arguments, "!" before one that must be there, e.g. "!system !station"
    bool is_admin;     ///< on the admin socket only
    uint32_t body_kib; ///< of a body at most
    const char* help;
} InfRoute;

/// Read one decoded query argument. @return null if it is not there
typedef const char* InfQueryReader(void* user, const char* name);

/// Letters between servers: a batch of documents.
#define INF_ROUTE_BORDER_KIB 4096
/// A soul's document.
#define INF_ROUTE_DOCUMENT_KIB 2048

/// @param wrong_method  set when the path is known, but not with this method
const InfRoute* inf_route_find(const char* method, const char* path, bool is_admin, bool* wrong_method);
/// Fill a request from the query. @return null if fine, else a sentence that says what is wrong
const char* inf_route_read_query(const InfRoute* route, InfQueryReader* reader, void* user, InfRequest* request);
json_t* inf_routes_to_json(bool is_admin);

#endif
