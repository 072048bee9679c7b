# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Extension modules that are linked into the component: their files are there while it is built and never again.

They are known here by name, so that they are imported like any other when the files of their packages are in an image.
"""

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import spec_from_file_location


class _Finder:
    """Finds modules by name, and gives the interpreter the paths that the linker knows them by."""

    def __init__(self, libraries: dict[str, str]):
        self.libraries = libraries

    def find_spec(self, fullname, path=None, target=None):
        library = self.libraries.get(fullname)
        if library is None:
            return None
        return spec_from_file_location(fullname, library, loader=ExtensionFileLoader(fullname, library))


def keep() -> None:
    """Remembers all that can be found now and is not imported yet."""
    libraries: dict[str, str] = {}
    for folder in sys.path:
        for place, _, files in os.walk(folder):
            for file in files:
                suffix = next((suffix for suffix in EXTENSION_SUFFIXES if file.endswith(suffix)), None)
                if suffix is None:
                    continue
                parts = os.path.relpath(place, folder).split("/") + [file.removesuffix(suffix)]
                name = ".".join(part for part in parts if part != ".")
                if name not in sys.modules:
                    libraries.setdefault(name, os.path.join(place, file))
    if libraries:
        sys.meta_path.append(_Finder(libraries))
