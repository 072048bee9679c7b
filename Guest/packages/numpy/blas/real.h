// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// float or double. Included once per type, after the macros
//
//     NAME(x)             x with the type's letter in its name; CBLAS(x) and PUBLIC(x) likewise for what is exported
//     T, LANES            the element type, and how many fit into a v128_t
//     ADD, MUL, SPLAT     vector operations on it
//     LOAD_SPLAT(p)       one element from memory into every lane
//     LOAD_PAIR(p), FIRST(v), SECOND(v)   two elements from memory; one of them in every lane
//     SUM(v)              the sum of all lanes

#define PARTS 1
#define VECTORS 4
#define MR 2
#define NR (VECTORS * LANES)
#define SCALAR(x) T x

// One step of the kernel: add the outer product of a column of A (MR elements) and a row of B (NR elements).
static inline __attribute__((always_inline)) void NAME(step)(v128_t sum[MR][VECTORS], const T *a, const T *b)
{
    v128_t row[VECTORS];
    for (unsigned j = 0; j < VECTORS; j++) {
        row[j] = wasm_v128_load(b + j * LANES);
    }
    const v128_t pair = LOAD_PAIR(a);
    const v128_t scale[MR] = {FIRST(pair), SECOND(pair)};
    for (unsigned i = 0; i < MR; i++) {
        for (unsigned j = 0; j < VECTORS; j++) {
            sum[i][j] = ADD(sum[i][j], MUL(scale[i], row[j]));
        }
    }
}

// One tile: MR x NR inner products of length k > 0. All of it stays in registers (8 accumulators, 4 vectors of B, 2
// splats of A and a product: x86-64 has 16).
//
// Its shape follows from how the engine compiles it, and costs a factor of two if changed:
// - Eight steps per turn, since a loop's back edge carries the check that lets the host interrupt a script, and the
//   accumulators go through memory there.
// - An exit after each step. The compiler keeps the loads of a block in order but delays the arithmetic until a value
//   is needed, which in one long block is at its end; then nothing fits into registers. An exit needs the sums.
// - Not inlined, so that nothing else competes for registers.
static __attribute__((noinline)) void NAME(kernel)(int k, const T *restrict a, const T *restrict b, T *restrict tile)
{
    v128_t sum[MR][VECTORS];
    for (unsigned i = 0; i < MR; i++) {
        for (unsigned j = 0; j < VECTORS; j++) {
            sum[i][j] = SPLAT(0);
        }
    }
#define STEP(n)                                                                                                        \
    NAME(step)(sum, a + (n) * MR, b + (n) * NR);                                                                       \
    if (k == (n) + 1) {                                                                                                \
        break;                                                                                                         \
    }
    for (;; k -= 8, a += 8 * MR, b += 8 * NR) {
        STEP(0)
        STEP(1)
        STEP(2)
        STEP(3)
        STEP(4)
        STEP(5)
        STEP(6)
        STEP(7)
    }
#undef STEP
    for (unsigned i = 0; i < MR; i++) {
        for (unsigned j = 0; j < VECTORS; j++) {
            wasm_v128_store(tile + i * NR + j * LANES, sum[i][j]);
        }
    }
}

// Copy `count` x `depth` elements into strips of `strip`, depth by depth; a last strip that is not full gets zeros.
static inline void NAME(pack)(int strip, int count, int depth, const T *from, int stride, int step, T *restrict to)
{
    for (int start = 0; start < count; start += strip, from += (ptrdiff_t)strip * stride) {
        const int width = count - start < strip ? count - start : strip;
        if (width < strip) {
            for (int p = 0; p < depth; p++, to += strip) {
                for (int i = 0; i < strip; i++) {
                    to[i] = i < width ? from[(ptrdiff_t)i * stride + (ptrdiff_t)p * step] : 0;
                }
            }
        } else if (stride == 1) {
            for (int p = 0; p < depth; p++, to += strip) {
                memcpy(to, from + (ptrdiff_t)p * step, strip * sizeof(T));
            }
        } else {
            for (int p = 0; p < depth; p++, to += strip) {
                for (int i = 0; i < strip; i++) {
                    to[i] = from[(ptrdiff_t)i * stride + (ptrdiff_t)p * step];
                }
            }
        }
    }
}

