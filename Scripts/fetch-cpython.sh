#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# fetch-cpython.sh: CPython for Linux and its test-suite, to compare sandboxes with; prints the folder that they are in,
# which has bin/python3.14 and lib/python3.14/test.
#
# The packages are those of cpython-packages.txt, of Debian for amd64, taken from the mirror that this machine's apt uses
# (DEBIAN_MIRROR names another). Nothing is installed: they are unpacked in the user's cache folder, with a C library of
# their own. Debian keeps one version of a package at a time, so a newer one is taken if the pinned one is gone, with a
# warning; what is compared with it is then the judge.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
list=$scripts/cpython-packages.txt
suite=forky
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() { echo "fetch-cpython: $*" >&2; exit 1; }

folder=${XDG_CACHE_HOME:-$HOME/.cache}/terrarium/cpython
stamp=$(cat "$list" "$0" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ]; then
    echo "$folder"
    exit 0
fi
[ "$(uname -sm)" = "Linux x86_64" ] || fail "Debian's packages run on Linux on x86-64 only."
[ -n "$(command -v apt-get)" ] && [ -n "$(command -v dpkg-deb)" ] && [ -f "$keyring" ] ||
    fail "apt-get, dpkg-deb and Debian's keyring are needed, which any Debian has."
mirror=${DEBIAN_MIRROR:-$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
    sed -nE 's/^(URIs:|deb) *(\[[^]]*\] *)?([^ ]+).*/\3/p' | head -1 || true)}
[ -n "$mirror" ] || fail "this machine's apt names no mirror: set DEBIAN_MIRROR to one."

echo "Fetching CPython for Linux and its test-suite …" >&2
rm -rf "$folder"
apt=$folder/apt
mkdir -p "$apt"/{etc,lists/partial,cache/archives/partial,packages}
printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$mirror" $suite $keyring \
    > "$apt/etc/private.sources"
private=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/etc" -o Dir::State::lists="$apt/lists"
    -o Dir::State::status=/dev/null -o Dir::Cache="$apt/cache" -o APT::Architecture=amd64
    -o APT::Architectures::=amd64 -o APT::Sandbox::User="$(id -un)")
apt-get "${private[@]}" update > "$apt/log" 2>&1 || fail "the mirror $mirror does not answer: $(tail -1 "$apt/log")"
cd "$apt/packages"
while read -r name version sha256; do
    apt-get "${private[@]}" download "$name=$version" >> "$apt/log" 2>&1 ||
        apt-get "${private[@]}" download "$name" >> "$apt/log" 2>&1 || fail "$name could not be fetched: $(tail -1 "$apt/log")"
    package=$(echo "${name}"_*.deb)
    if [ "$(sha256sum "$package" | cut -d' ' -f1)" != "$sha256" ]; then
        [ "$(dpkg-deb -f "$package" Version)" != "$version" ] || fail "$package is not the pinned file."
        echo "fetch-cpython: warning: $package instead of the pinned version $version" >&2
    fi
    dpkg-deb -x "$package" "$folder/root"
done < <(grep -v '^#' "$list")
cd "$folder"
rm -rf "$apt"

# A program that starts the interpreter with its own C library, and is what it takes itself for. Of bash, because other
# shells do not pass on environment variables whose names they do not like.
mkdir bin
ln -s root/usr/lib lib
cat > bin/python3.14 <<'PROGRAM'
#!/bin/bash
folder=$(cd "$(dirname "$0")/.." && pwd)
exec "$folder/root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$folder/root/usr/lib/x86_64-linux-gnu" \
    --argv0 "$folder/bin/python3.14" "$folder/root/usr/bin/python3.14" "$@"
PROGRAM
chmod +x bin/python3.14
bin/python3.14 -c 'import hashlib, sqlite3, test.support' || fail "the unpacked interpreter does not work."
echo "$stamp" > "$folder/stamp"
echo "$folder"
