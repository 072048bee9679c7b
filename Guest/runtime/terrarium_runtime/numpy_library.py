# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What has to happen to NumPy while an image is built, so that nothing has to in a sandbox.

An image is built with NumPy or without: these functions do nothing where it is not there.
"""

import importlib
import pkgutil
import sys

# Modules that need what a sandbox has not: a C compiler, another process, NumPy's own sources.
_LEFT_OUT = (
    "numpy.f2py",
    "numpy.distutils",
    "numpy.conftest",
    "numpy._configtool",
    "numpy._core.cversions",
    "numpy._pyinstaller",
    "numpy.typing.mypy_plugin",
)

# Of the standard library, what NumPy imports only when it is used.
_ON_DEMAND = ("ast", "encodings.cp437", "encodings.latin_1", "gzip", "pickle", "tempfile", "tokenize", "zipfile")


def import_all():
    """Imports NumPy with all its submodules, many of which it would import on first use, when no file can be read.

    Answers the module, or None where there is no NumPy.
    """
    try:
        import numpy
    except ModuleNotFoundError:
        return None
    for name in _ON_DEMAND:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(numpy.__path__, "numpy."):
        if not module.name.startswith(_LEFT_OUT) and ".tests" not in module.name:
            importlib.import_module(module.name)
    return numpy


def forget_random_state() -> None:
    """Lets each sandbox take fresh entropy when it first draws from `numpy.random`'s global generator.

    This is for the functions of `numpy.random` itself (`numpy.random.random()`), whose state would otherwise be frozen
    into the image and the same in every sandbox. A generator that set-up code made, by `default_rng()` say, is its own
    business: it is frozen as it is. A sandbox that draws nothing pays nothing, one that does pays some microseconds at
    its first draw.
    """
    if (mtrand := sys.modules.get("numpy.random.mtrand")) is not None:
        mtrand._reseed_on_first_use()
