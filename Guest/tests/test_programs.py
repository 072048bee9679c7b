# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that run to their end in one step."""

from sandboxes import SandboxTestCase


class Programs(SandboxTestCase):
    def test_the_last_expression_is_the_value(self):
        self.assertEqual(self.sandbox.value("x = 20\nx + 22"), 42)

    def test_without_a_last_expression_there_is_no_result(self):
        self.assertNotIn("result", self.sandbox.run("x = 1"))
        self.assertNotIn("result", self.sandbox.run(""))

    def test_none_is_a_result(self):
        self.assertEqual(self.sandbox.run("None")["result"], {"value": None})

    def test_names_persist(self):
        self.sandbox.run("import math\ndef area(r):\n    return math.pi * r ** 2\nclass Box: side = 3")
        self.assertEqual(self.sandbox.value("area(Box.side) > 28"), True)

    def test_the_value_does_not_stay_behind_as_a_name(self):
        self.sandbox.run("1 + 1")
        self.assertEqual(self.sandbox.value("[name for name in globals() if 'terrarium' in name]"), [])

    def test_underscore_is_the_last_value_only_where_wanted(self):
        self.sandbox.run("6 * 7", remember=True)
        self.assertEqual(self.sandbox.value("_ + 1"), 43)
        self.sandbox.run("None", remember=True)
        self.assertEqual(self.sandbox.value("_"), 42)

    def test_the_program_is_main(self):
        self.assertEqual(self.sandbox.value("class A: pass\nimport pickle, sys\n"
                                            "[__name__, A.__module__, type(pickle.loads(pickle.dumps(A()))).__name__,"
                                            " sys.modules['__main__'].A is A]"), ["__main__", "__main__", "A", True])

    def test_arguments(self):
        self.assertEqual(self.sandbox.value("import sys; sys.argv", name="tool.py", arguments=["-v", "é"]),
                         ["tool.py", "-v", "é"])

    def test_inputs_are_variables(self):
        self.assertEqual(self.sandbox.value(
            "import terrarium\n[x, terrarium.inputs['x'], type(data).__name__, when.year]",
            inputs={"x": [1, {"a": None}], "data": {"$bytes": "AAE="}, "when": {"$datetime": "2026-02-03T04:05:06"}}),
            [[1, {"a": None}], [1, {"a": None}], "bytes", 2026])

    def test_repr_for_a_prompt(self):
        self.assertEqual(self.sandbox.run("'a' * 3", result=["text"])["result"], {"text": "'aaa'"})
        self.assertEqual(self.sandbox.run("'a' * 30", result=["text"], limits={"text": 10})["result"],
                         {"text": "'aaaaaaaaa… [22 characters left out]", "text_length": 32})

    def test_future_features_persist_at_a_prompt(self):
        self.sandbox.run("from __future__ import annotations", remember=True)
        self.assertEqual(self.sandbox.value("def f(x: int): pass\nf.__annotations__", remember=True), {"x": "int"})

    def test_the_source_of_a_program_is_there_for_inspect(self):
        self.sandbox.run("def f():\n    return 1  # one\n", name="mine.py")
        self.assertEqual(self.sandbox.value("import inspect\ninspect.getsource(f)"), "def f():\n    return 1  # one\n")

    def test_output_arrives_in_order(self):
        self.sandbox.run("print('a')\nprint('c', end='')\ndisplay(1)\nprint('d')")
        self.assertEqual([(kind, content if kind != "event" else content["data"]) for kind, content in
                          self.sandbox.trace], [("out", "a\nc"), ("event", {"text/plain": "1"}), ("out", "d\n")])

    def test_standard_error_is_sent_on_before_events_too(self):
        self.sandbox.run("import sys\nsys.stderr.write('b')\ndisplay(1)\nsys.stderr.write('c')")
        self.assertEqual([kind for kind, _ in self.sandbox.trace], ["err", "event", "err"])

    def test_a_partial_line_is_sent_on_at_the_end(self):
        self.sandbox.run("print('half', end='')")
        self.assertEqual(self.sandbox.output(), "half")


class Exits(SandboxTestCase):
    def test_codes(self):
        for code, expected in [("", 0), ("0", 0), ("3", 3), ("None", 0), ("True", 1), ("256 + 7", 7), ("-1", 255),
                               ("10 ** 30", 255)]:
            self.assertEqual(self.sandbox.run(f"import sys; sys.exit({code})")["code"], expected, code)

    def test_a_message_goes_to_standard_error(self):
        outcome = self.sandbox.run("raise SystemExit('no such thing')")
        self.assertEqual((outcome["status"], outcome["code"]), ("exited", 1))
        self.assertEqual(self.sandbox.output("err"), "no such thing\n")

    def test_exit_leaves_standard_input_open(self):
        outcome = self.sandbox.run("exit(3)")
        self.assertEqual((outcome["status"], outcome["code"]), ("exited", 3))
        self.assertIs(self.sandbox.value("import sys; sys.stdin.closed"), False)

    def test_the_session_lives_on(self):
        self.sandbox.run("x = 5; raise SystemExit")
        self.assertEqual(self.sandbox.value("x"), 5)


class Misuse(SandboxTestCase):
    def test_malformed_requests_are_answered(self):
        import json
        for text in ("", "{", "[]", "1", "{}", '{"code": 5}', '{"code": "1", "inputs": 3}', '{"code":"1"} x'):
            self.assertEqual(json.loads(self.sandbox.call("start", text))["status"], "invalid", text)
        self.assertEqual(self.sandbox.value("1"), 1)

    def test_one_program_at_a_time(self):
        self.sandbox.start(code="import asyncio; await asyncio.sleep(1000)")
        self.assertEqual(self.sandbox.start(code="1")["status"], "invalid")

    def test_resume_and_cancel_without_a_program(self):
        self.assertEqual(self.sandbox.resume()["status"], "idle")
        self.assertEqual(self.sandbox.cancel()["status"], "idle")
