# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that can be suspended: of an ordinary one, a generator function that does the same.

It is made of the function's source, in which a call becomes

    result if type(result := resolve(function)(…)) is not generator else
        (yield from result) if is_steps(result) else result

so that a function that is called and can be suspended, too, is one whose steps are run here. What yields in the end is
one of the few functions that wait, see `threads`. Lines, names and tracebacks stay as they are.

Not suspended inside are generators, coroutines, comprehensions, class bodies and the special methods that Python itself
calls; what waits there waits in place. The same is true of a function whose source is not known or was changed.
"""

import ast
import builtins
import contextvars
import functools
import linecache
import types

# Names that no program can have, of variables in steps and of built-in functions.
_CALLED, _RESULT = "__terrarium.called", "__terrarium.result"
_RESOLVE, _IS_STEPS, _READY, _LIST = "__terrarium.resolve", "__terrarium.is_steps", "__terrarium.ready", "__terrarium.list"
_TYPE, _GENERATOR, _BUILT_IN = "__terrarium.type", "__terrarium.generator", "__terrarium.built_in"
_RUNTIME = __file__.rpartition("/")[0] + "/"
# Methods by these names wait, or may: the rest of what built-in types have does not, and is called as it stands.
_MAY_WAIT = {"get", "put", "join", "wait", "acquire", "release", "result", "exception", "run", "sleep", "map", "__call__"}
_PLAIN_METHODS = {
    name for kind in (str, bytes, bytearray, list, dict, set, frozenset, tuple, int, float, complex) for name in dir(kind)
} - _MAY_WAIT
_SKIPPED_FLAGS = 0x20 | 0x80 | 0x100 | 0x200  # Generators and coroutines.

_MAX_MADE = 2_000

# By the identity of a code object: the code itself, and that of its steps, or None for what is called as it stands.
_made: dict[int, tuple[types.CodeType, types.CodeType | None]] = {}
_kept: set[int] = set()
# The code of all steps, by its identity: by this it is told from a program's own generators.
_codes: dict[int, types.CodeType] = {}
# By the identity of a function: the function, and what to call instead; while there are threads.
_resolved: dict[int, tuple[types.FunctionType, types.FunctionType]] = {}
_given: dict[types.FunctionType, types.FunctionType] = {}
_under_way: list[types.CodeType] = []
_trees: dict[str, tuple[list, dict]] = {}
_in_context = None
_MAX_TREES = 16


def define(generator_function, function) -> None:
    """Says what the steps of a function are."""
    _given[function] = _marked(generator_function)


def define_for_contexts(generator_function) -> None:
    """Says what the steps of a context's method `run` are."""
    global _in_context
    _in_context = _marked(generator_function)


def define_ready(generator_function) -> None:
    """Says what comes before `with`, and makes all these known to the code of steps."""
    for name, value in ((_RESOLVE, resolve), (_IS_STEPS, is_steps), (_READY, generator_function),
                        (_LIST, _list_steps), (_TYPE, type), (_GENERATOR, types.GeneratorType),
                        (_BUILT_IN, types.BuiltinFunctionType)):
        setattr(builtins, name, value)


def _marked(function):
    _codes[id(function.__code__)] = function.__code__
    _kept.add(id(function.__code__))
    return function


def prepare(function) -> None:
    """Makes the steps of a function of the standard library, whose source there is only while an image is built."""
    if _code_of_steps(function) is None:
        raise ValueError(f"no steps could be made of {function.__qualname__}")
    _kept.add(id(function.__code__))
    _kept.add(id(_code_of_steps(function)))


def forget_functions() -> None:
    """Lets go of the program's functions, once no thread is left."""
    _resolved.clear()
    _trees.clear()
    if len(_made) > _MAX_MADE:
        forget_sources()


def forget_sources() -> None:
    """Forgets all code but what was prepared."""
    _trees.clear()
    _resolved.clear()
    for known in (_made, _codes):
        for key in [key for key in known if key not in _kept]:
            del known[key]


def function_of(callable_):
    """The function behind a method."""
    return getattr(callable_, "__func__", callable_)


