#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# step.sh TITLE COMMAND…: runs a command and says what it is doing and how long it took.
set -uo pipefail
title=$1
shift
echo "$title …" >&2
start=$(date +%s)
"$@" >&2
code=$?
if [ $code -eq 0 ]; then
    echo "$title: $(($(date +%s) - start)) s" >&2
else
    echo "$title failed (exit code $code)" >&2
fi
exit $code
