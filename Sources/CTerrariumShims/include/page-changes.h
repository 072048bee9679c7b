// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory-slots.h"

/// The maximum size of the changes of a page, in bytes.
#define TERRARIUM_MAX_CHANGES_BYTES (TERRARIUM_PAGE_BYTES + 4)

/// Writes what differs between a page and the original: for each run, its offset and its length as little-endian 16-bit
/// numbers and then its bytes. Equal pages have equal changes.
///
/// `original` may be null for zeros. Returns how many bytes were written to `changes`: 0 if nothing differs.
size_t terrarium_find_changes(
    const uint8_t *_Nonnull page, const uint8_t *_Nullable original, uint8_t *_Nonnull changes
);

/// Returns whether valid changes are those between a page and the original, which is faster to tell than to find them.
bool terrarium_changes_are_those_of(
    const uint8_t *_Nonnull page,
    const uint8_t *_Nullable original,
    const uint8_t *_Nonnull changes,
    size_t length
);

/// Returns whether bytes that came from somewhere are changes of a page.
bool terrarium_changes_are_valid(const uint8_t *_Nonnull changes, size_t length);

/// Makes changes, which must be valid, to a page that is as the original.
void terrarium_apply_changes(uint8_t *_Nonnull page, const uint8_t *_Nonnull changes, size_t length);
