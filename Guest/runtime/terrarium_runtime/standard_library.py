# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports all of the standard library that works here, when the component is built.

A sandbox has no file system to import from, and an import that is a look-up in `sys.modules` costs it nothing.
Documentation/StandardLibrary.md lists what is left out, and why; a test compares the two.
"""

import contextlib
import importlib
import io
import os
import pkgutil
import sys
import warnings

# Modules that import but must not be: they act when imported, are programs rather than libraries, or test something.
_LEFT_OUT = {
    "antigravity": "opens a web browser",
    "this": "prints when imported",
    "idlelib": "an editor with windows",
    "turtledemo": "demonstrations with windows",
    "ensurepip": "installs packages into a Python installation",
    "lib2to3": "removed from Python",
    "test": "Python's own tests",
    "pip": "installs packages into a Python installation",
}


# Modules in Python in the place of those in C that need a system: OpenSSL, users, terminals, memory that is shared.
_SUBSTITUTES = os.path.join(os.path.dirname(__file__), "substitutes")


def offer_substitutes() -> None:
    """Has an import find a substitute where there is no such module; until all is imported."""
    sys.path.append(_SUBSTITUTES)


def import_all() -> None:
    """Imports every module and submodule; one that cannot be imported is left out."""
    nowhere = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        warnings.simplefilter("ignore")
        for name in sorted(sys.stdlib_module_names - _LEFT_OUT.keys()):
            import_tree(name)
    if _SUBSTITUTES in sys.path:
        sys.path.remove(_SUBSTITUTES)


def import_tree(name: str) -> None:
    """Imports a module and its submodules, but for those that cannot be imported."""
    if name.rpartition(".")[2] in ("__main__", "test", "tests", "idle_test"):
        return
    try:
        module = importlib.import_module(name)
    except Exception:
        # Whatever it lacks here: an extension module, a system call, a module left out above.
        return
    for entry in pkgutil.iter_modules(getattr(module, "__path__", [])):
        import_tree(f"{name}.{entry.name}")
