// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dirty-pages.h"
#include "slots-of-images.h"
#include "thread-faults.h"

// MARK: - Slots

void terrarium_free_slot(terrarium_slot *slot) {
    munmap(slot->base, slot->mapped);
    free(slot->dirty);
    free(slot);
}

terrarium_slot *terrarium_new_slot(terrarium_memory_image *image, size_t initial, size_t reserved, size_t guard) {
    terrarium_slot *slot = calloc(1, sizeof *slot);
    if (!slot) {
        return NULL;
    }
    slot->reserved = reserved;
    slot->mapped = reserved + guard;
    slot->initial = initial;
    slot->size = initial;
    slot->base = mmap(NULL, slot->mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (slot->base == MAP_FAILED) {
        free(slot);
        return NULL;
    }
    size_t from_image = image ? terrarium_smaller(image->length, initial) : 0;
    const int access = PROT_READ | PROT_WRITE;
    bool is_mapped = true;
    if (from_image > 0) {
        const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
        is_mapped = mmap(slot->base, from_image, access, flags, image->descriptor, 0) != MAP_FAILED;
    }
    if (is_mapped && initial > from_image) {
        is_mapped = mprotect(slot->base + from_image, initial - from_image, access) == 0;
    }
    if (!is_mapped) {
        terrarium_free_slot(slot);
        return NULL;
    }
#if defined(__linux__)
    // A huge page for a few written bytes would make every sandbox 2 MiB larger.
    madvise(slot->base, slot->reserved, MADV_NOHUGEPAGE);
#endif
    slot->image = image;
    slot->is_dirty_known = true; // none yet
    return slot;
}

bool terrarium_resize_slot(terrarium_slot *slot, size_t size) {
    if (size > slot->reserved) {
        return false;
    }
    if (size > slot->size && mprotect(slot->base + slot->size, size - slot->size, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    slot->size = size;
    return true;
}

/// Brings the slot's ranges up to date. Returns 0 or an error number.
static int find_dirty(terrarium_slot *slot) {
    if (slot->is_dirty_known) {
        return 0;
    }
    const terrarium_memory_image *image = slot->image;
    while (true) {
        bool has_all_own_pages;
        long count = terrarium_find_dirty_ranges(
            slot->base,
            slot->size,
            image ? image->bytes : NULL,
            image ? image->length : 0,
            slot->dirty,
            slot->dirty_capacity,
            &has_all_own_pages
        );
        if (count < 0) {
            return (int)-count;
        }
        if ((size_t)count <= slot->dirty_capacity) {
            slot->dirty_count = (size_t)count;
            // A page that is the slot's own and was not found can be written to without a fault.
            slot->is_dirty_known = has_all_own_pages;
            return 0;
        }
        size_t capacity = (size_t)count + (size_t)count / 4;
        terrarium_range *ranges = realloc(slot->dirty, capacity * sizeof *ranges);
        if (!ranges) {
            return ENOMEM;
        }
        slot->dirty = ranges;
        slot->dirty_capacity = capacity;
    }
}

/// Forgets what lies behind the initial size.
static void trim_dirty(terrarium_slot *slot) {
    size_t count = 0;
    while (count < slot->dirty_count && slot->dirty[count].start < slot->initial) {
        slot->dirty[count].end = terrarium_smaller(slot->dirty[count].end, slot->initial);
        count++;
    }
    slot->dirty_count = count;
}

/// Makes the contents those of the image again. Returns whether that could be done.
static bool reset(terrarium_slot *slot) {
    const terrarium_memory_image *image = slot->image;
    if (slot->size > slot->initial) {
        size_t grown = slot->size - slot->initial;
        if (madvise(slot->base + slot->initial, grown, MADV_DONTNEED) != 0
            || mprotect(slot->base + slot->initial, grown, PROT_NONE) != 0) {
            return false;
        }
        slot->size = slot->initial;
        trim_dirty(slot);
    }
    bool is_found = find_dirty(slot) == 0;
    size_t dirty = 0;
    for (size_t index = 0; is_found && index < slot->dirty_count; index++) {
        dirty += slot->dirty[index].end - slot->dirty[index].start;
    }
    if (!is_found || dirty > terrarium_smaller(image->max_resident_bytes, MAX_COPIED_BACK_BYTES)) {
        slot->dirty_count = 0;
        slot->is_dirty_known = true;
        return madvise(slot->base, slot->size, MADV_DONTNEED) == 0;
    }
    // Copied back rather than dropped: the pages stay, and the next user takes no faults on them.
    for (size_t index = 0; index < slot->dirty_count; index++) {
        size_t start = slot->dirty[index].start;
        size_t end = slot->dirty[index].end;
        size_t boundary = terrarium_smaller(end, image->length);
        if (start < boundary) {
            memcpy(slot->base + start, image->bytes + start, boundary - start);
            start = boundary;
        }
        // Not for no bytes at all: where memset masks its stores, as with AVX-512, one of none is slow on a page that is
        // not writable yet, which what follows a range is.
        if (start < end) {
            memset(slot->base + start, 0, end - start);
        }
    }
    return true;
}

void terrarium_give_back_slot(terrarium_slot *slot) {
    terrarium_memory_image *image = slot->image;
    if (!image) {
        terrarium_free_slot(slot);
        return;
    }
    // The store went before what it was made for had ended: nobody looked at what was written meanwhile, and this thread's
    // request must not speak of a slot that is somebody else's.
    if (slot->is_entered) {
        slot->is_entered = false;
        slot->is_dirty_known = false;
    }
    terrarium_forget_requested_slot(slot);
    bool is_clean = reset(slot);
    pthread_mutex_lock(&image->mutex);
    image->used_count--;
    bool is_kept = is_clean && image->resting_count < image->max_resting;
    if (is_kept) {
        slot->next = image->resting;
        image->resting = slot;
        image->resting_count++;
    }
    pthread_mutex_unlock(&image->mutex);
    if (!is_kept) {
        terrarium_free_slot(slot);
    }
    terrarium_memory_image_release(image);
}

terrarium_slot *terrarium_take_slot(terrarium_memory_image *image, size_t initial, size_t reserved, size_t guard) {
    pthread_mutex_lock(&image->mutex);
    terrarium_slot *slot = image->resting;
    if (slot) {
        image->resting = slot->next;
        image->resting_count--;
    }
    image->used_count++;
    image->references++;
    pthread_mutex_unlock(&image->mutex);
    if (slot && (slot->initial != initial || slot->reserved != reserved || slot->mapped != reserved + guard)) {
        terrarium_free_slot(slot);
        slot = NULL;
    }
    if (!slot) {
        slot = terrarium_new_slot(image, initial, reserved, guard);
    }
    if (!slot) {
        // Address space is what ran out; resting slots are what there is to free.
        terrarium_memory_image_release_resting(image);
        slot = terrarium_new_slot(image, initial, reserved, guard);
    }
    if (!slot) {
        pthread_mutex_lock(&image->mutex);
        image->used_count--;
        pthread_mutex_unlock(&image->mutex);
        terrarium_memory_image_release(image);
    }
    return slot;
}

void terrarium_slot_enter(terrarium_slot *slot) {
    slot->faults_at_entry = terrarium_thread_faults();
    slot->is_entered = true;
}

void terrarium_slot_leave(terrarium_slot *slot) {
    slot->is_entered = false;
    if (!terrarium_thread_faults_are_counted() || terrarium_thread_faults() != slot->faults_at_entry) {
        slot->is_dirty_known = false;
    }
}

const uint8_t *terrarium_slot_bytes(const terrarium_slot *slot) { return slot->base; }

uint8_t *terrarium_slot_writable_bytes(terrarium_slot *slot) {
    if (!slot->is_entered) {
        slot->is_dirty_known = false;
    }
    return slot->base;
}

size_t terrarium_slot_size(const terrarium_slot *slot) { return slot->size; }

int terrarium_slot_dirty_ranges(terrarium_slot *slot, const terrarium_range **ranges, size_t *count) {
    int error = find_dirty(slot);
    *ranges = slot->dirty;
    *count = error ? 0 : slot->dirty_count;
    return error;
}
