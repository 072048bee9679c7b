#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build ContourPy, which finds the contour lines for Matplotlib: C++ with exceptions, bound by pybind11.
#
#     build.sh OUT
#
# Leaves in OUT:
#
#     contourpy-1.3.3-cp314-cp314-wasi_0_0_0_wasm32.whl   with the licences of all that is in it
#     contourpy/source/tests/                             ContourPy's own tests
#     contourpy/inputs                                    name, version and hash of every input, as table lines
#
# Two minutes of processor time. JOBS sets the parallel jobs.
set -euo pipefail

# shellcheck source=../toolchain/recipe.sh
source "$(dirname "${BASH_SOURCE[0]}")/../toolchain/recipe.sh"

name=contourpy
version=1.3.3
sha256=083e12155b210502d0bca491432bb04d56dc3432f95a979b429f2848c3dbe880
date=1753488000
begin_recipe "$1"
use_exceptions
unpack_sdist
fetch_pybind11

mkdir -p "$work/site"
cp -r "$work/source/lib/contourpy" "$work/site/"
# Meson would write down the machine that it runs on.
sed -E "s/@contourpy_version@/$version/; s/@pybind11_version@/$pybind11_version/; s/@cpp_std@/c++17/; s/@host_cpu(_family)?@/wasm32/
    s/@host_cpu_system@/wasi/; s/@host_cpu_endian@/little/; s/@cross_build@/true/; s/@[a-z0-9_]+@/unknown/" \
    "$work/site/contourpy/util/_build_config.py.in" > "$work/site/contourpy/util/_build_config.py"
find "$work/site" \( -name meson.build -o -name '*.in' \) -delete
compile_extension contourpy/_contourpy "-O2 -DNDEBUG -std=c++17 -msimd128 -DCONTOURPY_VERSION=$version $pybind11" \
    "$work"/source/src/*.cpp
pack --license "LICENSE=$work/source/LICENSE" \
    --license "pybind11/LICENSE.txt=$pybind11_licence"
finish_recipe "${wheels[@]}"
