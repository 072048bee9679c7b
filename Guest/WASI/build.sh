#!/bin/sh
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds GuestWASI.wasm, the WASI implementation that runs inside a guest's memory, with the Swift toolchain alone.
#
#   build.sh            writes Sources/Components/Resources/GuestWASI.wasm
#   build.sh --check    builds to a temporary folder and fails if the committed file differs
#   build.sh FILE       writes FILE
set -eu

here=$(cd "$(dirname "$0")" && pwd)
resource="$here/../../Sources/Components/Resources/GuestWASI.wasm"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The tools of one toolchain: the compiler's neighbours.
bin=$(dirname "$(readlink -f "$(command -v swiftc)")")

cd "$here/Sources"
"$bin/clang" --target=wasm32-unknown-none-wasm -ffreestanding -fno-builtin -nostdlib -Os -flto -mbulk-memory -Wall -Werror \
    -ffile-prefix-map="$here"=. -c Runtime/Runtime.c -o "$scratch/Runtime.o"
find . -name '*.swift' | LC_ALL=C sort > "$scratch/files"
# shellcheck disable=SC2046
"$bin/swiftc" -target wasm32-unknown-none-wasm -swift-version 6 -warnings-as-errors -module-name GuestWASI \
    -enable-experimental-feature Embedded -enable-experimental-feature Extern \
    -wmo -Osize -parse-as-library -enforce-exclusivity=unchecked \
    -Xfrontend -disable-stack-protector -Xcc -fno-stack-protector -Xcc -mbulk-memory \
    -import-objc-header Runtime/Runtime.h -file-prefix-map "$here"=. \
    -emit-ir $(cat "$scratch/files") -o "$scratch/GuestWASI.ll"
# The compiler proper always makes position-independent code for WebAssembly, which is bigger and slower; clang does not.
"$bin/clang" --target=wasm32-unknown-none-wasm -Os -flto -mbulk-memory -Wno-override-module \
    -c "$scratch/GuestWASI.ll" -o "$scratch/GuestWASI.o"
# Relocations stay in, because the data ends up wherever a guest's memory ends. Undefined symbols are errors: every
# import is declared with its module and name.
"$bin/wasm-ld" --no-entry --gc-sections --strip-debug --lto-O2 --emit-relocs -z stack-size=32768 \
    "$scratch/GuestWASI.o" "$scratch/Runtime.o" -o "$scratch/GuestWASI.wasm"

case "${1:-}" in
--check)
    cmp "$scratch/GuestWASI.wasm" "$resource" || {
        echo "GuestWASI.wasm is not what its sources give: run Guest/WASI/build.sh and commit the result." >&2
        exit 1
    }
    ;;
"")
    mkdir -p "$(dirname "$resource")"
    cp "$scratch/GuestWASI.wasm" "$resource"
    chmod 644 "$resource"
    wc -c "$resource"
    ;;
*)
    cp "$scratch/GuestWASI.wasm" "$1"
    ;;
esac
