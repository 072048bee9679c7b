# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The sources of the programs that ran, kept so that tracebacks and `inspect.getsource` find their lines.

There is no file to read them from, so they are put where `linecache` keeps the lines of files. The oldest are forgotten
when there are too many.
"""

import linecache
import types

_MAX_SOURCES = 1_000
_MAX_CHARACTERS = 4_000_000

_lengths: dict[str, int] = {}
_total = 0


def remember(name: str, source: str) -> None:
    """Keeps the lines of a program under the file name that its code carries."""
    global _total
    if "\n" not in source and "\r" not in source:
        keep = [source + "\n"] if source else []
    else:
        # `linecache` counts lines as files do, so as `io.StringIO` does: form feeds and such end no line.
        lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        keep = [line + "\n" for line in lines[:-1]]
        if lines[-1]:
            keep.append(lines[-1] + "\n")
    # A modification time of None says that there is no file to look at again.
    linecache.cache[name] = (len(source), None, keep, name)
    _total += len(source) - _lengths.pop(name, 0)
    _lengths[name] = len(source)
    while len(_lengths) > 1 and (len(_lengths) > _MAX_SOURCES or _total > _MAX_CHARACTERS):
        forget(next(iter(_lengths)))


def source_of(name: str) -> str | None:
    """The source of the program with that file name, unless it is forgotten."""
    entry = linecache.cache.get(name) if name in _lengths else None
    return "".join(entry[2]) if entry and len(entry) == 4 else None


def forget_unless_needed(name: str, code: types.CodeType) -> None:
    """Drops the source of a program that ended well, unless something may still speak of its lines.

    Its functions and classes may, which are code in its code, and tracebacks that it caught.
    """
    if not code.co_exceptiontable and not any(type(constant) is types.CodeType for constant in code.co_consts):
        forget(name)


def forget(name: str) -> None:
    """Drops the source of a program."""
    global _total
    _total -= _lengths.pop(name, 0)
    linecache.cache.pop(name, None)
