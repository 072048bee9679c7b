// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "worker-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct start {
    void (*body)(void *context);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int terrarium_start_thread(size_t stack_bytes, void (*body)(void *context), void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) {
        return ENOMEM;
    }
    start->body = body;
    start->context = context;

    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (!error) {
        error = pthread_attr_setstacksize(&attributes, stack_bytes);
        if (!error) {
            error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        }
        if (!error) {
            pthread_t thread;
            error = pthread_create(&thread, &attributes, run, start);
        }
        pthread_attr_destroy(&attributes);
    }
    if (error) {
        free(start);
    }
    return error;
}

static _Thread_local void *thread_owner;

void terrarium_set_thread_owner(void *owner) {
    thread_owner = owner;
}

void *terrarium_thread_owner(void) {
    return thread_owner;
}
