# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What programs learn about packages: metadata, what to do about a missing one, `!pip install`, and IPython's displays."""

import base64
import tempfile
import unittest
from pathlib import Path

import sandboxes
from sandboxes import SandboxTestCase

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class Metadata(SandboxTestCase):
    def setUp(self):
        if not sandboxes.is_component():
            self.skipTest("what is linked into the component is asked for")
        super().setUp()

    def test_the_packages_of_the_component(self):
        wheel = next((sandboxes.ROOT / "Guest/wheels").glob("numpy-*.whl"))
        self.assertEqual(self.sandbox.value(
            "from importlib import metadata as m\nimport numpy\n"
            "[m.version('numpy') == numpy.__version__, m.version('NumPy'), m.metadata('numpy')['Name'],"
            " 'numpy' in m.packages_distributions(), sorted(d.name for d in m.distributions()),"
            " len(m.files('numpy')) > 100, [e.name for e in m.entry_points(group='array_api')]]"),
            [True, wheel.name.split("-")[1], "numpy", True, ["numpy", "tzdata"], True, ["numpy"]])
        error = self.sandbox.error("from importlib import metadata\nmetadata.version('requests')")
        self.assertEqual(error["type"], "importlib.metadata.PackageNotFoundError")
        self.assertIsNone(self.sandbox.value("import importlib.util\nimportlib.util.find_spec('requests')"))


class LinkedModules(SandboxTestCase):
    def test_they_are_found_when_their_files_are_gone(self):
        if sandboxes.is_component():
            self.skipTest("the files are gone there")
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.assertEqual(self.sandbox.value(f"""
import importlib, importlib.machinery, importlib.util, os, pathlib, sys
suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
folder = pathlib.Path({folder!r})
for name in ("linked/_fast", "linked/deep/_er", "_alone"):
    file = folder / (name + suffix)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    (folder / "linked/__init__.py").touch()
    (folder / "linked/deep/__init__.py").touch() if name == "linked/deep/_er" else None
path = sys.path[:]
sys.path.insert(0, str(folder))
from terrarium_runtime import linked_modules
linked_modules.keep()
for file in folder.rglob("*" + suffix):
    file.unlink()
importlib.invalidate_caches()
found = [importlib.util.find_spec(name).origin.replace(str(folder), "") for name in ("linked._fast", "linked.deep._er", "_alone")]
found += [importlib.util.find_spec("linked._other")]
sys.path[:] = path
sys.meta_path.pop()
[name and name.replace(suffix, "") for name in found]
"""), ["/linked/_fast", "/linked/deep/_er", "/_alone", None])