static void NAME(pack_a)(int m, int k, const T *a, int rs, int cs, int conjugate, T *to)
{
    NAME(pack)(MR, m, k, a, rs, cs, to);
}

static void NAME(pack_b)(int k, int n, const T *b, int rs, int cs, int conjugate, T *to)
{
    NAME(pack)(NR, n, k, b, cs, rs, to);
}

// Add a tile to C; in the first block of the inner dimension C is scaled by beta, and not even read if that is 0.
static void NAME(merge)(enum terrarium_part part, int i0, int j0, int height, int width, const T *tile, T alpha, T beta,
    int first, T *c, int rsc)
{
    const T keep = first ? beta : 1;
    for (int i = 0; i < height; i++, c += rsc, tile += NR) {
        // The columns of this row that are wanted: from the diagonal on, or up to it.
        const int low = part == TERRARIUM_UPPER && i0 + i > j0 ? i0 + i - j0 : 0;
        const int high = part == TERRARIUM_LOWER && i0 + i - j0 + 1 < width ? i0 + i - j0 + 1 : width;
        if (keep == 0) {
            for (int j = low; j < high; j++) {
                c[j] = alpha * tile[j];
            }
        } else {
            for (int j = low; j < high; j++) {
                c[j] = keep * c[j] + alpha * tile[j];
            }
        }
    }
}

// The definition itself, for when there is no memory to do better.
static void NAME(unblocked)(enum terrarium_part part, int m, int n, int k, T alpha, const T *a, int rsa, int csa,
    int conja, const T *b, int rsb, int csb, int conjb, T beta, T *c, int rsc)
{
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            T *to = c + (ptrdiff_t)i * rsc + j;
            T sum = 0;
            for (int p = 0; p < k; p++) {
                sum += a[(ptrdiff_t)i * rsa + (ptrdiff_t)p * csa] * b[(ptrdiff_t)p * rsb + (ptrdiff_t)j * csb];
            }
            if (part == TERRARIUM_FULL || (part == TERRARIUM_UPPER ? i <= j : j <= i)) {
                *to = (beta == 0 ? 0 : beta * *to) + alpha * sum;
            }
        }
    }
}

#include "blocking.h"

void PUBLIC(gemm)(enum terrarium_part part, int m, int n, int k, T alpha, const T *a, int rsa, int csa, const T *b,
    int rsb, int csb, T beta, T *c, int rsc, int csc)
{
    if (m <= 0 || n <= 0) {
        return;
    }
    if (k <= 0 || alpha == 0) {
        k = 0;
        alpha = 0;
    }
    if (csc == 1) {
        NAME(blocked)(part, m, n, k, alpha, a, rsa, csa, 0, b, rsb, csb, 0, beta, c, rsc);
    } else {
        // C' = B' A': the transpose has its rows where the kernel wants them, and the other triangle.
        NAME(blocked)(FLIPPED(part), n, m, k, alpha, b, csb, rsb, 0, a, csa, rsa, 0, beta, c, csc);
    }
}

void CBLAS(gemm)(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transa, enum CBLAS_TRANSPOSE transb, int m, int n, int k,
    T alpha, const T *a, int lda, const T *b, int ldb, T beta, T *c, int ldc)
{
    const int rows = order == CblasRowMajor;
    const int a_rows = rows == (transa == CblasNoTrans), b_rows = rows == (transb == CblasNoTrans);
    PUBLIC(gemm)(TERRARIUM_FULL, m, n, k, alpha, a, a_rows ? lda : 1, a_rows ? 1 : lda, b, b_rows ? ldb : 1,
        b_rows ? 1 : ldb, beta, c, rows ? ldc : 1, rows ? 1 : ldc);
}

void CBLAS(syrk)(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE trans, int n, int k, T alpha,
    const T *a, int lda, T beta, T *c, int ldc)
{
    const int rows = order == CblasRowMajor, a_rows = rows == (trans == CblasNoTrans);
    const int rs = a_rows ? lda : 1, cs = a_rows ? 1 : lda;
    PUBLIC(gemm)(uplo == CblasUpper ? TERRARIUM_UPPER : TERRARIUM_LOWER, n, n, k, alpha, a, rs, cs, a, cs, rs, beta, c,
        rows ? ldc : 1, rows ? 1 : ldc);
}

