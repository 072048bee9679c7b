# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Displays, progress, input and files: what a program shows and asks while it runs."""

import tempfile
import unittest
from pathlib import Path

import sandboxes
from sandboxes import SandboxTestCase

PICTURE = ("class Picture:\n    def __repr__(self): return 'a picture'\n    def _repr_png_(self): return b'\\x89PNG'\n"
           "    def _repr_html_(self): return '<b>é</b>'\n    def _repr_latex_(self): return None\n"
           "    def _repr_json_(self): return {'a': 1}, {'expanded': True}\n")


class Displays(SandboxTestCase):
    def test_an_object_shows_itself_in_all_its_forms(self):
        self.sandbox.run(PICTURE + "display(Picture())")
        self.assertEqual(self.sandbox.events(), [{
            "event": "display", "metadata": {"application/json": {"expanded": True}},
            "data": {"text/plain": "a picture", "image/png": "iVBORw==", "text/html": "<b>é</b>",
                     "application/json": {"a": 1}}}])

    def test_a_bundle(self):
        self.sandbox.run("class A:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
                         "        return {'text/x': 'x', 'image/gif': b'GIF'}, {'m': 1}\n"
                         "display(A(), exclude=['text/plain'])")
        self.assertEqual(self.sandbox.events(), [{"event": "display", "metadata": {"m": 1},
                                                  "data": {"text/x": "x", "image/gif": "R0lG"}}])

    def test_several_objects_ids_and_raw_content(self):
        self.sandbox.run("import terrarium\nterrarium.display(1, 2)\ndisplay({'text/html': 'h'}, raw=True, id='a')")
        self.assertEqual([(event["data"], event.get("id")) for event in self.sandbox.events()], [
            ({"text/plain": "1"}, None), ({"text/plain": "2"}, None), ({"text/html": "h"}, "a")])

    def test_classes_and_mocks_show_as_text(self):
        self.sandbox.run(PICTURE + "from unittest.mock import MagicMock\ndisplay(Picture)\ndisplay(MagicMock())\n"
                                   "class A:\n"
                         "    def __getattr__(self, n): return lambda *a, **k: n\ndisplay(A())")
        self.assertEqual([list(event["data"]) for event in self.sandbox.events()], [["text/plain"]] * 3)

    def test_a_display_that_is_too_large_is_an_error(self):
        self.sandbox.configure(limits={"display": 1000})
        error = self.sandbox.error("class A:\n    def _repr_png_(self): return bytes(1000)\ndisplay(A())")
        self.assertEqual(error["type"], "ValueError")
        self.assertIn("1000 are allowed", error["message"])
        self.assertEqual(self.sandbox.events(), [])

    def test_hostile_displays(self):
        for code in ("class A:\n    def _repr_html_(self): raise OSError\ndisplay(A())",
                     "class A:\n    def _repr_html_(self): return object()\ndisplay(A())",
                     "class A:\n    def _repr_json_(self): return {1: float('nan')}\ndisplay(A())",
                     "class A:\n    def _repr_mimebundle_(self, **k): return 5\ndisplay(A())"):
            with self.subTest(code):
                self.assertEqual(self.sandbox.run(code)["status"], "failed")
        self.sandbox.run("class A:\n    def _repr_html_(self): return '\\udc80'\n    def __repr__(self): 1/0\n"
                         "display(A())")
        self.assertEqual(self.sandbox.events()[-1]["data"]["text/html"], "\ufffd")

    def test_the_value_as_a_display(self):
        result = self.sandbox.run(PICTURE + "Picture()", result=["display"])["result"]
        self.assertEqual(result["display"]["data"]["image/png"], "iVBORw==")
        self.sandbox.configure(limits={"display": 10})
        self.assertEqual(self.sandbox.run("'x' * 100", result=["display"])["result"]["display_too_large"]["limit"], 10)


class Progress(SandboxTestCase):
    def test_a_loop_reports(self):
        self.sandbox.run("import terrarium\nfor x in terrarium.progress([1, 2, 3], label='work'): pass")
        events = self.sandbox.events()
        self.assertEqual(events[0], {"event": "progress", "id": 1, "done": 0, "total": 3, "label": "work",
                                     "finished": False})
        self.assertEqual(events[-1], {"event": "progress", "id": 1, "done": 3, "total": 3, "label": "work",
                                      "finished": True})

    def test_it_does_not_flood_the_host(self):
        self.sandbox.run("import terrarium\nfor x in terrarium.progress(iter(range(20_000))): pass")
        self.assertLess(len(self.sandbox.events()), 100)
        self.assertEqual((self.sandbox.events()[-1]["done"], self.sandbox.events()[-1]["total"]), (20_000, None))

    def test_a_loop_that_is_left_says_how_far_it_came(self):
        self.sandbox.run("import terrarium\nfor x in terrarium.progress(range(10), total=5):\n    if x == 3: break")
        last = self.sandbox.events()[-1]
        self.assertEqual((last["done"], last["total"], last["finished"]), (3, 5, True))


class Input(SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.sandbox.configure(input="host")
        self.sandbox.answers["input"] = lambda request: {"text": "blue"}

    def test_the_host_answers(self):
        self.assertEqual(self.sandbox.value("print('hi')\ninput('color? ')"), "blue")
        self.assertEqual(self.sandbox.requests(), [{"request": "input", "prompt": "color? ", "secret": False}])
        self.assertEqual([kind for kind, _ in self.sandbox.trace], ["out", "request"])

    def test_secrets(self):
        self.assertEqual(self.sandbox.value("import getpass\ngetpass.getpass()"), "blue")
        self.assertEqual(self.sandbox.requests()[0]["secret"], True)

    def test_the_end_of_the_input_and_interrupts(self):
        self.sandbox.answers["input"] = lambda request: {"text": None}
        self.assertEqual(self.sandbox.error("input()")["type"], "EOFError")
        self.sandbox.answers["input"] = lambda request: {"interrupt": True}
        self.assertEqual(self.sandbox.error("input()")["type"], "KeyboardInterrupt")


class StandardInput(SandboxTestCase):
    def test_without_a_host_that_answers_it_is_read(self):
        self.assertEqual(self.sandbox.error("input()")["type"], "EOFError")
        self.assertEqual(self.sandbox.requests(), [])


class Files(unittest.TestCase):
    def test_files_in_one_line_each(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.txt").write_text("é")
            sandbox = sandboxes.make(folder)
            self.addCleanup(sandbox.close)
            self.assertEqual(sandbox.value(
                "import terrarium as t\nt.write('out/b.bin', b'\\xff')\nt.write('out/c.txt', 'c')\n"
                "[list(map(str, t.files())), list(map(str, t.files('*.txt'))), t.read('a.txt'), t.read('out/b.bin')]"),
                [["a.txt", "out/b.bin", "out/c.txt"], ["a.txt"], "é", {"$bytes": "/w=="}])
            self.assertEqual((Path(folder) / "out/c.txt").read_text(), "c")
