#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Test C++ exceptions and setjmp as extension modules have them: compiled by the toolchain, run by Wasmtime.
#
#     run-tests.sh
#
# TERRARIUM_TEST_PYTHON names a Python that has wasmtime. Work happens in WHEELS_BUILD (default: Guest/packages/.build).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${WHEELS_BUILD:-$here/../../.build}
toolchain=$out/toolchain
"$here/../prepare.sh" "$toolchain"
"$here/../exceptions.sh" "$toolchain"
module=$toolchain/throwing.wasm
export ZIG_GLOBAL_CACHE_DIR=$toolchain/zig-cache ZIG_LOCAL_CACHE_DIR=$toolchain/zig-cache
WASI_EXCEPTIONS=1 "$toolchain/bin/wasi-c++" -O2 -std=c++20 -shared "$here/throwing.cpp" -o "$module"
"${TERRARIUM_TEST_PYTHON:-python3}" "$here/run_exceptions.py" "$module"
