// Credits: how many movements a second the real ledger makes, with its events, its bounds and its invariant, beside a bare
// loop that takes from one number what it gives to another. Then the same as payments of players: encoded inputs, checked,
// looked up, told. Pairs and amounts are drawn before the clock starts and are the same for all.
#include "bench.h"
#include "local_galaxy.h"

#include "core/world/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOVES_PER_TICK 8000u // their events fit into one tick's buffer
#define PAYS_PER_TICK 2000u
#define WALK_TICKS 600u // the whole ledger, once a minute, as the live galaxy does it
#define PURSE INT64_C(1000000000000)

typedef struct Move {
    uint32_t from, to;
    int64_t credits;
} Move;

/// @param minds  born into it; else it is empty
static InfWorld* make_world(uint32_t souls, uint32_t minds)
{
    InfWorldDef def = inf_world_def_default();
    InfWorld* world = NULL;
    def.capacity = inf_capacity_for_souls(souls + 1024);
    def.allocator = local_allocator();
    if (inf_world_create(&def, &world) == INF_OK && minds != 0 && inf_world_found(world, minds, 0) != INF_OK) {
        inf_world_destroy(world);
        world = NULL;
    }
    return world;
}

static Move* draw_moves(uint32_t accounts, uint32_t count)
{
    Move* moves = malloc(count * sizeof *moves);
    InfRng rng;
    inf_rng_seed(&rng, 7, 7);
    for (uint32_t i = 0; moves != NULL && i < count; i++) {
        moves[i].from = inf_rng_below(&rng, accounts);
        moves[i].to = (moves[i].from + 1 + inf_rng_below(&rng, accounts - 1)) % accounts;
        moves[i].credits = 1 + (int64_t)inf_rng_below(&rng, 1000);
    }
    return moves;
}

static bool measure_moves(InfWorld* world, const Move* moves, uint32_t count, uint32_t accounts, double* out_ns)
{
    uint32_t* rows = malloc(accounts * sizeof *rows);
    uint32_t failed = 0, walks = 0;
    uint64_t dropped = 0;
    if (rows == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < accounts; i++) {
        rows[i] = inf_account_open(world, INF_ACCOUNT_CARRIED, i + 1);
        if (rows[i] == 0 || inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), rows[i], PURSE, INF_REASON_BIRTH) != INF_OK) {
            free(rows);
            return false;
        }
        world->event_bytes = 0;
    }
    double start = bench_cpu_s();
    for (uint32_t i = 0; i < count; i++) {
        if (i % MOVES_PER_TICK == 0) { // as a tick ends and begins
            failed += !inf_ledger_sound(world);
            if (i / MOVES_PER_TICK % WALK_TICKS == 0) {
                walks++;
                failed += !inf_ledger_balanced(world);
            }
            dropped += world->dropped_events;
            world->event_bytes = 0;
            world->dropped_events = 0;
        }
        failed += inf_ledger_move(world, rows[moves[i].from], rows[moves[i].to], moves[i].credits, INF_REASON_PAY) != INF_OK;
    }
    *out_ns = (bench_cpu_s() - start) * 1e9 / count;
    start = bench_cpu_s();
    failed += !inf_ledger_balanced(world);
    bench_result("walk_us", (bench_cpu_s() - start) * 1e6);
    bench_result("walks", walks);
    free(rows);
    if (failed != 0 || dropped != 0) {
        bench_say("%u movements or checks failed, %llu events were lost", failed, (unsigned long long)dropped);
    }
    return failed == 0 && dropped == 0;
}

/// @param stride  in numbers: 1 is an array of nothing but credits, else they lie as far apart as in the ledger's rows
static double measure_raw(const Move* moves, uint32_t count, uint32_t accounts, size_t stride)
{
    int64_t* credits = calloc(accounts, stride * sizeof *credits);
    if (credits == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < accounts; i++) {
        credits[i * stride] = PURSE;
    }
    double start = bench_cpu_s();
    for (uint32_t i = 0; i < count; i++) {
        credits[moves[i].from * stride] -= moves[i].credits;
        credits[moves[i].to * stride] += moves[i].credits;
    }
    double ns = (bench_cpu_s() - start) * 1e9 / count;
    int64_t sum = 0;
    for (uint32_t i = 0; i < accounts; i++) {
        sum += credits[i * stride];
    }
    free(credits);
    return sum == PURSE * accounts ? ns : 0;
}

