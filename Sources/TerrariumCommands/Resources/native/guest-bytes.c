// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Functions on bytes for guest code, in the library itself: a fault in one of them is one of the guest's, and a guest
// that copies all day can be stopped while it does.

#include <stddef.h>
#include <stdint.h>

#define HIDDEN __attribute__((visibility("hidden")))

typedef uint8_t vector __attribute__((vector_size(32), aligned(1), may_alias));
typedef uint64_t word __attribute__((aligned(1), may_alias));
typedef uint32_t half __attribute__((aligned(1), may_alias));
typedef uint16_t quarter __attribute__((aligned(1), may_alias));

HIDDEN void *memmove(void *to, const void *from, size_t count) {
    uint8_t *target = to;
    const uint8_t *source = from;
    // What is short is read as a whole before the first byte is written, so it may overlap in any way.
    if (count <= 16) {
        if (count >= 8) {
            uint64_t first = *(const word *)source, last = *(const word *)(source + count - 8);
            *(word *)target = first;
            *(word *)(target + count - 8) = last;
        } else if (count >= 4) {
            uint32_t first = *(const half *)source, last = *(const half *)(source + count - 4);
            *(half *)target = first;
            *(half *)(target + count - 4) = last;
        } else if (count >= 2) {
            uint16_t first = *(const quarter *)source, last = *(const quarter *)(source + count - 2);
            *(quarter *)target = first;
            *(quarter *)(target + count - 2) = last;
        } else if (count == 1) {
            *target = *source;
        }
        return to;
    }
    if (count < 32) {
        uint64_t a = *(const word *)source, b = *(const word *)(source + 8);
        uint64_t c = *(const word *)(source + count - 16), d = *(const word *)(source + count - 8);
        *(word *)target = a;
        *(word *)(target + 8) = b;
        *(word *)(target + count - 16) = c;
        *(word *)(target + count - 8) = d;
        return to;
    }
    if (count <= 64) {
        vector first = *(const vector *)source, last = *(const vector *)(source + count - 32);
        *(vector *)target = first;
        *(vector *)(target + count - 32) = last;
        return to;
    }
    if ((uintptr_t)target - (uintptr_t)source >= count) {
#if defined(__x86_64__)
        if (count >= 2048) {
            // Processors copy long runs themselves, and an interrupt in between is one at this instruction.
            __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(count) : : "memory");
            return to;
        }
#endif
        vector last = *(const vector *)(source + count - 32);
        uint8_t *end = target + count - 32;
        for (; target < end; target += 32, source += 32) {
            *(vector *)target = *(const vector *)source;
        }
        *(vector *)end = last;
        return to;
    }
    vector first = *(const vector *)source;
    for (size_t rest = count; rest > 32; rest -= 32) {
        *(vector *)(target + rest - 32) = *(const vector *)(source + rest - 32);
    }
    *(vector *)target = first;
    return to;
}

HIDDEN void *memcpy(void *to, const void *from, size_t count) { return memmove(to, from, count); }

HIDDEN void *memset(void *to, int byte, size_t count) {
    uint8_t *target = to;
    uint64_t pattern = (uint8_t)byte * 0x0101010101010101ull;
    if (count < 32) {
        if (count >= 8) {
            for (size_t offset = 0; offset + 8 < count; offset += 8) {
                *(word *)(target + offset) = pattern;
            }
            *(word *)(target + count - 8) = pattern;
        } else {
            for (size_t offset = 0; offset < count; offset++) {
                ((volatile uint8_t *)target)[offset] = (uint8_t)pattern;
            }
        }
        return to;
    }
#if defined(__x86_64__)
    if (count >= 2048) {
        size_t rest = count;
        __asm__ volatile("rep stosb" : "+D"(target), "+c"(rest) : "a"(byte) : "memory");
        return to;
    }
#endif
    vector all = (vector){} + (uint8_t)byte;
    uint8_t *end = target + count - 32;
    for (; target < end; target += 32) {
        *(vector *)target = all;
    }
    *(vector *)end = all;
    return to;
}

HIDDEN int memcmp(const void *left, const void *right, size_t count) {
    const uint8_t *a = left, *b = right;
    for (size_t offset = 0; offset < count; offset++) {
        if (a[offset] != b[offset]) {
            return a[offset] < b[offset] ? -1 : 1;
        }
    }
    return 0;
}
