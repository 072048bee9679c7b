# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Matching values and sequences
def f(x):
    match x:
        case 0 | 1: return "small"
        case int(n) if n > 100: return f"big {n}"
        case int(): return "int"
        case [] | (): return "empty"
        case [a]: return f"one {a}"
        case [a, *rest, b]: return f"{a} {rest} {b}"
        case "yes" | "no" as word: return word.upper()
        case str(s): return s
        case None | True | False: return "constant"
        case _: return "other"
#### continued
print([f(x) for x in (0, 500, 5, [], [1], (1, 2, 3, 4), "yes", "q", None, 2.5, b"ab", {1})])

#### Matching mappings
def f(x):
    match x:
        case {"type": "point", "x": x, "y": y}: return x, y
        case {"type": kind, **rest} if rest: return kind, rest
        case {"type": kind}: return kind
        case {}: return "mapping"
        case _: return None
#### continued
print([f(x) for x in ({"type": "point", "x": 1, "y": 2}, {"type": "a", "b": 1}, {"type": "z"}, {}, [1])])

#### Matching classes
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int
class Named:
    __match_args__ = ("name",)
    def __init__(self, name): self.name = name
def f(p):
    match p:
        case Point(0, 0): return "origin"
        case Point(x=0, y=y): return f"on y at {y}"
        case Point(x, y) if x == y: return "diagonal"
        case Point(): return "point"
        case Named("n" | "m" as n): return n
        case Named(name=[first, *_]): return first
#### continued
print([f(p) for p in (Point(0, 0), Point(0, 3), Point(2, 2), Point(1, 2), Named("m"), Named(["a", "b"]), 5)])

#### Matching constants by name
import enum
class C(enum.Enum):
    A = 1
    B = 2
class K: LIMIT = 10
def f(x):
    match x:
        case C.A: return "a"
        case C.B: return "b"
        case K.LIMIT: return "limit"
        case -1 | 1.5 | 2 + 3j: return "number"
#### continued
print([f(x) for x in (C.A, C.B, 10, -1, 1.5, 2 + 3j, 11)])

#### Matching nested data
def shape(tree):
    match tree:
        case {"op": ("+" | "*") as op, "args": [left, right]}: return f"({shape(left)} {op} {shape(right)})"
        case {"op": "neg", "args": [x]}: return f"-{shape(x)}"
        case int() | float() as n: return str(n)
        case unknown: return f"<{unknown!r}>"
#### continued
print(shape({"op": "+", "args": [1, {"op": "*", "args": [2.5, {"op": "neg", "args": [3]}]}]}), shape("x"))

#### Names bound by a pattern stay
match [1, [2, 3]]:
    case [a, [b, _]] if a > 5: pass
    case [c, [d, e]]: pass
#### continued
print(a, b, c, d, e)

#### Loops and else
def find(n, numbers):
    for x in numbers:
        if x == n:
            break
    else:
        return "none"
    return "found"
#### continued
print(find(2, [1, 2]), find(5, [1]))
n = 5
while n:
    n -= 1
    if n == 3:
        continue
    if n == 1:
        break
else:
    print("never")
print(n)

#### Statements of every kind
x: int = 5
del x
pass
assert True
if (y := 3) > 2: z = y
else: z = 0
#### continued
for i in range(3): print(i, end=" ")
else: print("end")
a = b = c = []
a.append(1)
lambda: (yield)
a, b = [1, 2]; [d, *e] = "xyz"
a += 1; b **= 3; e *= 2
print(c, a, b, d, e, z, "x" in globals())

#### exec, eval and compile
space = {"n": 5}
exec("def double(x): return x * n\nresult = double(4)", space)
#### continued
code = compile("result + n", "expr", "eval")
print(eval(code, space), eval("a + b", {"a": 1}, {"b": 2}), space["double"](3), sorted(k for k in space if k[0] != "_"))
exec(compile("print([i for i in range(3)])", "s", "single"))
try:
    eval("x = 1")
except SyntaxError as error:
    print(error.msg)

#### Scopes of comprehensions and classes
x = "global"
class A:
    x = "class"
    direct = x
    listed = [x for _ in range(1)]
    def method(self): return x
def f():
    x = "local"
    class B:
        y = x
        def m(self): return x
    return B.y, B().m()
#### continued
print(A.direct, A.listed, A().method(), f(), locals() is globals())

#### Truth and short circuits
class Falsy:
    def __bool__(self): return False
class Empty:
    def __len__(self): return 0
def loud(x):
    print("evaluated", x)
    return x
#### continued
print([bool(v) for v in (0, 0.0, 0j, "", b"", (), [], {}, set(), range(0), None, Falsy(), Empty(), "0", [0], -1)])
print(loud(0) and loud(1), loud(2) or loud(3), not loud(""), loud(1) if loud(0) else loud(5))

#### Order of evaluation
log = []
def n(x):
    log.append(x)
    return x
#### continued
d = {n("k1"): n("v1"), n("k2"): n("v2")}
n(1) + n(2) * n(3)
(lambda *a, **k: None)(n("a"), *[n("b")], c=n("c"))
l = [0] * 10
l[n(4)] = n(5)
print(log)

#### Builtins
values = [3, -1, 2]
#### continued
print(abs(-5), all(values), any([]), ascii("é"), bin(5), callable(len), chr(97), divmod(7, 3), format(3.14159, ".2f"),
      hash(5), hex(255), isinstance(True, int))
print(issubclass(bool, int), len("abc"), list(map(abs, values)), max(values), min(values, key=abs),
      max([], default="none"), oct(8), ord("a"), pow(2, 10, 1000), repr("x"), round(3.14159, 2))
print(sorted(values), sum(values, 10), tuple("ab"), type(5), list(filter(None, [0, 1, "", "a"])),
      id(values) == id(values), vars(type("T", (), {"a": 1}))["a"], sum([[1], [2]], []))

#### print in every form
import sys
parts = ["a", 1, None]
#### continued
print(*parts, sep="-", end="!\n")
print()
print("to a file", file=open("out", "w"))
print(open("out").read(), end="")
print("x", "y", sep="", flush=True)
sys.stdout.write("written\n")
print(*[], sep="x", end="")
