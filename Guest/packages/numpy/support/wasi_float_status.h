// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef TERRARIUM_WASI_FLOAT_STATUS_H
#define TERRARIUM_WASI_FLOAT_STATUS_H

// Floating-point status flags in software. WebAssembly's arithmetic sets none, and libc's fenv.h knows none.
//
// What NumPy's own code raises (a singular matrix, an integer division by zero, an overflow of a half or an integer) is
// kept here, where NumPy looks for it. What the arithmetic itself would have raised stays unnoticed.
//
// npymath is a static library in several extension modules: their flags must be one. numpy.linalg takes those of
// _multiarray_umath, by a capsule.

#ifdef __cplusplus
extern "C" {
#endif

extern __attribute__((visibility("hidden"))) int *wasi_float_status;

#define WASI_FLOAT_STATUS "numpy._core._multiarray_umath._wasi_float_status"

#ifdef __cplusplus
}
#endif

#endif
