// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory-slots.h"
#include "native-abi.h"

// Guest code that a compiler made into a library: loading it, running it, and leaving it.
//
// Guest code is left in two ways. A signal that arrives while an instruction of the library runs, because of a fault in the
// guest's memory or stack, a trap or a request to stop, leaves it at once: nothing of this program lies between that
// instruction and the call. And a host function that fails leaves it once it has returned. So no function of this program
// is ever left halfway.

/// A library of guest code; there is no way to unload one.
typedef struct terrarium_native_code terrarium_native_code;

/// An instance of such code on a memory.
typedef struct terrarium_native_guest terrarium_native_guest;

/// The ways in which a call ends.
typedef enum terrarium_native_outcome {
    TERRARIUM_NATIVE_RETURNED = 0,
    /// A host function failed.
    TERRARIUM_NATIVE_FAILED = 100,
    /// The guest was stopped.
    TERRARIUM_NATIVE_STOPPED = 101,
    // Other numbers are those of traps.
} terrarium_native_outcome;

/// A host function: `values` are its arguments and its result. Returns whether the guest may go on.
typedef bool (*terrarium_native_import)(void *_Nonnull context, uint32_t number, uint64_t *_Nonnull values);

/// Loads a library. Returns NULL, and in `failure` a message that is the caller's to free, if it is none of ours.
terrarium_native_code *_Nullable terrarium_native_load(
    const char *_Nonnull path, char *_Nullable *_Nonnull failure
);

/// The description of a library, which is in it.
const terrarium_native_library *_Nonnull terrarium_native_description(const terrarium_native_code *_Nonnull code);

/// Makes an instance on a slot of an image. Returns NULL if there is no memory for it.
///
/// Its memory has `size` bytes, of which `initial` are there whenever the slot rests, and may grow to `max_size`.
terrarium_native_guest *_Nullable terrarium_native_create(
    const terrarium_native_code *_Nonnull code,
    terrarium_memory_image *_Nonnull image,
    size_t initial,
    size_t size,
    size_t max_size
);

/// Tells an instance whom its host functions are called with, before it is called the first time.
void terrarium_native_set_import(
    terrarium_native_guest *_Nonnull guest, terrarium_native_import _Nonnull import, void *_Nonnull context
);

/// Frees an instance and gives its slot back.
void terrarium_native_destroy(terrarium_native_guest *_Nonnull guest);

/// The slot of an instance.
terrarium_slot *_Nonnull terrarium_native_slot(const terrarium_native_guest *_Nonnull guest);

/// Calls an export by its number, on a thread with much stack; `values` are its arguments and its result.
int terrarium_native_call(
    terrarium_native_guest *_Nonnull guest, uint32_t number, uint64_t *_Nonnull values
);

/// Returns whether the last call ended before words that it was to get were written; on the thread that called.
bool terrarium_native_has_dropped_words(const terrarium_native_guest *_Nonnull guest);

/// A call under way, as other threads see it.
typedef struct terrarium_native_progress {
    /// The number of the call, which no other of the guest has.
    uint64_t call;
    /// The processor time of the thread that runs it, in nanoseconds.
    uint64_t processor_time;
} terrarium_native_progress;

/// Finds the call under way. Returns false if there is none, or if it is in a host function.
bool terrarium_native_find_progress(
    terrarium_native_guest *_Nonnull guest, terrarium_native_progress *_Nonnull progress
);

/// Words to write to a guest's memory, so that its interpreter raises an exception.
typedef struct terrarium_native_words {
    uint32_t exception_address;
    uint32_t exception;
    uint32_t breaker_address;
    uint32_t breaker_bit;
} terrarium_native_words;

/// Has the words written when the guest next runs an instruction of its own, if a call is still under way.
///
/// From any thread, while the guest exists.
void terrarium_native_raise(terrarium_native_guest *_Nonnull guest, uint64_t call, terrarium_native_words words);

/// Has a call end when the guest next runs an instruction of its own; from any thread, as above.
void terrarium_native_stop(terrarium_native_guest *_Nonnull guest, uint64_t call);

/// Asks again, if what was asked for before is still to be done.
void terrarium_native_ask_again(terrarium_native_guest *_Nonnull guest);

/// The kind of processor that code is made for: the level of x86-64 that this one has, or the architecture.
const char *_Nonnull terrarium_native_processor(void);