def is_known(callable_) -> bool:
    """Whether it can be suspended, or never waits as far as can be seen."""
    while type(callable_) is functools.partial:
        callable_ = callable_.func
    if _is_context_run(callable_):
        return True
    function = function_of(callable_)
    if type(function) is not types.FunctionType:
        return False
    return function in _given or _code_of_steps(function) is not None or _tree_of(function) is not None


def is_steps(result) -> bool:
    return type(result) is types.GeneratorType and id(result.gi_code) in _codes


def resolve(callable_):
    """What to call instead: something that answers steps, or the same if there are none."""
    kind = type(callable_)
    if kind is types.FunctionType:
        return (_resolved.get(id(callable_)) or _look_up(callable_))[1]
    if kind is types.MethodType:
        function = callable_.__func__
        if type(function) is types.FunctionType:
            made = (_resolved.get(id(function)) or _look_up(function))[1]
            return callable_ if made is function else types.MethodType(made, callable_.__self__)
    elif kind is functools.partial:
        made = resolve(callable_.func)
        if made is not callable_.func:
            return functools.partial(made, *callable_.args, **callable_.keywords)
    elif _is_context_run(callable_):
        return functools.partial(_in_context, callable_.__self__)
    elif kind not in (type, types.BuiltinFunctionType):
        function = kind.__call__ if hasattr(kind, "__call__") else None
        if type(function) is types.FunctionType and (made := _steps_of(function)) is not None:
            return types.MethodType(made, callable_)
    return callable_


def _look_up(function: types.FunctionType) -> tuple[types.FunctionType, types.FunctionType]:
    found = _resolved[id(function)] = function, _steps_of(function) or function
    return found


def _list_steps(items, function, unpacks: bool):
    made = []
    for item in items:
        made += yield from (function(*item) if unpacks else function(item))
    return made


def _is_context_run(callable_) -> bool:
    return (type(callable_) is types.BuiltinMethodType and type(callable_.__self__) is contextvars.Context
            and callable_.__name__ == "run")


def _steps_of(function: types.FunctionType):
    if (given := _given.get(function)) is not None:
        return given
    code = function.__code__
    if (made := _code_of_steps(function)) is None:
        return None
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    copy = types.FunctionType(made, function.__globals__, function.__name__, function.__defaults__,
                              tuple(cells[name] for name in made.co_freevars))
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _code_of_steps(function: types.FunctionType) -> types.CodeType | None:
    code = function.__code__
    if (known := _made.get(id(code))) is not None:
        return known[1]
    made = None
    if not code.co_flags & _SKIPPED_FLAGS and not code.co_filename.startswith(_RUNTIME) and len(_under_way) < 20:
        _under_way.append(code)
        try:
            if (found := _tree_of(function)) is not None:
                made = _transformed(function, found)
        except (SyntaxError, ValueError, RecursionError):
            # Too much of it for the compiler, say.
            made = None
        finally:
            _under_way.pop()
    _made[id(code)] = code, made
    if made is not None:
        _codes[id(made)] = made
    return made


# Source.


def _tree_of(function: types.FunctionType):
    """The syntax of a function, if its source is there and is what the function was made of."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        return None
    if (known := _trees.get(code.co_filename)) is None or known[0] is not lines:
        try:
            tree = ast.parse("".join(lines))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        index: dict = {}
        imported = _imported_names(tree)
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                node.imported = imported
                line = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
                index.setdefault((getattr(node, "name", "<lambda>"), line), []).append(node)
        if len(_trees) >= _MAX_TREES:
            _trees.clear()
        known = _trees[code.co_filename] = lines, index
    for node in known[1].get((code.co_name, code.co_firstlineno), ()):
        if (again := _compiled(node, code)) is not None and _is_same(again, code):
            return node
    return None


def _imported_names(tree: ast.Module) -> list[str]:
    """The names that a module's imports bind, of which the compiler makes other calls than of the rest."""
    names, pending = set(), list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            pending += ast.iter_child_nodes(node)
    return sorted(names - {"*"})


def _is_same(one: types.CodeType, other: types.CodeType) -> bool:
    return (one.co_code == other.co_code and one.co_names == other.co_names and one.co_varnames == other.co_varnames
            and one.co_freevars == other.co_freevars
            and [each for each in one.co_consts if type(each) is not types.CodeType]
            == [each for each in other.co_consts if type(each) is not types.CodeType])


