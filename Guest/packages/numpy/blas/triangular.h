// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Solving with, and multiplying by, a triangular matrix, for one element type. Included once per type, after the macros
//
//     E                        the element type (float, double, float _Complex, double _Complex)
//     NAME(x)                  x with the type's letter in its name
//     CONJUGATE(x)             the complex conjugate
//
// and followed by a definition of NAME(add_product): C += sign T B, with a triangle's part T taken as a full matrix.
//
// Both split the triangle in halves until BASE rows are left, so that nearly all work is in a matrix multiplication.

#define BASE 32

// Element (i, j) is at[i * rs + j * cs], conjugated or not. The transpose of a triangle, or of a block, is the same
// thing with rs and cs exchanged; so "transposed", "upper" and "from the right" are no cases of their own.
typedef struct {
    const E *at;
    ptrdiff_t rs, cs;
    int lower, unit, conjugate;
} NAME(triangle);

typedef struct {
    E *at;
    ptrdiff_t rs, cs;
} NAME(block);

static void NAME(add_product)(int m, int n, int k, int sign, NAME(triangle) t, NAME(block) b, NAME(block) c);

static E NAME(element)(const NAME(triangle) *t, int i, int j)
{
    const E value = t->at[i * t->rs + j * t->cs];
    return t->conjugate ? CONJUGATE(value) : value;
}

static NAME(triangle) NAME(part)(NAME(triangle) t, int i, int j)
{
    t.at += i * t.rs + j * t.cs;
    return t;
}

static NAME(block) NAME(rows)(NAME(block) b, int i)
{
    b.at += i * b.rs;
    return b;
}

// Add `scale` times row `from` of B to row `to`, or scale a row: over adjacent elements where possible.
static void NAME(add_row)(NAME(block) b, int to, int from, int n, E scale)
{
    E *x = b.at + to * b.rs;
    const E *y = b.at + from * b.rs;
    if (b.cs == 1) {
        for (int j = 0; j < n; j++) {
            x[j] += scale * y[j];
        }
    } else {
        for (int j = 0; j < n; j++) {
            x[j * b.cs] += scale * y[j * b.cs];
        }
    }
}

// The triangle's BASE x BASE elements, column by column, with a full diagonal.
static void NAME(copy)(const NAME(triangle) *t, int m, E copy[BASE][BASE])
{
    for (int j = 0; j < m; j++) {
        for (int i = 0; i < m; i++) {
            const int inside = t->lower ? i > j : i < j;
            copy[j][i] = i == j ? (t->unit ? 1 : NAME(element)(t, i, i)) : inside ? NAME(element)(t, i, j) : 0;
        }
    }
}

// B = inverse(T) B
static void NAME(solve)(NAME(triangle) t, NAME(block) b, int m, int n)
{
    if (m > BASE) {
        const int half = (m / 2 + 7) / 8 * 8;
        if (t.lower) {
            NAME(solve)(t, b, half, n);
            NAME(add_product)(m - half, n, half, -1, NAME(part)(t, half, 0), b, NAME(rows)(b, half));
            NAME(solve)(NAME(part)(t, half, half), NAME(rows)(b, half), m - half, n);
        } else {
            NAME(solve)(NAME(part)(t, half, half), NAME(rows)(b, half), m - half, n);
            NAME(add_product)(half, n, m - half, -1, NAME(part)(t, 0, half), NAME(rows)(b, half), b);
            NAME(solve)(t, b, half, n);
        }
        return;
    }
    E copy[BASE][BASE];
    NAME(copy)(&t, m, copy);
    if (b.rs == 1) {
        // Columns of adjacent elements: one after the other.
        for (int j = 0; j < n; j++) {
            E *x = b.at + j * b.cs;
            for (int step = 0; step < m; step++) {
                const int i = t.lower ? step : m - 1 - step;
                const int low = t.lower ? i + 1 : 0, high = t.lower ? m : i;
                const E value = x[i] = t.unit ? x[i] : x[i] / copy[i][i];
                for (int k = low; k < high; k++) {
                    x[k] -= value * copy[i][k];
                }
            }
        }
        return;
    }
    for (int step = 0; step < m; step++) {
        const int i = t.lower ? step : m - 1 - step;
        for (int k = t.lower ? 0 : i + 1; k < (t.lower ? i : m); k++) {
            NAME(add_row)(b, i, k, n, -copy[k][i]);
        }
        for (int j = 0; !t.unit && j < n; j++) {
            b.at[i * b.rs + j * b.cs] /= copy[i][i];
        }
    }
}

// B = T B
static void NAME(multiply)(NAME(triangle) t, NAME(block) b, int m, int n)
{
    if (m > BASE) {
        const int half = (m / 2 + 7) / 8 * 8;
        if (t.lower) {
            NAME(multiply)(NAME(part)(t, half, half), NAME(rows)(b, half), m - half, n);
            NAME(add_product)(m - half, n, half, 1, NAME(part)(t, half, 0), b, NAME(rows)(b, half));
            NAME(multiply)(t, b, half, n);
        } else {
            NAME(multiply)(t, b, half, n);
            NAME(add_product)(half, n, m - half, 1, NAME(part)(t, 0, half), NAME(rows)(b, half), b);
            NAME(multiply)(NAME(part)(t, half, half), NAME(rows)(b, half), m - half, n);
        }
        return;
    }
    E copy[BASE][BASE];
    NAME(copy)(&t, m, copy);
    if (b.rs == 1) {
        for (int j = 0; j < n; j++) {
            E *x = b.at + j * b.cs;
            for (int step = 0; step < m; step++) {
                const int i = t.lower ? m - 1 - step : step;
                const int low = t.lower ? i + 1 : 0, high = t.lower ? m : i;
                const E value = x[i];
                for (int k = low; k < high; k++) {
                    x[k] += value * copy[i][k];
                }
                x[i] = value * copy[i][i];
            }
        }
        return;
    }
    for (int step = 0; step < m; step++) {
        const int i = t.lower ? m - 1 - step : step;
        for (int j = 0; !t.unit && j < n; j++) {
            b.at[i * b.rs + j * b.cs] *= copy[i][i];
        }
        for (int k = t.lower ? 0 : i + 1; k < (t.lower ? i : m); k++) {
            NAME(add_row)(b, i, k, n, copy[k][i]);
        }
    }
}

// B = alpha op(A)^-1 B, or B op(A)^-1 (side "R"); or the same without the inverse. Matrices are column-major.
static void NAME(triangular)(int inverse, const char *side, const char *uplo, const char *trans, const char *diag,
    int m, int n, E alpha, const E *a, int lda, E *b, int ldb)
{
    const int left = IS(side, 'l'), transposed = !IS(trans, 'n');
    NAME(triangle) t = {a, 1, lda, IS(uplo, 'l'), IS(diag, 'u'), IS(trans, 'c')};
    NAME(block) x = {b, 1, ldb};
    for (int j = 0; j < n && alpha != 1; j++) {
        for (int i = 0; i < m; i++) {
            E *value = b + i + (ptrdiff_t)j * ldb;
            *value = alpha == 0 ? 0 : alpha * *value;
        }
    }
    if (alpha == 0 || m <= 0 || n <= 0) {
        return;
    }
    // From the right: X T = B is T' X' = B'.
    if (left == transposed) {
        t = (NAME(triangle)){a, lda, 1, !t.lower, t.unit, t.conjugate};
    }
    if (!left) {
        x = (NAME(block)){b, ldb, 1};
    }
    (inverse ? NAME(solve) : NAME(multiply))(t, x, left ? m : n, left ? n : m);
}

#undef BASE
