#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# run-tests.sh COMMAND...: runs tests, and says at the end once more which of them failed, and why. No test is a failure.
set -uo pipefail
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
status=$?
if [ "$status" -ne 0 ]; then
    printf '\nFailed:\n'
    grep -E "^✘ .*recorded an issue|error: -|Fatal error|crashed|unexpected signal" -A 3 "$log" | tail -n 60
elif ! grep -qE "Test run with [1-9][0-9]* test" "$log"; then
    # A name with a typing mistake in it must not look like success.
    echo "run-tests: no test ran; is there one of that name? make test-bindings runs those of bindings." >&2
    status=1
fi
exit "$status"
