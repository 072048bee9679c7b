// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "blas.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wasm_simd128.h>

#define FLIPPED(part) \
    ((part) == TERRARIUM_FULL ? TERRARIUM_FULL : (part) == TERRARIUM_UPPER ? TERRARIUM_LOWER : TERRARIUM_UPPER)

// MARK: - float

#define T float
#define LANES 4
#define ADD wasm_f32x4_add
#define SUB wasm_f32x4_sub
#define MUL wasm_f32x4_mul
#define SPLAT wasm_f32x4_splat
#define LOAD_SPLAT wasm_v128_load32_splat
#define LOAD_PAIR wasm_v128_load64_zero
#define FIRST(v) wasm_i32x4_shuffle(v, v, 0, 0, 0, 0)
#define SECOND(v) wasm_i32x4_shuffle(v, v, 1, 1, 1, 1)

static inline float sum_lanes_f32(v128_t v)
{
    return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) +
        (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3));
}

#define SUM sum_lanes_f32
#define NAME(x) s_##x
#define CBLAS(x) cblas_s##x
#define PUBLIC(x) terrarium_s##x
#include "real.h"
#undef NAME
#undef CBLAS
#undef PUBLIC

#define SWAP(v) wasm_i32x4_shuffle(v, v, 1, 0, 3, 2)
#define REAL(v) wasm_i32x4_shuffle(v, v, 0, 0, 2, 2)
#define IMAG(v) wasm_i32x4_shuffle(v, v, 1, 1, 3, 3)
#define ALTERNATE wasm_f32x4_const(-1, 1, -1, 1)
#define INTERLEAVE_LOW(a, b) wasm_i32x4_shuffle(a, b, 0, 4, 1, 5)
#define INTERLEAVE_HIGH(a, b) wasm_i32x4_shuffle(a, b, 2, 6, 3, 7)
#define NAME(x) c_##x
#define CBLAS(x) cblas_c##x
#define PUBLIC(x) terrarium_c##x
#include "complex.h"
#undef NAME
#undef CBLAS
#undef PUBLIC
#undef SWAP
#undef REAL
#undef IMAG
#undef ALTERNATE
#undef INTERLEAVE_LOW
#undef INTERLEAVE_HIGH
#undef T
#undef LANES
#undef ADD
#undef SUB
#undef MUL
#undef SPLAT
#undef LOAD_SPLAT
#undef LOAD_PAIR
#undef FIRST
#undef SECOND
#undef SUM

// MARK: - double

#define T double
#define LANES 2
#define ADD wasm_f64x2_add
#define SUB wasm_f64x2_sub
#define MUL wasm_f64x2_mul
#define SPLAT wasm_f64x2_splat
#define LOAD_SPLAT wasm_v128_load64_splat
#define LOAD_PAIR wasm_v128_load
#define FIRST(v) wasm_i64x2_shuffle(v, v, 0, 0)
#define SECOND(v) wasm_i64x2_shuffle(v, v, 1, 1)

static inline double sum_lanes_f64(v128_t v)
{
    return wasm_f64x2_extract_lane(v, 0) + wasm_f64x2_extract_lane(v, 1);
}

#define SUM sum_lanes_f64
#define NAME(x) d_##x
#define CBLAS(x) cblas_d##x
#define PUBLIC(x) terrarium_d##x
#include "real.h"
#undef NAME
#undef CBLAS
#undef PUBLIC

#define SWAP(v) wasm_i64x2_shuffle(v, v, 1, 0)
#define REAL(v) wasm_i64x2_shuffle(v, v, 0, 0)
#define IMAG(v) wasm_i64x2_shuffle(v, v, 1, 1)
#define ALTERNATE wasm_f64x2_const(-1, 1)
#define INTERLEAVE_LOW(a, b) wasm_i64x2_shuffle(a, b, 0, 2)
#define INTERLEAVE_HIGH(a, b) wasm_i64x2_shuffle(a, b, 1, 3)
#define NAME(x) z_##x
#define CBLAS(x) cblas_z##x
#define PUBLIC(x) terrarium_z##x
#include "complex.h"
