# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is known about the object that the cursor is at: its type, signature and documentation."""

import builtins
import inspect
import re
import sys

from .text import qualified_name, safe_repr, shortened, valid_unicode

_DOTTED = re.compile(r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*")
_MAX_SOURCE = 100_000
_MAX_TEXT = 100_000
_MAX_REPR = 1_000
_NOTHING = {"found": False}
_ROUTINES = (type(inspect.getdoc), type(len), type([].append), type(str.join), type(object.__init__),
             type(_DOTTED.match), classmethod, staticmethod)


def describe(source: str, cursor: int, detail: int, namespace: dict) -> dict:
    """The description; `found` is false where there is no name, or one that stands for nothing.

    Attributes are looked up on the objects themselves, so an object's `__getattr__` may run; whatever it raises, the
    name is not found.
    """
    for name in _names_at(source, cursor):
        try:
            value = _lookup(name, namespace)
        except (KeyboardInterrupt, TimeoutError):
            # The host's way to stop what takes for ever.
            raise
        except BaseException:
            continue
        return _describe(name, value, detail)
    return dict(_NOTHING)


def _names_at(source: str, cursor: int) -> list[str]:
    """The dotted name at the cursor, then those of the calls whose arguments the cursor is in, innermost first."""
    start = source.rfind("\n", 0, cursor) + 1
    end = source.find("\n", cursor)
    line = source[start : end if end >= 0 else len(source)]
    at, names = cursor - start, []
    for found in _DOTTED.finditer(line):
        if found.start() <= at <= found.end():
            # Up to the end of the part that the cursor is in: `a.b|.c` asks for `a.b`.
            rest = re.match(r"\w*", line[at:]).end()
            names.append(line[found.start() : at + rest])
    depth, position = 0, cursor
    while position > 0 and len(names) < 10:
        position -= 1
        character = source[position]
        if character in ")]}":
            depth += 1
        elif character in "([{":
            if depth:
                depth -= 1
            elif character == "(" and (called := re.search(rf"({_DOTTED.pattern})\s*$", source[:position])):
                names.append(called[1])
    return ["".join(name.split()).strip(".") for name in names if name.strip(" .\t")]


def _lookup(dotted: str, namespace: dict):
    first, *rest = dotted.split(".")
    if first in namespace:
        value = namespace[first]
    elif first in vars(builtins):
        value = vars(builtins)[first]
    else:
        value = sys.modules[first]
    for name in rest:
        static = inspect.getattr_static(value, name, None)
        # A property is not asked for its value: that is the program's to do.
        value = static if isinstance(static, property) else getattr(value, name)
    return value


def _describe(name: str, value: object, detail: int) -> dict:
    kind = qualified_name(type(value))
    signature = _asked(lambda: str(inspect.signature(value)), _MAX_REPR) if callable(value) else None
    doc = _asked(lambda: inspect.getdoc(value), _MAX_TEXT)
    source = _asked(lambda: inspect.getsource(value), _MAX_SOURCE) if detail else None
    is_definition = type(value) in _ROUTINES or issubclass(type(value), (type, type(sys)))
    shown = None if is_definition else valid_unicode(safe_repr(value, _MAX_REPR))
    lines = []
    if signature is not None:
        lines.append(f"Signature: {name}{signature}")
    lines.append(f"Type:      {kind}")
    if shown is not None:
        lines.append(f"String form: {shown}")
    if source is not None:
        lines.append(f"Source:\n{source.rstrip()}")
    elif doc is not None:
        lines.append(f"Docstring:\n{doc}" if "\n" in doc else f"Docstring: {doc}")
    described = {"found": True, "name": name, "type": valid_unicode(kind), "signature": signature, "doc": doc,
                 "source": source, "text": shortened(valid_unicode("\n".join(lines)), 2 * _MAX_TEXT)}
    return {key: one for key, one in described.items() if one is not None}


def _asked(make, limit: int) -> str | None:
    """A text that the object itself may have a say in, or None where it has none."""
    try:
        text = make()
    except (KeyboardInterrupt, TimeoutError):
        raise
    except BaseException:
        return None
    return shortened(valid_unicode(str.__str__(text)), limit) if issubclass(type(text), str) else None
