# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Inheritance and super
class A:
    def who(self): return ["A"]
class B(A):
    def who(self): return ["B"] + super().who()
class C(A):
    def who(self): return ["C"] + super().who()
class D(B, C):
    def who(self): return ["D"] + super().who()
#### continued
print(D().who(), [c.__name__ for c in D.__mro__], D.__bases__)
try:
    class E(A, B): pass
except TypeError as error:
    print(str(error).splitlines()[0])

#### Properties
class Circle:
    def __init__(self, r): self._r = r
    @property
    def radius(self):
        "The radius."
        return self._r
    @radius.setter
    def radius(self, r):
        if r < 0:
            raise ValueError("negative")
        self._r = r
    @radius.deleter
    def radius(self): del self._r
c = Circle(2)
#### continued
c.radius = 5
print(c.radius, Circle.radius.__doc__)
try:
    c.radius = -1
except ValueError as error:
    print(error)
del c.radius
print(vars(c))

#### Class and static methods
class Date:
    count = 0
    def __init__(self, y): self.y = y; type(self).count += 1
    @classmethod
    def parse(cls, text): return cls(int(text))
    @staticmethod
    def leap(y): return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
class Sub(Date): pass
#### continued
print(type(Sub.parse("2000")).__name__, Date.leap(1900), Sub.leap(2000), Date.count, Sub.count)

#### Descriptors
class Typed:
    def __init__(self, kind): self.kind = kind
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, obj, owner=None): return self if obj is None else getattr(obj, self.name)
    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name[1:]} must be {self.kind.__name__}")
        setattr(obj, self.name, value)
class P:
    x = Typed(int)
    name = Typed(str)
p = P()
p.x = 3
#### continued
try:
    p.name = 5
except TypeError as error:
    print(error)
print(p.x, vars(p), type(P.x).__name__)

#### Metaclasses
class Registry(type):
    known = {}
    def __new__(meta, name, bases, space, **kw):
        cls = super().__new__(meta, name, bases, space)
        meta.known[kw.get("key", name)] = cls
        return cls
    def __init__(cls, name, bases, space, **kw): super().__init__(name, bases, space)
    def __call__(cls, *args):
        print("making", cls.__name__)
        return super().__call__(*args)
    @classmethod
    def __prepare__(meta, name, bases, **kw): return {"prepared": name}
class Base(metaclass=Registry): pass
#### continued
class Other(Base, key="o"): pass
print(sorted(Registry.known), Other.prepared, isinstance(Other(), Base), type(Other).__name__)

#### Subclass hooks
class Plugin:
    all = []
    def __init_subclass__(cls, /, level=0, **kw):
        super().__init_subclass__(**kw)
        cls.level = level
        Plugin.all.append(cls.__name__)
class One(Plugin, level=3): pass
#### continued
class Two(One): pass
print(Plugin.all, One.level, Two.level)

#### Abstract classes
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
#### continued
try:
    Shape()
except TypeError as error:
    print(error)
class Square(Shape):
    name = "square"
    def area(self): return 4
@Shape.register
class Virtual: pass
print(Square().area(), isinstance(Virtual(), Shape), sorted(Shape.__abstractmethods__))

#### Arithmetic of one's own
class V:
    def __init__(self, *x): self.x = x
    def __repr__(self): return f"V{self.x}"
    def __add__(self, o): return V(*map(sum, zip(self.x, o.x)))
    def __mul__(self, k): return V(*(a * k for a in self.x)) if isinstance(k, (int, float)) else NotImplemented
    __rmul__ = __mul__
    def __matmul__(self, o): return sum(a * b for a, b in zip(self.x, o.x))
    def __neg__(self): return self * -1
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __hash__(self): return hash(self.x)
    def __bool__(self): return any(self.x)
    def __iadd__(self, o): self.x = (self + o).x; return self
a, b = V(1, 2), V(3, 4)
#### continued
print(a + b, 2 * a, a @ b, -a, a == V(1, 2), len({a, V(1, 2)}), bool(V(0, 0)))
c = a
c += b
print(a, c is a)
try:
    a * "x"
except TypeError as error:
    print(error)

#### Comparison filled in
from functools import total_ordering
@total_ordering
class Version:
    def __init__(self, text): self.parts = tuple(map(int, text.split(".")))
    def __eq__(self, o): return self.parts == o.parts
    def __lt__(self, o): return self.parts < o.parts
vs = [Version(t) for t in ("1.10", "1.9", "1.9.1")]
#### continued
print([v.parts for v in sorted(vs)], vs[0] >= vs[1], max(vs).parts)

