// Two queues under one lock. Requests are few (HTTP, not players), so a lock costs nothing here.
#include "server/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { WAITING, TAKEN, ANSWERED, ABANDONED };

typedef struct Queue {
    InfRequest *first, *last;
} Queue;

struct InfMailbox {
    pthread_mutex_t lock;
    Queue waiting, answered;
    uint32_t waiting_count, waiting_max;
    int fd;
    void (*wake)(void* user);
    void* user;
};

static void push(Queue* queue, InfRequest* request) {
    request->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = request;
    } else {
        queue->first = request;
    }
    queue->last = request;
}

static InfRequest* pop(Queue* queue) {
    InfRequest* request = queue->first;
    if (request != NULL) {
        queue->first = request->next;
        if (queue->first == NULL) {
            queue->last = NULL;
        }
        request->next = NULL;
    }
    return request;
}

InfMailbox* inf_mailbox_create(uint32_t waiting_max, void (*wake)(void* user), void* user) {
    InfMailbox* mailbox = calloc(1, sizeof(*mailbox));
    if (mailbox == NULL) {
        return NULL;
    }
    pthread_mutex_init(&mailbox->lock, NULL);
    mailbox->waiting_max = waiting_max;
    mailbox->wake = wake;
    mailbox->user = user;
    mailbox->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (mailbox->fd < 0) {
        free(mailbox);
        return NULL;
    }
    return mailbox;
}

void inf_mailbox_set_wake(InfMailbox* mailbox, void (*wake)(void* user), void* user) {
    pthread_mutex_lock(&mailbox->lock);
    mailbox->wake = wake;
    mailbox->user = user;
    pthread_mutex_unlock(&mailbox->lock);
}

void inf_mailbox_destroy(InfMailbox* mailbox) {
    if (mailbox == NULL) {
        return;
    }
    for (InfRequest* request; (request = pop(&mailbox->waiting)) != NULL;) {
        inf_request_free(request);
    }
    for (InfRequest* request; (request = pop(&mailbox->answered)) != NULL;) {
        inf_request_free(request);
    }
    close(mailbox->fd);
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}

int inf_mailbox_fd(const InfMailbox* mailbox) { return mailbox->fd; }

InfRequest* inf_request_create(InfRequestKind kind) {
    InfRequest* request = calloc(1, sizeof(*request));
    if (request != NULL) {
        request->kind = kind;
    }
    return request;
}

void inf_request_free(InfRequest* request) {
    if (request != NULL) {
        if (request->prepared_free != NULL) {
            request->prepared_free(request->prepared);
        }
        json_decref(request->body);
        json_decref(request->answer);
        free(request);
    }
}

bool inf_mailbox_post(InfMailbox* mailbox, InfRequest* request) {
    pthread_mutex_lock(&mailbox->lock);
    bool room = mailbox->waiting_count < mailbox->waiting_max;
    if (room) {
        request->state = WAITING;
        push(&mailbox->waiting, request);
        mailbox->waiting_count++;
    }
    pthread_mutex_unlock(&mailbox->lock);
    if (room) {
        uint64_t one = 1;
        ssize_t written = write(mailbox->fd, &one, sizeof(one));
        (void)written; // full means that it is readable already
    }
    return room;
}

InfRequest* inf_mailbox_take(InfMailbox* mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    InfRequest* request;
    while ((request = pop(&mailbox->waiting)) != NULL) {
        mailbox->waiting_count--;
        if (request->state != ABANDONED) {
            request->state = TAKEN;
            break;
        }
        inf_request_free(request);
    }
    if (request == NULL) {
        uint64_t count;
        ssize_t got = read(mailbox->fd, &count, sizeof(count));
        (void)got; // under the lock: a post after this makes it readable again
    }
    pthread_mutex_unlock(&mailbox->lock);
    return request;
}

void inf_mailbox_answer(InfMailbox* mailbox, InfRequest* request) {
    pthread_mutex_lock(&mailbox->lock);
    if (request->state == ABANDONED) {
        inf_request_free(request);
    } else {
        request->state = ANSWERED;
        push(&mailbox->answered, request);
    }
    void (*wake)(void*) = mailbox->wake;
    void* user = mailbox->user;
    pthread_mutex_unlock(&mailbox->lock);
    if (wake != NULL) {
        wake(user);
    }
}

InfRequest* inf_mailbox_collect(InfMailbox* mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    InfRequest* request;
    while ((request = pop(&mailbox->answered)) != NULL && request->state == ABANDONED) {
        inf_request_free(request);
    }
    pthread_mutex_unlock(&mailbox->lock);
    return request;
}

void inf_mailbox_abandon(InfMailbox* mailbox, InfRequest* request) {
    pthread_mutex_lock(&mailbox->lock);
    request->owner = NULL;
    request->state = ABANDONED; // still in a queue, or in the tick thread's hands: the next to see it frees it
    pthread_mutex_unlock(&mailbox->lock);
}

uint32_t inf_mailbox_count(InfMailbox* mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    uint32_t count = mailbox->waiting_count;
    pthread_mutex_unlock(&mailbox->lock);
    return count;
}

json_t* inf_error_json(const char* error, const char* reason, const char* what_to_do) {
    return json_pack("{s:s, s:s, s:s*}", "error", error, "reason", reason, "what_to_do", what_to_do);
}
