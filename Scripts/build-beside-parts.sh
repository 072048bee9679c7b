#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# build-beside-parts.sh COMMAND…: runs a build, and meanwhile fetches the engine and builds the guest, which wait for the
# network and use one processor. What these say is shown when the build has ended.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
log=$(mktemp)
"$python" Scripts/setup.py engine >>"$log" 2>&1 &
engine=$!
"$python" Scripts/setup.py guest >>"$log" 2>&1 &
guest=$!
trap 'kill "$engine" "$guest" 2>/dev/null || true; rm -f "$log"' EXIT
"$@"
if kill -0 "$guest" 2>/dev/null; then echo "Waiting for the Python guest …" >&2; fi
status=0
wait "$engine" || status=$?
wait "$guest" || status=$?
cat "$log" >&2
exit "$status"
