# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### A module in a file
import sys
open("my_module.py", "w").write('"Doc."\nx = 1\ndef f(): return x\n_private = 2\n')
sys.path.insert(0, "")
import my_module
my_module.x = 5
#### continued
import my_module as again
from my_module import f, x
print(again.f(), x, my_module.__doc__, my_module.__name__, "my_module" in sys.modules)
space = {}
exec("from my_module import *", space)
print("_private" in space, "f" in space)

#### A package with parts
import os, sys
os.makedirs("pack/sub")
files = {"__init__": "from .a import name\n__all__ = ['a']", "a": "name = 'A'\nfrom .sub import deep",
    "sub/__init__": "", "sub/deep": "from ..a import __name__ as n"}
for name, text in files.items():
    open(f"pack/{name}.py", "w").write(text)
sys.path.insert(0, "")
import pack
#### continued
import pack.sub.deep as deep
print(pack.name, deep.n, deep.__package__, pack.__path__ != [], pack.a.deep is deep)

#### Changing and reloading a module
import importlib, os, sys
open("changes.py", "w").write("version = 1")
sys.path.insert(0, "")
import changes
print(changes.version)
#### continued
open("changes.py", "w").write("version = 'two'")
importlib.invalidate_caches()
print(importlib.reload(changes).version)

#### Modules that import each other
import sys
open("ping.py", "w").write("import pong\ndef f(): return 'ping ' + pong.g()\n")
open("pong.py", "w").write("import ping\ndef g(): return 'pong'\ndef h(): return ping.f()\n")
sys.path.insert(0, "")
import ping
#### continued
import pong
print(ping.f(), pong.h())

#### Errors of importing
import sys
open("broken.py", "w").write("x = 1\ny = = 2\n")
open("raises.py", "w").write("1 / 0\n")
sys.path.insert(0, "")
#### continued
for code in "import broken", "import raises", "import missing.part", "from sys import nothing", "import os.nothing":
    try:
        exec(code)
    except Exception as error:
        print(type(error).__name__, str(error).split(" (")[0], getattr(error, "name", None))
print("raises" in sys.modules)

#### importlib
import importlib, importlib.util, sys
open("by_path.txt", "w").write("value = 'loaded'")
from importlib.machinery import SourceFileLoader
loader = SourceFileLoader("by_path", "by_path.txt")
#### continued
spec = importlib.util.spec_from_loader("by_path", loader)
module = importlib.util.module_from_spec(spec)
loader.exec_module(module)
print(module.value, importlib.import_module("os.path").join("a", "b"), importlib.util.find_spec("nowhere"),
      importlib.util.find_spec("json").name)

#### Finders and loaders of one's own
import importlib.abc, importlib.util, sys
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.startswith("made_up_"):
            return importlib.util.spec_from_loader(name, self)
    def create_module(self, spec): return None
    def exec_module(self, module): module.name_length = len(module.__name__)
sys.meta_path.insert(0, Finder())
import made_up_x
#### continued
import made_up_longer
print(made_up_x.name_length, made_up_longer.name_length)

#### Attributes of modules made on demand
import sys, types
m = types.ModuleType("lazy")
exec("def __getattr__(name):\n    if name.startswith('_'): raise AttributeError(name)\n    return name * 2\ndef __dir__(): return ['a']", m.__dict__)
sys.modules["lazy"] = m
#### continued
import lazy
from lazy import thing
print(lazy.ab, thing, dir(lazy))

#### Resources of a package
import importlib.resources, os, sys
os.makedirs("res")
open("res/__init__.py", "w").close()
open("res/data.txt", "w").write("resource")
sys.path.insert(0, "")
import res
#### continued
f = importlib.resources.files("res")
print((f / "data.txt").read_text(), sorted(p.name for p in f.iterdir() if p.name[0] != "_"),
      importlib.resources.read_text("res", "data.txt"))
import pkgutil
print(pkgutil.get_data("res", "data.txt"))

#### Finding modules
import os, pkgutil, sys
os.makedirs("found/inner")
for name in "found/__init__", "found/x", "found/inner/__init__", "found/inner/y":
    open(name + ".py", "w").close()
sys.path.insert(0, "")
import found
#### continued
print([(m.name, m.ispkg) for m in pkgutil.walk_packages(found.__path__, "found.")],
      pkgutil.resolve_name("os.path:join") is os.path.join)

#### runpy
import runpy
open("script.py", "w").write("import sys\nresult = __name__, sys.argv[0]\nif __name__ == '__main__': print('as main')\n")
#### continued
print(runpy.run_path("script.py")["result"], runpy.run_path("script.py", run_name="__main__")["result"][0])

#### Compiling to bytecode
import importlib.util, os, py_compile, sys
open("c.py", "w").write("x = 5")
path = py_compile.compile("c.py", cfile="c.bin")
#### continued
with open(path, "rb") as f:
    print(f.read(4) == importlib.util.MAGIC_NUMBER)
open("bad.py", "w").write("x = (")
try:
    py_compile.compile("bad.py", doraise=True)
except py_compile.PyCompileError as error:
    print(error.exc_type_name)
import compileall
print(compileall.compile_dir(".", quiet=2, legacy=True), os.path.exists("c.pyc"))

#### Packages without an __init__
import os, sys
os.makedirs("one/space"), os.makedirs("two/space")
open("one/space/a.py", "w").write("v = 'a'")
open("two/space/b.py", "w").write("v = 'b'")
sys.path[:0] = ["one", "two"]
import space.a
#### continued
import space.b
print(space.a.v, space.b.v, len(list(space.__path__)), space.__file__)

#### What sys knows
import sys
#### continued
print(sys.implementation.name, sys.version_info[:2], sys.byteorder, sys.maxunicode, "sys" in sys.builtin_module_names,
      sys.getrecursionlimit(), sys.float_info.dig, sys.int_info.bits_per_digit)
print(sys.getsizeof([]) > 0, sys.intern("a" * 3) is sys.intern("aaa"), sys.getdefaultencoding(), sys.flags.optimize,
      sys.hexversion >> 24, sys.api_version)
sys.setrecursionlimit(500)
print(sys.getrecursionlimit())

#### The environment
import os
os.environ["MINE"] = "value"
#### continued
print(os.getenv("MINE"), os.environ.get("NOT_SET", "default"), os.environb[b"MINE"], "MINE" in os.environ,
      os.path.expandvars("$MINE/${MINE}x"))
del os.environ["MINE"]
print(os.getenv("MINE"), os.sep, os.linesep == "\n", os.name, os.fspath("x"), os.curdir)

#### Leaving
import atexit, sys
atexit.register(print, "never printed here")
#### continued
for code in (0, "message", None, 3):
    try:
        sys.exit(code)
    except SystemExit as error:
        print(repr(error.code))
atexit.unregister(print)

#### The garbage collector
import gc
class A: pass
a = A()
a.me = a
del a
#### continued
print(gc.collect() > 0, gc.isenabled(), gc.get_count()[0] >= 0, len(gc.get_threshold()))
gc.disable()
print(gc.isenabled(), gc.is_tracked([]), gc.is_tracked(1))
gc.enable()
x = []
print(any(r is x for r in gc.get_referents([x])))
