// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include <stddef.h>
#include <stdint.h>

/// A hash that is being made; begin with `terrarium_sha256_begin`.
typedef struct terrarium_sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t rest[64];
} terrarium_sha256;

/// Begins a hash of no bytes.
void terrarium_sha256_begin(terrarium_sha256 *_Nonnull hash);

/// Adds bytes.
void terrarium_sha256_add(terrarium_sha256 *_Nonnull hash, const uint8_t *_Nullable bytes, size_t count);

/// Ends the hash and writes it.
void terrarium_sha256_end(terrarium_sha256 *_Nonnull hash, uint8_t digest[_Nonnull 32]);
