# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Lists
a = [3, 1, 2]
b = a
b.append(4)
c = a[:]
#### continued
c.extend("xy")
a.insert(0, 9); a.sort(reverse=True)
print(a, b is a, c, c.pop(1), c.index("x"), a.count(9), [1] * 3 + [2])
a[1:3] = "abc"
del a[::2]
print(a, a[-1:], a[::-1])

#### Slices of every kind
s = list(range(10))
#### continued
print(s[2:8:3], s[:-3], s[-3:], s[100:], s[8:2:-2], s[slice(None, None, 5)], slice(1, 20, 3).indices(10))
s[::3] = "wxyz"
print(s)
try:
    s[::2] = [1]
except ValueError as error:
    print(error)

#### Sorting is stable
words = "the Quick brown fox Jumps over the lazy dog".split()
#### continued
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len))
words.sort(key=lambda w: (-len(w), w))
print(words)

#### Dictionaries keep their order
d = {"b": 1, "a": 2}
d["c"] = 3
d |= {"a": 5, "z": 0}
#### continued
del d["b"]
d["b"] = 9
print(d, list(d.items())[::-1], d.get("q", 7), d.setdefault("n", []), d.pop("a"), d.popitem(), list(reversed(d)))
print({**d, "x": 1}, d | {"c": 0}, dict(zip("ab", [1, 2]), c=3), dict.fromkeys("ab"))

#### Views of dictionaries
d = {"a": 1, "b": 2}
keys = d.keys()
items = d.items()
#### continued
d["c"] = 3
print(list(keys), sorted(keys & {"a", "c", "x"}), ("a", 1) in items, sorted(keys ^ {"a", "q"}), len(d.values()),
      keys.isdisjoint("xy"))

#### Sets
a, b = {1, 2, 3, 4}, {3, 4, 5}
#### continued
print(a & b, a | b, a - b, a ^ b, a <= {1, 2, 3, 4, 5}, a.isdisjoint({9}), frozenset(b) == b)
a.discard(99); a.update([10]); a -= {1}
print(sorted(a), len({1, 1.0, True}), {frozenset({1}): "f"}[frozenset([1])])

#### Tuples
t = 1, "a", [2]
#### continued
t[2].append(3)
print(t, t + (4,), t * 2, t.index("a"), (1,) < (1, 2), hash((1, 2)) == hash((1, 2)), ())
try:
    t[0] = 5
except TypeError as error:
    print(error)
(a, b), c = (1, 2), 3
a, b = b, a
print(a, b, c)

