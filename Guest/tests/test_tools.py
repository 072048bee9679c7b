# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks of programs before they run, and completions of what is being typed."""

import unittest

import sandboxes
from sandboxes import SandboxTestCase
from test_host_functions import ADD, PRICE


class Check(SandboxTestCase):
    def problems(self, code: str) -> list:
        return [(problem["kind"], problem.get("name", problem["message"]), problem.get("line"), problem.get("column"))
                for problem in self.sandbox.check(code=code)["problems"]]

    def test_nothing_is_wrong(self):
        for code in ("", "x = 1\nprint(x)", "import os, json as j\nj.dumps(os.name)", "def f(a, *b, **c):\n"
                                                                                      "    return a, b, c\nf(1)",
                     "class A:\n    x = 1\n    y = x\n    def f(self) -> 'B': return A, __class__\n    z: int = y",
                     "[a + b for a in range(3) for b in [a]]", "def f():\n    global g\n    g = 1\nf()\ng",
                     "try:\n    pass\nexcept OSError as e:\n    print(e)", "for i in []: pass\ni", "lambda x: x",
                     "with open('x') as f: f", "x: int", "(y := 2); y",
                     "match 1:\n    case [a, *b]: a, b", "await display(1)", "def f[T](x: T) -> T: return x",
                     "__name__, __file__, __doc__", "from math import *\nsqrt(2)", "async def f(): return [x async "
                                                                                   "for x in f()]",
                     "def f(x: NotThere): pass"):
            if not sandboxes.is_component() and ("f[T]" in code or "NotThere" in code):
                continue  # Python before 3.12 and 3.14 knows these in another way, or not at all.
            with self.subTest(code):
                self.assertEqual(self.problems(code), [])

    def test_unknown_names(self):
        self.assertEqual(self.problems("def f():\n    return ä + undefined(1)\nprnt(f)"), [
            ("name", "ä", 2, 11), ("name", "undefined", 2, 15), ("name", "prnt", 3, 0)])
        self.assertEqual(self.problems("class A:\n    x = 1\n    def f(self): return x"), [("name", "x", 3, 24)])

    def test_names_of_the_session_are_known(self):
        self.sandbox.run("kept = 1")
        self.assertEqual(self.problems("kept"), [])

    def test_syntax_errors(self):
        self.assertEqual(self.problems("x = (1,\ny = 2 2"), [("syntax", "'(' was never closed", 1, 4)])
        self.assertEqual(self.problems("x = é 2")[0][2:], (1, 6))
        self.assertEqual(self.problems("return 5"), [("syntax", "'return' outside function", 1, 0)])
        self.assertEqual(self.problems("'\\ud800'\n\0")[0][0], "syntax")

    def test_warnings_of_the_compiler(self):
        self.assertEqual([problem[0] for problem in self.problems("x = 1\nx is 5")], ["syntax"])

    def test_unknown_modules(self):
        self.assertEqual(self.problems("import os\nfrom no_such_module.x import y\nimport os.path, other_one"), [
            ("module", "no_such_module.x", 2, 0), ("module", "other_one", 3, 0)])

    def test_calls_of_host_functions(self):
        self.sandbox.configure(functions=[PRICE, ADD])
        self.assertEqual(self.problems("add(1, 2)\nx = await fetch_price('A', exact=True)\nadd(*x)"), [])
        self.assertEqual([problem[0::2] for problem in self.problems("add()\nadd(1, c=2)\nfetch_price('A')")],
                         [("call", 1), ("call", 2), ("await", 3)])
        self.assertEqual(self.problems("def add(): pass\nadd()"), [])

    def test_whether_a_line_must_follow(self):
        for code, expected in {"x = (1,": True, "def f():": True, "def f():\n    pass": True, "def f():\n"
                                                                                              "    pass\n": False,
                               "1 + 1": False, "x = = 1": False, "'''abc": True, "await f()": False, "if x:\n    y\n"
                                                                                                     "z = (": True,
                               "a = 1\nb = 2": False}.items():
            with self.subTest(code):
                self.assertIs(self.sandbox.check(code=code)["incomplete"], expected)

    def test_nothing_runs(self):
        self.sandbox.check(code="print(1)\nimport this_does_not_run\nx = 5")
        self.assertEqual((self.sandbox.output(), self.sandbox.value("'x' in globals()")), ("", False))


class Complete(SandboxTestCase):
    def texts(self, code: str) -> list:
        return [match["text"] for match in self.sandbox.complete(code=code, cursor=len(code))["matches"]]

    def test_names_keywords_and_attributes(self):
        self.sandbox.run("apple_pie = [1]\nimport math")
        self.assertEqual(self.texts("x = app"), ["apple_pie"])
        self.assertEqual(self.texts("apple_pie.app"), ["append"])
        self.assertEqual(self.texts("print(math.sq"), ["sqrt"])
        self.assertIn("while", self.texts("whi"))
        self.assertIn("__len__", self.texts("apple_pie.__l"))
        self.assertEqual(self.sandbox.complete(code="math.sqr(2)", cursor=8)["start"], 5)
        self.assertEqual(self.texts("no_such.thing"), [])

    def test_modules_and_parameters(self):
        self.assertIn("json", self.texts("import js"))
        self.assertIn("path", self.texts("import os.pa"))
        self.assertEqual(self.texts("from json import load"), ["load", "loads"])
        self.sandbox.configure(functions=[ADD])
        self.assertEqual(self.texts("add(1, b"), ["b="] + [text for text in self.texts("b") if text != "b="])

    def test_properties_do_not_run(self):
        self.sandbox.run("class A:\n    ran = False\n    @property\n    def size(self): A.ran = True\na = A()")
        self.assertEqual(self.sandbox.complete(code="a.si")["matches"], [{"text": "size", "kind": "property"}])
        self.assertFalse(self.sandbox.value("A.ran"))

    def test_hostile_objects(self):
        self.sandbox.run("class A:\n    def __dir__(self): return ['ok', '\\udc80']\n"
                         "    def __getattr__(self, n): raise OSError\na = A()\nglobals()[5] = 1")
        self.assertIn("ok", self.texts("a."))
        self.assertIn("a", self.texts("a"))


if __name__ == "__main__":
    unittest.main()
