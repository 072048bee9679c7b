# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The package `tzdata`, from which `zoneinfo` takes time zones, in memory: its files are gone when an image is built.

A package `tzdata` that is added to an image, perhaps newer, comes first.
"""

import importlib
import importlib.machinery
import importlib.resources
import io
import sys
from importlib.resources.abc import Traversable, TraversableResources

# Contents by path, and the names in each folder.
_files: dict[str, bytes] = {}
_folders: dict[str, set[str]] = {}


class _Path(Traversable):
    def __init__(self, path: str):
        self._path = path

    @property
    def name(self):
        return self._path.rpartition("/")[2]

    def iterdir(self):
        return (_Path(f"{self._path}/{name}") for name in sorted(_folders.get(self._path, ())))

    def is_dir(self):
        return self._path in _folders

    def is_file(self):
        return self._path in _files

    def joinpath(self, *descendants):
        return _Path("/".join([self._path, *map(str, descendants)]))

    def open(self, mode="r", *arguments, **named):
        if (contents := _files.get(self._path)) is None:
            raise FileNotFoundError(self._path)
        stream = io.BytesIO(contents)
        return stream if "b" in mode else io.TextIOWrapper(stream, *arguments, **named)

    def read_bytes(self):
        with self.open("rb") as stream:
            return stream.read()


class _Reader(TraversableResources):
    def __init__(self, path: str):
        self._path = path

    def files(self):
        return _Path(self._path)


class _Finder:
    """Finds the packages, and their files."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] != "tzdata" or fullname.replace(".", "/") not in _folders:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        source = _files.get(module.__name__.replace(".", "/") + "/__init__.py", b"")
        exec(compile(source, f"<{module.__name__}>", "exec", dont_inherit=True), module.__dict__)

    def get_resource_reader(self, fullname):
        return _Reader(fullname.replace(".", "/"))


def keep() -> None:
    """Keeps the files of the package; nothing where it is not there."""
    try:
        root = importlib.resources.files("tzdata")
    except ModuleNotFoundError:
        return
    _keep(root, "tzdata", {})
    for name in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
        del sys.modules[name]
    # While the image is built the files can still be found, and afterwards those of another version.
    sys.meta_path.insert(0, finder := _Finder())
    for folder in sorted(_folders):
        importlib.import_module(folder.replace("/", "."))
    sys.meta_path.remove(finder)
    sys.meta_path.append(finder)


def _keep(place, path: str, known: dict[bytes, bytes]) -> None:
    names = _folders.setdefault(path, set())
    for one in place.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            names.add(one.name)
            _keep(one, f"{path}/{one.name}", known)
        elif one.is_file() and not one.name.endswith(".pyc"):
            names.add(one.name)
            contents = one.read_bytes()
            # Many zones are other names for the same.
            _files[f"{path}/{one.name}"] = known.setdefault(contents, contents)