class MissingModules(SandboxTestCase):
    def notes(self, code: str) -> list:
        error = self.sandbox.error(code)
        for note in (notes := error.get("notes", [])):
            self.assertIn(f"\n{note}\n", error["rendered"])
        return notes

    def test_the_error_says_how_to_have_it(self):
        for code, package in (("import rich", "rich"), ("import typing_extensions", "typing-extensions"),
                              ("import sympy.abc", "sympy"), ("from requests import get", "requests"),
                              ("import importlib; importlib.import_module('rich')", "rich"),
                              ("def f(): import pptx\nf()", "python-pptx")):
            with self.subTest(code):
                self.assertEqual(self.notes(code), [
                    f"{package} is not in this image: `terrarium build --package {package}` makes one that has it."])

    def test_a_name_that_nobody_knows_may_be_a_file_of_ones_own(self):
        for code, name in (("import frobnicate", "frobnicate"), ("from my_module import x", "my_module"),
                           ("import my_module.part", "my_module")):
            with self.subTest(code):
                note, = self.notes(code)
                self.assertTrue(note.startswith(f"There is no module {name} in this image."), note)
                self.assertIn(f"`--file {name}.py`", note)
                self.assertIn("if you know it and trust it", note)
        self.assertTrue(self.notes("import jsn")[0].startswith("Did you mean json? "))
        self.assertTrue(self.notes("import colections")[0].startswith("Did you mean collections? "))

    def test_what_needs_native_code(self):
        for module, package in (("cv2", "opencv-python"), ("sklearn.svm", "scikit-learn"),
                                ("PIL", "pillow")):
            with self.subTest(module):
                note, = self.notes(f"import {module}")
                self.assertTrue(note.startswith(f"{package} is not in this image: it needs native code"), note)

    def test_what_the_image_data_has(self):
        self.assertEqual(self.notes("import pandas"), [
            "pandas is not in this image: it is in the image `data` (`terrarium --image data`)."])

    def test_other_errors_are_left_alone(self):
        for code in ("raise ImportError('x', name='x')", "import json.nothing", "from json import nothing",
                     "raise ModuleNotFoundError", "raise ModuleNotFoundError('x', name=5)", "1 / 0",
                     "raise ModuleNotFoundError('x', name='a b; c')", "raise ModuleNotFoundError('x', name='a' * 500)"):
            with self.subTest(code):
                self.assertEqual(self.notes(code), [])
        self.assertEqual(self.sandbox.value(
            "try: import frobnicate\nexcept ModuleNotFoundError as e: found = e\n"
            "[str(found), hasattr(found, '__notes__')]"), ["No module named 'frobnicate'", False])

    def test_a_note_of_the_program_stays(self):
        self.assertEqual(self.notes("try: import frobnicate\nexcept ImportError as e:\n    e.add_note('mine'); raise")[0],
                         "mine")

    def test_a_module_of_python_that_a_sandbox_has_not(self):
        if sandboxes.is_component():
            self.assertEqual(self.notes("import ctypes"), ["A sandbox has no module ctypes: it can load no native code."])


class Installs(SandboxTestCase):
    def printed(self, code: str, **request) -> str:
        self.sandbox.trace.clear()
        outcome = self.sandbox.run(code, **request)
        self.assertEqual(outcome["status"], "done", outcome)
        return self.sandbox.output()

    def test_the_answer_is_a_sentence(self):
        missing = "frobnicate is not in this image: `terrarium build --package frobnicate` makes one that has it.\n"
        for code in ("!pip install frobnicate", "%pip install frobnicate", "! pip3 install -q frobnicate",
                     "!python -m pip install --upgrade 'frobnicate>=1'".replace("'", ""), "%pip install frobnicate[all]==2"):
            with self.subTest(code):
                self.assertEqual(self.printed(code), missing)
                self.assertEqual(self.printed(code, kind="single"), missing)
        self.assertEqual(self.printed("x = 1\nif x:\n    !pip install frobnicate json\nx"),
                         missing + "json is a part of Python and needs no installing.\n")
        self.assertIn("it needs native code", self.printed("!pip install polars"))
        self.assertIn("it is in the image `data`", self.printed("!pip install pandas"))

    def test_what_is_there(self):
        if sandboxes.is_component():
            self.assertRegex(self.printed("!pip install numpy"), r"^numpy 2\.[\d.]+ is in this image already\.\n$")

    def test_lines_and_values_stay(self):
        outcome = self.sandbox.run("!pip install frobnicate\n\n6 * 7")
        self.assertEqual(outcome["result"]["value"], 42)
        error = self.sandbox.error("!pip install frobnicate\n\n1 / 0")
        self.assertEqual(error["frames"][-1]["line"], 3)

    def test_other_text_is_as_it_was(self):
        self.assertEqual(self.printed("print('''\n!pip install x''')"), "\n!pip install x\n")
        for code in ("!pip install x\n1 +", "!ls", "%matplotlib inline", "!pip list"):
            self.assertEqual(self.sandbox.error(code)["type"], "SyntaxError")

    def test_a_check_finds_nothing_wrong_with_it(self):
        self.assertEqual(self.sandbox.check(code="!pip install x\n1")["problems"], [])


