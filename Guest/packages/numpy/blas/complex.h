// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Complex numbers of two floats or two doubles. Included once per type, after the macros that real.h lists, and
//
//     SWAP(v)             real and imaginary parts exchanged
//     REAL(v), IMAG(v)    the real (imaginary) part in both places
//     ALTERNATE           (-1, 1), in every pair
//     INTERLEAVE_LOW(a, b), INTERLEAVE_HIGH(a, b)
//
// Products are the plain four multiplications and two additions, as in the reference BLAS.

#define PARTS 2
#define VECTORS 2
#define MR 2
#define NR (VECTORS * LANES)
#define SCALAR(x) const T *x

// One step of the kernel, on packed A: MR (real, imaginary) pairs, and packed B: NR real parts, NR imaginary parts.
static inline __attribute__((always_inline)) void NAME(step)(v128_t real[MR][VECTORS], v128_t imaginary[MR][VECTORS],
    const T *a, const T *b)
{
    v128_t br[VECTORS], bi[VECTORS];
    for (unsigned j = 0; j < VECTORS; j++) {
        br[j] = wasm_v128_load(b + j * LANES);
        bi[j] = wasm_v128_load(b + NR + j * LANES);
    }
    for (unsigned i = 0; i < MR; i++) {
        const v128_t pair = LOAD_PAIR(a + 2 * i), ar = FIRST(pair), ai = SECOND(pair);
        for (unsigned j = 0; j < VECTORS; j++) {
            real[i][j] = SUB(ADD(real[i][j], MUL(ar, br[j])), MUL(ai, bi[j]));
            imaginary[i][j] = ADD(ADD(imaginary[i][j], MUL(ar, bi[j])), MUL(ai, br[j]));
        }
    }
}

// One tile of MR x NR; see the kernel of real.h for its shape.
static __attribute__((noinline)) void NAME(kernel)(int k, const T *restrict a, const T *restrict b, T *restrict tile)
{
    v128_t real[MR][VECTORS], imaginary[MR][VECTORS];
    for (unsigned i = 0; i < MR; i++) {
        for (unsigned j = 0; j < VECTORS; j++) {
            real[i][j] = imaginary[i][j] = SPLAT(0);
        }
    }
#define STEP(n)                                                                                                        \
    NAME(step)(real, imaginary, a + (n) * 2 * MR, b + (n) * 2 * NR);                                                   \
    if (k == (n) + 1) {                                                                                                \
        break;                                                                                                         \
    }
    for (;; k -= 4, a += 8 * MR, b += 8 * NR) {
        STEP(0)
        STEP(1)
        STEP(2)
        STEP(3)
    }
#undef STEP
    for (unsigned i = 0; i < MR; i++) {
        for (unsigned j = 0; j < VECTORS; j++) {
            T *to = tile + (i * NR + j * LANES) * 2;
            wasm_v128_store(to, INTERLEAVE_LOW(real[i][j], imaginary[i][j]));
            wasm_v128_store(to + LANES, INTERLEAVE_HIGH(real[i][j], imaginary[i][j]));
        }
    }
}

static void NAME(pack_a)(int m, int k, const T *a, int rs, int cs, int conjugate, T *restrict to)
{
    const T sign = conjugate ? -1 : 1;
    for (int start = 0; start < m; start += MR) {
        for (int p = 0; p < k; p++) {
            for (int i = start; i < start + MR; i++, to += 2) {
                const T *from = a + ((ptrdiff_t)i * rs + (ptrdiff_t)p * cs) * 2;
                to[0] = i < m ? from[0] : 0;
                to[1] = i < m ? sign * from[1] : 0;
            }
        }
    }
}

