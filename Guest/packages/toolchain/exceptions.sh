#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build what extension modules with C++ exceptions, or with setjmp, are linked with: libc++, libc++abi, the unwinder and
# longjmp, compiled for WebAssembly's exception handling out of the sources in the `ziglang` package.
#
#     exceptions.sh TOOLCHAIN
#
# TOOLCHAIN was made by prepare.sh. Leaves:
#
#     TOOLCHAIN/lib/libexceptions.a           all of it, hidden, for WASI_EXCEPTIONS=1 of wasi-cc
#     TOOLCHAIN/lib/libbuiltins-exceptions.a  compiler-rt without the entry points that end a sandbox
#
# Half a minute of processor time. JOBS sets the parallel jobs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$1" && pwd)
llvm=$root/zig/lib
export ZIG_GLOBAL_CACHE_DIR=$root/zig-cache ZIG_LOCAL_CACHE_DIR=$root/zig-cache WASI_EXCEPTIONS=1
export WASI_BUILD_ROOT=$root
unset CFLAGS CXXFLAGS LDFLAGS CPPFLAGS WASI_CFLAGS

stamp=$(cat "$root/stamp" "${BASH_SOURCE[0]}" "$here/exception_tags.s" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$root/exceptions-stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
echo "toolchain: exceptions"
objects=$root/exceptions
rm -rf "$objects" "$root/exceptions-stamp"
mkdir -p "$objects/include"

# Of libc++ what has no file system, no clock of time zones and no threads of its own.
libcxx=(algorithm any bind call_once charconv chrono condition_variable condition_variable_destructor error_category
    exception expected functional future hash ios ios.instantiations iostream locale memory memory_resource mutex
    mutex_destructor new_handler new_helpers optional ostream random regex ryu/d2fixed ryu/d2s ryu/f2s shared_mutex
    stdexcept string strstream system_error thread typeinfo valarray variant vector verbose_abort)
libcxxabi=(abort_message cxa_aux_runtime cxa_default_handlers cxa_exception cxa_exception_storage cxa_guard cxa_handlers
    cxa_personality cxa_vector cxa_virtual fallback_malloc private_typeinfo stdlib_exception stdlib_new_delete
    stdlib_stdexcept stdlib_typeinfo)

flags=(-O2 -DNDEBUG -std=c++23 -Wno-everything -D_LIBCPP_BUILDING_LIBRARY -DLIBCXX_BUILDING_LIBCXXABI
    -D_LIBCXXABI_BUILDING_LIBRARY -D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS -D_LIBCXXABI_HAS_NO_THREADS
    -D_LIBCXXABI_THREAD_LOCAL= -DLIBCXXABI_NON_DEMANGLING_TERMINATE
    "-I$llvm/libcxx/src" "-I$llvm/libcxx/src/include" "-I$llvm/libcxx/libc" "-I$llvm/libcxxabi/include")
{
    for name in "${libcxx[@]}"; do echo "$llvm/libcxx/src/$name.cpp $objects/libcxx-${name//\//-}.o"; done
    for name in "${libcxxabi[@]}"; do echo "$llvm/libcxxabi/src/$name.cpp $objects/libcxxabi-$name.o"; done
} |
    xargs -P "${JOBS:-2}" -n 2 bash -c '"$0" "${@:1:$#-2}" -c "${@: -2:1}" -o "${@: -1}"' "$root/bin/wasi-c++" "${flags[@]}"

# The unwinder includes <threads.h> for the name of a storage class, and the bundled C library has no such header.
echo '#define thread_local _Thread_local' > "$objects/include/threads.h"
"$root/bin/wasi-cc" -w -O2 -DNDEBUG -fwasm-exceptions "-I$objects/include" "-I$llvm/libunwind/include" \
    -D_LIBUNWIND_HAS_NO_THREADS -D_LIBUNWIND_HIDE_SYMBOLS -c "$llvm/libunwind/src/Unwind-wasm.c" -o "$objects/unwind.o"
"$root/bin/wasi-cc" -O2 -c "$llvm/libc/wasi/libc-top-half/musl/src/setjmp/wasm32/rt.c" -o "$objects/longjmp.o"
"$root/zig/zig" clang --target=wasm32-wasip2 -mexception-handling -c "$here/exception_tags.s" -o "$objects/tags.o"

rm -f "$root"/lib/lib{,builtins-}exceptions.a
"$root/zig/zig" ar rcsD "$root/lib/libexceptions.a" "$objects"/*.o
cp "$root/lib/libbuiltins.a" "$root/lib/libbuiltins-exceptions.a"
"$root/zig/zig" ar dD "$root/lib/libbuiltins-exceptions.a" cxx_runtime.o
rm -rf "$objects"
echo "$stamp" > "$root/exceptions-stamp"
