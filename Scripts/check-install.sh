#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# check-install.sh: installs into a folder of its own, moves it, and runs the README's examples from there with nothing in
# the environment: no PATH, no home folder, no Python, no cache.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"

make --no-print-directory install PREFIX="$folder/installed"
mv "$folder/installed" "$folder/moved"
terrarium=$folder/moved/bin/terrarium

./Scripts/demo.sh env -i "$terrarium" >"$folder/output.txt" 2>"$folder/errors.txt"
diff Scripts/demo-output.txt "$folder/output.txt"
# A note beside the errors of the programs would mean that something was compiled anew.
if grep "Compiling" "$folder/errors.txt"; then exit 1; fi
diff /dev/null <(env -i "$terrarium" '2 + 2' 2>&1 >/dev/null)

# What one user installs, another one uses as it is.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    [ "$(env -i "$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups "$terrarium" '2 + 2' 2>&1)" = "result: 4" ]
fi

version=$(env -i "$terrarium" --version)
grep -q "\"$version\"" Sources/Terrarium/Parts/TerrariumVersion.swift
echo "The installed copy works without its environment."
