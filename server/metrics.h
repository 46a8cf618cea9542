/// @file metrics.h
/// What the server measures about itself. One table makes the struct, `/metrics` (Prometheus text) and part of
/// `/api/status`. Written by the thread that knows a value, read by any: all are relaxed atomics.
#ifndef INFINITY_SERVER_METRICS_H
#define INFINITY_SERVER_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/// X(name, Prometheus type, help)
#define INF_METRICS(X)                                                                                    \
    X(tick, gauge, "Number of the last tick")                                                             \
    X(ticks_late, counter, "Ticks that began more than one tick too late")                                \
    X(slowed_ticks_total, counter, "Ticks by which the galaxy has fallen behind its clock for good")      \
    X(detail_ships, gauge, "Ships that each client sees in a crowd; 64, and less under load")             \
    X(snapshot_every_ticks, gauge, "Every which tick each client is told; 1, and more under load")        \
    X(clients_waited, counter, "Times a client was not told because it was not its turn")                 \
    X(detail_falls, counter, "Times clients were to be told less because of load")                        \
    X(detail_rises, counter, "Times clients were to be told more again")                                  \
    X(clients, gauge, "Open player sockets")                                                              \
    X(players, gauge, "Signed-in players")                                                                \
    X(opened, counter, "Player sockets opened")                                                           \
    X(closed, counter, "Player sockets closed")                                                           \
    X(accepted, counter, "Connections accepted, of any kind")                                             \
    X(refused, counter, "Connections refused by a limit or a bad head")                                   \
    X(head_timeouts, counter, "Connections whose request head did not come in time")                      \
    X(out_of_descriptors, counter, "Times the process had no descriptor left")                            \
    X(messages_in, counter, "Messages from players")                                                      \
    X(bytes_in, counter, "Bytes from players")                                                            \
    X(messages_out, counter, "Small messages to players")                                                 \
    X(frames_out, counter, "Snapshots to players")                                                        \
    X(bytes_out, counter, "Bytes to players")                                                             \
    X(sends, counter, "System calls that sent something")                                                 \
    X(frames_skipped, counter, "Snapshots left out because the last was not taken")                       \
    X(short_writes, counter, "Sends that the kernel took in part only")                                   \
    X(filled, counter, "Times a player's buffer in the kernel had become full")                           \
    X(details_dropped, counter, "Unimportant messages left out for slow readers")                         \
    X(floods, counter, "Players disconnected for sending too much")                                       \
    X(slow, counter, "Players disconnected for reading too slowly")                                       \
    X(protocol_errors, counter, "Players disconnected for breaking RFC 6455")                             \
    X(signin_good, counter, "Sign-ins that succeeded")                                                    \
    X(signin_bad, counter, "Sign-ins that failed")                                                        \
    X(inputs_taken, counter, "Inputs put into ticks")                                                     \
    X(inputs_refused, counter, "Inputs refused before they reached a tick")                               \
    X(http_requests, counter, "HTTP requests")                                                            \
    X(http_errors, counter, "HTTP requests answered with an error")                                       \
    X(http_connections, gauge, "Open connections of HTTP and HTTPS")                                      \
    X(http_refused, counter, "Connections of HTTP and HTTPS that were too many")                          \
    X(mailbox_waiting, gauge, "Requests waiting for the tick thread")                                     \
    X(journal_lag_us, gauge, "How long the last tick waited for its journal, in microseconds")            \
    X(worlds_us, counter, "Time that ticks took for inputs and worlds, in microseconds")                  \
    X(prepare_us, counter, "... for walking places and ordering clients")                                 \
    X(tell_us, counter, "... for telling clients, and sending where the tick was durable by then")        \
    X(send_us, counter, "... for sending what had to wait for the disk")                                  \
    X(journal_bytes, counter, "Bytes appended to the journal")                                            \
    X(ships, gauge, "Ships in the galaxy")                                                                \
    X(souls, gauge, "Living souls")                                                                       \
    X(minds, gauge, "Living minds")                                                                       \
    X(hot_places, gauge, "Places integrated each tick")                                                   \
    X(credits_minted, counter, "Credits minted since the galaxy began")                                   \
    X(credits_burned, counter, "Credits burned since the galaxy began")                                   \
    X(deaths, counter, "Deaths")                                                                          \
    X(border_offers, counter, "Offers of other servers that were answered")                              \
    X(border_arrived, counter, "Souls that arrived from other servers")                                  \
    X(border_repeated, counter, "Arrivals that had been answered before")                                \
    X(border_refused, counter, "Arrivals that were refused for ever")                                    \
    X(border_problems, counter, "Letters of other servers that did not hold")                            \
    X(border_waiting, gauge, "Souls that wait at the border for an answer")                              \
    X(border_sent, counter, "Souls sent to other servers, repetitions included")                         \
    X(border_retries, counter, "Of these, repetitions")                                                  \
    X(border_gone, counter, "Souls that another server has taken in")                                    \
    X(border_back, counter, "Souls that another server has refused")                                     \
    X(border_lies, counter, "Answers of other servers that did not hold")                                \
    X(letters_waiting, gauge, "Letters to other servers that wait for a connection")                     \
    X(letters_under_way, gauge, "Letters to other servers under way")                                    \
    X(letters_refused, counter, "Letters to other servers that were not sent: too many were under way")  \
    X(acts_done, counter, "Acts on souls that were done")                                                \
    X(acts_refused, counter, "Acts on souls that were refused")

#define INF_TICK_BUCKETS 76

typedef struct InfMetrics {
#define X(name, type, help) _Atomic uint64_t name;
    INF_METRICS(X)
#undef X
    _Atomic uint64_t tick_bucket[INF_TICK_BUCKETS + 1]; ///< not cumulative; the last is "more"
    _Atomic uint64_t tick_sum_us;
    _Atomic uint64_t tick_last_us;
    _Atomic uint64_t load_permille; ///< share of the time of a tick that its work takes, mean of the last ticks
    _Atomic uint64_t tick_at_ms; ///< monotonic time of the last tick
} InfMetrics;

static inline void inf_metric_set(_Atomic uint64_t* metric, uint64_t value) {
    atomic_store_explicit(metric, value, memory_order_relaxed);
}
static inline void inf_metric_add(_Atomic uint64_t* metric, uint64_t value) {
    atomic_fetch_add_explicit(metric, value, memory_order_relaxed);
}
static inline uint64_t inf_metric_get(_Atomic uint64_t* metric) {
    return atomic_load_explicit(metric, memory_order_relaxed);
}

/// Note how long a tick took, from its inputs to the release of its frames.
void inf_metrics_note_tick(InfMetrics* metrics, uint64_t took_us);

/// So many of a thousand ticks took no longer, to the bucket's end. 0 if there was none.
uint64_t inf_metrics_tick_us(InfMetrics* metrics, uint32_t per_mille);
/// Memory of this process that is in use.
uint64_t inf_metrics_resident_bytes(void);

/// Write the Prometheus text. @return bytes it takes without its final zero, even if `out_bytes` was too few
size_t inf_metrics_write(InfMetrics* metrics, char* out, size_t out_bytes);

#endif