#### Comprehensions
m = [[i * j for j in range(4)] for i in range(3)]
#### continued
print(m, [x for row in m for x in row if x % 2], {x % 3: x for x in range(7)}, {x // 2 for x in range(6)})
print([(x, y) for x in range(3) for y in range(x)], [*range(3), *"ab"], [r[::-1] for r in zip(*m)])

#### Unpacking
first, *middle, last = range(6)
#### continued
print(first, middle, last, [*middle, *[last]], {**{"a": 1}, **{"b": 2}})
for a, (b, *c) in [(1, (2, 3, 4)), (5, "xyz")]:
    print(a, b, c)
def f(*a, **k): return a, k
print(f(*"ab", *[1], **{"x": 1}, **{"y": 2}))

#### Counter
from collections import Counter
c = Counter("abracadabra")
#### continued
c.update("aab")
print(c.most_common(2), c["z"], c.total(), sorted((c - Counter(a=5)).items()), Counter(a=1, b=3) & Counter(a=2, b=1))
print(Counter(a=1) + Counter(a=-2, b=1), +Counter(a=-1), list(Counter(a=2, b=1).elements()))

#### defaultdict
from collections import defaultdict
d = defaultdict(list)
for w in "one two three four five".split():
    d[len(w)].append(w)
#### continued
d[9]
print(dict(d), 10 in d, d.default_factory.__name__)
tree = lambda: defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
print(list(t["a"]["b"]))

#### deque
from collections import deque
d = deque(range(5), maxlen=5)
d.append(5)
#### continued
d.rotate(2)
d.appendleft("l")
print(d, d.popleft(), d.pop(), d.index(0) if 0 in d else None, list(reversed(d)), d.maxlen)
d.extendleft("xy")
print(d)

#### OrderedDict and ChainMap
from collections import ChainMap, OrderedDict
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
c = ChainMap({"x": 1}, {"x": 2, "y": 3})
#### continued
o.move_to_end("c", last=False)
print(o, o.popitem(last=False), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1))
c["y"] = 10
print(dict(c), c.maps, c.new_child({"z": 0})["x"], c.parents["y"])

#### namedtuple
from collections import namedtuple
P = namedtuple("P", "x y z", defaults=[0])
p = P(1, 2)
#### continued
print(p, p._replace(y=5), p._asdict(), P._make("abc"), P._fields, p.x + p[1], P._field_defaults)
try:
    P()
except TypeError as error:
    print(error)

#### Dictionaries, lists and strings of one's own
from collections import UserDict, UserList, UserString
class Lower(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.lower(), v)
d = Lower(A=1)
#### continued
d.update(B=2)
print(d, "b" in d, UserList([1, 2]) + [3], UserString("abc").upper(), UserString("a") + "b")

#### heapq
import heapq
h = [5, 1, 8, 3, 9, 2]
heapq.heapify(h)
print(heapq.heappop(h))
#### continued
heapq.heappush(h, 0)
print(heapq.heappushpop(h, 4), heapq.heapreplace(h, 7), [heapq.heappop(h) for _ in range(len(h))])
print(heapq.nlargest(2, "hello", key=ord), heapq.nsmallest(2, [3, 1, 2]), list(heapq.merge([1, 4], [2, 3], [0])))
m = [3, 1, 2]
heapq.heapify_max(m)
print(heapq.heappop_max(m))

#### bisect
import bisect
scores = [33, 99, 77, 70, 89, 90, 100]
grade = lambda s: "FDCBA"[bisect.bisect([60, 70, 80, 90], s)]
#### continued
print([grade(s) for s in scores])
l = [1, 3, 3, 5]
bisect.insort(l, 4)
print(l, bisect.bisect_left(l, 3), bisect.bisect_right(l, 3),
      bisect.bisect([(1, "a"), (2, "b")], 1, key=lambda p: p[0]))

#### array
from array import array
a = array("i", [1, -2, 3])
a.append(4)
#### continued
a.byteswap(); a.byteswap()
print(a, a.itemsize, a.tolist(), a[1:3], array("d", [1.5]) + array("d", [2.5]), array("B", b"ab").tobytes())
with open("a", "wb") as f:
    a.tofile(f)
b = array("i")
b.fromfile(open("a", "rb"), 4)
print(b == a, array("w", "häß"))
try:
    a.append(2 ** 40)
except OverflowError as error:
    print(type(error).__name__)

#### memoryview
data = bytearray(b"abcdefgh")
view = memoryview(data)[2:6]
#### continued
view[0] = ord("X")
print(data, view.tolist(), view[::-1].tobytes(), memoryview(b"abcdef").cast("B", [2, 3]).tolist(), view.nbytes)
try:
    data.append(1)
except BufferError as error:
    print(error)
view.release()
data.append(1)
print(len(data))

#### copy
import copy
a = [1, [2, 3], {"k": [4]}]
a.append(a)
shallow, deep = copy.copy(a), copy.deepcopy(a)
#### continued
a[1].append(99)
print(shallow[1], deep[1], deep[3] is deep, shallow[3] is a)
class C:
    def __init__(self): self.x = [1]
    def __deepcopy__(self, memo): return "deep"
print(copy.deepcopy([C()]), copy.copy(C()).x, copy.replace(__import__("datetime").date(2020, 1, 2), year=2021))

#### enumerations
import enum
class Color(enum.Enum):
    RED = 1
    GREEN = enum.auto()
    CRIMSON = 1
    @property
    def pretty(self): return self.name.title()
class Perm(enum.Flag):
    R = 4
    W = 2
    X = 1
    RW = R | W
#### continued
print(list(Color), Color(2), Color["RED"].pretty, Color.CRIMSON is Color.RED, Color.RED in Color, Color.__members__)
print(Perm.R | Perm.X, Perm.RW & ~Perm.W, list(Perm(7)), Perm(0), Perm.W in Perm.RW)
try:
    Color(9)
except ValueError as error:
    print(error)

#### More enumerations
import enum
class N(enum.IntEnum):
    ONE = 1
    TWO = 2
class S(enum.StrEnum):
    A = enum.auto()
    B = "bee"
@enum.unique
class U(enum.Enum):
    def _generate_next_value_(name, start, count, last): return name.lower()
    X = enum.auto()
#### continued
print(N.ONE + 1, N(2) > N.ONE, sorted([N.TWO, N.ONE]), f"{S.A}-{S.B}", S.A == "a", U.X.value, repr(N.ONE))
try:
    @enum.unique
    class D(enum.Enum):
        A = B = 1
except ValueError as error:
    print(error)

#### dataclasses
from dataclasses import asdict, astuple, dataclass, field, fields, replace
@dataclass(order=True)
class Item:
    name: str
    price: float = 0.0
    tags: list = field(default_factory=list, compare=False)
    total: float = field(init=False, repr=False, default=0)
    def __post_init__(self): self.total = self.price * 2
i = Item("pen", 1.5)
#### continued
i.tags.append("blue")
print(i, asdict(i), astuple(i), replace(i, name="cup"), i < Item("pen", 2), i == Item("pen", 1.5), i.total)
print([f.name for f in fields(Item)])

#### Frozen dataclasses and slots
from dataclasses import KW_ONLY, FrozenInstanceError, dataclass, field, make_dataclass
@dataclass(frozen=True, slots=True)
class P:
    x: int
    _: KW_ONLY
    y: int = 2
p = P(1, y=5)
#### continued
try:
    p.x = 5
except FrozenInstanceError as error:
    print(error)
print(p, hash(p) == hash(P(1, y=5)), P.__slots__, P.__match_args__, make_dataclass("M", ["a", ("b", int, 3)])(1))
try:
    @dataclass
    class Bad:
        a: list = []
except ValueError as error:
    print(error)

#### SimpleNamespace and mapping proxies
from types import MappingProxyType, SimpleNamespace
n = SimpleNamespace(a=1, b=[2])
source = {"k": 1}
proxy = MappingProxyType(source)
#### continued
n.c = n
source["l"] = 2
print(n.b, SimpleNamespace(x=1) == SimpleNamespace(x=1), repr(n), proxy, proxy | {"m": 3})
try:
    proxy["k"] = 5
except TypeError as error:
    print(error)
