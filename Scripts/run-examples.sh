#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# run-examples.sh FOLDER: runs each program of Examples/, built in FOLDER, and fails if one does, or prints something else
# than what is in Examples/Output.
set -euo pipefail
cd "$(dirname "$0")/.."
for source in Examples/Sources/*/; do
    example=$(basename "$source")
    echo
    echo "\$ $example"
    "$1/$example" | tee "$1/$example.output"
    diff "Examples/Output/$example.txt" "$1/$example.output"
done
