# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Packages in an image: what `terrarium build --package` asks of the sandbox that it prepares."""

import importlib
import json
import os
import pathlib
import platform
import sys
import sysconfig
import zipfile

from . import heap

FOLDER = f"/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"

# Lines that want what a sandbox has not, for something the package can do without: file, line, and what takes its place.
_MENDED = {
    # Descriptors cannot be duplicated: `sys.stdout` is replaced instead, and what a crash would print is left out.
    "_pytest/capture.py": (b'default="fd"', b'default="sys"'),
    # There are no users.
    "_pytest/compat.py": (b'sys.platform == "emscripten"', b'sys.platform == "wasi"'),
    "_pytest/config/__init__.py": (b'    "faulthandler",\n', b""),
    "networkx/utils/decorators.py": (
        b"import bz2\n",
        b"class bz2:\n    def BZ2File(*_): raise ModuleNotFoundError(\"No module named 'bz2'\")\n"),
    # For an annotation.
    "rich/progress.py": (b"from mmap import mmap\n", b"mmap = bytearray\n"),
    # To know how long a `long` is.
    "sympy/external/gmpy.py": (
        b"from ctypes import c_long, sizeof\n", b"from struct import calcsize as sizeof; c_long = 'l'\n"),
}


def describe() -> str:
    """This Python, as JSON: what markers in requirements are compared with, and the parts of a wheel's tag.

    https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
    """
    version = platform.python_version()
    short = f"{sys.version_info.major}.{sys.version_info.minor}"
    environment = {
        "implementation_name": sys.implementation.name, "implementation_version": version, "os_name": os.name,
        "platform_machine": platform.machine(), "platform_release": platform.release(),
        "platform_system": platform.system(), "platform_version": platform.version(),
        "platform_python_implementation": platform.python_implementation(), "python_full_version": version,
        "python_version": short, "sys_platform": sys.platform,
    }
    tags = {"python": version, "abi": f"cp{sys.version_info.major}{sys.version_info.minor}",
            "platform": sysconfig.get_platform().replace("-", "_").replace(".", "_")}
    return json.dumps({"environment": environment, "tags": tags})


def unpack(archive: str) -> None:
    """Puts the files of packages where `import` finds them, after Python's own."""
    with zipfile.ZipFile(archive) as contents:
        contents.extractall(FOLDER)
    os.remove(archive)
    for name, (line, other) in _MENDED.items():
        path = pathlib.Path(FOLDER, name)
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(line, other, 1))
    if FOLDER not in sys.path:
        sys.path.append(FOLDER)
    # The real IPython takes the place of the few parts that are there without it, and a newer tzdata that of the image's.
    for package in ("IPython", "tzdata"):
        if os.path.isdir(f"{FOLDER}/{package}"):
            for name in [name for name in sys.modules if name.partition(".")[0] == package]:
                del sys.modules[name]
    importlib.invalidate_caches()


def import_ahead(*names: str) -> None:
    """Imports modules, so that in a sandbox importing them is a look-up."""
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    # Some look for their settings in the user's folder, and fail where there is none to look in.
    has_home = "HOME" in os.environ
    os.environ.setdefault("HOME", "/")
    try:
        for name in names:
            importlib.import_module(name)
    finally:
        sys.dont_write_bytecode = writes
        if not has_home:
            del os.environ["HOME"]


def settle() -> None:
    """Arranges the heap after all that is to be in the image is there."""
    heap.settle()
