// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "worker-thread.h"

#include "host-thread.h"

int terrarium_start_thread(size_t stack_bytes, void (*body)(void *context), void *context) {
    return cwasmtime_start_thread(stack_bytes, body, context);
}

static _Thread_local void *thread_owner;

void terrarium_set_thread_owner(void *owner) {
    thread_owner = owner;
}

void *terrarium_thread_owner(void) {
    return thread_owner;
}