static void NAME(pack_b)(int k, int n, const T *b, int rs, int cs, int conjugate, T *restrict to)
{
    const T sign = conjugate ? -1 : 1;
    for (int start = 0; start < n; start += NR) {
        for (int p = 0; p < k; p++, to += 2 * NR) {
            for (int j = 0; j < NR; j++) {
                const T *from = b + ((ptrdiff_t)p * rs + (ptrdiff_t)(start + j) * cs) * 2;
                to[j] = start + j < n ? from[0] : 0;
                to[NR + j] = start + j < n ? sign * from[1] : 0;
            }
        }
    }
}

// to = alpha * value + keep * to, where `to` is not read if keep is 0.
static inline void NAME(accumulate)(T *to, const T *value, const T *alpha, const T *keep)
{
    const T re = alpha[0] * value[0] - alpha[1] * value[1], im = alpha[0] * value[1] + alpha[1] * value[0];
    if (keep[0] == 0 && keep[1] == 0) {
        to[0] = re;
        to[1] = im;
    } else {
        const T old[2] = {to[0], to[1]};
        to[0] = keep[0] * old[0] - keep[1] * old[1] + re;
        to[1] = keep[0] * old[1] + keep[1] * old[0] + im;
    }
}

static const T NAME(one)[2] = {1, 0}, NAME(zero)[2] = {0, 0};

static void NAME(merge)(enum terrarium_part part, int i0, int j0, int height, int width, const T *tile, const T *alpha,
    const T *beta, int first, T *c, int rsc)
{
    const T *keep = first ? beta : NAME(one);
    const int plain = alpha[0] == 1 && alpha[1] == 0;
    for (int i = 0; i < height; i++, c += 2 * (ptrdiff_t)rsc, tile += 2 * NR) {
        const int low = part == TERRARIUM_UPPER && i0 + i > j0 ? i0 + i - j0 : 0;
        const int high = part == TERRARIUM_LOWER && i0 + i - j0 + 1 < width ? i0 + i - j0 + 1 : width;
        for (int j = low; j < high; j++) {
            // Multiplying by a plain 1 would turn an infinity's other part into a NaN.
            if (plain && keep == NAME(one)) {
                c[2 * j] += tile[2 * j];
                c[2 * j + 1] += tile[2 * j + 1];
            } else if (plain && keep[0] == 0 && keep[1] == 0) {
                c[2 * j] = tile[2 * j];
                c[2 * j + 1] = tile[2 * j + 1];
            } else {
                NAME(accumulate)(c + 2 * j, tile + 2 * j, alpha, keep);
            }
        }
    }
}

static void NAME(unblocked)(enum terrarium_part part, int m, int n, int k, const T *alpha, const T *a, int rsa, int csa,
    int conja, const T *b, int rsb, int csb, int conjb, const T *beta, T *c, int rsc)
{
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            T sum[2] = {0, 0};
            for (int p = 0; p < k; p++) {
                const T *x = a + ((ptrdiff_t)i * rsa + (ptrdiff_t)p * csa) * 2;
                const T *y = b + ((ptrdiff_t)p * rsb + (ptrdiff_t)j * csb) * 2;
                const T xi = conja ? -x[1] : x[1], yi = conjb ? -y[1] : y[1];
                sum[0] += x[0] * y[0] - xi * yi;
                sum[1] += x[0] * yi + xi * y[0];
            }
            if (part == TERRARIUM_FULL || (part == TERRARIUM_UPPER ? i <= j : j <= i)) {
                NAME(accumulate)(c + ((ptrdiff_t)i * rsc + j) * 2, sum, alpha, beta);
            }
        }
    }
}

#include "blocking.h"

void PUBLIC(gemm)(enum terrarium_part part, int m, int n, int k, const T *alpha, const T *a, int rsa, int csa,
    int conja, const T *b, int rsb, int csb, int conjb, const T *beta, T *c, int rsc, int csc)
{
    if (m <= 0 || n <= 0) {
        return;
    }
    if (k <= 0 || (alpha[0] == 0 && alpha[1] == 0)) {
        k = 0;
        alpha = NAME(zero);
    }
    if (csc == 1) {
        NAME(blocked)(part, m, n, k, alpha, a, rsa, csa, conja, b, rsb, csb, conjb, beta, c, rsc);
    } else {
        NAME(blocked)(FLIPPED(part), n, m, k, alpha, b, csb, rsb, conjb, a, csa, rsa, conja, beta, c, csc);
    }
}

