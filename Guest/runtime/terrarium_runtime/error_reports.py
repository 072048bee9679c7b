# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a program raised, as data and as CPython prints it.

Frames of this package are left out: a traceback shows the program's frames and those of the libraries it called. The
program's objects are asked for their names and messages, so anything may happen on the way: whatever they do, there is
a report.
"""

import linecache
import os
import traceback

from . import installed
from .text import shortened, valid_unicode

# Code with a file name that starts like one of these belongs to this package, not to the program.
GENERATED_CODE_PREFIX = "<terrarium "
_RUNTIME_PREFIXES = (os.path.dirname(os.path.abspath(__file__)) + "/", GENERATED_CODE_PREFIX)

_MAX_FRAMES = 100
_MAX_CHAIN = 20
_MAX_EXCEPTIONS_IN_GROUP = 100
_MAX_GROUP_DEPTH = 10
_MAX_NOTES = 100
_MAX_SOURCE_LINE = 2_000
_MAX_TRACEBACK = 4_000
DEFAULT_LIMIT = 256 * 1024


def report(error: BaseException, limit: int = DEFAULT_LIMIT) -> dict:
    """The exception as a JSON object; no text in it is longer than `limit` characters."""
    try:
        cut = _cut_tracebacks(error)
        summary = _summary(error)
        described = _describe(summary, error, limit, chain=0, depth=0)
        if cut:
            described["omitted_frames"] = described.get("omitted_frames", 0) + cut
        described["rendered"] = _rendered(summary, limit)
        return described
    except BaseException as second:
        # A metaclass that raises, or no memory left for the whole report.
        return last_resort(error, second)


def last_resort(error: BaseException, second: BaseException | None = None) -> dict:
    """A report that asks nothing of the exception but its class's name."""
    # `type.__name__` of the class itself, past whatever its metaclass defines.
    name = type.__dict__["__name__"].__get__(type(error))
    message = "" if second is None else f"<the report failed: {type.__dict__['__name__'].__get__(type(second))}>"
    line = f"{name}: {message}" if message else name
    return {"type": name, "message": message, "frames": [], "rendered": valid_unicode(line) + "\n"}


def drop_runtime_frames(error: BaseException, everywhere: bool = False) -> None:
    """Leaves out the frames that lead to the program's own, which whoever looks at the exception would see.

    everywhere: those further in as well.
    """
    try:
        entry = error.__traceback__
        while entry is not None and entry.tb_frame.f_code.co_filename.startswith(_RUNTIME_PREFIXES):
            entry = entry.tb_next
        BaseException.__traceback__.__set__(error, entry)
        while everywhere and entry is not None:
            inner = entry.tb_next
            while inner is not None and inner.tb_frame.f_code.co_filename.startswith(_RUNTIME_PREFIXES):
                inner = inner.tb_next
            entry.tb_next = entry = inner
    except BaseException:
        # An exception with a `__traceback__` of its own.
        pass


def _cut_tracebacks(error: BaseException) -> int:
    """Takes the middle out of tracebacks that are so long that describing all of their frames would take minutes.

    Answers how many frames the exception itself has lost.
    """
    pending, seen, cut = [error], set(), 0
    while pending and len(seen) < 1_000:
        one = pending.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        count, entry, middle = 0, BaseException.__traceback__.__get__(one), None
        while entry is not None:
            count += 1
            if count == _MAX_TRACEBACK // 2:
                middle = entry
            entry = entry.tb_next
        if count > _MAX_TRACEBACK:
            entry = middle
            for _ in range(count - _MAX_TRACEBACK + 1):
                entry = entry.tb_next
            middle.tb_next = entry
            if one is error:
                cut = count - _MAX_TRACEBACK
        pending += [BaseException.__cause__.__get__(one), BaseException.__context__.__get__(one)]
    return cut


def _summary(error: BaseException) -> traceback.TracebackException:
    summary = traceback.TracebackException(type(error), error, error.__traceback__, compact=False)
    if issubclass(type(error), SyntaxError) and summary.text is None and isinstance(summary.filename, str):
        # What the compiler finds after parsing has a line only where there is a file to read it from.
        summary.text = linecache.getline(summary.filename, _integer(summary.lineno) or 0) or None
    if (hint := installed.remedy(error)) is not None:
        notes = getattr(error, "__notes__", None)
        summary.__notes__ = [*(notes if isinstance(notes, list) else ()), hint]
    pending, seen = [summary], set()
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.stack = _without_runtime_frames(one.stack)
        pending += [one.__cause__, one.__context__, *(one.exceptions or ())]
    return summary


def _without_runtime_frames(stack: traceback.StackSummary) -> traceback.StackSummary | None:
    frames = [frame for frame in stack if not frame.filename.startswith(_RUNTIME_PREFIXES)]
    # A traceback without frames is printed without its heading, as for a syntax error in the program itself.
    return traceback.StackSummary.from_list(frames) if frames else None


