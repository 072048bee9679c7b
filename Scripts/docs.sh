#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# docs.sh FOLDER: makes the documentation of the library, whose modules are built in FOLDER; warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT
target=$(${SWIFT:-swift} -print-target-info | sed -n 's/.*"unversionedTriple" *: *"\(.*\)".*/\1/p')
includes=()
for folder in Sources/*/include; do
    includes+=(-Xcc "-I$folder")
done
# Those that have no map of their own get one from the package manager.
for map in Sources/*/include/module.modulemap "$build"/*.build/module.modulemap; do
    includes+=(-Xcc "-fmodule-map-file=$map")
done
${SWIFT:-swift} symbolgraph-extract -module-name Terrarium -target "$target" -I "$build/Modules" "${includes[@]}" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$graphs"
rm -f "$graphs"/*@*
docc=$(dirname "$(command -v "${SWIFT:-swift}")")/docc
[ -x "$docc" ] || docc=docc
"$docc" convert Sources/Terrarium/Terrarium.docc --additional-symbol-graph-dir "$graphs" \
    --fallback-display-name Terrarium --fallback-bundle-identifier terrarium \
    --output-path "$build/../Terrarium.doccarchive" --warnings-as-errors
echo "$build/../Terrarium.doccarchive"
