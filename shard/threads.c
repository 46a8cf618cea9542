// The pool of threads that ticks worlds. A tick is short (often below 100 µs), so a waiting thread first spins a little
// and sleeps only then; work is handed out by one atomic counter, so that a heavy shard does not hold up the others.
#define _GNU_SOURCE
#include "shard/internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define SPIN_ROUNDS 2000

struct InfPoolOfThreads {
    pthread_t ids[INF_SHARDS_MAX];
    uint32_t helpers;
    pthread_mutex_t mutex;
    pthread_cond_t begin, end;
    atomic_uint generation; // rises with each run
    atomic_uint next, running;
    atomic_bool stop;
    uint32_t count;
    InfShardWork* work;
    void* user;
};

static void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void take_work(InfPoolOfThreads* pool)
{
    for (;;) {
        uint32_t shard = atomic_fetch_add(&pool->next, 1);
        if (shard >= pool->count) {
            return;
        }
        pool->work(pool->user, shard);
    }
}

static void* helper(void* argument)
{
    InfPoolOfThreads* pool = argument;
    unsigned seen = 0;
    for (;;) {
        for (int i = 0; i < SPIN_ROUNDS && atomic_load(&pool->generation) == seen && !atomic_load(&pool->stop); i++) {
            pause_briefly();
        }
        pthread_mutex_lock(&pool->mutex);
        while (atomic_load(&pool->generation) == seen && !atomic_load(&pool->stop)) {
            pthread_cond_wait(&pool->begin, &pool->mutex);
        }
        seen = atomic_load(&pool->generation);
        pthread_mutex_unlock(&pool->mutex);
        if (atomic_load(&pool->stop)) {
            return NULL;
        }
        take_work(pool);
        if (atomic_fetch_sub(&pool->running, 1) == 1) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->end);
            pthread_mutex_unlock(&pool->mutex);
        }
    }
}

InfPoolOfThreads* inf_threads_create(uint32_t threads)
{
    InfPoolOfThreads* pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    if (threads == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores > 0 ? (uint32_t)cores : 1;
    }
    threads = threads > INF_SHARDS_MAX ? INF_SHARDS_MAX : threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->begin, NULL);
    pthread_cond_init(&pool->end, NULL);
    for (uint32_t i = 1; i < threads; i++) {
        if (pthread_create(&pool->ids[pool->helpers], NULL, helper, pool) != 0) {
            break; // fewer threads do the same work
        }
        pool->helpers++;
    }
    return pool;
}

void inf_threads_destroy(InfPoolOfThreads* pool)
{
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->stop, true);
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
    for (uint32_t i = 0; i < pool->helpers; i++) {
        pthread_join(pool->ids[i], NULL);
    }
    pthread_cond_destroy(&pool->begin);
    pthread_cond_destroy(&pool->end);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

void inf_threads_run(InfPoolOfThreads* pool, uint32_t count, InfShardWork* work, void* user)
{
    if (pool->helpers == 0) {
        for (uint32_t shard = 0; shard < count; shard++) {
            work(user, shard);
        }
        return;
    }
    pool->work = work;
    pool->user = user;
    pool->count = count;
    atomic_store(&pool->next, 0);
    atomic_store(&pool->running, pool->helpers);
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->generation, 1);
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
    take_work(pool);
    for (int i = 0; i < SPIN_ROUNDS && atomic_load(&pool->running) != 0; i++) {
        pause_briefly();
    }
    pthread_mutex_lock(&pool->mutex);
    while (atomic_load(&pool->running) != 0) {
        pthread_cond_wait(&pool->end, &pool->mutex);
    }
    pthread_mutex_unlock(&pool->mutex);
}
