// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stddef.h>

/// Where the C compiler put a structure ("name") or a field of one ("name.field").
typedef struct cwasmtime_layout {
    const char *name;
    size_t offset;
    size_t size;
} cwasmtime_layout;

extern const cwasmtime_layout *const cwasmtime_layouts;
extern const size_t cwasmtime_layout_count;
