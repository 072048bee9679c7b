#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build NumPy for the CPython that componentize-py bundles (WASI 0.2, 128-bit SIMD).
#
#     build.sh OUT
#
# Leaves in OUT:
#
#     numpy-2.4.6-cp314-cp314-wasi_0_0_0_wasm32.whl   what a sandbox needs, with the licences of all that is in it
#     numpy/site/                                     everything installed, with NumPy's tests and their C modules
#     numpy/inputs                                    name, version and hash of every input, as table lines
#
# The same inputs give the same bytes: see ../README.md. About two minutes on two cores. JOBS sets the parallel jobs.
set -euo pipefail

# shellcheck source=../toolchain/recipe.sh
source "$(dirname "${BASH_SOURCE[0]}")/../toolchain/recipe.sh"

name=numpy
version=2.4.6
sha256=f3a3570c4a2a16746ac2c31a7c7c7b0c186b95ce902e33db6f28094ed7387dda
date=1779062400
begin_recipe "$1"
unpack_sdist
mkdir "$work/source/numpy/_core/src/wasi_blas"
cp "$here"/blas/*.[ch] "$work/source/numpy/_core/src/wasi_blas/"
cp "$here"/support/*.h* "$work/source/numpy/_core/src/common/"
cp "$here"/support/_wasi_mmap.py "$work/source/numpy/_core/"

# Four vectors per turn of a loop: its back edge carries the check that lets the host interrupt a script, which costs as
# much as a vector.
export WASI_CFLAGS="-msimd128 -mllvm -force-vector-interleave=4"
# NumPy's own SIMD layer knows no WebAssembly ("disable-optimization"); clang vectorizes the plain loops instead.
# "devel" is what other recipes need of it.
build_with_meson "python3 $work/source/vendored-meson/meson/meson.py" runtime,python-runtime,devel,tests \
    -Dblas=none -Dlapack=none -Dallow-noblas=true -Ddisable-optimization=true -Ddisable-svml=true \
    -Ddisable-highway=true -Ddisable-intel-sort=true -Ddisable-threading=true
sed -i "s|$out/|/build/|g; s|\"cpu\": \"$(uname -m)\"|\"cpu\": \"any\"|; s|\"family\": \"$(uname -m)\"|\"family\": \"any\"|" \
    "$work/site/numpy/__config__.py"

# Also left out: the C modules of tests; f2py, which needs compilers; what only building extensions needs.
pack --exclude '*_tests.cpython-*' --exclude '*/_simd.cpython-*' --exclude numpy/f2py --exclude numpy/_pyinstaller \
    --exclude numpy/_core/include --exclude numpy/_core/lib --exclude numpy/random/lib \
    --exclude numpy/random/_examples --exclude numpy/distutils --exclude '*.a' \
    --entry-points $'[array_api]\nnumpy = numpy\n'
finish_recipe
