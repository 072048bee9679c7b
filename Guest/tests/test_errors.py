# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Errors as data, and as CPython prints them."""

import re
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

import sandboxes
from sandboxes import SandboxTestCase

# Each is run here and as a script; `printed_by_cpython.txt` says what CPython 3.14 prints for each.
PROGRAMS = {
    "plain": """
        def half(x):
            return x / 0

        print("before")
        y = 1 + half(2) + 3
        """,
    "cause": """
        def parse(text):
            try:
                return int(text)
            except ValueError as error:
                raise RuntimeError("cannot parse") from error
        parse("x")
        """,
    "context": """
        try:
            {}["key"]
        except KeyError:
            raise LookupError("nothing")
        """,
    "suppressed": """
        try:
            1 / 0
        except ZeroDivisionError:
            raise ValueError("told") from None
        """,
    "notes": """
        error = ValueError("wrong")
        error.add_note("first note")
        error.add_note("second\\nnote")
        raise error
        """,
    "group": """
        def fail(kind, text):
            raise kind(text)

        errors = []
        for kind in (ValueError, TypeError):
            try:
                fail(kind, "x")
            except Exception as error:
                errors.append(error)
        inner = ExceptionGroup("inner", errors)
        raise ExceptionGroup("outer", [inner, LookupError()])
        """,
    "recursion": """
        def down(n):
            return down(n + 1)
        import sys
        sys.setrecursionlimit(200)
        down(0)
        """,
    "syntax": """
        x = 1
        y = (2 +
        z = 3
        """,
    "indentation": """
        if True:
        print(1)
        """,
    "name": """
        value_of_things = 1
        print(value_of_thing)
        """,
    "attribute": """
        import math
        math.squareroot(2)
        """,
    "several_lines": """
        def f(**values):
            return values["a"] + values["b"]
        f(
            a=1,
            b="x",
        )
        """,
    "not_ascii": """
        größe = "ü" + 1 + len("äöü")
        """,
    "nested_syntax": """
        compile("x = = 1", "inner.py", "exec")
        """,
    "own_class": """
        class Broken(Exception):
            def __init__(self, code):
                super().__init__(f"code {code}")
        raise Broken(3)
        """,
    "empty_message": """
        raise ValueError
        """,
    "multiline_message": """
        raise ValueError("one\\ntwo")
        """,
    "assertion": """
        assert [1, 2] == [1, 3], "differ"
        """,
    "unicode_error": """
        "\\udc80".encode()
        """,
    "unpacking": """
        a, b = [1, 2, 3]
        """,
    "method": """
        class Account:
            def draw(self, amount):
                if amount > 10:
                    raise PermissionError(f"{amount} is too much")
        accounts = [Account()]
        list(map(lambda account: account.draw(11), accounts))
        """,
    "generator": """
        def numbers():
            yield 1
            raise StopAsyncIteration("odd")
        print(sum(numbers()))
        """,
}


def source_of(name: str) -> str:
    return textwrap.dedent(PROGRAMS[name]).lstrip("\n")


