// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Names for the routines in lapack_lite's f2c_blas.c that blas/lapack.c replaces: nothing calls them any more.

#ifndef TERRARIUM_WASI_LAPACK_NAMES_H
#define TERRARIUM_WASI_LAPACK_NAMES_H

#undef sgemm_
#define sgemm_ f2c_sgemm
#undef dgemm_
#define dgemm_ f2c_dgemm
#undef cgemm_
#define cgemm_ f2c_cgemm
#undef zgemm_
#define zgemm_ f2c_zgemm
#undef sgemv_
#define sgemv_ f2c_sgemv
#undef dgemv_
#define dgemv_ f2c_dgemv
#undef cgemv_
#define cgemv_ f2c_cgemv
#undef zgemv_
#define zgemv_ f2c_zgemv
#undef ssyrk_
#define ssyrk_ f2c_ssyrk
#undef dsyrk_
#define dsyrk_ f2c_dsyrk
#undef cherk_
#define cherk_ f2c_cherk
#undef zherk_
#define zherk_ f2c_zherk
#undef strsm_
#define strsm_ f2c_strsm
#undef dtrsm_
#define dtrsm_ f2c_dtrsm
#undef ctrsm_
#define ctrsm_ f2c_ctrsm
#undef ztrsm_
#define ztrsm_ f2c_ztrsm
#undef strmm_
#define strmm_ f2c_strmm
#undef dtrmm_
#define dtrmm_ f2c_dtrmm
#undef ctrmm_
#define ctrmm_ f2c_ctrmm
#undef ztrmm_
#define ztrmm_ f2c_ztrmm

#endif
