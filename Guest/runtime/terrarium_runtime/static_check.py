# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds mistakes in a program without running it: its syntax, names nobody defines, modules that are not there, and
host functions called wrongly.

Names are looked up in the compiled code, since only the compiler knows for certain which scope a name belongs to.
"""

import ast
import builtins
import codeop
import dis
import importlib.util
import inspect
import sys
import types
import warnings

from .error_reports import report
from .host_functions import HostFunctions
from .source_code import compile_program, with_installs_answered

_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
_STORES = {"STORE_NAME", "STORE_GLOBAL"}
# What Python puts into the namespace of a module or class.
_IMPLICIT = {"__name__", "__file__", "__doc__", "__spec__", "__loader__", "__package__", "__builtins__",
             "__annotations__", "__module__", "__qualname__", "__classcell__", "__conditional_annotations__",
             "__annotate__", "__classdict__", "__type_params__", "__debug__"}


def check(source: str, name: str, namespace: dict, functions: HostFunctions) -> dict:
    """The problems, in the order of their positions, and whether the source could go on with a further line."""
    source = with_installs_answered(source)
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        try:
            code = compile_program(source, name, {}).code
            tree = ast.parse(source, name)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            return {"problems": [_syntax_problem(error)], "incomplete": is_incomplete(source)}
    problems = [_problem("warning", "syntax", str(one.message), one.lineno, None) for one in noted
                if issubclass(one.category, SyntaxWarning)]
    problems += _unknown_names(code, tree, namespace, source)
    problems += _unknown_modules(tree, source)
    problems += _wrong_calls(tree, source, functions)
    problems.sort(key=lambda problem: (problem.get("line") or 0, problem.get("column") or 0))
    return {"problems": problems, "incomplete": is_incomplete(source)}


def is_incomplete(source: str) -> bool:
    """Whether what was typed so far needs more lines, as the interactive prompt decides it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A block at a prompt ends with an empty line; several statements, which a prompt takes when pasted, just end.
        for mode in ("single", "exec"):
            compiler = codeop.CommandCompiler()
            compiler.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            try:
                return compiler(source, "<input>", mode) is None
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                pass
    return False


def _problem(severity: str, kind: str, message: str, line, column, end_line=None, end_column=None, **more) -> dict:
    problem = {"severity": severity, "kind": kind, "message": message, "line": line, "column": column,
               "end_line": end_line, "end_column": end_column}
    return {key: value for key, value in (problem | more).items() if value is not None}


def _syntax_problem(error: BaseException) -> dict:
    described = report(error)
    position = described.get("syntax", {})
    return _problem("error", "syntax", described["message"] or described["type"], position.get("line"),
                    position.get("column"), position.get("end_line"), position.get("end_column"))


class _Lines:
    """Turns the compiler's columns, in bytes of UTF-8, into characters."""

    def __init__(self, source: str):
        self._lines = None if source.isascii() else source.split("\n")

    def column(self, line: int | None, offset: int | None) -> int | None:
        if self._lines is None or line is None or offset is None or line > len(self._lines):
            return offset
        return len(self._lines[line - 1].encode("utf-8", "replace")[:offset].decode("utf-8", "replace"))

    def of(self, node) -> tuple:
        return (node.lineno, self.column(node.lineno, node.col_offset),
                node.end_lineno, self.column(node.end_lineno, node.end_col_offset))


def _unknown_names(code: types.CodeType, tree: ast.Module, namespace: dict, source: str) -> list[dict]:
    if any(isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
           for node in ast.walk(tree)):
        # What such an import defines shows only when it runs.
        return []
    codes = _nested(code)
    known = set(dir(builtins)) | namespace.keys() | _IMPLICIT
    loads = []
    for one in codes:
        stored = {step.argval for step in dis.get_instructions(one) if step.opname in _STORES}
        if one is code:
            known |= stored
        else:
            known |= {step.argval for step in dis.get_instructions(one) if step.opname == "STORE_GLOBAL"}
        own = set() if one is code else stored
        loads += [(step.argval, step.positions) for step in dis.get_instructions(one)
                  if step.opname in _LOADS and step.argval not in own]
    lines, problems, seen = _Lines(source), [], set()
    for name, at in loads:
        # `__terrarium_…` and the like are names that the compiler's work here adds.
        if name in known or name.startswith(("__terrarium_", ".")) or (name, at.lineno, at.col_offset) in seen:
            continue
        seen.add((name, at.lineno, at.col_offset))
        problems.append(_problem(
            "warning", "name", f"name '{name}' is not defined", at.lineno, lines.column(at.lineno, at.col_offset),
            at.end_lineno, lines.column(at.end_lineno, at.end_col_offset), name=name))
    return problems


def _nested(code: types.CodeType) -> list[types.CodeType]:
    found, pending = [], [code]
    while pending:
        one = pending.pop()
        # Annotations are evaluated when somebody asks for them, which mostly nobody does.
        if one.co_name != "__annotate__":
            found.append(one)
            pending += [constant for constant in one.co_consts if isinstance(constant, types.CodeType)]
    return found


def _unknown_modules(tree: ast.Module, source: str) -> list[dict]:
    lines, problems = _Lines(source), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            if not _exists(name.partition(".")[0]):
                problems.append(_problem("warning", "module", f"there is no module named '{name}' in the sandbox",
                                         *lines.of(node), name=name))
    return problems


def _exists(name: str) -> bool:
    if name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _wrong_calls(tree: ast.Module, source: str, functions: HostFunctions) -> list[dict]:
    if not functions.functions:
        return []
    # A name that the program binds itself is no longer the host's.
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.name for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    own |= {argument.arg for argument in ast.walk(tree) if isinstance(argument, ast.arg)}
    lines, problems = _Lines(source), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in own \
                and (function := functions.functions.get(node.func.id)) is not None:
            if message := _binding_error(node, function):
                problems.append(_problem("error", "call", message, *lines.of(node), name=node.func.id))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) \
                and node.value.func.id not in own \
                and inspect.iscoroutinefunction(functions.functions.get(node.value.func.id)):
            name = node.value.func.id
            problems.append(_problem("warning", "await", f"{name}(…) does nothing until it is awaited",
                                     *lines.of(node.value), name=name))
    return problems


def _binding_error(call: ast.Call, function) -> str | None:
    if any(isinstance(argument, ast.Starred) for argument in call.args) or any(
            word.arg is None for word in call.keywords):
        return None
    try:
        inspect.signature(function).bind(*call.args, **{word.arg: word.value for word in call.keywords})
    except TypeError as error:
        return f"{function.__name__}(): {error}"
    return None