/// Inputs of players as they come out of the journal. The minds' own lives go on; what they take is measured before.
static bool measure_payments(InfWorld* world, const Move* moves, uint32_t count, double* out_ns)
{
    uint32_t soul_rows, live = 0;
    const InfSoul* souls = inf_world_souls(world, &soul_rows);
    uint64_t* ids = malloc((soul_rows + 1) * sizeof *ids);
    uint8_t* batch = malloc(PAYS_PER_TICK * 64);
    if (ids == NULL || batch == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < soul_rows; i++) {
        if ((souls[i].generation & 1u) != 0) {
            ids[live++] = souls[i].id;
            inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), souls[i].carried_account, PURSE / 1000, INF_REASON_BIRTH);
            world->event_bytes = 0;
        }
    }
    double idle_s = bench_cpu_s(), spent = 0;
    for (int i = 0; i < 100; i++) {
        inf_world_tick(world, NULL, 0);
    }
    idle_s = (bench_cpu_s() - idle_s) / 100;
    uint32_t accepted = 0, ticks = count / PAYS_PER_TICK;
    for (uint32_t tick = 0; tick < ticks; tick++) {
        InfWriter writer = inf_writer_make(batch, PAYS_PER_TICK * 64);
        for (uint32_t i = 0; i < PAYS_PER_TICK; i++) {
            const Move* move = &moves[tick * PAYS_PER_TICK + i];
            InfInput input = {.kind = INF_INPUT_KIND_Pay};
            input.Pay.soul = ids[move->from % live];
            input.Pay.payee = ids[(move->from % live + 1 + move->to % (live - 1)) % live];
            input.Pay.credits = move->credits;
            inf_input_write(&writer, &input);
        }
        double start = bench_cpu_s();
        inf_world_tick(world, batch, writer.at);
        spent += bench_cpu_s() - start - idle_s;
        for (const InfEvent* event = inf_world_next_event(world, NULL); event != NULL; event = inf_world_next_event(world, event)) {
            accepted += event->kind == INF_EVENT_KIND_Accepted;
        }
    }
    *out_ns = spent * 1e9 / (double)(ticks * PAYS_PER_TICK);
    free(ids);
    free(batch);
    if (accepted < ticks * PAYS_PER_TICK * 99 / 100 || !inf_ledger_balanced(world)) { // some die meanwhile
        bench_say("only %u of %u payments were accepted, or the books do not hold", accepted, ticks * PAYS_PER_TICK);
        return false;
    }
    return true;
}

BENCH(ledger, "movements of credits with the invariant checked, beside bare additions: --accounts 100000 --count 20000000")
{
    uint32_t accounts = (uint32_t)bench_option(&args, "accounts", 100000);
    uint32_t count = (uint32_t)bench_option(&args, "count", 20000000);
    accounts = accounts < 2 ? 2 : accounts > 10000000 ? 10000000 : accounts;
    count = count < 10 * PAYS_PER_TICK ? 10 * PAYS_PER_TICK : count;
    uint32_t souls = 5000, payments = count / 20 < 10 * PAYS_PER_TICK ? 10 * PAYS_PER_TICK : count / 20;
    InfWorld *book = make_world(accounts / 2 + 1, 0), *world = make_world(souls, souls);
    Move* moves = draw_moves(accounts, count);
    double move_ns = 0, pay_ns = 0, raw_ns = 0;
    bool fine = book != NULL && world != NULL && moves != NULL;
    fine = fine && measure_moves(book, moves, count, accounts, &move_ns);
    raw_ns = fine ? measure_raw(moves, count, accounts, 1) : 0;
    double row_ns = fine ? measure_raw(moves, count, accounts, sizeof(InfAccount) / sizeof(int64_t)) : 0;
    fine = fine && raw_ns > 0 && measure_payments(world, moves, payments, &pay_ns);
    inf_world_destroy(book);
    inf_world_destroy(world);
    free(moves);
    if (!fine) {
        fprintf(stderr, "infinity-bench: the ledger could not be measured\n");
        return 1;
    }
    bench_result("accounts", accounts);
    bench_result("moves", count);
    bench_result("move_ns", move_ns);
    bench_result("moves_per_cpu_s", 1e9 / move_ns);
    bench_result("raw_ns", raw_ns);
    bench_result("raw_rows_ns", row_ns);
    bench_result("ratio", move_ns / raw_ns);
    bench_result("ratio_rows", move_ns / row_ns);
    bench_result("payment_ns", pay_ns);
    bench_result("payments_per_cpu_s", 1e9 / pay_ns);
    return 0;
}