void CBLAS(gemm)(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transa, enum CBLAS_TRANSPOSE transb, int m, int n, int k,
    const void *alpha, const void *a, int lda, const void *b, int ldb, const void *beta, void *c, int ldc)
{
    const int rows = order == CblasRowMajor;
    const int a_rows = rows == (transa == CblasNoTrans), b_rows = rows == (transb == CblasNoTrans);
    PUBLIC(gemm)(TERRARIUM_FULL, m, n, k, alpha, a, a_rows ? lda : 1, a_rows ? 1 : lda, transa == CblasConjTrans, b,
        b_rows ? ldb : 1, b_rows ? 1 : ldb, transb == CblasConjTrans, beta, c, rows ? ldc : 1, rows ? 1 : ldc);
}

void CBLAS(syrk)(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE trans, int n, int k,
    const void *alpha, const void *a, int lda, const void *beta, void *c, int ldc)
{
    const int rows = order == CblasRowMajor, a_rows = rows == (trans == CblasNoTrans);
    const int rs = a_rows ? lda : 1, cs = a_rows ? 1 : lda;
    PUBLIC(gemm)(uplo == CblasUpper ? TERRARIUM_UPPER : TERRARIUM_LOWER, n, n, k, alpha, a, rs, cs, 0, a, cs, rs, 0,
        beta, c, rows ? ldc : 1, rows ? 1 : ldc);
}

// MARK: - Vectors

#define ORIGIN(x, n, inc) ((inc) < 0 ? (const T *)(x) - 2 * (ptrdiff_t)((n) - 1) * (inc) : (const T *)(x))

// The sum of x[i] * y[i], x conjugated or not. `straight` collects x * Re(y), `crossed` swapped x * Im(y).
static inline void NAME(dot)(int conjugate, int n, const T *x, int incx, const T *y, int incy, T *result)
{
    int i = 0;
    T sum[2] = {0, 0};
    if (incx == 1 && incy == 1) {
        v128_t straight[2] = {SPLAT(0), SPLAT(0)}, crossed[2] = {SPLAT(0), SPLAT(0)};
        for (; i + LANES <= n; i += LANES) {  // two vectors, each of half as many complex numbers
            for (int half = 0; half < 2; half++) {
                const v128_t u = wasm_v128_load(x + 2 * i + half * LANES), v = wasm_v128_load(y + 2 * i + half * LANES);
                straight[half] = ADD(straight[half], MUL(REAL(u), v));
                crossed[half] = ADD(crossed[half], MUL(IMAG(u), SWAP(v)));
            }
        }
        const v128_t turned = MUL(conjugate ? SUB(SPLAT(0), ALTERNATE) : ALTERNATE, ADD(crossed[0], crossed[1]));
        T lanes[LANES];
        wasm_v128_store(lanes, ADD(ADD(straight[0], straight[1]), turned));
        for (int lane = 0; lane < LANES; lane++) {
            sum[lane & 1] += lanes[lane];
        }
    }
    x = ORIGIN(x, n, incx);
    y = ORIGIN(y, n, incy);
    for (; i < n; i++) {
        const T *u = x + 2 * (ptrdiff_t)i * incx, *v = y + 2 * (ptrdiff_t)i * incy;
        const T ui = conjugate ? -u[1] : u[1];
        sum[0] += u[0] * v[0] - ui * v[1];
        sum[1] += u[0] * v[1] + ui * v[0];
    }
    memcpy(result, sum, sizeof sum);
}

