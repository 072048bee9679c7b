# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What has to happen to NumPy before an image is frozen. Used while an image is built, not inside a sandbox.

    import freeze
    freeze.import_everything()      # while the files of NumPy can still be read
    ...                             # set-up code of the image
    freeze.forget_random_state()    # last, right before the memory is taken

Nothing has to happen in a sandbox.
"""

import importlib
import pkgutil

# Modules that need what a sandbox has not: a C compiler, another process, NumPy's own sources.
LEFT_OUT = (
    "numpy.f2py",
    "numpy.distutils",
    "numpy.conftest",
    "numpy._configtool",
    "numpy._core.cversions",
    "numpy._pyinstaller",
    "numpy.typing.mypy_plugin",
)

# Of the standard library, what NumPy imports only when it is used.
ON_DEMAND = ("ast", "encodings.cp437", "encodings.latin_1", "gzip", "pickle", "tempfile", "tokenize", "zipfile")


def import_everything():
    """Import NumPy with all its submodules (it would import many only on first use) and what these will want."""
    import numpy

    for name in ON_DEMAND:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(numpy.__path__, "numpy."):
        if not module.name.startswith(LEFT_OUT) and ".tests" not in module.name:
            importlib.import_module(module.name)


def forget_random_state():
    """Let each sandbox take fresh entropy when it first draws from `numpy.random`'s global generator.

    This is for the functions of `numpy.random` itself (`numpy.random.random()`), whose state would otherwise be frozen
    into the image and the same in every sandbox. A generator that the image's own code made, by `default_rng()` say, is
    its business: it is frozen as it is. A microsecond here; a sandbox that draws nothing pays nothing, one that does
    pays some microseconds at its first draw.
    """
    from numpy.random import mtrand

    mtrand._reseed_on_first_use()
