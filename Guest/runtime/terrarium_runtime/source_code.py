# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a program: its last expression gives its value, and it may await at its top level.

What is typed at a prompt is compiled as CPython's prompt has it: every expression statement shows its value.
"""

import __future__
import ast
import asyncio
import codecs
import functools
import inspect
import re
import types
import warnings

#: The name that holds the value of a program's last expression while the program ends.
RESULT = "__terrarium_result__"
#: The built-in name of `suspension.run`.
RUN = "__terrarium_run__"
#: The built-in name of `installed.say_how_to_install`.
INSTALL = "__terrarium_install__"

_FUTURES = __future__.annotations.compiler_flag  # All other features are part of the language by now.


class CompiledProgram:
    """The code of a program.

    awaits: it awaits at its top level, so it has to run inside an event loop.
    has_result: it leaves a value under the name `RESULT`.
    is_expression: it is nothing but an expression, and `eval` of the code answers the value.
    is_coroutine: running the code makes a coroutine, because it awaits or calls `asyncio.run` at its top level.
    """

    __slots__ = ("code", "awaits", "is_coroutine", "is_expression", "has_result")

    def __init__(self, code: types.CodeType, awaits: bool, has_result: bool = False, is_expression: bool = False):
        self.code, self.awaits, self.has_result, self.is_expression = code, awaits, has_result, is_expression
        self.is_coroutine = bool(code.co_flags & inspect.CO_COROUTINE)

    @property
    def future_features(self) -> int:
        return self.code.co_flags & _FUTURES


# The code of expressions that ran more than once, by text and flags; None for those that ran once, or that the compiler
# has something to say about each time.
_expressions: dict[tuple[str, int], types.CodeType | None] = {}
_MAX_EXPRESSIONS = 64
_MAX_CACHED_CHARACTERS = 200


# As in `tokenize`, where they are of bytes in one version and of text in another.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)", re.ASCII)
_INSTALL = re.compile(r"^([ \t]*)[!%][ \t]*(?:python3? -m )?pip3?[ \t]+install[ \t]+([^\r\n]*)$", re.MULTILINE)


def _answering_installs(compile_):
    """Has lines such as `!pip install x`, which notebooks have, answered by a sentence; Python alone refuses them."""
    @functools.wraps(compile_)
    def compiling(source, *arguments, **named):
        try:
            return compile_(source, *arguments, **named)
        except SyntaxError:
            if type(source) is not str or (replaced := with_installs_answered(source)) is source:
                raise
        return compile_(replaced, *arguments, **named)

    return compiling


def with_installs_answered(source: str) -> str:
    """The same source, unless it is no Python only because of lines such as `!pip install x`."""
    if "pip" in source:
        replaced, count = _INSTALL.subn(lambda found: f"{found[1]}{INSTALL}({found[2]!r})", source)
        if count:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for one in (source, replaced):
                    try:
                        ast.parse(one)
                    except SyntaxError:
                        continue
                    return one
    return source


@_answering_installs
def compile_program(
    source: str | bytes, name: str, namespace: dict, flags: int = 0, has_value: bool = True
) -> CompiledProgram:
    """Raises what `compile` raises.

    source: bytes are decoded as CPython decodes a file.
    flags: the features from `__future__` that earlier programs switched on.
    has_value: the value of a last expression is wanted.
    """
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    may_run = namespace.get("asyncio") is asyncio or (b"asyncio" if type(source) is bytes else "asyncio") in source
    if has_value and not may_run and type(source) is str and "\n" not in source:
        if (known := _expressions.get((source, flags))) is not None:
            return CompiledProgram(known.replace(co_filename=name), False, is_expression=True)
        # Half the time of the way below, for what is mostly asked of an interpreter.
        try:
            code = compile(source, name, "eval", flags, dont_inherit=True)
        except SyntaxError:
            pass
        else:
            awaits = bool(code.co_flags & inspect.CO_COROUTINE)
            if not awaits and len(source) <= _MAX_CACHED_CHARACTERS:
                _remember(source, flags, code)
            return CompiledProgram(code, awaits, is_expression=True)
    if not has_value and not may_run:
        code = compile(source, name, "exec", flags, dont_inherit=True)
        return CompiledProgram(code, bool(code.co_flags & inspect.CO_COROUTINE))
    tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    has_result = has_value and bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
    if has_result:
        _keep_result(tree)
    is_turned = may_run and _make_runs_suspendable(tree, namespace)
    code = compile(tree, name, "exec", flags, dont_inherit=True)
    awaits = bool(code.co_flags & inspect.CO_COROUTINE)
    if is_turned:
        # Whether the program awaits by itself shows in its own code.
        awaits = bool(compile(source, name, "exec", flags, dont_inherit=True).co_flags & inspect.CO_COROUTINE)
    return CompiledProgram(code, awaits, has_result)


@_answering_installs
def compile_interactive(source: str, name: str, namespace: dict, flags: int = 0) -> CompiledProgram:
    """As `compile_program`, for what is typed at a prompt: the code shows the values, and leaves none."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    shown = ast.Interactive(tree.body or [ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)])
    may_run = "asyncio" in source or namespace.get("asyncio") is asyncio
    is_turned = may_run and _make_runs_suspendable(shown, namespace)
    code = compile(shown, name, "single", flags, dont_inherit=True)
    awaits = bool(code.co_flags & inspect.CO_COROUTINE)
    if is_turned:
        awaits = bool(compile(source, name, "exec", flags, dont_inherit=True).co_flags & inspect.CO_COROUTINE)
    return CompiledProgram(code, awaits)


