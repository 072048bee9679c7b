// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#include "native-guests.h"

// What loading, running and leaving guest code know of each other.

struct terrarium_native_code {
    const terrarium_native_library *library;
    // The machine code, which is in one piece.
    uintptr_t text_start;
    uintptr_t text_end;
};

struct terrarium_native_guest {
    const terrarium_native_code *code;
    void *instance;
    terrarium_slot *slot;
    size_t max_size;
    terrarium_native_import import;
    void *context;

    /// Held by whoever sends a signal, so that the thread is there and runs this guest.
    pthread_mutex_t mutex;
    bool is_running;
    uint64_t call;
    pthread_t thread;
    clockid_t clock;

    /// Set while a host function runs.
    atomic_bool is_in_host;
    atomic_bool wants_stop;
    /// Set once the words are there to be written, and taken back by the handler.
    atomic_bool wants_words;
    terrarium_native_words words;
    /// Set when a call ended before its words were written.
    bool has_dropped_words;
};

/// A call into a guest, on the stack of its thread.
typedef struct terrarium_native_activation {
    struct terrarium_native_activation *outer;
    terrarium_native_guest *guest;
    volatile int outcome;
    sigjmp_buf leave;
} terrarium_native_activation;

/// Facts about a thread that runs guests.
typedef struct terrarium_native_thread {
    /// The innermost call.
    terrarium_native_activation *activation;
    /// The lowest addresses of the stack, where running out of it is noticed.
    uintptr_t stack_end;
    uintptr_t guard_start;
    uintptr_t guard_end;
    bool is_prepared;
} terrarium_native_thread;

// Read by signal handlers, which must not allocate: the model of statically linked programs never does.
extern _Thread_local terrarium_native_thread terrarium_this_native_thread __attribute__((tls_model("initial-exec")));

/// Has the calling thread handle signals on a stack of their own. Returns whether it can.
bool terrarium_prepare_native_thread(void);

/// Writes the words that wait to be written, between two instructions of the guest.
///
/// On the guest's own thread: a page that becomes the slot's own by it is found by the faults of that thread.
void terrarium_write_native_words(terrarium_native_guest *guest);

/// Has the process handle the signals of guest code, in front of whoever handled them before. Returns whether it does.
bool terrarium_handle_native_signals(void);

/// The signal that asks a thread to look at what is wanted of its guest.
///
/// Nobody else means much by it, and without a handler nothing happens.
#define TERRARIUM_NATIVE_SIGNAL SIGURG
