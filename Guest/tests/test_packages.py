# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which packages there are, what programs that install some are told, and `IPython.display`."""

import base64
import tempfile

import sandboxes
from sandboxes import SandboxTestCase


class Packages(SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.has_numpy = self.sandbox.value("import importlib.util; importlib.util.find_spec('numpy') is not None")

    def test_importlib_metadata_knows_numpy(self):
        if not sandboxes.is_component() or not self.has_numpy:
            self.skipTest("it is part of an image only")
        self.assertEqual(self.sandbox.value(
            "import importlib.metadata as m, numpy\n[m.version('NumPy') == numpy.__version__, m.metadata('numpy')['Name'],"
            " 'numpy' in [d.name for d in m.distributions()], m.distribution('numpy').locate_file('x').name]"),
            [True, "numpy", True, "x"])
        self.assertEqual(self.sandbox.error("m.version('not-there')")["type"], "importlib.metadata.PackageNotFoundError")

    def said(self, code: str) -> str:
        before = len(self.sandbox.output())
        self.sandbox.run(code)
        return self.sandbox.output()[before:]

    def test_pip_says_what_is_there(self):
        for line in ("!pip install {}", "%pip install -q --upgrade {}", "!python -m pip install {} # now", "! pip3 install '{}'",
                     "if True:\n    !pip install {}\nprint(end='')"):
            with self.subTest(line):
                self.assertIn("`terrarium build --package humanize` makes an image that has it",
                              self.said(line.format("humanize>=1.0")))
                self.assertEqual(self.said(line.format("json")), "json is in this image already.\n")
                self.assertIn("pandas has native code", self.said(line.format("pandas[all]==3.0")))
        said = self.said("!pip install -r requirements.txt json  tomllib\nx = 5")
        self.assertEqual(said, "json is in this image already.\ntomllib is in this image already.\n")
        self.assertEqual(self.sandbox.value("x"), 5)
        self.assertIn("no pip", self.said("!pip uninstall x"))
        self.assertIn("no pip", self.said("%pip 'unfinished"))
        self.said("%pip list")

    def test_what_is_no_line_of_pip_is_none(self):
        for code in ("!ls", "%timeit 1", "x = !pip install", "!pipx install x"):
            with self.subTest(code):
                self.assertEqual(self.sandbox.error(code)["type"], "SyntaxError")
        error = self.sandbox.error("!pip install json\nx = (")
        self.assertEqual((error["type"], error["syntax"]["line"]), ("SyntaxError", 2))
        self.assertEqual(self.sandbox.value("'''\n!pip install x\n'''"), "\n!pip install x\n")
        # The line of an error stays that of the program.
        self.assertEqual(self.sandbox.error("!pip install json\n1 / 0")["frames"][0]["line"], 2)

    def test_a_missing_module_is_named_with_the_remedy(self):
        for module, remedy in (("humanize", "terrarium build --package humanize"), ("yaml", "--package pyyaml"),
                               ("sklearn.svm", "scikit-learn has native code"), ("bs4", "--package beautifulsoup4")):
            with self.subTest(module):
                if self.sandbox.value(f"import importlib.util\nimportlib.util.find_spec({module.partition('.')[0]!r}) is not None"):
                    continue
                error = self.sandbox.error(f"import {module}")
                self.assertEqual(error["message"], f"No module named {module.partition('.')[0]!r}")
                self.assertIn(remedy, error["notes"][-1])
                self.assertIn(remedy, error["rendered"])
        for code in ("import json.not_there", "raise ModuleNotFoundError('own words')", "raise ImportError('x', name='yaml')",
                     "raise ModuleNotFoundError(name=5)", "raise ModuleNotFoundError('x', name='a b')"):
            with self.subTest(code):
                self.assertNotIn("notes", self.sandbox.error(code))

    def test_code_that_tries_modules_sees_nothing_of_it(self):
        self.assertEqual(self.sandbox.value(
            "import importlib.util\ntry: import humanize\nexcept ImportError as e: said = (str(e), hasattr(e, '__notes__'))\n"
            "[said, importlib.util.find_spec('humanize')]"), [["No module named 'humanize'", False], None])


class IPythonDisplay(SandboxTestCase):
    def setUp(self):
        super().setUp()
        if self.sandbox.value("import IPython.display\nhasattr(IPython, 'start_ipython')"):
            self.skipTest("this Python has the real IPython, which is found first")

    def displays(self, code: str) -> list[dict]:
        before = len(self.sandbox.events())
        self.sandbox.run("from IPython.display import *\nfrom IPython.display import display, clear_output\n" + code)
        return self.sandbox.events()[before:]

    def test_objects_are_shown_in_their_forms(self):
        pixel = b"\x89PNG\r\n\x1a\n rest"
        for code, kind, content in (
                ("HTML('<b>x</b>')", "text/html", "<b>x</b>"), ("Markdown('# x')", "text/markdown", "# x"),
                ("Latex('$x$')", "text/latex", "$x$"), ("Math('x^2')", "text/latex", "$\\displaystyle x^2$"),
                ("SVG('<?xml?><svg/>')", "image/svg+xml", "<svg/>"), ("JSON({'a': [1]})", "application/json", {"a": [1]}),
                ("JSON('[1]')", "application/json", [1]), ("Pretty('plain')", "text/plain", "plain"),
                ("Javascript('1')", "application/javascript", "1"),
                (f"Image({pixel!r}, width=5)", "image/png", base64.b64encode(pixel).decode()),
                ("Image(b'GIF89a')", "image/gif", base64.b64encode(b"GIF89a").decode()),
                ("Image(url='https://x.org/a.png')", "text/html", '<img src="https://x.org/a.png"/>')):
            with self.subTest(code):
                shown, = self.displays(f"display({code})")
                self.assertEqual(shown["data"][kind], content)
                result = self.sandbox.run(code, result=["display"])["result"]
                self.assertEqual(result["display"]["data"][kind], content)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            sandbox = sandboxes.make(folder)
            self.addCleanup(sandbox.close)
            path = ("" if sandboxes.is_component() else folder) + "/page.html"
            sandbox.run(f"import pathlib\nfrom IPython.display import HTML, display\np = pathlib.Path({path!r})\n"
                        "p.write_text('<i>é</i>', encoding='utf-8')\ndisplay(HTML(filename=str(p)), HTML(p))")
            self.assertEqual([one["data"]["text/html"] for one in sandbox.events()], ["<i>é</i>"] * 2)
        self.sandbox.run("from IPython.display import HTML, Image")
        self.assertEqual(self.sandbox.error("Image('/not/there.png')")["type"], "FileNotFoundError")
        self.assertEqual(self.sandbox.error("HTML(5)")["type"], "TypeError")
        self.assertEqual(self.sandbox.error("Image()")["type"], "ValueError")

    def test_what_is_shown_is_updated_and_cleared(self):
        shown = self.displays("h = display(HTML('1'), display_id=True)\nh.update(HTML('2'))\n"
                              "update_display(HTML('3'), display_id='mine')\nclear_output(wait=True)")
        self.assertEqual([one["event"] for one in shown], ["display", "display", "display", "clear"])
        self.assertEqual(shown[0]["id"], shown[1]["id"])
        self.assertEqual(shown[2]["id"], "mine")

    def test_the_package(self):
        self.assertEqual(self.sandbox.value(
            "import IPython, IPython.core.display as d\n[IPython.get_ipython(), IPython.display.HTML is d.HTML,"
            " IPython.display.HTML.__module__]"), [None, True, "IPython.core.display"])
        self.assertEqual(self.sandbox.error("import IPython.terminal")["type"], "ModuleNotFoundError")
