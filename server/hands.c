// The helpers sleep on a condition between two pieces of work: there are only a few in a tick, and spinning would take the
// processor from those who read what is sent.
#include "server/hands.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Helper {
    pthread_t thread;
    InfHands* hands;
    uint32_t number;
} Helper;

struct InfHands {
    Helper helpers[INF_HANDS_MAX];
    uint32_t helper_count;
    pthread_mutex_t mutex;
    pthread_cond_t begin, end;
    // Guarded by the mutex.
    uint64_t round;
    uint32_t busy;
    bool stop;
    // Set before a round begins.
    uint32_t pieces, step;
    InfHandsWork* work;
    void* user;
    atomic_uint next;
};

static void take_work(InfHands* hands, uint32_t hand) {
    for (;;) {
        uint32_t from = atomic_fetch_add_explicit(&hands->next, hands->step, memory_order_relaxed);
        if (from >= hands->pieces) {
            return;
        }
        uint32_t left = hands->pieces - from;
        hands->work(hands->user, hand, from, from + (left < hands->step ? left : hands->step));
    }
}

static void* help(void* argument) {
    const Helper* helper = argument;
    InfHands* hands = helper->hands;
    pthread_mutex_lock(&hands->mutex);
    for (uint64_t seen = 0;;) {
        while (hands->round == seen && !hands->stop) {
            pthread_cond_wait(&hands->begin, &hands->mutex);
        }
        if (hands->stop) {
            pthread_mutex_unlock(&hands->mutex);
            return NULL;
        }
        seen = hands->round;
        pthread_mutex_unlock(&hands->mutex);
        take_work(hands, helper->number);
        pthread_mutex_lock(&hands->mutex);
        if (--hands->busy == 0) {
            pthread_cond_signal(&hands->end);
        }
    }
}

InfHands* inf_hands_create(uint32_t count) {
    InfHands* hands = calloc(1, sizeof(*hands));
    if (hands == NULL) {
        return NULL;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    count = count != 0 ? count : processors > 0 ? (uint32_t)processors : 1;
    count = count < INF_HANDS_MAX ? count : INF_HANDS_MAX;
    pthread_mutex_init(&hands->mutex, NULL);
    pthread_cond_init(&hands->begin, NULL);
    pthread_cond_init(&hands->end, NULL);
    while (hands->helper_count + 1 < count) {
        Helper* helper = &hands->helpers[hands->helper_count];
        *helper = (Helper){.hands = hands, .number = hands->helper_count + 1};
        if (pthread_create(&helper->thread, NULL, help, helper) != 0) {
            inf_hands_destroy(hands);
            return NULL;
        }
        hands->helper_count++;
    }
    return hands;
}

void inf_hands_destroy(InfHands* hands) {
    if (hands == NULL) {
        return;
    }
    pthread_mutex_lock(&hands->mutex);
    hands->stop = true;
    pthread_cond_broadcast(&hands->begin);
    pthread_mutex_unlock(&hands->mutex);
    for (uint32_t i = 0; i < hands->helper_count; i++) {
        pthread_join(hands->helpers[i].thread, NULL);
    }
    pthread_cond_destroy(&hands->begin);
    pthread_cond_destroy(&hands->end);
    pthread_mutex_destroy(&hands->mutex);
    free(hands);
}

uint32_t inf_hands_count(const InfHands* hands) { return hands->helper_count + 1; }

void inf_hands_do(InfHands* hands, uint32_t pieces, uint32_t step, InfHandsWork* work, void* user) {
    bool is_shared = hands->helper_count > 0 && pieces > step;
    hands->pieces = pieces;
    hands->step = step > 0 ? step : 1;
    hands->work = work;
    hands->user = user;
    atomic_store_explicit(&hands->next, 0, memory_order_relaxed);
    if (is_shared) {
        pthread_mutex_lock(&hands->mutex);
        hands->busy = hands->helper_count;
        hands->round++;
        pthread_cond_broadcast(&hands->begin);
        pthread_mutex_unlock(&hands->mutex);
    }
    take_work(hands, 0);
    if (is_shared) {
        pthread_mutex_lock(&hands->mutex);
        while (hands->busy > 0) {
            pthread_cond_wait(&hands->end, &hands->mutex);
        }
        pthread_mutex_unlock(&hands->mutex);
    }
}
