#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run-tests.sh COMMAND...: runs tests, and says at the end once more which of them failed, and why.
set -uo pipefail
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
status=$?
if [ "$status" -ne 0 ]; then
    printf '\nFailed:\n'
    grep -E "^✘ .*recorded an issue|error: -|Fatal error|crashed|unexpected signal" -A 3 "$log" | tail -n 60
fi
exit "$status"
