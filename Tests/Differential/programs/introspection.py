# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### The tree of a program
import ast
tree = ast.parse("def f(x, *, y=1):\n    return [x + i for i in range(y) if i]")
#### continued
print(ast.dump(tree), ast.unparse(tree), sep="\n")
print([type(n).__name__ for n in ast.walk(tree)][:6], tree.body[0].lineno, tree.body[0].body[0].value.col_offset)

#### Changing a tree
import ast
class Swap(ast.NodeTransformer):
    def visit_Add(self, node): return ast.Mult()
    def visit_Name(self, node): return ast.Constant(7) if node.id == "x" else node
tree = Swap().visit(ast.parse("x + y + 2", mode="eval"))
#### continued
ast.fix_missing_locations(tree)
print(ast.unparse(tree), eval(compile(tree, "t", "eval"), {"y": 2}))
class Names(ast.NodeVisitor):
    found = []
    def visit_Name(self, n): self.found.append((n.id, type(n.ctx).__name__))
Names().visit(ast.parse("a = b.c[d]"))
print(Names.found)

#### Safe literals
import ast
texts = ["[1, {'a': (2, None)}]", "{1, 2}", "-1.5 + 2j", "b'x'", "__import__('os')", "[x]", "1 +", "f'{1}'"]
#### continued
for t in texts:
    try:
        print(ast.literal_eval(t))
    except (ValueError, SyntaxError) as error:
        print(t, type(error).__name__)

#### Signatures
import inspect
def f(a, /, b: int = 2, *args: str, c, d="x", **kw) -> list: ...
s = inspect.signature(f)
#### continued
print(s, [(p.name, str(p.kind), p.default is p.empty) for p in s.parameters.values()])
bound = s.bind(1, c=3, z=5)
bound.apply_defaults()
print(bound.arguments, bound.args, bound.kwargs)
try:
    s.bind()
except TypeError as error:
    print(error)
print(s.replace(return_annotation=int), inspect.getfullargspec(f))

#### What things are
import inspect
class A:
    "Doc of A."
    def m(self): "Doc of m."
    @property
    def p(self): ...
    @staticmethod
    def s(): ...
def g(): yield
async def c(): ...
#### continued
print([f(g) for f in (inspect.isfunction, inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isclass)],
      inspect.iscoroutinefunction(c), inspect.isbuiltin(len))
print([(n, type(v).__name__) for n, v in inspect.getmembers(A) if n[0] != "_"], inspect.getdoc(A.m),
      inspect.ismethod(A().m), inspect.getmro(A), inspect.getattr_static(A(), "p").__class__.__name__)

#### Frames
import inspect, sys
def outer():
    secret = 5
    return inner()
def inner():
    f = sys._getframe(1)
    return f.f_code.co_name, dict(f.f_locals), inspect.currentframe().f_back is f, f.f_lineno - f.f_code.co_firstlineno
#### continued
print(outer())
def g():
    x = yield 1
it = g()
print(inspect.getgeneratorstate(it), next(it), inspect.getgeneratorstate(it), inspect.getgeneratorlocals(it))

#### Code objects
def f(a, b=1, *c, d):
    e = a
    return lambda: e
#### continued
co = f.__code__
print(co.co_name, co.co_argcount, co.co_kwonlyargcount, co.co_varnames, co.co_cellvars, co.co_flags & 4,
      f(1, d=2).__code__.co_freevars, co.co_qualname)
g = type(f)(co.replace(co_name="renamed"), {}, argdefs=(5,))
print(g.__name__, g(1, d=2)())

#### Disassembly names the right things
import dis
def f(x): return x * 2 + len("ab")
#### continued
names = [i.opname for i in dis.get_instructions(f)]
print("BINARY_OP" in names, "RETURN_VALUE" in names,
      [i.argval for i in dis.get_instructions(f) if i.opname.startswith("LOAD_GLOBAL")],
          dis.stack_effect(dis.opmap["POP_TOP"]))

