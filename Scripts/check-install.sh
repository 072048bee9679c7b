#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# check-install.sh: installs into a folder of its own, moves it, and checks the copy there.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"

make --no-print-directory install PREFIX="$folder/installed"
mv "$folder/installed" "$folder/moved"
./Scripts/check-copy.sh "$folder/moved"
echo "The installed copy works without its environment."
