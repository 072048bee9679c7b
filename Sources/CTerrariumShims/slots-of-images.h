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

/// Makes a slot: `initial` bytes that are accessible and begin with those of the image, if there is one. NULL if the system
/// has no address space for it.
terrarium_slot *terrarium_new_slot(terrarium_memory_image *image, size_t initial, size_t reserved, size_t guard);

/// Takes a resting slot of an image or makes one; NULL as above.
terrarium_slot *terrarium_take_slot(terrarium_memory_image *image, size_t initial, size_t reserved, size_t guard);

/// Ends the use of a slot, which then rests as the image has it.
void terrarium_give_back_slot(terrarium_slot *slot);

/// Makes a memory larger. Returns whether that could be done.
bool terrarium_resize_slot(terrarium_slot *slot, size_t size);

/// Forgets that a slot was made for this thread's request, if it was.
void terrarium_forget_requested_slot(const terrarium_slot *slot);

/// Gives a slot's address space back to the system.
void terrarium_free_slot(terrarium_slot *slot);

/// Rounds up to whole pages.
static inline size_t terrarium_whole_pages(size_t bytes) {
    return (bytes + TERRARIUM_PAGE_BYTES - 1) / TERRARIUM_PAGE_BYTES * TERRARIUM_PAGE_BYTES;
}

/// Answers the smaller of two numbers.
static inline size_t terrarium_smaller(size_t a, size_t b) { return a < b ? a : b; }
