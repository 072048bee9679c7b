// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wasmtime-types.h"

/// The contents that linear memories start with, shared copy-on-write by all that are made from it.
typedef struct terrarium_memory_image terrarium_memory_image;

/// A linear memory: a reservation of address space whose beginning maps an image privately.
///
/// It belongs to the engine, which gives it back when the store goes. Giving back resets it to the image and keeps it for
/// the next user.
typedef struct terrarium_slot terrarium_slot;

/// A run of bytes in a memory.
typedef struct terrarium_range {
    uint64_t start;
    uint64_t end;
} terrarium_range;

/// The ways of finding the pages that were written to.
typedef enum terrarium_dirty_tracking {
    /// The PAGEMAP_SCAN ioctl of Linux 6.7 and later.
    TERRARIUM_DIRTY_PAGEMAP_SCAN = 0,
    /// Reading /proc/self/pagemap.
    TERRARIUM_DIRTY_PAGEMAP = 1,
    /// Comparing every page with the image: works everywhere, and takes long.
    TERRARIUM_DIRTY_COMPARISON = 2,
} terrarium_dirty_tracking;

/// The size of the pages that images and dirty ranges are counted in.
#define TERRARIUM_PAGE_BYTES 4096

/// Makes a file in memory, without a name, with the given bytes. Returns its descriptor or a negative error number.
int terrarium_anonymous_file(const void *_Nullable bytes, size_t length);

/// Makes such a file with the given whole pages, of which those that are zeros take no memory.
int terrarium_anonymous_copy(const uint8_t *_Nonnull bytes, size_t length);

/// Makes an image of the first `length` bytes of a file, a multiple of the page size. Returns 0 or an error number.
///
/// The descriptor becomes the image's. The file must not change any more: what it contains is what running programs see.
int terrarium_memory_image_create(
    int descriptor, size_t length, terrarium_memory_image *_Nullable *_Nonnull image
);

/// Bounds what resting slots of an image may take: their number, and the bytes that each keeps resident.
void terrarium_memory_image_set_bounds(
    terrarium_memory_image *_Nonnull image, size_t max_resting, size_t max_resident_bytes
);

/// Frees resting slots, because memory is short.
void terrarium_memory_image_release_resting(terrarium_memory_image *_Nonnull image);

/// Counts the slots that are in use, and those that rest.
void terrarium_memory_image_count(terrarium_memory_image *_Nonnull image, size_t *_Nonnull used, size_t *_Nonnull resting);

/// The image's bytes, mapped for reading.
const uint8_t *_Nonnull terrarium_memory_image_bytes(const terrarium_memory_image *_Nonnull image);

/// Returns the number of bytes of the image.
size_t terrarium_memory_image_length(const terrarium_memory_image *_Nonnull image);

/// Lets go of an image; it is freed when its last slot is.
void terrarium_memory_image_release(terrarium_memory_image *_Nonnull image);

/// The callbacks for an engine whose memories are slots. Memories that no request is open for are ordinary ones.
wasmtime_memory_creator_t terrarium_memory_creator(void);

/// Makes the next memory that this thread creates a slot of an image, of at least `size` bytes.
void terrarium_request_slot(terrarium_memory_image *_Nonnull image, size_t size);

/// Ends the request of this thread and returns the slot that was made for it, if any.
terrarium_slot *_Nullable terrarium_finish_request(void);

/// Begins a time in which only the calling thread writes to a memory; guest code runs in such a time.
///
/// Writes at other times, through `terrarium_slot_writable_bytes`, are found all the same, but it takes longer.
void terrarium_slot_enter(terrarium_slot *_Nonnull slot);

/// Ends that time, on the same thread.
void terrarium_slot_leave(terrarium_slot *_Nonnull slot);

/// The first byte of a memory, for reading.
const uint8_t *_Nonnull terrarium_slot_bytes(const terrarium_slot *_Nonnull slot);

/// The first byte of a memory, for writing at once.
uint8_t *_Nonnull terrarium_slot_writable_bytes(terrarium_slot *_Nonnull slot);

/// The size of a memory at this moment, in bytes.
size_t terrarium_slot_size(const terrarium_slot *_Nonnull slot);

/// Finds the pages that were written to since the memory was made, and some that only look so, in ascending order.
///
/// Returns 0 or an error number. The ranges are the slot's, valid until it is used again.
int terrarium_slot_dirty_ranges(
    terrarium_slot *_Nonnull slot, const terrarium_range *_Nullable *_Nonnull ranges, size_t *_Nonnull count
);

/// The way that this process uses.
terrarium_dirty_tracking terrarium_current_dirty_tracking(void);

/// Makes the process use a way, for tests; one that does not work here falls back to the next.
void terrarium_set_dirty_tracking(terrarium_dirty_tracking tracking);