def _rendered(summary: traceback.TracebackException, limit: int) -> str:
    text = valid_unicode("".join(summary.format()))
    if len(text) <= limit:
        return text
    # The end tells most: it has the exception that was raised last, and the innermost frames.
    return f"[{len(text) - limit} characters left out]\n" + text[-limit:]


def _describe(summary: traceback.TracebackException, error: BaseException, limit: int, chain: int, depth: int) -> dict:
    is_syntax_error = issubclass(type(error), SyntaxError)
    described = {
        "type": _qualified_name(summary),
        "message": shortened(str(summary.msg or "") if is_syntax_error else str(summary), limit),
        "frames": _frames(summary.stack or ()),
    }
    if summary.stack and len(summary.stack) > _MAX_FRAMES:
        described["omitted_frames"] = len(summary.stack) - _MAX_FRAMES
    if is_syntax_error:
        described["syntax"] = _syntax_position(summary)
    if notes := _notes(summary.__notes__, limit):
        described["notes"] = notes
    if chain < _MAX_CHAIN:
        if summary.__cause__ is not None:
            described["cause"] = _describe(summary.__cause__, error.__cause__, limit, chain + 1, depth)
        if summary.__context__ is not None:
            described["context"] = _describe(summary.__context__, error.__context__, limit, chain + 1, depth)
    if summary.__suppress_context__:
        described["suppress_context"] = True
    if summary.exceptions is not None:
        pairs = list(zip(summary.exceptions, error.exceptions))
        if depth < _MAX_GROUP_DEPTH:
            described["exceptions"] = [
                _describe(inner, inner_error, limit, chain, depth + 1)
                for inner, inner_error in pairs[:_MAX_EXCEPTIONS_IN_GROUP]
            ]
        if omitted := len(pairs) - len(described.get("exceptions", ())):
            described["omitted_exceptions"] = omitted
    return described


def _qualified_name(summary: traceback.TracebackException) -> str:
    # The name as a traceback has it: without the module for built-in classes and those of the program itself.
    module = summary.exc_type_module if hasattr(summary, "exc_type_module") else summary.exc_type.__module__
    name = summary.exc_type_qualname if hasattr(summary, "exc_type_qualname") else summary.exc_type.__qualname__
    if module in ("__main__", "builtins"):
        return name
    return f"{module}.{name}" if isinstance(module, str) else f"<unknown>.{name}"


def _frames(stack) -> list[dict]:
    if len(stack) > _MAX_FRAMES:
        # Where an endless recursion began says more than its middle.
        stack = [*stack[: _MAX_FRAMES // 2], *stack[-_MAX_FRAMES // 2 :]]
    return [_frame(frame) for frame in stack]


def _frame(frame: traceback.FrameSummary) -> dict:
    described = {"file": frame.filename, "line": frame.lineno, "function": frame.name}
    line = linecache.getline(frame.filename, frame.lineno or 0).rstrip("\n")
    if line and len(line) <= _MAX_SOURCE_LINE:
        described["source"] = line
        if frame.colno is not None and frame.end_colno is not None and frame.end_lineno is not None:
            last = line
            if frame.end_lineno != frame.lineno:
                last = linecache.getline(frame.filename, frame.end_lineno).rstrip("\n")
            described["column"] = _characters(line, frame.colno)
            described["end_line"] = frame.end_lineno
            described["end_column"] = _characters(last, frame.end_colno)
    return described


def _characters(line: str, offset: int) -> int:
    """The compiler counts columns in bytes of UTF-8; people count characters."""
    return offset if line.isascii() else len(line.encode("utf-8", "replace")[:offset].decode("utf-8", "replace"))


def _syntax_position(summary: traceback.TracebackException) -> dict:
    position = {"file": summary.filename if isinstance(summary.filename, str) else "<unknown>"}
    line, end_line = _integer(summary.lineno), _integer(summary.end_lineno)
    if line is not None:
        position["line"] = line
    if isinstance(summary.text, str) and len(summary.text) <= _MAX_SOURCE_LINE:
        position["source"] = summary.text.rstrip("\n")
    # Offsets of syntax errors count from 1, and 0 stands for "unknown"; columns here count from 0.
    if isinstance(summary.offset, int) and summary.offset > 0:
        position["column"] = summary.offset - 1
        if end_line is not None and isinstance(summary.end_offset, int) and summary.end_offset > 0:
            position["end_line"], position["end_column"] = end_line, summary.end_offset - 1
    return position


def _integer(text) -> int | None:
    try:
        return None if text is None else int(text)
    except (TypeError, ValueError):
        return None


def _notes(notes, limit: int) -> list[str]:
    if notes is None:
        return []
    if not isinstance(notes, (list, tuple)):
        notes = [notes]
    return [shortened(traceback._safe_string(note, "note"), limit) for note in notes[:_MAX_NOTES]]
