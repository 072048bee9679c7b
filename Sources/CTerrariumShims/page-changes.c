// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "page-changes.h"

#include <string.h>

enum {
    // Most differences are reference counts and pointers. Runs begin and end at such words, so there is little to look at.
    word_bytes = 8,
    page_words = TERRARIUM_PAGE_BYTES / word_bytes,
    block_words = 8,
    header_bytes = 4,
};

/// The contents of a page that no image describes.
static const uint8_t zeros[TERRARIUM_PAGE_BYTES];

static uint64_t word(const uint8_t *page, size_t index) {
    uint64_t word;
    memcpy(&word, page + index * word_bytes, sizeof word);
    return word;
}

/// Returns whether the words of a block are the same; written so that the compiler uses vectors.
static bool blocks_are_equal(const uint8_t *page, const uint8_t *original, size_t first) {
    uint64_t difference = 0;
    for (size_t index = first; index < first + block_words; index++) {
        difference |= word(page, index) ^ word(original, index);
    }
    return difference == 0;
}

static void put_u16(uint8_t *bytes, size_t number) {
    bytes[0] = (uint8_t)number;
    bytes[1] = (uint8_t)(number >> 8);
}

static size_t get_u16(const uint8_t *bytes) { return (size_t)bytes[0] | (size_t)bytes[1] << 8; }

size_t terrarium_find_changes(const uint8_t *page, const uint8_t *original, uint8_t *changes) {
    original = original ? original : zeros;
    size_t length = 0;
    size_t index = 0;
    while (index < page_words) {
        if (index % block_words == 0 && blocks_are_equal(page, original, index)) {
            index += block_words;
            continue;
        }
        if (word(page, index) == word(original, index)) {
            index++;
            continue;
        }
        size_t start = index;
        while (index < page_words && word(page, index) != word(original, index)) {
            index++;
        }
        const size_t bytes = (index - start) * word_bytes;
        put_u16(changes + length, start * word_bytes);
        put_u16(changes + length + 2, bytes);
        memcpy(changes + length + header_bytes, page + start * word_bytes, bytes);
        length += header_bytes + bytes;
    }
    return length;
}

bool terrarium_changes_are_those_of(
    const uint8_t *page, const uint8_t *original, const uint8_t *changes, size_t length
) {
    original = original ? original : zeros;
    size_t end_of_last = 0;
    for (size_t position = 0; position < length;) {
        const size_t offset = get_u16(changes + position);
        const size_t bytes = get_u16(changes + position + 2);
        position += header_bytes;
        if (memcmp(page + end_of_last, original + end_of_last, offset - end_of_last) != 0
            || memcmp(page + offset, changes + position, bytes) != 0) {
            return false;
        }
        end_of_last = offset + bytes;
        position += bytes;
    }
    return memcmp(page + end_of_last, original + end_of_last, TERRARIUM_PAGE_BYTES - end_of_last) == 0;
}

bool terrarium_changes_are_valid(const uint8_t *changes, size_t length) {
    size_t position = 0;
    size_t end_of_last = 0;
    while (position < length) {
        if (length - position < header_bytes) {
            return false;
        }
        const size_t offset = get_u16(changes + position);
        const size_t bytes = get_u16(changes + position + 2);
        position += header_bytes;
        if (bytes == 0 || bytes > length - position || offset < end_of_last
            || offset + bytes > TERRARIUM_PAGE_BYTES) {
            return false;
        }
        end_of_last = offset + bytes;
        position += bytes;
    }
    return length > 0;
}

void terrarium_apply_changes(uint8_t *page, const uint8_t *changes, size_t length) {
    for (size_t position = 0; position < length;) {
        const size_t bytes = get_u16(changes + position + 2);
        memcpy(page + get_u16(changes + position), changes + position + header_bytes, bytes);
        position += header_bytes + bytes;
    }
}
