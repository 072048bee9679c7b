// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <pthread.h>

#include "memory-slots.h"

// What images and slots know of each other.

/// More dirty bytes than this are cheaper to drop than to copy back, for each of the next users.
#define MAX_COPIED_BACK_BYTES (2u << 20)

struct terrarium_memory_image {
    pthread_mutex_t mutex;
    size_t references;
    int descriptor;
    uint8_t *bytes;
    size_t length;
    terrarium_slot *resting;
    size_t resting_count;
    size_t used_count;
    size_t max_resting;
    size_t max_resident_bytes;
};

struct terrarium_slot {
    terrarium_memory_image *image;
    uint8_t *base;
    size_t reserved; // address space that the memory may grow into
    size_t mapped;   // reserved and guard
    size_t initial;  // what is accessible when nobody uses the slot
    size_t size;
    terrarium_slot *next;

    // The pages that are the slot's own, which all that were written to are among. A page becomes the slot's own by a
    // fault, so the ranges stay true for as long as the threads that write take none.
    terrarium_range *dirty;
    size_t dirty_count;
    size_t dirty_capacity;
    bool is_dirty_known;
    bool is_entered;
    uint64_t faults_at_entry;
};

/// Gives a slot's address space back to the system.
void terrarium_free_slot(terrarium_slot *slot);

/// Answers the smaller of two numbers.
static inline size_t terrarium_smaller(size_t a, size_t b) { return a < b ? a : b; }
