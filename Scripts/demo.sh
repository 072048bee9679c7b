#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# demo.sh COMMAND…: runs the README's examples with this command, printing each and its output.
# What it prints is what demo-output.txt has.
set -uo pipefail
command=("$@")

show() {
    printf '$ terrarium'
    for word in "$@"; do printf " '%s'" "$word"; done
    printf '\n'
    "${command[@]}" "$@"
    local code=$?
    [ $code -eq 0 ] || echo "(exit code $code)"
    [ $code -le 1 ] || [ $code -eq 124 ] || exit $code
}

show '2 + 2'
show 'def foo(): return 42' 'foo()'
show 'global foo
def foo(): return 42' 'foo()'
show 'numpy.matmul([[1, 2], [4, 5], [6, 7]], [[1, 2, 3], [4, 5, 6]]).tolist()'
show 'foo = bytes(100 * 1024 * 1024)' 'foo[42]'
show 'while True: pass' '1'
show '1 / 0'
