#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build pandas for the CPython that componentize-py bundles, with the C interface of the NumPy beside it.
#
#     build.sh OUT
#
# Leaves in OUT:
#
#     pandas-3.1.1-cp314-cp314-wasi_0_0_0_wasm32.whl   what a sandbox needs, with the licences of all that is in it
#     pandas/site/                                     everything installed, with pandas' own tests
#     pandas/inputs                                    name, version and hash of every input, as table lines
#
# Seven minutes of processor time, and two for NumPy if OUT has none. JOBS sets the parallel jobs.
set -euo pipefail

# shellcheck source=../toolchain/recipe.sh
source "$(dirname "${BASH_SOURCE[0]}")/../toolchain/recipe.sh"

name=pandas
version=3.1.1
sha256=05fed3e3b7c99b226f160e29d7d6cb7ef39638c758cbfe42b3f24ba34f04b859
date=1793750400
begin_recipe "$1"
numpy_headers
unpack_sdist
cp "$here/support/_mmap.py" "$work/source/pandas/compat/"

export WASI_CFLAGS=-msimd128
build_with_meson meson "" -Db_ndebug=if-release
# The settings of pytest for pandas.test().
pack --exclude pandas/pyproject.toml \
    --entry-points $'[pandas_plotting_backends]\nmatplotlib = pandas:plotting._matplotlib\n'
finish_recipe
