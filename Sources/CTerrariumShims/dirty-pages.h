// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stdbool.h>

#include "memory-slots.h"

/// Finds the pages of a private mapping that differ from what they map, and some that only look so.
///
/// The first `image_length` bytes map `image`, the rest started as zeros. Returns how many ranges there are, of which the
/// first `capacity` were written to `ranges`, or a negative error number. Tells whether the ranges hold every page that is
/// the mapping's own, or only those whose contents differ at this moment.
long terrarium_find_dirty_ranges(
    const uint8_t *base,
    size_t size,
    const uint8_t *image,
    size_t image_length,
    terrarium_range *ranges,
    size_t capacity,
    bool *has_all_own_pages
);
