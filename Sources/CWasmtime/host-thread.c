// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "host-thread.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

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

// Some systems refuse a size that is smaller than their minimum, or that is no multiple of the page size.
static int set_stack_size(pthread_attr_t *attributes, size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (bytes < (size_t)PTHREAD_STACK_MIN) {
        bytes = (size_t)PTHREAD_STACK_MIN;
    }
    if (bytes > SIZE_MAX - page) {
        return ENOMEM;
    }
    return pthread_attr_setstacksize(attributes, (bytes + page - 1) / page * page);
}

int cwasmtime_start_thread(size_t stack_bytes, void (*body)(void *context), void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) {
        return ENOMEM;
    }
    start->body = body;
    start->context = context;

    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (!error) {
        error = set_stack_size(&attributes, stack_bytes);
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
