// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The part of CBLAS that NumPy calls, for 128-bit WebAssembly SIMD.
//
// Interface: https://www.netlib.org/blas/#_cblas. Arguments are trusted to be valid, as NumPy's always are.
//
// Results are deterministic: the order of operations depends only on the shapes and layouts of the operands, and no
// relaxed (fused) instruction is used, so every machine computes the same bits.

#ifndef TERRARIUM_BLAS_H
#define TERRARIUM_BLAS_H

enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112, CblasConjTrans = 113 };
enum CBLAS_UPLO { CblasUpper = 121, CblasLower = 122 };

// Also what lapack_lite calls through fortran.c: C = alpha op(A) op(B) + beta C, where only one triangle of C may be
// wanted. A, B and C are addressed by (row stride, column stride) in elements.
enum terrarium_part { TERRARIUM_FULL, TERRARIUM_UPPER, TERRARIUM_LOWER };

#define DECLARE_REAL(T, p)                                                                                             \
    T cblas_##p##dot(int n, const T *x, int incx, const T *y, int incy);                                               \
    void cblas_##p##axpy(int n, T alpha, const T *x, int incx, T *y, int incy);                                        \
    void cblas_##p##gemv(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE trans, int m, int n, T alpha, const T *a,        \
        int lda, const T *x, int incx, T beta, T *y, int incy);                                                        \
    void cblas_##p##gemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transa, enum CBLAS_TRANSPOSE transb, int m,      \
        int n, int k, T alpha, const T *a, int lda, const T *b, int ldb, T beta, T *c, int ldc);                       \
    void cblas_##p##syrk(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE trans, int n, int k,       \
        T alpha, const T *a, int lda, T beta, T *c, int ldc);                                                          \
    void terrarium_##p##gemm(enum terrarium_part part, int m, int n, int k, T alpha, const T *a, int rsa, int csa,     \
        const T *b, int rsb, int csb, T beta, T *c, int rsc, int csc);

// Complex numbers are pairs of T, passed by address, as CBLAS has them.
#define DECLARE_COMPLEX(T, p)                                                                                          \
    void cblas_##p##dotu_sub(int n, const void *x, int incx, const void *y, int incy, void *result);                   \
    void cblas_##p##dotc_sub(int n, const void *x, int incx, const void *y, int incy, void *result);                   \
    void cblas_##p##axpy(int n, const void *alpha, const void *x, int incx, void *y, int incy);                        \
    void cblas_##p##gemv(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE trans, int m, int n, const void *alpha,          \
        const void *a, int lda, const void *x, int incx, const void *beta, void *y, int incy);                         \
    void cblas_##p##gemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transa, enum CBLAS_TRANSPOSE transb, int m,      \
        int n, int k, const void *alpha, const void *a, int lda, const void *b, int ldb, const void *beta, void *c,    \
        int ldc);                                                                                                      \
    void cblas_##p##syrk(enum CBLAS_ORDER order, enum CBLAS_UPLO uplo, enum CBLAS_TRANSPOSE trans, int n, int k,       \
        const void *alpha, const void *a, int lda, const void *beta, void *c, int ldc);                                \
    void terrarium_##p##gemm(enum terrarium_part part, int m, int n, int k, const T *alpha, const T *a, int rsa,       \
        int csa, int conja, const T *b, int rsb, int csb, int conjb, const T *beta, T *c, int rsc, int csc);

DECLARE_REAL(float, s)
DECLARE_REAL(double, d)
DECLARE_COMPLEX(float, c)
DECLARE_COMPLEX(double, z)

#endif