def _remember(source: str, flags: int, code: types.CodeType) -> None:
    """Keeps the code of an expression, the second time that it runs."""
    key = source, flags
    if key not in _expressions:
        if len(_expressions) >= _MAX_EXPRESSIONS:
            _expressions.clear()
        _expressions[key] = None
        return
    for constant in code.co_consts:
        # A name of its own for the file would have to be set in the code within, too.
        if type(constant) is types.CodeType:
            return
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        compile(source, "<expression>", "eval", flags, dont_inherit=True)
    if not noted:
        _expressions[key] = code


def text_of(source: bytes) -> str:
    """The text that the bytes of a file stand for, for showing lines of it; what is no text is replaced."""
    if source.startswith(codecs.BOM_UTF8):
        source = source[len(codecs.BOM_UTF8) :]
    encoding = "utf-8"
    for line in source.split(b"\n", 2)[:2]:
        if found := _COOKIE.match(line):
            encoding = found[1].decode("ascii")
            break
        if not _BLANK.match(line):
            break
    try:
        return source.decode(encoding, "replace")
    except LookupError:
        return source.decode("utf-8", "replace")


def as_from_file(error: SyntaxError, source: bytes, name: str) -> None:
    """Words an error about the bytes of a source as CPython words it for a file."""
    message = error.msg
    if message == "source code string cannot contain null bytes":
        message = "source code cannot contain null bytes"
    elif not isinstance(message, str):
        return
    elif message.startswith("unknown encoding: "):
        message = message.replace("unknown encoding", "encoding problem", 1)
    elif message.startswith(("Non-UTF-8 code starting with ", "(unicode error) 'utf-8' codec can't decode ")):
        try:
            source.decode()
        except UnicodeDecodeError as undecodable:
            line = source.count(b"\n", 0, undecodable.start) + 1
            message = (f"Non-UTF-8 code starting with '\\x{source[undecodable.start]:02x}' in file {name} on line {line}, "
                       "but no encoding declared; see https://peps.python.org/pep-0263/ for details")
            error.filename = name
    error.msg = message
    error.args = (message, *error.args[1:])


def _keep_result(tree: ast.Module) -> None:
    last = tree.body[-1]
    target = ast.Name(RESULT, ast.Store())
    tree.body[-1] = ast.Assign([target], last.value)
    # The positions of the expression, so that tracebacks point at what the program has there.
    for node in (target, tree.body[-1]):
        ast.copy_location(node, last)


def _make_runs_suspendable(tree: ast.Module | ast.Interactive, namespace: dict) -> bool:
    """Turns `asyncio.run(…)` at the top level into `await RUN(asyncio.run, …)`; answers whether there was one."""
    runs = _TopLevelRuns(tree, namespace)
    runs.visit(tree)
    return runs.found


class _TopLevelRuns(ast.NodeTransformer):
    def __init__(self, tree: ast.Module | ast.Interactive, namespace: dict):
        self.found = False
        self._modules = {name for name, value in namespace.items() if value is asyncio}
        self._functions = {name for name, value in namespace.items() if value is asyncio.run}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self._modules |= {alias.asname or alias.name for alias in node.names if alias.name == "asyncio"}
            elif isinstance(node, ast.ImportFrom) and node.module == "asyncio":
                self._functions |= {alias.asname or alias.name for alias in node.names if alias.name == "run"}

    def visit_Call(self, node: ast.Call):
        self.generic_visit(node)
        called = node.func
        is_run = isinstance(called, ast.Name) and called.id in self._functions or (
            isinstance(called, ast.Attribute) and called.attr == "run"
            and isinstance(called.value, ast.Name) and called.value.id in self._modules)
        if not is_run:
            return node
        self.found = True
        run = ast.copy_location(ast.Name(RUN, ast.Load()), called)
        call = ast.copy_location(ast.Call(run, [called, *node.args], node.keywords), node)
        return ast.copy_location(ast.Await(call), node)

    def _leave(self, node):
        # Only what runs as part of the module itself can be awaited from there.
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _leave
    visit_GeneratorExp = visit_ListComp = visit_SetComp = visit_DictComp = _leave