// MARK: - Vectors

// A vector with a negative increment is stored backwards, from the end.
#define ORIGIN(x, n, inc) ((inc) < 0 ? (x) - (ptrdiff_t)((n) - 1) * (inc) : (x))

T CBLAS(dot)(int n, const T *x, int incx, const T *y, int incy)
{
    int i = 0;
    T sum = 0;
    if (incx == 1 && incy == 1) {
        v128_t a = SPLAT(0), b = a, c = a, d = a;
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            a = ADD(a, MUL(wasm_v128_load(x + i), wasm_v128_load(y + i)));
            b = ADD(b, MUL(wasm_v128_load(x + i + LANES), wasm_v128_load(y + i + LANES)));
            c = ADD(c, MUL(wasm_v128_load(x + i + 2 * LANES), wasm_v128_load(y + i + 2 * LANES)));
            d = ADD(d, MUL(wasm_v128_load(x + i + 3 * LANES), wasm_v128_load(y + i + 3 * LANES)));
        }
        for (; i + LANES <= n; i += LANES) {
            a = ADD(a, MUL(wasm_v128_load(x + i), wasm_v128_load(y + i)));
        }
        sum = SUM(ADD(ADD(a, b), ADD(c, d)));
    }
    x = ORIGIN(x, n, incx);
    y = ORIGIN(y, n, incy);
    for (; i < n; i++) {
        sum += x[(ptrdiff_t)i * incx] * y[(ptrdiff_t)i * incy];
    }
    return sum;
}

void CBLAS(axpy)(int n, T alpha, const T *x, int incx, T *y, int incy)
{
    x = ORIGIN(x, n, incx);
    y = ORIGIN(y, n, incy);
    int i = 0;
    if (incx == 1 && incy == 1) {
        for (; i + LANES <= n; i += LANES) {
            wasm_v128_store(y + i, ADD(wasm_v128_load(y + i), MUL(SPLAT(alpha), wasm_v128_load(x + i))));
        }
    }
    for (; i < n; i++) {
        y[(ptrdiff_t)i * incy] += alpha * x[(ptrdiff_t)i * incx];
    }
}

// MARK: - Matrix times vector

