# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### A generator goes on where it stopped
def numbers():
    for n in range(1, 6):
        got = yield n * n
        if got:
            print("got", got)
g = numbers()
print(next(g), g.send("a"))
#### continued
print(g.send("b"), list(g))
print(next(g, "over"))

#### Throwing into a generator
def g():
    while True:
        try:
            yield "waiting"
        except ValueError as error:
            yield f"caught {error}"
it = g()
next(it)
#### continued
print(it.throw(ValueError("x")), next(it))
try:
    it.throw(KeyError("y"))
except KeyError as error:
    print("out:", error)

#### Closing runs finally
log = []
def g():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")
it = g()
next(it)
#### continued
it.close()
print(log, list(it))

#### yield from passes values and returns
def inner():
    x = yield "in"
    return x * 2
def outer():
    result = yield from inner()
    yield f"result {result}"
    yield from "ab"
g = outer()
print(next(g))
#### continued
print(g.send(21), list(g))

#### An infinite sequence of primes
def primes():
    found = {}
    n = 2
    while True:
        if n not in found:
            yield n
            found[n * n] = [n]
        else:
            for p in found.pop(n):
                found.setdefault(p + n, []).append(p)
        n += 1
p = primes()
print([next(p) for _ in range(10)])
#### continued
print([next(p) for _ in range(10)])

#### Generator expressions are lazy
log = []
g = (log.append(x) or x * x for x in range(5))
next(g)
#### continued
print(log, sum(g), log)

#### An iterator class
class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
    def __length_hint__(self): return self.n
c = Countdown(5)
next(c)
#### continued
import operator
print(operator.length_hint(c), list(c), list(c))

#### The sequence protocol
class Squares:
    def __getitem__(self, i):
        if i >= 5:
            raise IndexError
        return i * i
    def __len__(self): return 5
s = Squares()
#### continued
print(list(s), 9 in s, list(reversed(s)), max(s))
a, *b, c = s
print(a, b, c)

#### iter with a sentinel
import io
f = io.StringIO("abcdefgh")
chunks = iter(lambda: f.read(3), "")
print(next(chunks))
#### continued
print(list(chunks))

#### itertools: chains and slices
import itertools as it
c = it.chain([1, 2], "ab", range(3))
print(next(c))
#### continued
print(list(c), list(it.chain.from_iterable(["ab", "cd"])), list(it.islice("abcdefg", 1, 6, 2)))
print(list(it.batched("abcdefg", 3)), list(it.pairwise("abcd")))

#### itertools: counting and cycling
import itertools as it
count, cycle = it.count(10, -3), it.cycle("xyz")
print([next(count) for _ in range(3)], [next(cycle) for _ in range(4)])
#### continued
print([next(count) for _ in range(3)], [next(cycle) for _ in range(4)], list(it.repeat("r", 2)))

#### itertools: combinations
import itertools as it
p = it.permutations("abc", 2)
print(next(p))
#### continued
print(["".join(x) for x in p], list(it.combinations(range(4), 3)),
      len(list(it.combinations_with_replacement("abcd", 3))))
print(list(it.product("ab", repeat=2))[-1], sum(1 for _ in it.product(range(3), range(4), range(5))))

#### itertools: grouping
import itertools as it
data = sorted(["apple", "avocado", "bean", "beet", "cherry"], key=len)
groups = it.groupby(data, key=len)
#### continued
print([(k, list(v)) for k, v in groups])
print([(k, len(list(v))) for k, v in it.groupby("aaabbcaa")])

#### itertools: taking and dropping
import itertools as it
below = lambda x: x < 5
#### continued
values = [1, 4, 6, 3, 8]
print(list(it.takewhile(below, values)), list(it.dropwhile(below, values)), list(it.filterfalse(below, values)))
print(list(it.compress("abcde", [1, 0, 1, 0, 1])), list(it.starmap(pow, [(2, 3), (3, 2)])))
print(list(it.accumulate(values)), list(it.accumulate(values, max, initial=5)),
      list(it.zip_longest("ab", "xyz", fillvalue="-")))

#### tee
import itertools as it
a, b = it.tee(x * x for x in range(6))
print(next(a), next(a))
#### continued
print(list(b), list(a))

#### zip, strict and not
pairs = zip([1, 2, 3], "ab")
print(next(pairs))
#### continued
print(list(pairs))
try:
    list(zip([1, 2], [1], strict=True))
except ValueError as error:
    print(error)
print(list(enumerate("ab", 5)), list(map(lambda *a: a, "ab", "cd")), list(reversed(range(0, 10, 3))))

#### any and all stop early
seen = []
def note(x):
    seen.append(x)
    return x
#### continued
print(any(note(x) for x in [0, 3, 5]), all(note(x) for x in [1, 0, 7]), seen, any([]), all([]))

#### Changing a dictionary while iterating
d = dict.fromkeys("abc", 0)
#### continued
try:
    for k in d:
        d[k + k] = 1
except RuntimeError as error:
    print(error)