def _compiled(node, code: types.CodeType) -> types.CodeType | None:
    """The code of a function's syntax, which finds around it the class and the variables that it had there."""
    if isinstance(node, ast.Lambda):
        inner: list = [ast.copy_location(ast.Expr(node), node)]
    else:
        inner = [ast.copy_location(ast.FunctionDef(
            **({name: getattr(node, name) for name in node._fields} | {"decorator_list": [], "returns": None})), node)]
    parent = code.co_qualname.rpartition(".")[0].rpartition(".")[2]
    variables = [name for name in code.co_freevars if name != "__class__"]
    at = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    if parent and parent != "<locals>":
        inner = [ast.ClassDef(parent, [], [], inner, [], type_params=[], **at)]
    elif "__class__" in code.co_freevars:
        variables.append("__class__")
    parameters = ast.arguments([], [ast.arg(name, **at) for name in variables], None, [], [], None, [])
    outer = ast.FunctionDef("outer", parameters, inner, [], type_params=[], **at)
    imports = [ast.Import([ast.alias(name, **at)], **at) for name in node.imported]
    module = ast.Module([*imports, outer], [])
    made = compile(module, code.co_filename, "exec", code.co_flags & _FUTURES, dont_inherit=True)
    pending = [made]
    while pending:
        one = pending.pop()
        if one.co_name == code.co_name and one.co_firstlineno in (code.co_firstlineno, node.lineno) and one is not made:
            return one.replace(co_qualname=code.co_qualname, co_firstlineno=code.co_firstlineno)
        pending += [each for each in one.co_consts if type(each) is types.CodeType]
    return None


_FUTURES = 0x1000000  # `from __future__ import annotations`


# Syntax.


def _transformed(function: types.FunctionType, node) -> types.CodeType | None:
    copy, found = _with_calls(function, node, calls_itself=False)
    if not found.waits:
        return None
    if found.saw_itself:
        copy, _ = _with_calls(function, node, calls_itself=True)
    made = _compiled(copy, function.__code__)
    return made


def _with_calls(function: types.FunctionType, node, calls_itself: bool):
    found, copy = _Calls(function, calls_itself), _copied(node)
    copy.imported = node.imported
    if isinstance(copy, ast.Lambda):
        copy.body = found.visit(copy.body)
    else:
        copy.body = found.visit_all(copy.body)
    return copy, found


def _copied(node):
    if isinstance(node, ast.AST):
        made = type(node)(**{name: _copied(getattr(node, name)) for name in node._fields if hasattr(node, name)})
        return ast.copy_location(made, node)
    return [_copied(one) for one in node] if isinstance(node, list) else node


