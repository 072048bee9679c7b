#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build kiwisolver, which lays out figures for Matplotlib: C++ with exceptions.
#
#     build.sh OUT
#
# Leaves in OUT:
#
#     kiwisolver-1.5.1-cp314-cp314-wasi_0_0_0_wasm32.whl   with the licences of all that is in it
#     kiwisolver/source/py/tests/                          kiwisolver's own tests
#     kiwisolver/inputs                                    name, version and hash of every input, as table lines
#
# A minute of processor time. JOBS sets the parallel jobs.
set -euo pipefail

# shellcheck source=../toolchain/recipe.sh
source "$(dirname "${BASH_SOURCE[0]}")/../toolchain/recipe.sh"

name=kiwisolver
version=1.5.1
sha256=f1303ef2eec81262a4b708c3e858afe58d7c75ad91c1c05266eda7673369859a
date=1787875200
backend=setuptools.build_meta
begin_recipe "$1"
use_exceptions
unpack_sdist
fetch_wheel cppy 1.3.1 7ca132b6ef6187384738804bd3a453d4eab7e3274df6dcd35e5d92aae3404717

mkdir -p "$work/site/kiwisolver"
cp "$work"/source/py/kiwisolver/*.py "$work/site/kiwisolver/"
compile_extension kiwisolver/_cext "-O2 -DNDEBUG -std=c++17 -I$work/source -I$work/cppy/cppy/include" \
    "$work"/source/py/src/*.cpp
pack --license "cppy/LICENSE.txt=$work/cppy/cppy-1.3.1.dist-info/LICENSE"
finish_recipe "${wheels[@]}"