// to[i] = the inner product of row i and x, for rows of adjacent elements; four rows share each load of x.
static void NAME(rows_times_vector)(int m, int n, const T *a, int rs, const T *x, T *to)
{
    int i = 0;
    for (; i + 4 <= m; i += 4, a += 4 * (ptrdiff_t)rs) {
        const T *a0 = a, *a1 = a0 + rs, *a2 = a1 + rs, *a3 = a2 + rs;
        v128_t s0 = SPLAT(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        int j = 0;
        for (; j + 2 * LANES <= n; j += 2 * LANES) {
            const v128_t u = wasm_v128_load(x + j), v = wasm_v128_load(x + j + LANES);
            s0 = ADD(s0, MUL(wasm_v128_load(a0 + j), u));
            s1 = ADD(s1, MUL(wasm_v128_load(a1 + j), u));
            s2 = ADD(s2, MUL(wasm_v128_load(a2 + j), u));
            s3 = ADD(s3, MUL(wasm_v128_load(a3 + j), u));
            t0 = ADD(t0, MUL(wasm_v128_load(a0 + j + LANES), v));
            t1 = ADD(t1, MUL(wasm_v128_load(a1 + j + LANES), v));
            t2 = ADD(t2, MUL(wasm_v128_load(a2 + j + LANES), v));
            t3 = ADD(t3, MUL(wasm_v128_load(a3 + j + LANES), v));
        }
        T sums[4] = {SUM(ADD(s0, t0)), SUM(ADD(s1, t1)), SUM(ADD(s2, t2)), SUM(ADD(s3, t3))};
        for (; j < n; j++) {
            sums[0] += a0[j] * x[j];
            sums[1] += a1[j] * x[j];
            sums[2] += a2[j] * x[j];
            sums[3] += a3[j] * x[j];
        }
        memcpy(to + i, sums, sizeof sums);
    }
    for (; i < m; i++, a += rs) {
        to[i] = CBLAS(dot)(n, a, 1, x, 1);
    }
}

// to = the sum of columns of adjacent elements, each scaled by its element of x; four share each pass over `to`.
static void NAME(columns_times_vector)(int m, int n, const T *a, int cs, const T *x, T *to)
{
    memset(to, 0, m * sizeof(T));
    int j = 0;
    for (; j + 4 <= n; j += 4, a += 4 * (ptrdiff_t)cs) {
        const T *a0 = a, *a1 = a0 + cs, *a2 = a1 + cs, *a3 = a2 + cs;
        const v128_t x0 = LOAD_SPLAT(x + j), x1 = LOAD_SPLAT(x + j + 1);
        const v128_t x2 = LOAD_SPLAT(x + j + 2), x3 = LOAD_SPLAT(x + j + 3);
        int i = 0;
        // Four vectors per turn (see the kernel on back edges); a store after each keeps what is live small.
        for (; i + 4 * LANES <= m; i += 4 * LANES) {
            for (unsigned k = 0; k < 4 * LANES; k += LANES) {
                const v128_t u = ADD(MUL(wasm_v128_load(a0 + i + k), x0), MUL(wasm_v128_load(a1 + i + k), x1));
                const v128_t v = ADD(MUL(wasm_v128_load(a2 + i + k), x2), MUL(wasm_v128_load(a3 + i + k), x3));
                wasm_v128_store(to + i + k, ADD(wasm_v128_load(to + i + k), ADD(u, v)));
            }
        }
        for (; i < m; i++) {
            to[i] += (a0[i] * x[j] + a1[i] * x[j + 1]) + (a2[i] * x[j + 2] + a3[i] * x[j + 3]);
        }
    }
    for (; j < n; j++, a += cs) {
        CBLAS(axpy)(m, x[j], a, 1, to, 1);
    }
}

// y = alpha op(A) x + beta y, `ROWS` (or columns) of the result at a time, through a small buffer.
void CBLAS(gemv)(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE trans, int m, int n, T alpha, const T *a, int lda,
    const T *x, int incx, T beta, T *y, int incy)
{
    enum { ROWS = 256, COLUMNS = 512 };
    const int adjacent = (order == CblasRowMajor) == (trans == CblasNoTrans);
    const int rows = trans == CblasNoTrans ? m : n, columns = trans == CblasNoTrans ? n : m;
    if (rows <= 0 || columns <= 0) {
        return;
    }
    T sums[ROWS], copy[COLUMNS];
    x = ORIGIN(x, columns, incx);
    y = ORIGIN(y, rows, incy);
    for (int i0 = 0; i0 < rows; i0 += ROWS) {
        const int height = rows - i0 < ROWS ? rows - i0 : ROWS;
        T *to = y + (ptrdiff_t)i0 * incy;
        for (int j0 = 0; j0 < columns; j0 += COLUMNS) {
            const int width = columns - j0 < COLUMNS ? columns - j0 : COLUMNS;
            const T *from = x + (ptrdiff_t)j0 * incx;
            if (incx != 1) {
                for (int j = 0; j < width; j++) {
                    copy[j] = from[(ptrdiff_t)j * incx];
                }
                from = copy;
            }
            if (adjacent) {
                NAME(rows_times_vector)(height, width, a + (ptrdiff_t)i0 * lda + j0, lda, from, sums);
            } else {
                NAME(columns_times_vector)(height, width, a + (ptrdiff_t)j0 * lda + i0, lda, from, sums);
            }
            const T keep = j0 == 0 ? beta : 1;
            for (int i = 0; i < height; i++) {
                T *place = to + (ptrdiff_t)i * incy;
                *place = keep == 0 ? alpha * sums[i] : keep * *place + alpha * sums[i];
            }
        }
    }
}

#undef ORIGIN
#undef PARTS
#undef VECTORS
#undef MR
#undef NR
#undef SCALAR
