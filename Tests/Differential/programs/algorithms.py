# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Queens on a board
def queens(n, row=0, columns=(), found=None):
    if row == n:
        yield columns
        return
    for c in range(n):
        if all(c != d and abs(c - d) != row - r for r, d in enumerate(columns)):
            yield from queens(n, row + 1, columns + (c,))
solutions = queens(6)
print(next(solutions))
#### continued
print(list(solutions), sum(1 for _ in queens(7)))

#### Shortest paths
import heapq
graph = {"a": {"b": 7, "c": 9, "f": 14}, "b": {"c": 10, "d": 15}, "c": {"d": 11, "f": 2}, "d": {"e": 6},
    "f": {"e": 9}, "e": {}}
def dijkstra(start):
    distance, queue = {}, [(0, start)]
    while queue:
        d, node = heapq.heappop(queue)
        if node not in distance:
            distance[node] = d
            for n, w in graph[node].items():
                heapq.heappush(queue, (d + w, n))
    return distance
#### continued
print(dijkstra("a"))

#### The game of life
def step(cells):
    from collections import Counter
    near = Counter((x + dx, y + dy) for x, y in cells for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
    return {c for c, n in near.items() if n == 3 or n == 2 and c in cells}
cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for _ in range(10):
    cells = step(cells)
#### continued
for _ in range(10):
    cells = step(cells)
print(sorted(cells))

#### A small Lisp
import operator as op
def parse(text):
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()
    def read():
        t = tokens.pop(0)
        if t == "(":
            l = []
            while tokens[0] != ")":
                l.append(read())
            tokens.pop(0)
            return l
        try: return int(t)
        except ValueError: return t
    return read()
env = {"+": op.add, "*": op.mul, "-": op.sub, "<": op.lt}
def ev(x, e=env):
    if isinstance(x, str): return e[x]
    if not isinstance(x, list): return x
    match x:
        case ["if", c, a, b]: return ev(a if ev(c, e) else b, e)
        case ["define", name, value]: e[name] = ev(value, e)
        case ["lambda", names, body]: return lambda *a: ev(body, {**env, **e, **dict(zip(names, a))})
        case [f, *args]: return ev(f, e)(*[ev(a, e) for a in args])
ev(parse("(define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))"))
#### continued
print(ev(parse("(fact 20)")), ev(parse("((lambda (x) (+ x 1)) 5)")))

#### Sudoku
grid = [int(c) for c in "530070000600195000098000060800060003400803001700020006060000280000419005000080079"]
def free(i):
    r, c = divmod(i, 9)
    seen = {grid[r * 9 + k] for k in range(9)} | {grid[k * 9 + c] for k in range(9)} | {grid[(r // 3 * 3 + a) * 9 + c // 3 * 3 + b] for a in range(3) for b in range(3)}
    return [n for n in range(1, 10) if n not in seen]
def solve():
    best = min(((len(free(i)), i) for i in range(81) if not grid[i]), default=None)
    if best is None:
        return True
    for n in free(best[1]):
        grid[best[1]] = n
        if solve():
            return True
        grid[best[1]] = 0
    return False
#### continued
print(solve(), "".join(map(str, grid)))

#### Matrices
class Matrix(list):
    def __matmul__(self, o): return Matrix([sum(a * b for a, b in zip(r, c)) for c in zip(*o)] for r in self)
    def __pow__(self, n):
        result, base = Matrix([int(i == j) for j in range(len(self))] for i in range(len(self))), self
        while n:
            if n & 1: result = result @ base
            base, n = base @ base, n >> 1
        return result
f = Matrix([[1, 1], [1, 0]])
#### continued
print((f ** 300)[0][1], Matrix([[1, 2], [3, 4]]) @ Matrix([[0, 1], [1, 0]]))

#### A least-recently-used cache
from collections import OrderedDict
class LRU(OrderedDict):
    def __init__(self, size): super().__init__(); self.size = size
    def __getitem__(self, k): self.move_to_end(k); return super().__getitem__(k)
    def __setitem__(self, k, v):
        super().__setitem__(k, v)
        if len(self) > self.size: del self[next(iter(self))]
c = LRU(2)
c["a"] = 1; c["b"] = 2; c["a"]
#### continued
c["c"] = 3
print(list(c.items()), "b" in c)

#### A trie
class Trie:
    def __init__(self): self.next, self.end = {}, False
    def add(self, word):
        node = self
        for ch in word: node = node.next.setdefault(ch, Trie())
        node.end = True
    def words(self, prefix=""):
        if self.end: yield prefix
        for ch, node in sorted(self.next.items()): yield from node.words(prefix + ch)
t = Trie()
for w in ("to", "tea", "ten", "i", "inn"): t.add(w)
#### continued
t.add("in")
print(list(t.words()), list(t.next["t"].words("t")))

#### Sorting by hand
def quick(a): return a if len(a) < 2 else quick([x for x in a[1:] if x < a[0]]) + [a[0]] + quick([x for x in a[1:] if x >= a[0]])
def merge(a):
    if len(a) < 2: return a
    l, r = merge(a[:len(a) // 2]), merge(a[len(a) // 2:])
    out = []
    while l and r: out.append((l if l[0] <= r[0] else r).pop(0))
    return out + l + r
import random
data = [random.Random(1).randrange(1000)] + [random.Random(n).randrange(1000) for n in range(100)]
#### continued
print(quick(data) == merge(data) == sorted(data), sorted(data)[:10])

#### Knapsack and edit distance
from functools import cache
items = [(60, 10), (100, 20), (120, 30)]
@cache
def best(i, room):
    if i == len(items): return 0
    v, w = items[i]
    return max(best(i + 1, room), v + best(i + 1, room - w) if w <= room else 0)
def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]
print(best(0, 50))
#### continued
print(best(0, 30), distance("kitten", "sitting"), best.cache_info().currsize > 3)

#### Huffman codes
import heapq
from collections import Counter
text = "this is an example of a huffman tree"
heap = [(n, c, c) for c, n in sorted(Counter(text).items())]
heapq.heapify(heap)
while len(heap) > 1:
    a, b = heapq.heappop(heap), heapq.heappop(heap)
    heapq.heappush(heap, (a[0] + b[0], min(a[1], b[1]), (a[2], b[2])))
def codes(t, p=""): return {t: p} if isinstance(t, str) else codes(t[0], p + "0") | codes(t[1], p + "1")
#### continued
c = codes(heap[0][2])
bits = "".join(c[x] for x in text)
back, rest = "", bits
while rest:
    k = next(k for k, v in c.items() if rest.startswith(v))
    back, rest = back + k, rest[len(c[k]):]
print(len(bits), back == text)

#### Primes and factors
def sieve(n):
    s = bytearray([1]) * (n + 1)
    s[:2] = b"\0\0"
    for i in range(2, int(n ** 0.5) + 1):
        if s[i]: s[i * i::i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, x in enumerate(s) if x]
p = sieve(10_000)
#### continued
def factor(n):
    out = []
    for q in p:
        while n % q == 0: out.append(q); n //= q
    return out + [n] * (n > 1)
print(len(p), p[-1], factor(2 ** 32 + 1), factor(600851475143))

#### Towers of Hanoi
moves = []
def hanoi(n, a, b, c):
    if n:
        hanoi(n - 1, a, c, b)
        moves.append((a, c))
        hanoi(n - 1, b, a, c)
#### continued
hanoi(8, "a", "b", "c")
print(len(moves), moves[:5], hash(tuple(moves)) == hash(tuple(moves)))

#### A maze, breadth first
from collections import deque
maze = ["#########", "#S..#...#", "#.#.#.#.#", "#.#...#E#", "#########"]
start = next((r, row.index("S")) for r, row in enumerate(maze) if "S" in row)
queue, seen = deque([(start, [])]), {start}
#### continued
while queue:
    (r, c), path = queue.popleft()
    if maze[r][c] == "E": break
    for name, (dr, dc) in {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}.items():
        n = r + dr, c + dc
        if maze[n[0]][n[1]] != "#" and n not in seen:
            seen.add(n)
            queue.append((n, path + [name]))
print("".join(path), len(seen))

#### A stack machine
program = "5 dup * 3 + print 10 : loop dup print 1 - dup ? loop drop".split()
class Machine:
    def __init__(self, code): self.code, self.pc, self.stack, self.labels, self.out = code, 0, [], {}, []
    def step(self):
        op = self.code[self.pc]
        self.pc += 1
        s = self.stack
        match op:
            case "dup": s.append(s[-1])
            case "drop": s.pop()
            case "print": self.out.append(s.pop())
            case ":": self.labels[self.code[self.pc]] = self.pc + 1; self.pc += 1
            case "?":
                if s[-1]: self.pc = self.labels[self.code[self.pc]]
                else: self.pc += 1
            case "+" | "-" | "*": b, a = s.pop(), s.pop(); s.append({"+": a + b, "-": a - b, "*": a * b}[op])
            case n: s.append(int(n))
m = Machine(program)
for _ in range(20): m.step()
#### continued
while m.pc < len(m.code): m.step()
print(m.out, m.stack)

#### A bank with errors
class Insufficient(Exception):
    def __init__(self, need, have): super().__init__(f"need {need}, have {have}"); self.missing = need - have
class Account:
    def __init__(self): self.balance, self.history = 0, []
    def __enter__(self): self.saved = self.balance, self.history[:]; return self
    def __exit__(self, kind, *_):
        if kind: self.balance, self.history = self.saved
        return kind is Insufficient
    def move(self, n):
        if self.balance + n < 0: raise Insufficient(-n, self.balance)
        self.balance += n; self.history.append(n)
a = Account()
with a: a.move(100)
#### continued
with a: a.move(-30); a.move(-100)
print(a.balance, a.history)
try: a.move(-500)
except Insufficient as e: print(e, e.missing)

#### Arithmetic by precedence
import re
def calc(text):
    tokens = re.findall(r"\d+\.?\d*|[-+*/^()]", text)
    def atom():
        t = tokens.pop(0)
        if t == "(":
            v = expr(0); tokens.pop(0); return v
        return -expr(3) if t == "-" else float(t)
    def expr(least):
        left = atom()
        while tokens and (p := {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}.get(tokens[0], -1)) >= least and p > 0:
            o = tokens.pop(0)
            right = expr(p + (o != "^"))
            left = {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__,
                "^": left.__pow__}[o](right)
        return left
    return expr(0)
#### continued
for t in "1 + 2 * 3", "(1+2)*3 - -4", "2^3^2", "7/2/7", "-2^2":
    print(t, calc(t))

#### Conversions of numbers to words
ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
tens = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
def words(n):
    if n < 20: return ones[n]
    if n < 100: return tens[n // 10] + ("-" + ones[n % 10] if n % 10 else "")
    if n < 1000: return ones[n // 100] + " hundred" + (" " + words(n % 100) if n % 100 else "")
    return words(n // 1000) + " thousand" + (" " + words(n % 1000) if n % 1000 else "")
#### continued
print([words(n) for n in (0, 13, 42, 100, 999, 12345)])

#### Simulated annealing with a seed
import math, random
r = random.Random(9)
cities = [(r.random(), r.random()) for _ in range(12)]
def length(t): return sum(math.dist(cities[a], cities[b]) for a, b in zip(t, t[1:] + t[:1]))
tour, heat = list(range(12)), 1.0
#### continued
for _ in range(2000):
    i, j = sorted(r.sample(range(12), 2))
    other = tour[:i] + tour[i:j][::-1] + tour[j:]
    d = length(other) - length(tour)
    if d < 0 or r.random() < math.exp(-d / heat): tour = other
    heat *= 0.997
print(f"{length(tour):.9f}", tour)

#### Mandelbrot
def escape(c, n=40):
    z = 0
    for i in range(n):
        z = z * z + c
        if abs(z) > 2: return i
    return n
#### continued
for y in range(-6, 7):
    print("".join(" .:-=+*#%@"[min(9, escape(complex(x / 12, y / 5)) // 4)] for x in range(-24, 9)))

#### A spreadsheet that computes on demand
import re
class Sheet(dict):
    def __init__(self): self.busy = set()
    def value(self, name):
        if name in self.busy: raise RuntimeError(f"circle at {name}")
        self.busy.add(name)
        try:
            v = self.get(name, 0)
            return eval(re.sub(r"[A-Z]\d+", lambda m: f"value({m[0]!r})", v[1:]),
                {"value": self.value}) if isinstance(v, str) and v[0] == "=" else v
        finally: self.busy.discard(name)
s = Sheet()
s.update(A1=2, A2=3, B1="=A1*A2", C1="=B1+A1**2", D1="=D2", D2="=D1")
#### continued
print(s.value("C1"))
s["A1"] = 10
print(s.value("C1"))
try: s.value("D1")
except RuntimeError as e: print(e)

#### Events and listeners
class Events:
    def __init__(self): self.listeners = {}
    def on(self, name):
        def add(f): self.listeners.setdefault(name, []).append(f); return f
        return add
    def emit(self, name, *a, **k): return [f(*a, **k) for f in self.listeners.get(name, [])]
e = Events()
@e.on("sum")
def total(*n): return sum(n)
#### continued
@e.on("sum")
def text(*n): return "+".join(map(str, n))
print(e.emit("sum", 1, 2), e.emit("none"))

#### Run lengths and Caesar
from itertools import groupby
pack = lambda s: [(k, len(list(g))) for k, g in groupby(s)]
unpack = lambda p: "".join(k * n for k, n in p)
def caesar(s, k): return "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in s)
secret = caesar("hello, world", 3)
#### continued
print(pack("aaabccd"), unpack(pack("xxyz")) == "xxyz", secret, caesar(secret, -3))

#### Roman numerals
pairs = list(zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "M CM D CD C XC L XL X IX V IV I".split()))
def roman(n):
    out = ""
    for v, s in pairs:
        out += s * (n // v)
        n %= v
    return out
def number(s): return next(n for n in range(1, 4000) if roman(n) == s)
#### continued
print(roman(1994), roman(3999), number("MCMXCIV"), len({roman(n) for n in range(1, 1000)}))

#### A pipeline of generators over a file
with open("log", "w") as f:
    for n in range(200):
        print(f"2024-01-{n % 28 + 1:02} {'ERROR' if n % 7 == 0 else 'INFO'} took {n % 13}ms", file=f)
lines = (l.split() for l in open("log"))
errors = (l for l in lines if l[1] == "ERROR")
print(next(errors))
#### continued
times = [int(l[3][:-2]) for l in errors]
print(len(times), sum(times), max(times))
