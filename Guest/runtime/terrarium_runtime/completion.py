# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Completions of what is being typed: names, attributes, modules, and the parameters of the function being called."""

import builtins
import inspect
import keyword
import pkgutil
import re
import sys

_DOTTED = re.compile(r"(?:[^\W\d]\w*\.)*(?:[^\W\d]\w*)?$")
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w.]*)$|^\s*import\s+[\w., ]*,\s*([\w.]*)$")
_FROM = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\(?(?:[\w ]+,)*\s*(\w*)$")
_CALL = re.compile(r"((?:[^\W\d]\w*\.)*[^\W\d]\w*)\s*\([^()]*$")
_MAX_MATCHES = 500


def complete(source: str, cursor: int, namespace: dict) -> dict:
    """What could stand in the place of the text from `start` to the cursor, best first: `text` and `kind` of each.

    Attributes are looked up on the objects themselves, so an object's `__dir__` and `__getattr__` may run.
    """
    before = source[:cursor].rpartition("\n")[2]
    if found := _FROM.search(before):
        word, matches = found[2], _members_of_module(found[1], found[2])
    elif found := _IMPORT.search(before):
        dotted = found[1] if found[1] is not None else found[2]
        word, matches = dotted.rpartition(".")[2], _modules(dotted)
    else:
        dotted = _DOTTED.search(before)[0]
        parent, dot, word = dotted.rpartition(".")
        if dot:
            matches = _attributes(parent, word, namespace)
        else:
            matches = _parameters(before, word, namespace) + _names(word, namespace)
    seen, unique = set(), []
    for text, kind in matches:
        if text not in seen:
            seen.add(text)
            unique.append({"text": text, "kind": kind})
    return {"start": cursor - len(word), "matches": unique[:_MAX_MATCHES], "is_truncated": len(unique) > _MAX_MATCHES}


def _names(word: str, namespace: dict) -> list[tuple[str, str]]:
    if not word:
        return []
    own = [(name, _kind(value)) for name, value in sorted(_texts(namespace).items()) if name.startswith(word)]
    words = [(name, "keyword") for name in sorted(keyword.kwlist + keyword.softkwlist)
             if name.startswith(word) and name != "_"]
    built_in = [(name, _kind(value)) for name, value in sorted(vars(builtins).items()) if name.startswith(word)]
    return [(name, kind) for name, kind in own + words + built_in if word.startswith("_") or not name.startswith("_")]


def _attributes(parent: str, word: str, namespace: dict) -> list[tuple[str, str]]:
    try:
        value = _lookup(parent, namespace)
        names = sorted(name for name in dir(value) if isinstance(name, str) and name.startswith(word))
    except Exception:
        return []
    if not word.startswith("_"):
        names = [name for name in names if not name.startswith("_")]
    return [(name, _kind_of_attribute(value, name)) for name in names]


def _lookup(dotted: str, namespace: dict):
    first, *rest = dotted.split(".")
    value = namespace[first] if first in namespace else vars(builtins)[first]
    for name in rest:
        value = getattr(value, name)
    return value


def _parameters(before: str, word: str, namespace: dict) -> list[tuple[str, str]]:
    found = _CALL.search(before)
    if not found:
        return []
    try:
        parameters = inspect.signature(_lookup(found[1], namespace)).parameters.values()
    except Exception:
        return []
    return [(f"{one.name}=", "parameter") for one in parameters
            if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.name.startswith(word)]


def _modules(dotted: str) -> list[tuple[str, str]]:
    parent, _, word = dotted.rpartition(".")
    if parent:
        names = _submodules(parent)
    else:
        names = {name for name in sys.modules if "." not in name}
        for folder in sys.path:
            try:
                names |= {one.name for one in pkgutil.iter_modules([folder])}
            except OSError:
                # The working directory, which has been removed.
                pass
    return [(name, "module") for name in sorted(names)
            if name.startswith(word) and (word.startswith("_") or not name.startswith("_"))]


def _submodules(parent: str) -> set[str]:
    names = {name[len(parent) + 1 :] for name in sys.modules if name.startswith(parent + ".")}
    names |= {one.name for one in pkgutil.iter_modules(getattr(sys.modules.get(parent), "__path__", []))}
    return {name for name in names if "." not in name}


def _members_of_module(module: str, word: str) -> list[tuple[str, str]]:
    value = sys.modules.get(module)
    if value is None:
        return []
    names = sorted({*_texts(vars(value)), *_submodules(module)})
    return [(name, _kind(vars(value).get(name, value))) for name in names
            if name.startswith(word) and (word.startswith("_") or not name.startswith("_"))]


def _texts(namespace: dict) -> dict:
    return {name: value for name, value in list(namespace.items()) if isinstance(name, str)}


def _kind_of_attribute(value, name: str) -> str:
    # A property is not asked for its value: that is the program's to do.
    if isinstance(inspect.getattr_static(type(value), name, None), property):
        return "property"
    try:
        return _kind(getattr(value, name))
    except Exception:
        return "attribute"


def _kind(value) -> str:
    if inspect.isclass(value):
        return "class"
    if inspect.ismodule(value):
        return "module"
    return "function" if callable(value) else "value"
