# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a program: its last expression gives its value, and it may await at its top level."""

import __future__
import ast
import asyncio
import inspect
import types

#: The name that holds the value of a program's last expression while the program ends.
RESULT = "__terrarium_result__"
#: The built-in name of `suspension.run`.
RUN = "__terrarium_run__"

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


def compile_program(source: str, name: str, namespace: dict, flags: int = 0) -> CompiledProgram:
    """Raises what `compile` raises; `flags` are the features from `__future__` that earlier programs switched on."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    may_run = "asyncio" in source or namespace.get("asyncio") is asyncio
    if "\n" not in source and not may_run:
        # Half the time of the way below, for what is mostly asked of an interpreter.
        try:
            code = compile(source, name, "eval", flags, dont_inherit=True)
        except SyntaxError:
            pass
        else:
            return CompiledProgram(code, bool(code.co_flags & inspect.CO_COROUTINE), is_expression=True)
    tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    has_result = bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
    if has_result:
        _keep_result(tree)
    is_turned = may_run and _make_runs_suspendable(tree, namespace)
    code = compile(tree, name, "exec", flags, dont_inherit=True)
    awaits = bool(code.co_flags & inspect.CO_COROUTINE)
    if is_turned:
        # Whether the program awaits by itself shows in its own code.
        awaits = bool(compile(source, name, "exec", flags, dont_inherit=True).co_flags & inspect.CO_COROUTINE)
    return CompiledProgram(code, awaits, has_result)


def _keep_result(tree: ast.Module) -> None:
    last = tree.body[-1]
    target = ast.Name(RESULT, ast.Store())
    tree.body[-1] = ast.Assign([target], last.value)
    # The positions of the expression, so that tracebacks point at what the program has there.
    for node in (target, tree.body[-1]):
        ast.copy_location(node, last)


def _make_runs_suspendable(tree: ast.Module, namespace: dict) -> bool:
    """Turns `asyncio.run(…)` at the top level into `await RUN(asyncio.run, …)`; answers whether there was one."""
    runs = _TopLevelRuns(tree, namespace)
    runs.visit(tree)
    return runs.found


class _TopLevelRuns(ast.NodeTransformer):
    def __init__(self, tree: ast.Module, namespace: dict):
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
