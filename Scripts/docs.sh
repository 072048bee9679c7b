#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# docs.sh FOLDER [--update-api]: makes the documentation of the library products, whose modules are built in FOLDER; warnings
# such as broken links are errors. Their public declarations are compared with the lists in Documentation/PublicAPI, or
# written there.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
modules=(Terrarium TerrariumService Wasmtime)
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT
target=$(${SWIFT:-swift} -print-target-info | sed -n 's/.*"unversionedTriple" *: *"\(.*\)".*/\1/p')
docc=$(dirname "$(command -v "${SWIFT:-swift}")")/docc
[ -x "$docc" ] || docc=docc
includes=()
for folder in Sources/*/include; do
    includes+=(-Xcc "-I$folder")
done
# Those that have no map of their own get one from the package manager.
for map in Sources/*/include/module.modulemap "$build"/*.build/module.modulemap; do
    includes+=(-Xcc "-fmodule-map-file=$map")
done
for module in "${modules[@]}"; do
    mkdir "$graphs/$module"
    ${SWIFT:-swift} symbolgraph-extract -module-name "$module" -target "$target" -I "$build/Modules" "${includes[@]}" \
        -minimum-access-level public -skip-synthesized-members -output-dir "$graphs/$module"
    rm -f "$graphs/$module"/*@*
done
./Scripts/public-api.py "$graphs" ${2:+--update}
for module in "${modules[@]}"; do
    catalog=Sources/$module/$module.docc
    identifier=$(echo "$module" | tr '[:upper:]' '[:lower:]')
    "$docc" convert $([ -d "$catalog" ] && echo "$catalog") --additional-symbol-graph-dir "$graphs/$module" \
        --fallback-display-name "$module" --fallback-bundle-identifier "$identifier" \
        --output-path "$build/../$module.doccarchive" --warnings-as-errors
    echo "$build/../$module.doccarchive"
done
