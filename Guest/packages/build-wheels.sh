#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build the wheels of this folder from source.
#
#     build-wheels.sh [PACKAGE ...]            put them into Guest/wheels or Guest/wheels/data, and PACKAGE.md beside them,
#                                              which says where they come from
#     build-wheels.sh --check [PACKAGE ...]    compare them with those there instead; fails if one differs
#
# Without names, all packages are built. Work happens in WHEELS_BUILD (default: Guest/packages/.build).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wheels=$here/../wheels
out=${WHEELS_BUILD:-$here/.build}
# What becomes part of the guest, and what packages for data need, the image `data` among others.
guest=(numpy)
data=(pandas markupsafe kiwisolver contourpy)

check=no
if [ "${1:-}" = --check ]; then
    check=yes
    shift
fi
asked=("$@")
[ ${#asked[@]} -gt 0 ] || asked=("${guest[@]}" "${data[@]}")
for package in "${asked[@]}"; do
    if [ ! -x "$here/$package/build.sh" ]; then
        sed -n '5,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 2
    fi
done

folder_of() {
    if [[ " ${guest[*]} " = *" $1 "* ]]; then echo "$wheels"; else echo "$wheels/data"; fi
}

built_wheel() {
    local found
    found=$(find "$1" -maxdepth 1 -name "$2-*.whl")
    echo "${found:?no wheel of $2 in $1}"
}

failed=0
for package in "${asked[@]}"; do
    rm -f "$out/$package"-*.whl
    "$here/$package/build.sh" "$out"
    wheel=$(built_wheel "$out" "$package")
    folder=$(folder_of "$package")
    if [ "$check" = yes ]; then
        python3 "$here/toolchain/compare_wheels.py" "$folder/$(basename "$wheel")" "$wheel" || failed=1
        continue
    fi
    mkdir -p "$folder"
    rm -f "$folder/$package"-*.whl
    cp "$wheel" "$folder/"
    {
        echo "# $(basename "$wheel")"
        echo
        echo "Written by \`Guest/packages/build-wheels.sh $package\`; \`build-wheels.sh --check $package\` rebuilds and compares."
        echo "The recipe, its patches and the reasons are in \`Guest/packages/$package\`."
        echo
        echo "| | |"
        echo "|---|---|"
        echo "| built | $(date -u +%Y-%m-%d) |"
        echo "| command | \`Guest/packages/$package/build.sh OUT\` |"
        echo "| sha256 | \`$(sha256sum "$wheel" | cut -d' ' -f1)\` |"
        echo
        echo "| input | version | sha256 |"
        echo "|---|---|---|"
        cat "$out/$package/inputs"
    } > "$folder/$package.md"
done
exit $failed