void CBLAS(dotu_sub)(int n, const void *x, int incx, const void *y, int incy, void *result)
{
    NAME(dot)(0, n, x, incx, y, incy, result);
}

void CBLAS(dotc_sub)(int n, const void *x, int incx, const void *y, int incy, void *result)
{
    NAME(dot)(1, n, x, incx, y, incy, result);
}

static inline void NAME(axpy)(int n, T re, T im, const T *x, int incx, T *y, int incy)
{
    int i = 0;
    if (incx == 1 && incy == 1) {
        const v128_t straight = SPLAT(re), crossed = MUL(ALTERNATE, SPLAT(im));
        for (; 2 * i + LANES <= 2 * n; i += LANES / 2) {
            const v128_t u = wasm_v128_load(x + 2 * i);
            const v128_t product = ADD(MUL(u, straight), MUL(SWAP(u), crossed));
            wasm_v128_store(y + 2 * i, ADD(wasm_v128_load(y + 2 * i), product));
        }
    }
    for (; i < n; i++) {
        const T *u = x + 2 * (ptrdiff_t)i * incx;
        T *v = y + 2 * (ptrdiff_t)i * incy;
        v[0] += re * u[0] - im * u[1];
        v[1] += re * u[1] + im * u[0];
    }
}

void CBLAS(axpy)(int n, const void *alpha, const void *x, int incx, void *y, int incy)
{
    const T *scale = alpha;
    NAME(axpy)(n, scale[0], scale[1], ORIGIN(x, n, incx), incx, (T *)ORIGIN(y, n, incy), incy);
}

// MARK: - Matrix times vector

// y = alpha * sums + beta * y
static void NAME(merge_vector)(int n, const T *sums, const T *alpha, const T *beta, T *y, int incy)
{
    for (int i = 0; i < n; i++, y += 2 * (ptrdiff_t)incy) {
        NAME(merge)(TERRARIUM_FULL, 0, 0, 1, 1, sums + 2 * i, alpha, beta, 1, y, 1);
    }
}

void CBLAS(gemv)(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE trans, int m, int n, const void *alpha, const void *a,
    int lda, const void *x, int incx, const void *beta, void *y, int incy)
{
    enum { ROWS = 128 };
    const int adjacent = (order == CblasRowMajor) == (trans == CblasNoTrans), conjugate = trans == CblasConjTrans;
    const int rows = trans == CblasNoTrans ? m : n, columns = trans == CblasNoTrans ? n : m;
    if (rows <= 0 || columns <= 0) {
        return;
    }
    const T *from = ORIGIN(x, columns, incx), *matrix = a;
    T *to = (T *)ORIGIN(y, rows, incy);
    T sums[2 * ROWS];
    for (int i0 = 0; i0 < rows; i0 += ROWS) {
        const int height = rows - i0 < ROWS ? rows - i0 : ROWS;
        if (adjacent) {
            for (int i = 0; i < height; i++) {
                NAME(dot)(conjugate, columns, matrix + 2 * (ptrdiff_t)(i0 + i) * lda, 1, from, incx, sums + 2 * i);
            }
        } else {
            memset(sums, 0, sizeof sums);
            for (int j = 0; j < columns; j++) {
                const T *scale = from + 2 * (ptrdiff_t)j * incx;
                const T *column = matrix + 2 * ((ptrdiff_t)j * lda + i0);
                // conj(a) x = conj(a conj(x))
                NAME(axpy)(height, scale[0], conjugate ? -scale[1] : scale[1], column, 1, sums, 1);
            }
            for (int i = 0; conjugate && i < height; i++) {
                sums[2 * i + 1] = -sums[2 * i + 1];
            }
        }
        NAME(merge_vector)(height, sums, alpha, beta, to + 2 * (ptrdiff_t)i0 * incy, incy);
    }
}

#undef ORIGIN
#undef PARTS
#undef VECTORS
#undef MR
#undef NR
#undef SCALAR
