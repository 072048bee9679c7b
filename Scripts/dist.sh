#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# dist.sh: writes an archive of an installed copy to .build/dist: the program, the engine, the image with its machine code,
# and the licences of all that is in it. It is unpacked anywhere, and needs nothing of the machine but the C library. The
# archive is then unpacked, and checked as check-install.sh checks an installed copy. Needs `make setup` before it.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/.*"\([0-9.]*\)".*/\1/p' Sources/Terrarium/Parts/TerrariumVersion.swift)
name=terrarium-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
output=$PWD/.build/dist
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
make --no-print-directory install PREFIX="$folder/$name"
strip "$folder/$name/bin/terrarium"
strip --strip-unneeded "$folder/$name/lib/terrarium/lib/"*

"${PYTHON:-python3}" Scripts/collect-licences.py "$folder/$name/share/licenses"
cat >"$folder/$name/README.txt" <<TEXT
Terrarium $version runs Python in a sandbox:

    bin/terrarium '2 + 2'
    bin/terrarium --help

The folder can be moved anywhere, and bin/terrarium linked to from a folder of the PATH. The licences of its parts are in
share/licenses.
TEXT

mkdir -p "$output"
archive=$output/$name.tar.gz
# The same contents are the same archive, but for the times in the machine code.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C "$folder" -cf - "$name" |
    gzip -n -9 >"$archive.unfinished"
mv "$archive.unfinished" "$archive"
rm -rf "${folder:?}/$name"

mkdir "$folder/elsewhere"
chmod 755 "$folder/elsewhere"
tar -xzf "$archive" -C "$folder/elsewhere"
./Scripts/check-copy.sh "$folder/elsewhere/$name"
echo "$archive: $(du -h "$archive" | cut -f1), $(du -sh "$folder/elsewhere/$name" | cut -f1) unpacked"
