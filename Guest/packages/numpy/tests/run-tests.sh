#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Run NumPy's own tests inside a guest, compare with the host's NumPy of the same version, print a report in Markdown.
#
#     run-tests.sh [OUT] [--only 'numpy/_core/*'] [--reuse-host] [--reuse-guest] > report.md
#
# OUT is what build.sh left (default: Guest/packages/.build; built if it is not there). TERRARIUM_TEST_PYTHON is a
# python3 with wasmtime and componentize-py installed. Takes a quarter of an hour on one core.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/../../.build
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    out=$1
    shift
fi
: "${TERRARIUM_TEST_PYTHON:?set it to a python3 that has wasmtime and componentize-py}"
[ -d "$out/numpy/site" ] || "$here/../build.sh" "$out" >&2
out=$(cd "$out" && pwd)
work=$out/numpy-tests
mkdir -p "$work/guest/app"

# The host's side: the same Python, with NumPy and pytest; the guest's pytest is the pure part of the same packages.
if ! cmp -s "$here/requirements.txt" "$work/requirements.txt"; then
    rm -rf "$work/venv" "$work/pure"
    "$TERRARIUM_TEST_PYTHON" -m venv "$work/venv"
    engine=$("$TERRARIUM_TEST_PYTHON" -c 'import importlib.metadata as m; print("wasmtime==" + m.version("wasmtime"))')
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" "$engine"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --target "$work/pure" \
        $(grep -E '^(pytest|hypothesis)==' "$here/requirements.txt")
    find "$work/pure" \( -name '*.so' -o -name __pycache__ \) -prune -exec rm -rf {} +
    cp "$here/requirements.txt" "$work/requirements.txt"
fi
cp "$here/collect.py" "$work/pure/"
cp "$out/numpy/source/pytest.ini" "$work/pure/"
sed -i '/^addopts/d' "$work/pure/pytest.ini"
cp "$here/app.py" "$work/guest/app/"
ln -sfn "$out/numpy/site" "$work/site"
ln -sfn "$out/toolchain/python" "$work/python"

component=$work/guest/component.wasm
build=no
for input in "$out/numpy/site/numpy/version.py" "$here/app.py"; do
    if [ "$input" -nt "$component" ]; then build=yes; fi
done
if [ $build = yes ]; then
    "$(dirname "$TERRARIUM_TEST_PYTHON")/componentize-py" -d "$here/world.wit" -w sandbox componentize \
        -p "$work/guest/app" -p "$out/numpy/site" -p "$work/pure" app -o "$component" >&2
fi
exec "$work/venv/bin/python" "$here/run_tests.py" "$work" "$@"
