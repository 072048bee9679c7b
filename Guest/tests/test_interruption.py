# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A TimeoutError that the host raises at any moment: in the program, in the runtime, or between the two.

Here a thread raises it, so these tests are of the interpreter; in the component the host does, which the tests of the
host's side cover.
"""

import sandboxes
from sandboxes import SandboxTestCase


class InterruptionBetweenSteps(SandboxTestCase):
    """At a place that is hit by chance otherwise: a method of the runtime raises, as it does when an interrupt comes there."""

    def test_it_ends_the_program_where_it_waits_and_the_next_one_runs(self):
        for method, module in (("wake_at", "event_loop.HostLoop"), ("unsent", "host_calls.HostCalls")):
            for kind in ("KeyboardInterrupt", "TimeoutError"):
                with self.subTest(method=method, kind=kind):
                    name, _, owner = module.partition(".")
                    outcome = self.sandbox.start(code=f"""
import asyncio
from terrarium_runtime.{name} import {owner}
original, cleaned = {owner}.{method}, []
def once(self, *arguments):
    {owner}.{method} = original
    # Raised by no statement, as what the host raises.
    (None for _ in ()).throw({kind})
{owner}.{method} = once
try: await asyncio.sleep(600)
finally: cleaned.append(1)
""")
                    self.assertEqual((outcome["status"], outcome["error"]["type"]), ("failed", kind), outcome)
                    self.assertEqual(self.sandbox.value("cleaned"), [1])


class Interruption(SandboxTestCase):
    def setUp(self):
        if sandboxes.is_component():
            self.skipTest("only a thread beside the program can raise this, and WebAssembly has none")
        super().setUp()

    def run_for(self, seconds: float, code: str, **request) -> dict:
        self.sandbox.interrupt_after = seconds
        try:
            return self.sandbox.start(code=code, **request)
        finally:
            self.sandbox.interrupt_after = None

    # The loops that have to be left through `finally` are not `while True`: up to Python 3.11 the jump back of an
    # endless loop is not part of the `try` around it, so an exception raised right there misses the block.

    def test_it_is_reported_as_what_it_is_and_finally_blocks_run(self):
        outcome = self.run_for(0.05, "cleaned = []\ntry:\n    for _ in iter(int, 1): x = 1\nfinally:\n"
                                     "    cleaned.append(1)", name="p.py")
        self.assertEqual((outcome["error"]["type"], outcome["error"]["frames"][0]["line"]), ("TimeoutError", 3))
        self.assertEqual(self.sandbox.value("cleaned"), [1])

    def test_in_a_task(self):
        outcome = self.run_for(0.05, "import asyncio\ncleaned = []\nasync def main():\n    try:\n"
                                     "        for _ in iter(int, 1):\n"
                                     "            await asyncio.sleep(0)\n    finally:\n        cleaned.append(1)\n"
                                     "asyncio.run(main())")
        self.assertEqual(outcome["error"]["type"], "TimeoutError")
        self.assertEqual(self.sandbox.value("cleaned"), [1])

    def test_at_any_moment_the_answer_is_an_outcome_and_the_session_lives(self):
        programs = (
            "import asyncio\nwhile True: await asyncio.sleep(0)",
            "import asyncio\nasync def main():\n"
            "    while True: await asyncio.gather(*[asyncio.sleep(0)] * 0, asyncio.sleep(0))\n"
            "asyncio.run(main())",
            "while True: display(1)",
            "while True: x = 1",
            "def f(n): return f(n + 1)\nwhile True:\n    try: f(0)\n    except RecursionError: pass",
            "def g():\n    try: yield 1\n    finally: pass\nwhile True: next(g())",
        )
        for number in range(120):
            program = programs[number % len(programs)]
            with self.subTest(program=program, number=number):
                outcome = self.run_for(0.002 + number * 0.00013, program)
                self.assertEqual(outcome["status"], "failed")
                self.assertEqual(outcome["error"]["type"], "TimeoutError", outcome["error"]["rendered"])
                self.assertEqual(self.sandbox.value("1 + 1"), 2)

    def test_while_the_value_is_encoded(self):
        self.sandbox.run("x = [[{'a': (i, {i})} for i in range(300)] for _ in range(300)]")
        outcome = self.run_for(0.1, "x", limits={"value": 10 ** 9})
        self.assertEqual((outcome["status"], outcome["error"]["type"]), ("failed", "TimeoutError"))
        self.assertEqual(self.sandbox.value("1"), 1)

    def test_while_the_repr_of_a_value_is_made(self):
        self.sandbox.run("class A:\n    def __repr__(self):\n        while True: pass")
        outcome = self.run_for(0.05, "[A()]")
        self.assertEqual((outcome["status"], outcome["error"]["type"]), ("failed", "TimeoutError"))
