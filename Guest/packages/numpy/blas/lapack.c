// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The Fortran entry points of the BLAS that NumPy's lapack_lite spends its time in, instead of its own translations of
// the reference implementation (which stay for everything else). Column-major, every argument by address.

#include "blas.h"

#include <complex.h>
#include <stddef.h>

// LAPACK's options are single letters of either case.
#define IS(option, letter) ((*(option) | 0x20) == (letter))

static enum CBLAS_TRANSPOSE transposition(const char *option)
{
    return IS(option, 'n') ? CblasNoTrans : IS(option, 'c') ? CblasConjTrans : CblasTrans;
}

// MARK: - Real

#define REAL_ROUTINES(T, p)                                                                                            \
    int p##gemm_(char *transa, char *transb, int *m, int *n, int *k, T *alpha, T *a, int *lda, T *b, int *ldb,         \
        T *beta, T *c, int *ldc)                                                                                       \
    {                                                                                                                  \
        cblas_##p##gemm(CblasColMajor, transposition(transa), transposition(transb), *m, *n, *k, *alpha, a, *lda, b,   \
            *ldb, *beta, c, *ldc);                                                                                     \
        return 0;                                                                                                      \
    }                                                                                                                  \
    int p##gemv_(char *trans, int *m, int *n, T *alpha, T *a, int *lda, T *x, int *incx, T *beta, T *y, int *incy)     \
    {                                                                                                                  \
        cblas_##p##gemv(CblasColMajor, transposition(trans), *m, *n, *alpha, a, *lda, x, *incx, *beta, y, *incy);      \
        return 0;                                                                                                      \
    }                                                                                                                  \
    int p##syrk_(char *uplo, char *trans, int *n, int *k, T *alpha, T *a, int *lda, T *beta, T *c, int *ldc)           \
    {                                                                                                                  \
        cblas_##p##syrk(CblasColMajor, IS(uplo, 'u') ? CblasUpper : CblasLower, transposition(trans), *n, *k, *alpha,  \
            a, *lda, *beta, c, *ldc);                                                                                  \
        return 0;                                                                                                      \
    }

REAL_ROUTINES(float, s)
REAL_ROUTINES(double, d)

// MARK: - Complex

#define COMPLEX_ROUTINES(T, p)                                                                                         \
    int p##gemm_(char *transa, char *transb, int *m, int *n, int *k, T *alpha, T *a, int *lda, T *b, int *ldb,         \
        T *beta, T *c, int *ldc)                                                                                       \
    {                                                                                                                  \
        cblas_##p##gemm(CblasColMajor, transposition(transa), transposition(transb), *m, *n, *k, alpha, a, *lda, b,    \
            *ldb, beta, c, *ldc);                                                                                      \
        return 0;                                                                                                      \
    }                                                                                                                  \
    int p##gemv_(char *trans, int *m, int *n, T *alpha, T *a, int *lda, T *x, int *incx, T *beta, T *y, int *incy)     \
    {                                                                                                                  \
        cblas_##p##gemv(CblasColMajor, transposition(trans), *m, *n, alpha, a, *lda, x, *incx, beta, y, *incy);        \
        return 0;                                                                                                      \
    }                                                                                                                  \
    /* C = alpha A A^H + beta C, or alpha A^H A + beta C; the diagonal is real by definition. */                       \
    int p##herk_(char *uplo, char *trans, int *n, int *k, T *alpha, T *a, int *lda, T *beta, T *c, int *ldc)           \
    {                                                                                                                  \
        const int plain = IS(trans, 'n'), rs = plain ? 1 : *lda, cs = plain ? *lda : 1;                                \
        const T by[2] = {*alpha, 0}, keep[2] = {*beta, 0};                                                             \
        terrarium_##p##gemm(IS(uplo, 'u') ? TERRARIUM_UPPER : TERRARIUM_LOWER, *n, *n, *k, by, a, rs, cs, !plain, a,   \
            cs, rs, plain, keep, c, 1, *ldc);                                                                          \
        for (int i = 0; i < *n; i++) {                                                                                 \
            c[2 * (i + (ptrdiff_t)i * *ldc) + 1] = 0;                                                                  \
        }                                                                                                              \
        return 0;                                                                                                      \
    }

COMPLEX_ROUTINES(float, c)
COMPLEX_ROUTINES(double, z)

// MARK: - Triangular

#define TRIANGULAR_ROUTINES(E, p)                                                                                      \
    int p##trsm_(char *side, char *uplo, char *trans, char *diag, int *m, int *n, E *alpha, E *a, int *lda, E *b,      \
        int *ldb)                                                                                                      \
    {                                                                                                                  \
        p##_triangular(1, side, uplo, trans, diag, *m, *n, *alpha, a, *lda, b, *ldb);                                  \
        return 0;                                                                                                      \
    }                                                                                                                  \
    int p##trmm_(char *side, char *uplo, char *trans, char *diag, int *m, int *n, E *alpha, E *a, int *lda, E *b,      \
        int *ldb)                                                                                                      \
    {                                                                                                                  \
        p##_triangular(0, side, uplo, trans, diag, *m, *n, *alpha, a, *lda, b, *ldb);                                  \
        return 0;                                                                                                      \
    }

#define REAL_PRODUCT(T, p)                                                                                             \
    static void p##_add_product(int m, int n, int k, int sign, p##_triangle t, p##_block b, p##_block c)               \
    {                                                                                                                  \
        terrarium_##p##gemm(TERRARIUM_FULL, m, n, k, sign, t.at, t.rs, t.cs, b.at, b.rs, b.cs, 1, c.at, c.rs, c.cs);   \
    }

#define COMPLEX_PRODUCT(T, p)                                                                                          \
    static void p##_add_product(int m, int n, int k, int sign, p##_triangle t, p##_block b, p##_block c)               \
    {                                                                                                                  \
        const T by[2] = {sign, 0}, keep[2] = {1, 0};                                                                   \
        terrarium_##p##gemm(TERRARIUM_FULL, m, n, k, by, (const T *)t.at, t.rs, t.cs, t.conjugate, (const T *)b.at,    \
            b.rs, b.cs, 0, keep, (T *)c.at, c.rs, c.cs);                                                               \
    }

#define CONJUGATE(x) (x)

#define E float
#define NAME(x) s_##x
#include "triangular.h"
#undef E
#undef NAME
REAL_PRODUCT(float, s)
TRIANGULAR_ROUTINES(float, s)

#define E double
#define NAME(x) d_##x
#include "triangular.h"
#undef E
#undef NAME
REAL_PRODUCT(double, d)
TRIANGULAR_ROUTINES(double, d)

#undef CONJUGATE

#define E float _Complex
#define NAME(x) c_##x
#define CONJUGATE(x) conjf(x)
#include "triangular.h"
#undef E
#undef NAME
#undef CONJUGATE
COMPLEX_PRODUCT(float, c)
TRIANGULAR_ROUTINES(float _Complex, c)

#define E double _Complex
#define NAME(x) z_##x
#define CONJUGATE(x) conj(x)
#include "triangular.h"
COMPLEX_PRODUCT(double, z)
TRIANGULAR_ROUTINES(double _Complex, z)
