# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### try, except, else, finally
def f(x):
    log = []
    try:
        log.append(10 // x)
    except ZeroDivisionError as error:
        log.append(str(error))
    else:
        log.append("else")
    finally:
        log.append("finally")
    return log
#### continued
print(f(5), f(0))

#### return in finally wins over the loop
def f():
    for i in range(3):
        try:
            continue
        finally:
            if i == 2:
                result = "done"
    return result, i
#### continued
print(f())

#### A chain of causes
def f():
    try:
        {}["k"]
    except KeyError as error:
        raise ValueError("bad") from error
try:
    f()
except ValueError as error:
    kept = error
#### continued
print(repr(kept), repr(kept.__cause__), kept.__suppress_context__, repr(kept.__context__))
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise OSError("while handling") from None
except OSError as error:
    print(error.__cause__, repr(error.__context__), error.__suppress_context__)

#### Exceptions with data and notes
class Bad(Exception):
    def __init__(self, code, **data):
        super().__init__(f"code {code}")
        self.code, self.data = code, data
e = Bad(5, why="x")
e.add_note("first note")
#### continued
e.add_note("second")
print(e, e.args, e.code, e.data, e.__notes__)

#### Groups of exceptions
group = ExceptionGroup("all", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [ValueError(2), OSError("o")])])
#### continued
try:
    raise group
except* ValueError as found:
    print(repr(found))
except* (TypeError, OSError) as found:
    print([type(e).__name__ for e in found.exceptions])
match, rest = group.split(ValueError)
print(match, rest, group.subgroup(lambda e: isinstance(e, OSError)))

#### except* leaves the rest
def f():
    try:
        raise ExceptionGroup("g", [ValueError("v"), KeyError("k")])
    except* ValueError:
        print("handled")
#### continued
try:
    f()
except ExceptionGroup as rest:
    print(rest, rest.exceptions)

#### Tracebacks as text
import traceback
def a(): b()
def b(): raise LookupError("lost")
try:
    a()
except LookupError as error:
    kept = error
#### continued
print([frame.name for frame in traceback.extract_tb(kept.__traceback__)])
print("".join(traceback.format_exception_only(kept)), end="")
t = traceback.TracebackException.from_exception(kept)
print(t.exc_type_str, str(t), len(t.stack))

#### Suggestions in messages
import traceback
def message(code):
    try:
        exec(code, {})
    except Exception as error:
        return "".join(traceback.format_exception_only(error)).strip()
#### continued
print(message("lst = []\nlist_ = [1]\nlst.apend(1)"))
print(message("counter = 1\nconter"))
print(message("import math\nmath.squareroot"))
print(message("def f(name): pass\nf(nam=1)"))

#### Syntax errors
def check(code):
    try:
        compile(code, "c", "exec")
    except SyntaxError as error:
        return type(error).__name__, error.msg, error.lineno, error.offset
#### continued
for code in "if x\n  y", "a = = 1", "(1, 2", "def f(:\n pass", "x\n  y", "for in x: pass", "f(a b)", "'abc", "1 = x", "return 5", \
        "break", "\tif x:\n        y\n\tz\n      w", "a, b += 1", "print 'x'":
    print(check(code))

#### assert
def f(x):
    assert x > 0, f"{x} is not positive"
    return x
#### continued
try:
    f(-1)
except AssertionError as error:
    print(error)
print(f(1))

#### Messages of common mistakes
tries = ["1 + 'a'", "'a' + 1", "len(5)", "[][1]", "{}['x']", "int('x')", "float('1..')", "None.x", "'a'.x", "[] < {}",
         "{[]: 1}", "a, b = 1", "a, b = 1, 2, 3", "range(1.5)", "'%d' % 'x'", "'{}'.format()", "chr(-1)",
             "bytes([300])",
         "[1, 2].remove(3)", "next(iter([]))", "object() + 1", "5 @ 5", "-'x'", "iter(5)", "import nowhere_at_all"]
#### continued
for code in tries:
    try:
        exec(code, {})
    except Exception as error:
        print(code, "|", type(error).__name__, "|", error)

#### with, and what it does about exceptions
class Manager:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self
    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind and kind.__name__)
        return self.swallow
#### continued
with Manager("a") as a, Manager("b", swallow=True):
    raise ValueError
print("after", a.name)
try:
    with Manager("c"):
        1 / 0
except ZeroDivisionError:
    print("passed on")

#### contextlib
import contextlib, io
@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except KeyError:
        print("swallowed")
    finally:
        print(f"</{name}>")
#### continued
with tag("a") as name:
    print(name)
with tag("b"), contextlib.suppress(ZeroDivisionError):
    1 / 0
with tag("c"):
    raise KeyError
@tag("d")
def f(): print("decorated")
f()
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("captured")
print(repr(out.getvalue()), contextlib.nullcontext(5).__enter__())

#### ExitStack unwinds in order
import contextlib
stack = contextlib.ExitStack()
stack.callback(print, "one")
stack.callback(print, "two")
stack.enter_context(contextlib.closing(open("f", "w")))
#### continued
with stack:
    print("inside")
with contextlib.ExitStack() as s:
    s.push(lambda kind, value, trace: print(kind.__name__) or True)
    raise OSError
print("after")

#### Warnings
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("old", DeprecationWarning)
#### continued
print(caught[0].category.__name__, caught[0].message)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("now an error", UserWarning)
    except UserWarning as error:
        print(error)
@warnings.deprecated("use g")
def f(): pass
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    f()
print(caught[0].message)

#### The exception being handled
import sys
def f():
    try:
        raise KeyError("k")
    except KeyError:
        inside = sys.exception()
    return inside, sys.exception()
#### continued
print(f(), sys.exc_info())
try:
    try:
        raise ValueError("again")
    except ValueError:
        raise
except ValueError as error:
    print(error)
try:
    raise
except RuntimeError as error:
    print(error)

#### Exceptions compare, copy and pickle
import copy, errno, pickle
e = OSError(errno.ENOENT, "No such thing", "file")
#### continued
p = pickle.loads(pickle.dumps(e))
print(type(p).__name__, p.errno == errno.ENOENT, p.strerror, p.filename, p == e, copy.copy(KeyError(1, 2)).args)
print(issubclass(FileNotFoundError, OSError), IOError is OSError, BaseExceptionGroup.__mro__[1].__name__)