#### Annotations
from typing import *
import annotationlib
class A:
    x: int = 1
    y: "list[str]"
    z: ClassVar[Optional[int]] = None
    later: Unknown
def f(a: int | None, b: Annotated[str, "meta"]) -> Literal["x"]: ...
#### continued
print(annotationlib.get_annotations(A, format=annotationlib.Format.STRING), get_type_hints(f),
      get_type_hints(f, include_extras=True)["b"].__metadata__)
try:
    A.__annotations__
except NameError as error:
    print(error)

#### Types as values
from typing import *
T = TypeVar("T", bound=int)
Alias = dict[str, list[T]]
#### continued
print(Alias[bool], get_origin(Alias), get_args(Union[int, str]), int | None, Optional[int] == Union[int, None],
      Callable[[int], str], list[int] | None, Literal[1, "a"], Tuple[int, ...])
print(isinstance([], list), T.__bound__, Any, NewType("U", int)(5), cast(int, "x"), get_args(Callable[[int], str]))
try:
    isinstance([], list[int])
except TypeError as error:
    print(error)

#### Protocols, typed dictionaries, overloads
from typing import *
@runtime_checkable
class Closes(Protocol):
    def close(self): ...
class Movie(TypedDict, total=False):
    name: Required[str]
    year: int
class P(NamedTuple):
    x: int
    y: int = 0
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
#### continued
print(isinstance(open("f", "w"), Closes), isinstance(5, Closes), Movie(name="a"), Movie.__required_keys__, P(1),
      P.__annotations__, len(get_overloads(f)), is_typeddict(Movie))
@final
class F: ...
print(F.__final__, TYPE_CHECKING, assert_type(5, int), reveal_type.__name__)

#### Tokens
import io, tokenize, token
text = "x = f'{a}' + 0x1F  # c\nif x:\n\ty\n"
#### continued
for t in tokenize.generate_tokens(io.StringIO(text).readline):
    print(token.tok_name[t.exact_type], repr(t.string), t.start)
print(tokenize.untokenize(tokenize.generate_tokens(io.StringIO(text).readline)) == text,
      tokenize.detect_encoding(io.BytesIO(b"# coding: latin-1\n").readline)[0])

#### Symbol tables
import symtable
t = symtable.symtable("def f(a):\n    global g\n    b = a\n    def h(): return b\n    g = 1", "s", "exec")
#### continued
f = next(c for c in t.get_children() if c.get_type() == symtable.SymbolTableType.FUNCTION)
print(f.get_parameters(), f.get_locals(), f.get_globals(), f.lookup("b").is_local(), f.get_children()[-1].get_frees(),
      t.lookup("f").is_namespace())

#### Keywords and code that is not complete
import codeop, keyword
#### continued
print(len(keyword.kwlist), keyword.iskeyword("match"), keyword.softkwlist, keyword.issoftkeyword("type"))
print([codeop.compile_command(s) is None for s in ("if x:", "x = 1", "(", "for i in y:\n  z\n")])

#### Sources of classes, from a file
import inspect, linecache, sys
open("own_source.py", "w").write("class K:\n    def m(self):\n        # why\n        return 1\n\n\ndef after(): pass\n")
sys.path.insert(0, "")
import own_source
#### continued
print(inspect.getsource(own_source.K.m), inspect.getsourcelines(own_source.after),
      inspect.getcomments(own_source.after), linecache.getline("own_source.py", 3))
print(inspect.getmodule(own_source.K).__name__, inspect.getsourcefile(own_source.K)[-13:])

#### Tracing and profiling
import sys
log = []
def tracer(frame, event, arg):
    if frame.f_code.co_name == "f":
        log.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer
def f():
    x = 1
    return x
#### continued
sys.settrace(tracer)
f()
sys.settrace(None)
print(log)
import cProfile, io, pstats
p = cProfile.Profile()
p.runcall(f)
print(pstats.Stats(p, stream=io.StringIO()).total_calls > 0)
