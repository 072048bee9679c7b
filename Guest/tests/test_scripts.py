# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripts, which find what CPython gives one, and the lines of a prompt; CPython itself says what they print."""

import base64
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import sandboxes
from sandboxes import SandboxTestCase


class ScriptTestCase(unittest.TestCase):
    """Programs of the kind `script`, in a folder that this machine's Python runs them in as well."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        # A file of a script belongs to the folder that the component has as its root.
        self.root = "" if sandboxes.is_component() else str(self.folder)
        self.sandbox = sandboxes.make(str(self.folder))
        self.addCleanup(self.sandbox.close)

    def run_script(self, source: str | bytes, *arguments: str) -> dict:
        code = {"$bytes": base64.b64encode(source).decode()} if type(source) is bytes else source
        self.sandbox.trace.clear()
        outcome = self.sandbox.start(
            code=code, kind="script", name=f"{self.root}/main.py", arguments=list(arguments), stdin="new")
        while outcome["status"] == "waiting":
            # For a time to come: there is nobody else here.
            time.sleep(max(0, outcome["wake_at"] - outcome["clock"]) / 1e9)
            outcome = self.sandbox.resume()
        return outcome

    def assert_same_as_cpython(self, source: str | bytes, *arguments: str) -> dict:
        """Runs a script here and in CPython, and compares output, exit status and the files that it leaves behind."""
        outcome = self.run_script(source, *arguments)
        ours = self._files()
        code = {"exited": outcome.get("code"), "done": 0, "failed": 1}[outcome["status"]]
        script = self.folder / "main.py"
        script.write_bytes(source.encode() if type(source) is str else source)
        native = subprocess.run(
            [sys.executable, "-X", "utf8", "-B", str(script), *arguments], cwd=self.folder, capture_output=True,
            stdin=subprocess.DEVNULL, encoding="utf-8")
        script.unlink()
        out, err = self.sandbox.output("out"), self.sandbox.output("err")
        self.assertEqual((code, out.replace(self.root + "/", "/")),
                         (native.returncode, native.stdout.replace(f"{self.folder}/", "/")))
        # The texts of tracebacks differ between versions of Python, and are compared elsewhere: the last line is enough.
        self.assertEqual(err.replace(self.root + "/", "/").splitlines()[-1:],
                         native.stderr.replace(f"{self.folder}/", "/").splitlines()[-1:])
        self.assertEqual(ours, self._files())
        return outcome

    def _files(self) -> dict:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}


class Scripts(ScriptTestCase):
    def test_its_module_and_path(self):
        self.assert_same_as_cpython("import sys\nprint(__name__, __file__, sys.argv, __doc__, sys.path[0] != '')", "a", "b c")

    def test_modules_of_its_folder(self):
        (self.folder / "helper.py").write_text("value = 5\n")
        self.assert_same_as_cpython("import helper\nprint(helper.value, helper.__file__)")
        # The next script finds the module as it is then.
        (self.folder / "helper.py").write_text("value = 'changed'\n")
        self.assert_same_as_cpython("import helper\nprint(helper.value)")

    def test_open_files_are_flushed(self):
        for end in ("", "\nsys.exit(3)", "\n1 / 0", "\nraise SystemExit('bye')"):
            with self.subTest(end):
                self.assert_same_as_cpython(f"import sys\nf = open('out.txt', 'w')\nf.write('kept')\n"
                                            f"g = open('out.bin', 'wb')\ng.write(b'kept')\nprint('x', end=''){end}")

    def test_exit_handlers_run(self):
        for end in ("", "\nimport sys\nsys.exit(3)", "\n1 / 0"):
            with self.subTest(end):
                self.assert_same_as_cpython("import atexit\natexit.register(print, 'first')\n"
                                            f"atexit.register(print, 'second', end='')\nprint('body'){end}")
        # They are gone with their script.
        self.assert_same_as_cpython("print('next')")

    def test_objects_end_with_their_script(self):
        self.assert_same_as_cpython("class A:\n    def __init__(self, name): self.name = name\n"
                                    "    def __del__(self): print('end of', self.name)\n"
                                    "def g():\n    try: yield 1\n    finally: print('generator')\n"
                                    "_a = A('private')\nb = A('public')\ni = g()\nnext(i)\nprint('body')")

    def test_exit_codes(self):
        for value in ("", "0", "7", "256 + 5", "-1", "True", "None", "'message'", "2.5", "10**30", "(1, 2)"):
            with self.subTest(value):
                self.assert_same_as_cpython(f"import sys\nsys.exit({value})")

    def test_an_exception_is_shown(self):
        outcome = self.assert_same_as_cpython("def f():\n    return 1 / 0\nf()")
        self.assertEqual((outcome["status"], outcome["shown"]), ("failed", True))
        self.assertIn('main.py", line 2, in f', self.sandbox.output("err"))

    def test_a_hook_of_its_own_shows_it(self):
        self.assert_same_as_cpython("import sys\nsys.excepthook = lambda kind, error, trace: print('hook', kind)\n1 / 0")
        self.assert_same_as_cpython("import sys\nsys.excepthook = lambda *_: sys.exit(5)\n1 / 0")

    def test_encodings(self):
        for source in ("\ufeffprint('é')".encode(), "# -*- coding: latin-1 -*-\nprint('é')".encode("latin-1"),
                       "# coding: cp1252\nprint('€')".encode("cp1252"), b"print('\xe9')", b"# coding: no-such\n1",
                       b"print(1)\0"):
            with self.subTest(source):
                self.assert_same_as_cpython(source)

    def test_names_are_its_own(self):
        self.sandbox.run("kept = 1")
        self.assertEqual(self.run_script("kept")["error"]["type"], "NameError")
        self.run_script("left = 2")
        self.assertEqual(self.sandbox.value("kept, 'left' in globals()"), [1, False])

    def test_inputs_and_classes_that_pickle(self):
        self.assert_same_as_cpython("import pickle\nclass A: x = 3\nprint(pickle.loads(pickle.dumps(A)).x)")

    def test_await_is_a_syntax_error_only_in_cpython(self):
        self.run_script("import asyncio\nawait asyncio.sleep(0)\nprint('slept')")
        self.assertEqual(self.sandbox.output(), "slept\n")

    def test_a_status_without_an_end_is_told_first(self):
        # What leaves at once ends the interpreter, which the component's engine reports as an error here.
        with self.assertRaises(BaseException):
            self.run_script("import os, sys\nprint('lost', end='')\nos._exit(300)")
        self.assertEqual(self.sandbox.events(), [{"event": "exit", "code": 44}])

    def test_a_script_needs_a_name(self):
        self.assertEqual(self.sandbox.start(code="1", kind="script")["status"], "invalid")
        self.assertEqual(self.sandbox.start(code="1", kind="unknown")["status"], "invalid")

    def test_an_empty_path_is_no_file(self):
        self.assert_same_as_cpython(
            "import os, pathlib\n"
            "for name, more in dict(stat=(), lstat=(), listdir=(), scandir=(), mkdir=(), rmdir=(), unlink=(), remove=(), chdir=(),"
            " readlink=(), open=(0,), utime=(), chmod=(7,), truncate=(0,), rename=('x',), replace=('x',)).items():\n"
            "    try:\n        getattr(os, name)('', *more)\n"
            "    except FileNotFoundError as e:\n        print(name, e.errno == 44 or e.errno == 2, e.strerror, repr(e.filename), e.filename2)\n"
            "print(os.path.exists(''), os.path.isdir(''), os.path.isfile(b''), os.access('', 0), pathlib.Path('').exists())\n"
            "print(os.path.exists('.'), type(os.listdir()), os.stat in os.supports_follow_symlinks)")

    def test_keys_of_passwords(self):
        self.assert_same_as_cpython(
            "import hashlib\n"
            "for name in ('sha1', 'sha256', 'sha512', 'md5', 'sha3_256', 'SHA256'):\n"
            "    for password, rounds, length in ((b'p', 1, None), (b'x' * 200, 7, 100), (b'', 3, 5), (bytearray(b'q'), 2, 64)):\n"
            "        print(hashlib.pbkdf2_hmac(name, password, b'salt', rounds, length).hex())\n"
            "for n, r, p, length in ((16, 1, 1, 64), (32, 2, 3, 7), (128, 8, 1, 64)):\n"
            "    print(hashlib.scrypt(b'password', salt=b'NaCl', n=n, r=r, p=p, dklen=length).hex())\n"
            "for wrong in (lambda: hashlib.pbkdf2_hmac('nothing', b'', b'', 1), lambda: hashlib.pbkdf2_hmac('md5', b'', b'', 0),\n"
            "              lambda: hashlib.pbkdf2_hmac('md5', '', b'', 1), lambda: hashlib.pbkdf2_hmac('md5', b'', b'', 1, 0),\n"
            "              lambda: hashlib.scrypt(b'', salt=b'', n=3, r=1, p=1),\n"
            "              lambda: hashlib.scrypt(b'', salt=b'', n=1 << 20, r=8, p=1)):\n"
            "    try: print(wrong())\n    except (TypeError, ValueError) as error: print(isinstance(error, TypeError))")

    def test_a_mask_of_permissions(self):
        self.assert_same_as_cpython("import os\nos.umask(0o077); print(os.umask(0o1022), os.umask(0))")

    def test_names_of_errors(self):
        self.assert_same_as_cpython(
            "import os, errno\nfor name in ('ENOENT', 'EACCES', 'EEXIST', 'EISDIR', 'EINVAL', 'ENOSPC'):\n"
            "    print(name, os.strerror(getattr(errno, name)))\nprint(os.strerror(0), os.strerror(99999))\n"
            "import getpass; os.environ['LOGNAME'] = 'someone'; print(getpass.getuser())")

    def test_a_folder_that_is_gone_is_no_working_directory(self):
        self.assert_same_as_cpython("import os\nos.mkdir('gone')\nos.chdir('gone')\nos.rmdir('../gone')\n"
                                    "try:\n    os.getcwd()\nexcept FileNotFoundError as e: print(type(e), e.filename)\n")


class Prompt(SandboxTestCase):
    """Programs of the kind `single`."""

    def shown(self, code: str) -> str:
        self.sandbox.trace.clear()
        self.last = self.sandbox.start(code=code, kind="single")
        return self.sandbox.output()

    def test_each_expression_shows_its_value(self):
        self.assertEqual(self.shown("1; 2; 'a'"), "1\n2\n'a'\n")
        self.assertEqual(self.shown("for i in range(3): i"), "0\n1\n2\n")
        self.assertEqual(self.shown("None"), "")
        self.assertEqual(self.shown("x = 5"), "")

    def test_underscore_is_the_last_value(self):
        self.shown("6 * 7")
        self.assertEqual(self.shown("_ + 1"), "43\n")

    def test_what_a_program_shows_values_with(self):
        self.shown("import sys\n")
        self.shown("sys.displayhook = lambda value: print('shown', value)\n")
        self.assertEqual(self.shown("5"), "shown 5\n")

    def test_the_value_is_there_for_the_host(self):
        self.last = self.sandbox.start(code="1; 2", kind="single", result=["value", "text"])
        self.assertEqual(self.last["result"], {"value": 2, "text": "2"})
        self.assertEqual(self.sandbox.output(), "1\n2\n")

    def test_names_and_await(self):
        self.shown("import asyncio\n")
        self.assertEqual(self.shown("await asyncio.sleep(0, 'slept')"), "'slept'\n")


class Interrupts(SandboxTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sandbox.configure(functions=[{"name": "ask", "async": True, "parameters": []}])

    def test_where_a_program_waits(self):
        outcome = self.sandbox.start(code="x = 1\nawait ask()\nx = 2")
        self.assertEqual(outcome["status"], "waiting")
        outcome = self.sandbox.cancel(interrupt=True)
        self.assertEqual((outcome["status"], outcome["error"]["type"]), ("failed", "KeyboardInterrupt"))
        self.assertEqual(outcome["dropped"], [1])
        self.assertEqual(self.sandbox.value("x"), 1)

    def test_a_program_may_catch_it(self):
        self.sandbox.start(code="try:\n    await ask()\nexcept KeyboardInterrupt:\n    r = 'caught'\nr")
        self.assertEqual(self.sandbox.cancel(interrupt=True)["result"]["value"], "caught")

    def test_in_a_task_that_another_awaits(self):
        self.sandbox.start(code="import asyncio\nasync def inner():\n    try:\n        await ask()\n    finally:\n"
                                "        print('inner')\nawait asyncio.gather(inner(), asyncio.sleep(100))")
        outcome = self.sandbox.cancel(interrupt=True)
        self.assertEqual((outcome["status"], outcome["error"]["type"]), ("failed", "KeyboardInterrupt"))
        self.assertEqual(self.sandbox.output(), "inner\n")

    def test_without_a_program(self):
        self.assertEqual(self.sandbox.cancel(interrupt=True)["status"], "idle")


class Inspect(SandboxTestCase):
    def inspect(self, code: str, cursor: int | None = None, **request) -> dict:
        return self.sandbox.inspect(code=code, cursor=len(code) if cursor is None else cursor, **request)

    def test_functions(self):
        self.sandbox.run("def area(r: float, pi=3) -> float:\n    '''Area of a circle.'''\n    return pi * r * r")
        found = self.inspect("area(2")
        self.assertEqual((found["name"], found["type"], found["signature"], found["doc"]),
                         ("area", "function", "(r: float, pi=3) -> float", "Area of a circle."))
        self.assertNotIn("source", found)
        self.assertIn("return pi", self.inspect("area", detail=1)["source"])

    def test_values_modules_and_attributes(self):
        self.sandbox.run("import math\nnumbers = [1, 2]")
        self.assertIn("[1, 2]", self.inspect("numbers")["text"])
        self.assertEqual(self.inspect("math.sqrt")["name"], "math.sqrt")
        self.assertEqual(self.inspect("math.sqrt", 2)["type"], "module")
        self.assertEqual(self.inspect("x = len")["name"], "len")

    def test_nothing(self):
        for code in ("", "not_there", "1 + ", "not_there.x", "numbers.", "(" * 1000, "'text'"):
            with self.subTest(code):
                self.assertEqual(self.inspect(code), {"found": False})
        for cursor in (-5, 10**9):
            self.assertEqual(self.inspect("len", cursor)["name"], "len")

    def test_hostile_objects(self):
        self.sandbox.run("class A:\n    def __repr__(self): raise SystemExit\n    @property\n"
                         "    def size(self): print('ran')\n    def __getattr__(self, name): raise ValueError(name)\n"
                         "    __doc__ = 5\na = A()")
        self.assertTrue(self.inspect("a")["found"])
        self.assertEqual(self.inspect("a.size")["type"], "property")
        self.assertEqual(self.inspect("a.other"), {"found": False})
        self.assertEqual(self.sandbox.output(), "")


if __name__ == "__main__":
    unittest.main()
