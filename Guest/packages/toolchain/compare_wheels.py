# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compare two wheels: the same bytes, or at least the same content.

    compare_wheels.py EXPECTED BUILT

Ends with 0 if the contents are the same. Another zlib may compress the same content to other bytes; that is reported
and is no failure.
"""

import sys
import zipfile
from pathlib import Path


def content(path):
    with zipfile.ZipFile(path) as archive:
        return {i.filename: (archive.read(i), i.date_time, i.external_attr) for i in archive.infolist()}


def main(expected, built):
    name = Path(built).name
    if not Path(expected).exists():
        sys.exit(f"{name}: there is no {expected}")
    if Path(expected).read_bytes() == Path(built).read_bytes():
        print(f"{name}: identical")
        return
    old, new = content(expected), content(built)
    if old == new:
        print(f"{name}: the same content, compressed differently")
        return
    for place in sorted(old.keys() | new.keys()):
        if old.get(place) != new.get(place):
            state = "differs" if place in old and place in new else "only expected" if place in old else "only built"
            print(f"{name}: {place}: {state}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
