# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### A counter in a closure
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
a, b = counter(), counter()
print(a(), a(), b())
#### continued
print(a(), b(), a.__closure__[0].cell_contents)

#### Closures in a loop share the variable
late = [lambda: i for i in range(3)]
early = [lambda i=i: i for i in range(3)]
#### continued
print([f() for f in late], [f() for f in early])
i = 10
print([f() for f in late])

#### Decorators with arguments
import functools
def repeat(times):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return [f(*args, **kwargs) for _ in range(times)]
        return wrapper
    return decorate
@repeat(3)
def greet(name, *, mark="!"):
    "Greets."
    return f"hi {name}{mark}"
#### continued
print(greet("you"), greet("me", mark="?"), greet.__name__, greet.__doc__, greet.__wrapped__("x"))

#### Default values are made once
def add(x, to=[]):
    to.append(x)
    return to
add(1)
#### continued
print(add(2), add(3, []), add.__defaults__)

#### All kinds of parameters
def f(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw
print(f(1, d=4))
#### continued
print(f(1, 2, 3, 4, 5, d=6, x=7), f(*[1, 2], **{"d": 0, "a": 9}))
for call in (lambda: f(), lambda: f(1), lambda: f(1, 2, 3, d=4, d2=5, c=6)):
    try:
        call()
    except TypeError as error:
        print(error)

#### Recursion with memory
import functools
@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80))
#### continued
print(fib(90), fib.cache_info())

#### Recursion has a limit that can be caught
def down(n):
    return down(n + 1)
#### continued
try:
    down(0)
except RecursionError as error:
    print(type(error).__name__)
print("alive")

#### Partial application
from functools import partial, partialmethod, Placeholder
power = partial(pow, mod=97)
class Cell:
    def set(self, state, value):
        return state, value
    on = partialmethod(set, "on")
#### continued
print(power(5, 20), power.func is pow, power.keywords, Cell().on(3), partial(power, 2)(10))
print(partial(int, Placeholder, 2)("101"))

#### reduce, and comparison by key
from functools import reduce, cmp_to_key
numbers = [5, 3, 9, 1]
#### continued
print(reduce(lambda a, b: a * 10 + b, numbers), reduce(lambda a, b: a + b, [], "start"))
print(sorted(numbers, key=cmp_to_key(lambda a, b: b - a)))

#### A cache that forgets the oldest
from functools import lru_cache
calls = []
@lru_cache(maxsize=2)
def f(x):
    calls.append(x)
    return x
f(1), f(2), f(1), f(3)
#### continued
f(1), f(2)
print(calls, f.cache_info(), f.cache_parameters())

#### One function for many types
from functools import singledispatch
@singledispatch
def show(x):
    return "something"
@show.register
def _(x: int | bool):
    return f"number {x}"
@show.register(list)
def _(x):
    return [show(y) for y in x]
#### continued
print(show(1), show("a"), show([1, [True, None]]), sorted(t.__name__ for t in show.registry))
@show.register
def _(x: str):
    return x.upper()
print(show("a"))

#### Names, annotations and attributes of functions
def f(x: int, y: "str" = "s") -> list[int]:
    "Doc."
    z = x
    return z
f.tag = "marked"
#### continued
import inspect
print(f.__name__, f.__qualname__, f.__annotations__, f.tag, inspect.signature(f), f.__code__.co_varnames)
print(inspect.signature(lambda *a, k, **kw: None), inspect.getdoc(f))

#### global and nonlocal
x = "module"
def outer():
    x = "outer"
    def inner():
        nonlocal x
        x = "changed"
        def innermost():
            global x
            x = "module changed"
        innermost()
        return x
    return inner(), x
#### continued
print(outer(), x)
try:
    exec("def f():\n    print(v)\n    v = 1\nf()")
except UnboundLocalError as error:
    print(error)

#### Assignment expressions and conditional ones
values = [1, 5, 2, 8]
#### continued
print([y for x in values if (y := x * 2) > 4], y)
while (n := values.pop()) != 5:
    print("popped", n)
print("big" if n > 3 else "small", not n, n and "yes", 0 or "default")

#### Operators as functions
import operator as op
getter = op.itemgetter(2, 0)
#### continued
print(getter("abc"), op.attrgetter("real", "imag")(3 + 4j), op.methodcaller("split", ",")("a,b"))
print(op.index(True), op.length_hint([1, 2]), op.concat("a", "b"))
print(op.is_none(None), op.countOf([1, 1, 2], 1), op.truth([]), op.contains("abc", "b"))