#### Containers of one's own
class Grid:
    def __init__(self): self.cells = {}
    def __getitem__(self, key): return self.cells.get(key, ".")
    def __setitem__(self, key, value): self.cells[key] = value
    def __delitem__(self, key): del self.cells[key]
    def __contains__(self, value): return value in self.cells.values()
    def __len__(self): return len(self.cells)
    def __missing__(self, key): return None
g = Grid()
g[1, 2] = "x"
g[1:2, ...] = "slice"
#### continued
print(g[1, 2], g[0, 0], "x" in g, len(g), g[slice(1, 2), ...])
del g[1, 2]
print(list(g.cells))

#### Attribute access
class Proxy:
    def __init__(self, target): object.__setattr__(self, "_target", target)
    def __getattr__(self, name):
        print("get", name)
        return getattr(self._target, name)
    def __setattr__(self, name, value):
        print("set", name)
        setattr(self._target, name, value)
    def __delattr__(self, name): print("del", name)
    def __dir__(self): return ["z", "a"]
p = Proxy(complex(1, 2))
#### continued
print(p.real, dir(p))
del p.x
try:
    p.real = 5
except AttributeError as error:
    print(error)

#### Slots
class S:
    __slots__ = ("a", "b")
s = S()
s.a = 1
#### continued
try:
    s.c = 2
except AttributeError as error:
    print(error)
try:
    s.b
except AttributeError:
    print("no b yet")
print(s.a, hasattr(s, "__dict__"), S.__slots__)

#### Callable objects, and __new__
class Singleton:
    instance = None
    def __new__(cls):
        if cls.instance is None:
            cls.instance = super().__new__(cls)
            cls.instance.calls = 0
        return cls.instance
    def __call__(self, x):
        self.calls += 1
        return x + self.calls
a = Singleton()
a(1)
#### continued
print(Singleton() is a, a(1), Singleton().calls, callable(a))
class Even(int):
    def __new__(cls, n): return super().__new__(cls, n // 2 * 2)
print(Even(7), Even(7) + 1, type(Even(7)).__name__)

#### Text forms
class T:
    def __repr__(self): return "T()"
    def __str__(self): return "a T"
    def __format__(self, spec): return f"T[{spec}]"
    def __bytes__(self): return b"T"
    def __len__(self): return 3
    def __index__(self): return 10
t = T()
#### continued
print(t, [t], f"{t:>5} {t!r} {t!s:>6}", bytes(t), hex(t), list(range(20))[t], "%s %r" % (t, t))

#### Classes made at run time
def init(self, x): self.x = x
C = type("C", (list,), {"__init__": init, "double": lambda self: self.x * 2, "kind": "made"})
#### continued
c = C(4)
c.append(1)
print(c.double(), c, C.kind, C.__name__, C.__module__)
import types
D = types.new_class("D", (C,), {}, lambda space: space.update(extra=1))
print(D.extra, D.__mro__[1] is C)

#### Weak references and finalisers
import weakref
class Node: pass
n = Node()
log = []
r = weakref.ref(n, lambda ref: log.append("gone"))
weakref.finalize(n, log.append, "finalised")
d = weakref.WeakValueDictionary(key=n)
#### continued
print(r() is n, len(d))
del n
print(r(), len(d), log)

#### Cycles are collected
import gc, weakref
class Node:
    def __del__(self): deleted.append(self.name)
deleted = []
a, b = Node(), Node()
a.name, b.name, a.other, b.other = "a", "b", b, a
ref = weakref.ref(a)
#### continued
del a, b
print(deleted, ref() is None)
gc.collect()
print(sorted(deleted), ref())

#### Generic classes and type parameters
class Stack[T]:
    def __init__(self): self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
def first[T](x: list[T]) -> T: return x[0]
type Pair[A] = tuple[A, A]
s = Stack[int]()
s.push(1)
#### continued
print(Stack.__type_params__, Stack[int], s.items, first([3]), Pair.__value__, Pair[int], s.__orig_class__)

#### Class scope and names with two underscores
class A:
    __secret = 1
    x = [i for i in range(3)]
    def get(self): return self.__secret
#### continued
print(A().get(), A._A__secret, hasattr(A, "__secret"), A.x, hasattr(A, "i"))

#### __dict__, dir and getattr
class A:
    c = 1
    def m(self): pass
a = A()
a.x = 5
#### continued
print(vars(a), [n for n in dir(a) if not n.startswith("__")], getattr(a, "nope", "default"), hasattr(a, "m"))
setattr(a, "with space", 1)
del a.x
print(a.__dict__, a.m.__self__ is a, A.m.__qualname__, a.__class__.__name__)
