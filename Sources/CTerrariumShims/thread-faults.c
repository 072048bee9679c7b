// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "thread-faults.h"

#if defined(__linux__)

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "memory-slots.h"

uint64_t terrarium_thread_faults(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) != 0) {
        return 0;
    }
    // A write to a page of a file that has to be read first is a major fault.
    return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

/// Writes to pages that were never touched, and looks whether each counts.
static bool try_counting(void) {
    enum { pages = 4 };
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    volatile uint8_t *bytes = mmap(NULL, pages * TERRARIUM_PAGE_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    madvise((void *)bytes, pages * TERRARIUM_PAGE_BYTES, MADV_NOHUGEPAGE);
    bool is_counted = true;
    for (int page = 0; page < pages; page++) {
        uint64_t before = terrarium_thread_faults();
        bytes[page * TERRARIUM_PAGE_BYTES] = 1;
        is_counted = is_counted && terrarium_thread_faults() > before;
    }
    munmap((void *)bytes, pages * TERRARIUM_PAGE_BYTES);
    return is_counted;
}

bool terrarium_thread_faults_are_counted(void) {
    enum { unknown, counted, not_counted };
    static _Atomic int known = unknown;
    int state = atomic_load(&known);
    if (state == unknown) {
        state = try_counting() ? counted : not_counted;
        atomic_store(&known, state);
    }
    return state == counted;
}

#else

// macOS has no such count for a thread, and compares pages anyway.
uint64_t terrarium_thread_faults(void) { return 0; }

bool terrarium_thread_faults_are_counted(void) { return false; }

#endif