class _Calls(ast.NodeTransformer):
    """Makes the calls ones of steps, but for those that wait nowhere as far as can be seen.

    calls_itself: calls of the function itself are to be made so, too; if nothing else in it waits, they need not.
    """

    def __init__(self, function: types.FunctionType, calls_itself: bool):
        code = function.__code__
        self.waits = self.saw_itself = False
        self._calls_itself, self._loops = calls_itself, 0
        self._function, self._globals = function, function.__globals__
        self._own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}

    def visit_all(self, statements: list) -> list:
        made = [self.visit(one) for one in statements]
        return [each for one in made for each in (one if isinstance(one, list) else [one])]

    def visit_Call(self, node: ast.Call):
        self.generic_visit(node)
        if self._is_plain(node.func):
            return node
        if isinstance(node.func, ast.Attribute) and node.func.attr != "run":
            # Most are methods of built-in types, and this is faster than to ask.
            is_built_in = ast.Compare(
                _call(_TYPE, ast.NamedExpr(ast.Name(_CALLED, ast.Store()), node.func)), [ast.Is()], [_name(_BUILT_IN)])
            called = ast.IfExp(is_built_in, _name(_CALLED), _call(_RESOLVE, _name(_CALLED)))
        else:
            called = _call(_RESOLVE, node.func)
        kept = ast.NamedExpr(ast.Name(_RESULT, ast.Store()), ast.Call(called, node.args, node.keywords))
        is_plain = ast.Compare(_call(_TYPE, kept), [ast.IsNot()], [_name(_GENERATOR)])
        steps = ast.IfExp(_call(_IS_STEPS, _name(_RESULT)), ast.YieldFrom(_name(_RESULT)), _name(_RESULT))
        return _located(ast.IfExp(is_plain, _name(_RESULT), steps), node)

    def visit_ListComp(self, node: ast.ListComp):
        """`[f(x) for x in y if z]` becomes `yield from list_steps(y, lambda x: (f(x),) if z else ())`."""
        first = node.generators[0]
        first.iter = self.visit(first.iter)
        targets = first.target.elts if isinstance(first.target, ast.Tuple) else [first.target]
        if len(node.generators) > 1 or first.is_async or not all(isinstance(one, ast.Name) for one in targets) or any(
                isinstance(one, ast.NamedExpr) or isinstance(one, ast.Name) and one.id == "super" for one in ast.walk(node)):
            return node
        inner = _Calls(self._function, self._calls_itself)
        tests, element = [inner.visit(_copied(one)) for one in first.ifs], inner.visit(_copied(node.elt))
        self.saw_itself |= inner.saw_itself
        if not inner.waits:
            return node
        self.waits = True
        body = ast.Tuple([element], ast.Load())
        for test in reversed(tests):
            body = ast.IfExp(test, body, ast.Tuple([], ast.Load()))
        parameters = ast.arguments([], [ast.arg(one.id) for one in targets], None, [], [], None, [])
        unpacks = ast.Constant(isinstance(first.target, ast.Tuple))
        call = ast.Call(ast.Name(_LIST, ast.Load()), [first.iter, ast.Lambda(parameters, body), unpacks], [])
        return _located(ast.YieldFrom(call), node)

    def visit_With(self, node: ast.With):
        self.generic_visit(node)
        self.waits = True
        for item in node.items:
            item.context_expr = _located(ast.YieldFrom(_call(_READY, item.context_expr)), item.context_expr)
        return node

    def visit_For(self, node: ast.For):
        """`for x in iter(queue.get, None)` calls a function, too."""
        made = node.iter
        if not (isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "iter"
                and len(made.args) == 2 and not made.keywords and self._is_plain(made.func)):
            return self.generic_visit(node)
        self._loops += 1
        function, end, item = (f"terrarium.{what}{self._loops}" for what in ("function", "end", "item"))
        before = [_located(ast.Assign([ast.Name(name, ast.Store())], self.visit(value)), value)
                  for name, value in zip((function, end), made.args)]
        call = self.visit_Call(ast.copy_location(ast.Call(ast.Name(function, ast.Load()), [], []), made))
        test = ast.UnaryOp(ast.Not(), ast.Compare(
            ast.Name(end, ast.Load()), [ast.Eq()], [ast.NamedExpr(ast.Name(item, ast.Store()), call)]))
        body = [_located(ast.Assign([node.target], ast.Name(item, ast.Load())), node.target),
                *self.visit_all(node.body)]
        loop = ast.While(test, body, self.visit_all(node.orelse))
        return [*before, _located(ast.copy_location(loop, node), made)]

    def _is_plain(self, called) -> bool:
        if isinstance(called, ast.Attribute) and called.attr in _PLAIN_METHODS:
            return True
        if isinstance(called, ast.Name) and called.id not in self._own:
            value = self._globals.get(called.id, getattr(builtins, called.id, None))
            if isinstance(value, (type, types.BuiltinFunctionType)):
                return True
            if type(value) is types.FunctionType and value not in _given:
                code = value.__code__
                if code is self._function.__code__:
                    self.saw_itself = True
                    return not self._calls_itself
                if code not in _under_way and _code_of_steps(value) is None:
                    return True
        self.waits = True
        return False

    def _leave(self, node):
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _leave
    visit_GeneratorExp = visit_SetComp = visit_DictComp = _leave


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(name: str, argument) -> ast.Call:
    return ast.Call(_name(name), [argument], [])


def _located(made, node):
    """Gives all that is new the position of the call, which is what a traceback points at."""
    pending = [made]
    while pending:
        one = pending.pop()
        if not hasattr(one, "lineno"):
            ast.copy_location(one, node)
        pending += [each for each in ast.iter_child_nodes(one) if not hasattr(each, "lineno")]
    return made
