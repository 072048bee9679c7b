// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stddef.h>
#include <stdint.h>

// Zero-initialised tables of the heap, for which Swift has no constant initialiser.

#define GRANULE_BYTES 65536
#define SIZE_CLASSES 24

extern uint32_t freeBlocks[SIZE_CLASSES];
extern uint32_t freshBlocks[SIZE_CLASSES];
extern uint32_t freshEnds[SIZE_CLASSES];

static inline uint32_t *freeBlockLists(void) { return freeBlocks; }
static inline uint32_t *freshBlockStarts(void) { return freshBlocks; }
static inline uint32_t *freshBlockEnds(void) { return freshEnds; }
