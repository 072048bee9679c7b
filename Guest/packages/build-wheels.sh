#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Build every wheel of this folder from source.
#
#     build-wheels.sh            put them, and PROVENANCE.md, into Guest/wheels
#     build-wheels.sh --check    compare them with those in Guest/wheels instead; fails if one differs
#
# Work happens in WHEELS_BUILD (default: Guest/packages/.build).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wheels=$here/../wheels
out=${WHEELS_BUILD:-$here/.build}
check=no
case "${1:-}" in
    --check) check=yes ;;
    "") ;;
    *) sed -n '5,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

packages=(numpy)
rm -f "$out"/*.whl
for package in "${packages[@]}"; do
    "$here/$package/build.sh" "$out"
done

if [ "$check" = yes ]; then
    failed=0
    for wheel in "$out"/*.whl; do
        python3 "$here/toolchain/compare_wheels.py" "$wheels/$(basename "$wheel")" "$wheel" || failed=1
    done
    exit $failed
fi

mkdir -p "$wheels"
cp "$out"/*.whl "$wheels/"
{
    echo "# Where the wheels in this folder come from"
    echo
    echo "Written by \`Guest/packages/build-wheels.sh\`; \`Guest/packages/build-wheels.sh --check\` rebuilds and compares."
    echo "The recipes, their patches and the reasons are in \`Guest/packages\`."
    for package in "${packages[@]}"; do
        wheel=$(basename "$(ls "$out/$package"-*.whl)")
        echo
        echo "## $wheel"
        echo
        echo "| | |"
        echo "|---|---|"
        echo "| built | $(date -u +%Y-%m-%d) |"
        echo "| command | \`Guest/packages/$package/build.sh OUT\` |"
        echo "| sha256 | \`$(sha256sum "$out/$wheel" | cut -d' ' -f1)\` |"
        echo
        echo "| input | version | sha256 |"
        echo "|---|---|---|"
        cat "$out/$package/inputs"
    done
} > "$wheels/PROVENANCE.md"