class IPythonDisplays(SandboxTestCase):
    def shown(self, code: str) -> list:
        self.sandbox.trace.clear()
        self.sandbox.run("from IPython.display import *\n" + code)
        return [{kind: form for kind, form in event["data"].items() if kind != "text/plain"} for event in
                self.sandbox.events()]

    def test_texts(self):
        for name, kind in (("HTML", "text/html"), ("Markdown", "text/markdown"), ("Latex", "text/latex"),
                           ("Javascript", "application/javascript")):
            self.assertEqual(self.shown(f"display({name}('<b>é</b>'))"), [{kind: "<b>é</b>"}])
        self.assertEqual(self.shown("display(Math('x^2'))"), [{"text/latex": "$\\displaystyle x^2$"}])
        self.assertEqual(self.shown("display(JSON({'a': [1]}), JSON('[2]'))"),
                         [{"application/json": {"a": [1]}}, {"application/json": [2]}])
        self.assertEqual(self.shown("display(SVG('<?xml version=\"1.0\"?>\\n<svg><g/></svg>\\n'))"),
                         [{"image/svg+xml": "<svg><g/></svg>"}])
        self.assertEqual(self.shown("display_html('<i>', raw=True)"), [{"text/html": "<i>"}])

    def test_pictures(self):
        encoded = base64.b64encode(PNG).decode()
        self.assertEqual(self.shown(f"data = {PNG!r}\ndisplay(Image(data))"), [{"image/png": encoded}])
        self.sandbox.run(f"display(Image({PNG!r}, width=5, alt='dot'))")
        self.assertEqual(self.sandbox.events()[-1]["metadata"], {"image/png": {"width": 5, "alt": "dot"}})
        self.assertEqual(self.shown("display(Image(url='http://h/a.png?b&c', width=3))"),
                         [{"text/html": '<img src="http://h/a.png?b&amp;c" width="3"/>'}])
        for code in ("Image()", "Image('nothing.png')", "Image(b'x', format='tiff')", "HTML(5)", "HTML(url='http://h/')"):
            self.assertEqual(self.sandbox.run(f"from IPython.display import *\n{code}")["status"], "failed", code)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "dot.png").write_bytes(PNG)
            Path(folder, "page.html").write_text("<p>é", encoding="utf-8")
            sandbox = sandboxes.make(folder)
            self.addCleanup(sandbox.close)
            root = "/" if sandboxes.is_component() else folder + "/"
            sandbox.run(f"from IPython.display import *\ndisplay(Image('{root}dot.png'), HTML(filename='{root}page.html'))")
            first, second = sandbox.events()
            self.assertEqual(first["data"]["image/png"], base64.b64encode(PNG).decode())
            self.assertEqual(second["data"]["text/html"], "<p>é")

    def test_a_display_takes_the_place_of_another(self):
        self.sandbox.run("from IPython.display import *\nhandle = display('a', display_id=True)\nhandle.update('b')\n"
                         "display('c', display_id='mine')\nupdate_display('d', display_id='mine')\nclear_output(wait=True)")
        *events, last = self.sandbox.events()
        self.assertEqual(last, {"event": "clear"})
        self.assertEqual([event["data"]["text/plain"] for event in events], ["'a'", "'b'", "'c'", "'d'"])
        self.assertEqual((events[0]["id"], events[2]["id"]), (events[1]["id"], "mine"))

    def test_a_value_of_a_program_is_one(self):
        outcome = self.sandbox.run("from IPython.display import HTML\nHTML('<b>')", result=["display"])
        self.assertEqual(outcome["result"]["display"]["data"]["text/html"], "<b>")

    def test_there_is_no_shell(self):
        self.assertEqual(self.sandbox.value("from IPython import get_ipython, display\nfrom IPython.core.display import HTML\n"
                                            "get_ipython() is None"), True)


if __name__ == "__main__":
    unittest.main()
