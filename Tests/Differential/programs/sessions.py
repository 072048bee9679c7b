# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Everything at once in one session
import collections, io, itertools, re, sqlite3, zlib
def gen():
    total = 0
    while True:
        total += (yield total) or 0
g = gen(); next(g); g.send(5)
f = open("keep", "w+"); f.write("partial")
db = sqlite3.connect("s.db"); db.execute("create table t (x)"); db.execute("insert into t values (7)")
z = zlib.compressobj(); packed = z.compress(b"a" * 1000)
it = itertools.count(3, 4); next(it)
#### continued
print(g.send(10), next(it), db.execute("select x from t").fetchone())
f.write(" whole"); f.seek(0); print(f.read())
packed += z.flush(); print(len(zlib.decompress(packed)))

#### A half-printed line
import sys
sys.stdout.write("first half, ")
#### continued
sys.stdout.write("second half\n")

#### An iterator of every kind
its = [iter([1, 2, 3]), iter((1, 2, 3)), iter("abc"), iter({1: 2, 3: 4}), iter(range(5)), iter(b"xyz"),
    reversed([1, 2, 3]), zip("ab", "cd"), map(str, [1, 2]), filter(None, [1, 2]), enumerate("ab")]
print([next(i) for i in its])
#### continued
print([list(i) for i in its])

#### Many small objects
class Node:
    __slots__ = "value", "next"
    def __init__(self, value, next): self.value, self.next = value, next
head = None
for n in range(50_000):
    head = Node(n, head)
#### continued
total, node = 0, head
while node:
    total += node.value
    node = node.next
print(total)

#### A big dictionary
d = {f"key {n}": n for n in range(30_000)}
for n in range(0, 30_000, 3):
    del d[f"key {n}"]
#### continued
d.update((f"key {n}", -n) for n in range(0, 30_000, 6))
print(len(d), sum(d.values()), list(d)[-1])

#### A class changed later
class A:
    def f(self): return "old"
a = A()
b = a.f
#### continued
A.f = lambda self: "new"
A.g = property(lambda self: "added")
print(a.f(), b(), a.g)
a.__class__ = type("B", (), {"f": lambda self: "other class"})
print(a.f())

#### Exceptions kept with their frames
def f(n):
    local = n * 2
    if n:
        return f(n - 1)
    raise ValueError("deep")
try:
    f(3)
except ValueError as error:
    kept = error
#### continued
t, seen = kept.__traceback__, []
while t:
    seen.append(t.tb_frame.f_locals.get("local"))
    t = t.tb_next
print(seen[1:])
try:
    raise RuntimeError("again") from kept
except RuntimeError as error:
    print(error.__cause__ is kept)

#### Suspended managers
import contextlib
@contextlib.contextmanager
def manager(name):
    print("enter", name)
    try:
        yield name
    finally:
        print("leave", name)
def g():
    with manager("a"), manager("b"):
        yield 1
        yield 2
it = g()
print(next(it))
#### continued
print(next(it))
it.close()

#### Coroutines by hand
async def child(x):
    return x * 2
class Wait:
    def __await__(self):
        got = yield "waiting"
        return got
async def main():
    a = await child(4)
    b = await Wait()
    return a, b
c = main()
print(c.send(None))
#### continued
try:
    c.send("value")
except StopIteration as stop:
    print(stop.value)

#### Asynchronous generators and comprehensions by hand
async def numbers():
    for n in range(3):
        yield n
async def total():
    return [n * n async for n in numbers()], {n async for n in numbers() if n}
def run(c):
    try:
        c.send(None)
    except StopIteration as stop:
        return stop.value
#### continued
print(run(total()), run(numbers().__anext__()))

#### Random numbers go on
import random
r = random.Random(5)
first = [r.random() for _ in range(3)]
#### continued
print([r.random() for _ in range(3)], r.gauss(0, 1), first[0] == random.Random(5).random())

#### Variables deleted and defined again
x, y = 1, 2
def f(): return x
del x
#### continued
try:
    f()
except NameError as error:
    print(error)
x = "back"
print(f(), "y" in dir(), globals()["y"])

#### Files in every state
import os
os.makedirs("d")
open("d/closed", "w").write("closed")
r = open("d/closed"); r.read(2)
w = open("d/writing", "w"); w.write("unflushed")
deleted = open("d/deleted", "w+b"); deleted.write(b"bytes"); os.remove("d/deleted")
fd = os.open("d/fd", os.O_CREAT | os.O_RDWR); os.write(fd, b"raw")
#### continued
print(r.read(), os.path.getsize("d/writing"), deleted.seek(0), deleted.read(), os.lseek(fd, 0, 0), os.read(fd, 9),
      sorted(os.listdir("d")))
w.close()
print(open("d/writing").read())

#### An interpreter in an interpreter
import code, contextlib, io
console = code.InteractiveInterpreter()
def run(text):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        more = console.runsource(text)
    return more, out.getvalue()
print(run("x = 5"), run("if x:"))
#### continued
print(run("x + 1"), run("print(x)"))

#### Interned and cached values stay the same objects
a, b, n, t = "interned_name", (), 5, True
import sys
#### continued
print(a is sys.intern("interned_" + "name"), b is tuple(), n is int("5"), t is (n == 5), type(None)() is None)

#### Big numbers across the middle
n = 3 ** 5000
m = n >> 100
#### continued
print(n % 1_000_007, m.bit_length(), n // m, (n * m) % 97, len(str(n)))

#### The order of what is printed and flushed
import sys
print("one")
sys.stdout.buffer.write(b"")
#### continued
print("two", end="")
sys.stdout.flush()
print(" three")
