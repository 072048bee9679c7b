// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "dirty-pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/ioctl.h>
#endif

static _Atomic int tracking = TERRARIUM_DIRTY_PAGEMAP_SCAN;

terrarium_dirty_tracking terrarium_current_dirty_tracking(void) { return atomic_load(&tracking); }

void terrarium_set_dirty_tracking(terrarium_dirty_tracking wanted) { atomic_store(&tracking, wanted); }

/// Ranges in the order of their addresses, in which neighbours become one; counts on when the space is used up.
struct collector {
    terrarium_range *ranges;
    size_t capacity;
    size_t count;
    uint64_t last_end;
};

static void collect(struct collector *collector, uint64_t start, uint64_t end) {
    if (collector->count > 0 && start == collector->last_end) {
        if (collector->count <= collector->capacity) {
            collector->ranges[collector->count - 1].end = end;
        }
    } else {
        if (collector->count < collector->capacity) {
            collector->ranges[collector->count] = (terrarium_range){start, end};
        }
        collector->count++;
    }
    collector->last_end = end;
}

#if defined(__linux__)

// From <linux/fs.h> of Linux 6.7: https://docs.kernel.org/admin-guide/mm/pagemap.html
struct scan_argument {
    uint64_t size, flags, start, end, walk_end, ranges, range_count, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct scan_region {
    uint64_t start, end, categories;
};
#define SCAN_IOCTL _IOWR('f', 16, struct scan_argument)
#define PAGE_IS_FILE (1u << 2)
#define PAGE_IS_PRESENT (1u << 3)
#define PAGE_IS_SWAPPED (1u << 4)
#define PAGE_IS_PFNZERO (1u << 5)

/// The open file, or a negative error number; what could not be opened is tried again the next time.
static int pagemap_descriptor(void) {
    static _Atomic int descriptor = -1;
    int known = atomic_load(&descriptor);
    if (known >= 0) {
        return known;
    }
    int opened = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (opened < 0) {
        return -errno;
    }
    if (atomic_compare_exchange_strong(&descriptor, &known, opened)) {
        return opened;
    }
    close(opened);
    return known;
}

/// Returns whether an error is about this moment, and says nothing about what the system can do.
static bool is_transient(int error) {
    return error == EINTR || error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
}

/// Pages that are there and are neither the file's own nor the shared page of zeros.
static int scan(const uint8_t *base, size_t size, struct collector *collector) {
    struct scan_region regions[256];
    uint64_t start = (uint64_t)base;
    const uint64_t end = start + size;
    const int descriptor = pagemap_descriptor();
    if (descriptor < 0) {
        return -descriptor;
    }
    while (start < end) {
        struct scan_argument argument = {
            .size = sizeof argument,
            .start = start,
            .end = end,
            .ranges = (uint64_t)regions,
            .range_count = sizeof regions / sizeof *regions,
            .category_inverted = PAGE_IS_FILE | PAGE_IS_PFNZERO,
            .category_mask = PAGE_IS_FILE | PAGE_IS_PFNZERO,
            .category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
            .return_mask = PAGE_IS_PRESENT,
        };
        long count = ioctl(descriptor, SCAN_IOCTL, &argument);
        if (count < 0) {
            return errno;
        }
        for (long index = 0; index < count; index++) {
            collect(collector, regions[index].start - (uint64_t)base, regions[index].end - (uint64_t)base);
        }
        if (argument.walk_end <= start) {
            return EIO;
        }
        start = argument.walk_end;
    }
    return 0;
}

static int read_pagemap(const uint8_t *base, size_t size, struct collector *collector) {
    const uint64_t present = 1ull << 63, swapped = 1ull << 62, of_file = 1ull << 61;
    uint64_t entries[512];
    const size_t pages = size / TERRARIUM_PAGE_BYTES;
    const off_t first = (off_t)((uint64_t)base / TERRARIUM_PAGE_BYTES);
    const int descriptor = pagemap_descriptor();
    if (descriptor < 0) {
        return -descriptor;
    }
    for (size_t page = 0; page < pages;) {
        size_t wanted = pages - page < 512 ? pages - page : 512;
        ssize_t bytes = pread(descriptor, entries, wanted * 8, (first + (off_t)page) * 8);
        if (bytes <= 0) {
            return bytes < 0 ? errno : EIO;
        }
        for (size_t index = 0; index < (size_t)bytes / 8; index++, page++) {
            if ((entries[index] & (present | swapped)) && !(entries[index] & of_file)) {
                collect(collector, page * TERRARIUM_PAGE_BYTES, (page + 1) * TERRARIUM_PAGE_BYTES);
            }
        }
    }
    return 0;
}

#endif

static void compare(
    const uint8_t *base, size_t size, const uint8_t *image, size_t image_length, struct collector *collector
) {
    static const uint8_t zeros[TERRARIUM_PAGE_BYTES];
    for (size_t start = 0; start < size; start += TERRARIUM_PAGE_BYTES) {
        const uint8_t *original = start < image_length ? image + start : zeros;
        if (memcmp(base + start, original, TERRARIUM_PAGE_BYTES) != 0) {
            collect(collector, start, start + TERRARIUM_PAGE_BYTES);
        }
    }
}

long terrarium_find_dirty_ranges(
    const uint8_t *base,
    size_t size,
    const uint8_t *image,
    size_t image_length,
    terrarium_range *ranges,
    size_t capacity,
    bool *has_all_own_pages
) {
#if defined(__linux__)
    for (int way = atomic_load(&tracking); way != TERRARIUM_DIRTY_COMPARISON; way++) {
        struct collector collector = {.ranges = ranges, .capacity = capacity};
        int error = way == TERRARIUM_DIRTY_PAGEMAP_SCAN ? scan(base, size, &collector)
                                                        : read_pagemap(base, size, &collector);
        if (!error) {
            *has_all_own_pages = true;
            return (long)collector.count;
        }
        // An older kernel, or a container without /proc: the next way from now on. Else only this time.
        if (!is_transient(error)) {
            int expected = way;
            atomic_compare_exchange_strong(&tracking, &expected, way + 1);
        }
    }
#endif
    struct collector collector = {.ranges = ranges, .capacity = capacity};
    compare(base, size, image, image_length, &collector);
    *has_all_own_pages = false;
    return (long)collector.count;
}
