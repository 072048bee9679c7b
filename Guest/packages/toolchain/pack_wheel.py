# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pack an installed tree and an sdist's metadata into a wheel, the same bytes every time.

    pack_wheel.py --site SITE --metadata SDIST_ROOT --tag TAG --out FOLDER [--exclude PATTERN ...] [--license FILE ...]

Entries are sorted, dated SOURCE_DATE_EPOCH and have fixed permissions. Licence files are those that PKG-INFO lists,
under .dist-info/licenses (PEP 639), and each `--license NAME=FILE`. Patterns are matched against paths inside the
wheel and each of their parent folders.
"""

import argparse
import base64
import email
import fnmatch
import hashlib
import os
import re
import time
import zipfile
from pathlib import Path, PurePosixPath


def excluded(path, patterns):
    places = [path, *(str(parent) for parent in PurePosixPath(path).parents)]
    return any(fnmatch.fnmatch(place, pattern) for place in places for pattern in patterns)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--metadata", type=Path, required=True)
    parser.add_argument("--tag", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("--license", action="append", default=[])
    parser.add_argument("--entry-points", default="")
    options = parser.parse_args()

    text = (options.metadata / "PKG-INFO").read_text()
    info = email.message_from_string(text)
    name, version = info["Name"], info["Version"]
    # As files of wheels are named: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    name = re.sub(r"[-_.]+", "_", name).lower()
    folder = f"{name}-{version}.dist-info"

    entries = {}
    for path in options.site.rglob("*"):
        place = path.relative_to(options.site).as_posix()
        if path.is_file() and not excluded(place, [*options.exclude, "*/__pycache__", "*.dist-info"]):
            entries[place] = path.read_bytes()
    licenses = {file: options.metadata / file for file in info.get_all("License-File", [])}
    licenses |= dict(item.split("=", 1) for item in options.license)
    for file, path in licenses.items():
        entries[f"{folder}/licenses/{file}"] = Path(path).read_bytes()
    own = "".join(f"License-File: {item.split('=', 1)[0]}\n" for item in options.license)
    # Behind the package's own licences, or else behind all that PKG-INFO says.
    marker = text.rfind("License-File: ")
    end = text.index("\n", marker) + 1 if marker >= 0 else text.index("\n\n") + 1
    entries[f"{folder}/METADATA"] = (text[:end] + own + text[end:]).encode()
    is_pure = str(options.tag.endswith("-any")).lower()
    wheel = f"Wheel-Version: 1.0\nGenerator: terrarium\nRoot-Is-Purelib: {is_pure}\nTag: {options.tag}\n"
    entries[f"{folder}/WHEEL"] = wheel.encode()
    if options.entry_points:
        entries[f"{folder}/entry_points.txt"] = options.entry_points.encode()

    record = f"{folder}/RECORD"
    lines = []
    for place, content in sorted(entries.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{place},sha256={digest},{len(content)}\n")
    entries[record] = "".join([*lines, f"{record},,\n"]).encode()

    # .dist-info last, as the wheel specification asks.
    order = sorted(entries, key=lambda place: (place.startswith(folder), place))
    date = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
    target = options.out / f"{name}-{version}-{options.tag}.whl"
    options.out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for place in order:
            entry = zipfile.ZipInfo(place, date)
            entry.external_attr = (0o100755 if place.endswith(".so") else 0o100644) << 16
            entry.create_system = 3
            archive.writestr(entry, entries[place], zipfile.ZIP_DEFLATED, 9)
    print(target)


if __name__ == "__main__":
    main()