def printed_by(python: list[str], name: str) -> str:
    """What that Python prints to standard error for the program, as a script of the same name."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.py").write_text(source_of(name), encoding="utf-8")
        script = f"{name}.py"
        result = subprocess.run([*python, "-X", "utf8", script], cwd=folder, capture_output=True, encoding="utf-8")
    # A script's own frames carry the path that it was started with on some versions, and the whole path on others.
    return result.stderr.replace(f'"{folder}/{script}"', f'"{script}"')


def recorded() -> dict[str, str]:
    text = (Path(__file__).parent / "printed_by_cpython.txt").read_text(encoding="utf-8")
    sections = text.split("==== ")[1:]
    return {name: body for name, _, body in (section.partition("\n") for section in sections)}


def _comparable(text: str) -> str:
    # A recursion ends a few calls earlier here, since there are frames below the program's.
    text = re.sub(r"repeated \d+ more times", "repeated N more times", text)
    if sys.version_info < (3, 13) and not sandboxes.is_component():
        # Up to 3.12 the interpreter prints with code of its own, which marks columns and suggests names differently
        # from the module `traceback`.
        text = re.sub(r"\. Did you mean: .*", "", re.sub(r"^[ |]*[~^]+\n", "", text, flags=re.M))
    return text


class Rendering(unittest.TestCase):
    maxDiff = None

    def test_as_cpython_prints_it(self):
        # The runtime in this machine's Python against the same Python; the component, which has CPython 3.14, against
        # what CPython 3.14 printed (written by this file, run as a script with a Python 3.14).
        expectations = recorded() if sandboxes.is_component() else {
            name: printed_by([sys.executable], name) for name in PROGRAMS}
        self.assertEqual(expectations.keys(), PROGRAMS.keys())
        for name, expected in expectations.items():
            with self.subTest(name):
                sandbox = sandboxes.make()
                try:
                    outcome = sandbox.start(code=source_of(name), name=f"{name}.py")
                    self.assertEqual(outcome["status"], "failed")
                    self.assertEqual(_comparable(outcome["error"]["rendered"]), _comparable(expected))
                finally:
                    sandbox.close()


class Structure(SandboxTestCase):
    def test_frames(self):
        error = self.sandbox.error("def half(x):\n    return 'é' + x / 0\n\nhalf(1)\n", name="half.py")
        self.assertEqual((error["type"], error["message"]), ("ZeroDivisionError", "division by zero"))
        self.assertEqual(error["frames"], [
            {"file": "half.py", "line": 4, "function": "<module>", "source": "half(1)", "column": 0, "end_line": 4,
             "end_column": 7},
            {"file": "half.py", "line": 2, "function": "half", "source": "    return 'é' + x / 0", "column": 17,
             "end_line": 2, "end_column": 22}])

    def test_qualified_types(self):
        self.assertEqual(self.sandbox.error("import json; json.loads('{')")["type"], "json.decoder.JSONDecodeError")
        self.assertEqual(self.sandbox.error("class A:\n  class B(Exception): pass\nraise A.B")["type"], "A.B")

    def test_chains(self):
        error = self.sandbox.error("try:\n    1/0\nexcept Exception as e:\n    raise KeyError('k') from e")
        self.assertEqual(error["cause"]["type"], "ZeroDivisionError")
        self.assertTrue(error["suppress_context"])
        error = self.sandbox.error("try:\n    1/0\nexcept Exception:\n    raise KeyError('k')")
        self.assertEqual(error["context"]["type"], "ZeroDivisionError")
        self.assertNotIn("cause", error)
        self.assertNotIn("suppress_context", error)

    def test_groups_and_notes(self):
        error = self.sandbox.error("e = ValueError('v'); e.add_note('n')\nraise ExceptionGroup('g', [e, KeyError(1)])")
        self.assertEqual(error["message"], "g (2 sub-exceptions)")
        self.assertEqual([inner["type"] for inner in error["exceptions"]], ["ValueError", "KeyError"])
        self.assertEqual(error["exceptions"][0]["notes"], ["n"])

    def test_syntax_position(self):
        error = self.sandbox.error("ü = 1\nx = (é, 5 5)", name="s.py")
        self.assertEqual(error["syntax"], {"file": "s.py", "line": 2, "column": 8, "end_line": 2, "end_column": 11,
                                           "source": "x = (é, 5 5)"})
        self.assertEqual(error["frames"], [])

    def test_an_endless_recursion_is_cut_in_the_middle(self):
        error = self.sandbox.error("def f(n):\n    return f(n + 1)\nf(0)")
        self.assertEqual(error["type"], "RecursionError")
        self.assertEqual(len(error["frames"]), 100)
        self.assertEqual(error["frames"][0]["function"], "<module>")
        self.assertGreater(error["omitted_frames"], 100)

    def test_size_limit(self):
        self.sandbox.configure(limits={"error": 1000})
        error = self.sandbox.error("raise ValueError('x' * 100_000)")
        self.assertLess(len(error["message"]), 1100)
        self.assertLess(len(error["rendered"]), 1100)
        self.assertIn("characters left out", error["message"])


class HostileErrors(SandboxTestCase):
    CASES = {
        "str raises": "class E(Exception):\n    def __str__(self): raise OSError('x')\nraise E",
        "str exits": "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
        "str is a surrogate": "raise ValueError('\\udc80')",
        "repr raises in KeyError": "class K:\n    def __repr__(self): 1/0\n{}[K()]",
        "module is no string": "class E(Exception): __module__ = 5\nraise E",
        "name is a surrogate": "raise type('\\udc80', (Exception,), {})",
        "notes raise": "class E(Exception):\n    @property\n    def __notes__(self): raise OSError\nraise E",
        "notes are no list": "e = ValueError(); e.__notes__ = 7; raise e",
        "notes are hostile": "class N:\n    def __str__(self): raise OSError\n"
                             "e = ValueError(); e.__notes__ = [N()]; raise e",
        "cause is itself": "e = ValueError()\ne.__cause__ = e\nraise e",
        "context cycle": "a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a",
        "long chain": "e = None\nfor i in range(5000):\n    n = ValueError(i); n.__cause__ = e; e = n\nraise e",
        "deep group": "e = ValueError()\nfor i in range(400): e = ExceptionGroup('g', [e])\nraise e",
        "wide group": "raise ExceptionGroup('g', [ValueError(i) for i in range(10_000)])",
        "metaclass raises": "class M(type):\n    def __getattribute__(c, n): raise OSError(n)\n"
                            "class E(Exception, metaclass=M): pass\nraise E",
        "class raises": "class E(Exception):\n    def __getattribute__(s, n): raise OSError(n)\nraise E",
        "syntax error by hand": "e = SyntaxError('m')\ne.lineno, e.offset, e.text, e.filename = 'x', [], 5, object()\n"
                                "raise e",
        "syntax error with details": "raise SyntaxError('m', ('f', 10**30, -5, 'abc', 0, 10**30))",
        "keyboard interrupt": "raise KeyboardInterrupt",
        "generator exit": "raise GeneratorExit",
        "base exception": "class B(BaseException): pass\nraise B('b')",
        "replaced streams": "import sys; sys.stdout = sys.stderr = None; 1/0",
        "closed streams": "import sys; sys.stdout.close(); sys.stderr.close(); 1/0",
        "no linecache": "import linecache; linecache.cache = None; 1/0",
        "nul": "x = '\0",
        "surrogate in the source": "x = '\udc80'",
        "long line": "x = [" + "1, " * 50_000 + "1 / 0]",
    }

    def test_whatever_is_raised_there_is_a_report(self):
        for name, code in self.CASES.items():
            with self.subTest(name):
                outcome = self.sandbox.start(code=code)
                self.assertEqual(outcome["status"], "failed")
                self.assertTrue(outcome["error"]["type"])
                self.assertTrue(outcome["error"]["rendered"])
                if name in ("replaced streams", "closed streams", "no linecache"):
                    self.sandbox.close()
                    self.sandbox = sandboxes.make()
                self.assertEqual(self.sandbox.value("1 + 1"), 2)


def record() -> None:
    """Writes what this Python prints for each program."""
    if sys.version_info[:2] != (3, 14):
        sys.exit("This records what CPython 3.14 prints: run it with that.")
    sections = [f"==== {name}\n{printed_by(sys.argv[1:] or [sys.executable], name)}" for name in PROGRAMS]
    (Path(__file__).parent / "printed_by_cpython.txt").write_text("".join(sections), encoding="utf-8")


class CompileErrors(SandboxTestCase):
    """What the compiler finds after parsing, for which CPython has no line of a program that is no file."""

    def test_the_line_is_shown(self):
        for code, line, source, marks in (
            ("x = 1\nreturn 5", 2, "return 5", "^^^^^^^^"), ("if 1:\n    break", 2, "break", "^^^^^"),
            ("def f():\n    x = 1\n    global x", 3, "global x", "^^^^^^^^"), ("nonlocal y", 1, "nonlocal y", "^^^^^^^^^^"),
            ("class A:\n    yield 1", 2, "yield 1", "^^^^^^^"),
        ):
            with self.subTest(code):
                error = self.sandbox.error(code)
                self.assertEqual(error["type"], "SyntaxError")
                self.assertIn(f"line {line}\n    {source}\n    {marks}\n", error["rendered"])
                self.assertEqual((error["syntax"]["line"], error["syntax"]["source"].strip()), (line, source))

    def test_a_program_may_name_any_file(self):
        for code in ("raise SyntaxError('m', ('nothing.py', 10**9, 1, None))", "raise SyntaxError('m', (None, -1, -1, None))",
                     "e = SyntaxError('m'); e.filename = 5; raise e"):
            with self.subTest(code):
                self.assertEqual(self.sandbox.error(code)["type"], "SyntaxError")


if __name__ == "__main__":
    record()
