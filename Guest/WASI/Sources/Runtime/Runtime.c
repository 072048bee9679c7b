// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Runtime.h"

uint32_t freeBlocks[SIZE_CLASSES];
uint32_t freshBlocks[SIZE_CLASSES];
uint32_t freshEnds[SIZE_CLASSES];

// The C functions that compilers call. With bulk memory the builtins are single instructions.

// Link-time optimisation must not take these away before it has made the calls to them.
#define KEPT __attribute__((used))

KEPT void *memcpy(void *restrict destination, const void *restrict source, size_t count) {
    return __builtin_memcpy(destination, source, count);
}

KEPT void *memmove(void *destination, const void *source, size_t count) {
    return __builtin_memmove(destination, source, count);
}

KEPT void *memset(void *destination, int value, size_t count) {
    return __builtin_memset(destination, value, count);
}

KEPT int memcmp(const void *left, const void *right, size_t count) {
    const unsigned char *l = left, *r = right;
    for (size_t i = 0; i < count; i++) {
        if (l[i] != r[i]) return l[i] - r[i];
    }
    return 0;
}

// What the Swift runtime allocates with; see Heap.swift.

extern uint32_t heapAllocate(uint32_t bytes);
extern void heapFree(uint32_t address);

KEPT void *malloc(size_t count) { return (void *)(uintptr_t)heapAllocate((uint32_t)count); }

KEPT void free(void *block) { heapFree((uint32_t)(uintptr_t)block); }

// Blocks are aligned to 16 bytes, which is all that values in here ask for.
KEPT int posix_memalign(void **result, size_t alignment, size_t count) {
    if (alignment > 16) return 22;
    *result = malloc(count);
    return *result ? 0 : 12;
}
