#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# check-copy.sh FOLDER: runs the README's examples with an installed copy, with nothing in the environment: no PATH, no home
# folder, no Python, no cache; then as another user and, where that can be had, without a network.
set -euo pipefail
cd "$(dirname "$0")/.."
terrarium=$1/bin/terrarium
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

./Scripts/demo.sh env -i "$terrarium" >"$results/output.txt" 2>"$results/errors.txt"
diff Scripts/demo-output.txt "$results/output.txt"
# A note beside the errors of the programs would mean that something was compiled anew.
if grep "Compiling" "$results/errors.txt"; then exit 1; fi
diff /dev/null <(env -i "$terrarium" '2 + 2' 2>&1 >/dev/null)

# What one user installs, another one uses as it is.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    [ "$(env -i "$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups "$terrarium" '2 + 2' 2>&1)" = "result: 4" ]
fi
if command -v unshare >/dev/null && unshare --map-root-user --net true 2>/dev/null; then
    [ "$(env -i "$(command -v unshare)" --map-root-user --net "$terrarium" '2 + 2' 2>&1)" = "result: 4" ]
fi

version=$(env -i "$terrarium" --version)
grep -q "\"$version\"" Sources/Terrarium/Parts/TerrariumVersion.swift
