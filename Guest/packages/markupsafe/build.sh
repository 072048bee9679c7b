#!/usr/bin/env bash
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Pack MarkupSafe, which Jinja needs, without its native code: that only makes it faster, and PyPI has no wheel for any
# platform.
#
#     build.sh OUT
#
# Leaves in OUT:
#
#     markupsafe-3.0.4-py3-none-any.whl   with its licence
#     markupsafe/inputs                   name, version and hash of the source, as a table line
set -euo pipefail

# shellcheck source=../toolchain/recipe.sh
source "$(dirname "${BASH_SOURCE[0]}")/../toolchain/recipe.sh"

name=markupsafe
version=3.0.4
sha256=2e9ad7dd851bf45fab9f75cbff4cb493fee9979e8d8c7c9c3ee119022518edd6
date=1790980920
backend=setuptools.build_meta
begin_pure_recipe "$1"
unpack_sdist
cp -r "$work/source/src" "$work/site"
python3 "$here/../toolchain/pack_wheel.py" --site "$work/site" --metadata "$work/source" --tag py3-none-any --out "$out" \
    --exclude '*.c' --exclude '*.pyi' --exclude '*.egg-info'
finish_recipe
