# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""asyncio in programs that stop at an `await` and go on when the host resumes them."""

import time

from sandboxes import SandboxTestCase

FUNCTIONS = [
    {"name": "ask", "async": True, "parameters": [{"name": "question", "type": "str"}], "returns": "str"},
    {"name": "now", "parameters": []},
]


class Driver(SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.sandbox.configure(functions=FUNCTIONS)

    def drive(self, outcome: dict, answer=lambda question: f"{question}!", max_steps: int = 100) -> dict:
        """Answers calls and lets time pass until the program ends."""
        for _ in range(max_steps):
            if outcome["status"] != "waiting":
                return outcome
            if not outcome["calls"] and "wake_at" in outcome:
                time.sleep(max(0, outcome["wake_at"] - outcome["clock"]) / 1e9)
            settled = [{"id": call["id"], "value": answer(*call["arguments"])} for call in outcome["calls"]]
            outcome = self.sandbox.resume(settled=settled)
        raise AssertionError(f"still {outcome}")

    def result(self, code: str):
        outcome = self.drive(self.sandbox.start(code=code))
        self.assertEqual(outcome["status"], "done", outcome.get("error", {}).get("rendered", outcome))
        return outcome.get("result", {}).get("value")


class HostCalls(Driver):
    def test_an_await_ends_the_step(self):
        outcome = self.sandbox.start(code="answer = await ask('why')\nanswer.upper()")
        self.assertEqual(outcome, {"status": "waiting", "dropped": [],
                                   "calls": [{"id": 1, "function": "ask", "arguments": ["why"]}]})
        outcome = self.sandbox.resume(settled=[{"id": 1, "value": "because"}])
        self.assertEqual((outcome["status"], outcome["result"]["value"]), ("done", "BECAUSE"))
        self.assertEqual(self.sandbox.value("answer"), "because")

    def test_gather_makes_its_calls_at_once_and_takes_answers_in_any_order(self):
        outcome = self.sandbox.start(code="import asyncio\nawait asyncio.gather(*[ask(str(n)) for n in range(3)])")
        self.assertEqual([call["arguments"] for call in outcome["calls"]], [["0"], ["1"], ["2"]])
        outcome = self.sandbox.resume(settled=[{"id": 3, "value": "c"}])
        self.assertEqual((outcome["status"], outcome["calls"]), ("waiting", []))
        outcome = self.sandbox.resume(settled=[{"id": 1, "value": "a"}, {"id": 2, "value": "b"}])
        self.assertEqual(outcome["result"]["value"], ["a", "b", "c"])

    def test_errors_are_raised_where_the_program_awaits(self):
        self.sandbox.start(code="try:\n    await ask('x')\nexcept LookupError as error:\n    caught = repr(error)\n"
                                "caught")
        outcome = self.sandbox.resume(settled=[{"id": 1, "error": {"type": "KeyError", "message": "no"}}])
        self.assertEqual(outcome["result"]["value"], "KeyError('no')")

    def test_the_traceback_of_a_failed_call_shows_the_program_only(self):
        self.sandbox.start(code="async def f():\n    return await ask('x')\nawait f()", name="p.py")
        error = self.sandbox.resume(settled=[{"id": 1, "error": {"type": "ValueError", "message": "bad"}}])["error"]
        self.assertEqual([(frame["function"], frame["line"]) for frame in error["frames"]], [("<module>", 3), ("f", 2)])
        self.assertIsNone(error.get("context"))

    def test_unknown_and_repeated_settlements_are_ignored(self):
        self.sandbox.start(code="await ask('x') + await ask('y')")
        self.sandbox.resume(settled=[{"id": 99, "value": 0}, {"id": 1, "value": "a"}, {"id": 1, "value": "b"}])
        self.assertEqual(self.sandbox.resume(settled=[{"id": 2, "value": "c"}])["result"]["value"], "ac")

    def test_a_call_that_nobody_awaits_any_longer_is_dropped(self):
        outcome = self.sandbox.start(code="import asyncio\ntask = asyncio.create_task(ask('x'))\n"
                                          "await asyncio.sleep(0)\n"
                                          "await ask('y')\ntask.cancel()\nawait ask('z')")
        self.assertEqual(len(outcome["calls"]), 2)
        outcome = self.sandbox.resume(settled=[{"id": 2, "value": 0}])
        self.assertEqual((outcome["dropped"], [call["id"] for call in outcome["calls"]]), ([1], [3]))

    def test_a_call_taken_back_at_once_is_never_heard_of(self):
        outcome = self.sandbox.start(code="import asyncio\ntask = asyncio.create_task(ask('x'))\n"
                                          "await asyncio.sleep(0)\n"
                                          "task.cancel()\nawait ask('y')")
        self.assertEqual((outcome["dropped"], [call["id"] for call in outcome["calls"]]), ([], [2]))

    def test_all_calls_under_way_on_request(self):
        self.sandbox.start(code="import asyncio\nawait asyncio.gather(ask('a'), ask('b'))")
        self.assertEqual(self.sandbox.resume()["calls"], [])
        self.assertEqual([call["id"] for call in self.sandbox.resume(relist=True)["calls"]], [1, 2])

    def test_what_a_program_leaves_running_goes_on(self):
        outcome = self.sandbox.start(code="import asyncio\nlog = []\nasync def later():\n"
                                          "    log.append(await ask('x'))\n"
                                          "task = asyncio.create_task(later())\nawait asyncio.sleep(0)\n'done'")
        self.assertEqual((outcome["status"], len(outcome["calls"])), ("done", 1))
        self.assertEqual(self.sandbox.value("log"), [])
        self.assertEqual(self.sandbox.resume(settled=[{"id": 1, "value": "late"}])["status"], "idle")
        self.assertEqual(self.sandbox.value("log"), ["late"])

    def test_settlements_may_come_with_the_next_program(self):
        self.sandbox.start(code="import asyncio\ntask = asyncio.create_task(ask('x'))\nawait asyncio.sleep(0)")
        self.assertEqual(self.sandbox.start(code="await task", settled=[{"id": 1, "value": 7}])["result"]["value"], 7)

    def test_a_thousand_calls(self):
        self.assertEqual(self.result("import asyncio\nsum(await asyncio.gather(*[ask(n) for n in range(1000)]))"
                                     .replace("ask(n)", "number(n)")
                                     .replace("import asyncio\n", "import asyncio\nasync def number(n):\n"
                                              "    return len(await ask('x' * n)) - 1\n")), 499500)


class Asyncio(Driver):
    def test_sleep_tells_when_to_resume(self):
        outcome = self.sandbox.start(code="import asyncio\nawait asyncio.sleep(3600)\n5")
        self.assertEqual(outcome["status"], "waiting")
        self.assertAlmostEqual((outcome["wake_at"] - outcome["clock"]) / 1e9, 3600, delta=5)
        self.assertEqual(self.sandbox.resume()["status"], "waiting")

    def test_programs(self):
        for name, (code, expected) in {
            "sleeps end in order": (
                "import asyncio\nlog = []\nasync def f(n):\n    await asyncio.sleep(n / 100)\n    log.append(n)\n"
                "await asyncio.gather(f(3), f(1), f(2))\nlog", [1, 2, 3]),
            "task group": (
                "import asyncio\nasync with asyncio.TaskGroup() as g:\n    a = g.create_task(ask('a'))\n"
                "    b = g.create_task(ask('b'))\n[a.result(), b.result()]", ["a!", "b!"]),
            "time-out": (
                "import asyncio\ntry:\n    async with asyncio.timeout(0.01):\n        await asyncio.Event().wait()\n"
                "except TimeoutError:\n    r = 'timed out'\nr", "timed out"),
            "wait_for": (
                "import asyncio\ntry:\n    await asyncio.wait_for(asyncio.sleep(100), 0.01)\n"
                "except TimeoutError:\n    r = 1\nr", 1),
            "queue": (
                "import asyncio\nq = asyncio.Queue(2)\nasync def put():\n    for n in range(5):\n"
                "        await q.put(n)\n"
                "async def get():\n    return [await q.get() for _ in range(5)]\n"
                "(await asyncio.gather(put(), get()))[1]", [0, 1, 2, 3, 4]),
            "lock": (
                "import asyncio\nlock, log = asyncio.Lock(), []\nasync def f(n):\n    async with lock:\n"
                "        log.append(n); await asyncio.sleep(0.001); log.append(n)\n"
                "await asyncio.gather(f(1), f(2))\nlog", [1, 1, 2, 2]),
            "asynchronous generator and comprehension": (
                "async def g():\n    for c in 'ab':\n        yield await ask(c)\n[x async for x in g()]", ["a!", "b!"]),
            "await in a comprehension": ("[await ask(c) for c in 'ab']", ["a!", "b!"]),
            "context variables": (
                "import asyncio, contextvars\nv = contextvars.ContextVar('v', default=0)\nasync def f(n):\n"
                "    v.set(n)\n    await asyncio.sleep(0)\n    return v.get()\n"
                "v.set(9)\n[*await asyncio.gather(f(1), f(2)), v.get()]", [1, 2, 9]),
            "as_completed": (
                "import asyncio\n[await f for f in asyncio.as_completed([asyncio.sleep(0.02, 'b'), "
                "asyncio.sleep(0.001, 'a')])]", ["a", "b"]),
            "asynchronous with at the top": (
                "class A:\n    async def __aenter__(self): return await ask('in')\n"
                "    async def __aexit__(self, *a): await ask('out')\nasync with A() as x:\n    pass\nx", "in!"),
        }.items():
            with self.subTest(name):
                self.assertEqual(self.result(code), expected)

    def test_context_variables_set_at_the_top_level_persist(self):
        self.sandbox.run("import contextvars\nv = contextvars.ContextVar('v')\nv.set(1)")
        self.sandbox.run("v.set(v.get() + 1)\nimport asyncio; await asyncio.sleep(0)\nv.set(v.get() + 1)")
        self.assertEqual(self.sandbox.value("v.get()"), 3)

    def test_an_exception_nobody_awaited_is_logged(self):
        self.sandbox.run("import asyncio, gc\nasync def f(): 1 / 0\nasyncio.create_task(f())\n"
                         "await asyncio.sleep(0)\nawait asyncio.sleep(0)\ngc.collect()")
        self.assertIn("Task exception was never retrieved", self.sandbox.output("err"))

    def test_exits_in_a_task_end_the_program(self):
        for code, status in (("raise SystemExit(4)", "exited"), ("raise KeyboardInterrupt", "failed")):
            outcome = self.sandbox.start(code="import asyncio\ncleaned = []\nasync def f():\n"
                                              "    await asyncio.sleep(0)\n"
                                              f"    {code}\ntry:\n"
                                              f"    await asyncio.gather(f(), asyncio.Event().wait())\n"
                                              "finally:\n    cleaned.append(1)")
            self.assertEqual(outcome["status"], status)
            self.assertEqual(self.sandbox.value("cleaned"), [1])

    def test_a_deadlock_is_an_error_that_says_so(self):
        outcome = self.sandbox.start(code="import asyncio\ntry:\n    await asyncio.Event().wait()\n"
                                          "finally:\n    cleaned = True")
        self.assertEqual(outcome["status"], "failed")
        self.assertEqual(outcome["error"]["type"], "asyncio.exceptions.CancelledError")
        self.assertIn("deadlock", outcome["error"]["message"])
        self.assertTrue(self.sandbox.value("cleaned"))

    def test_a_program_that_insists_on_its_deadlock_is_ended(self):
        outcome = self.sandbox.start(code="import asyncio\nwhile True:\n    try:\n"
                                          "        await asyncio.Event().wait()\n"
                                          "    except asyncio.CancelledError: pass")
        self.assertEqual(outcome["error"]["type"], "RuntimeError")
        self.assertEqual(self.sandbox.value("1"), 1)


class Cancelling(Driver):
    def test_the_awaiting_code_sees_it(self):
        self.sandbox.start(code="log = []\ntry:\n    await ask('x')\nexcept BaseException as error:\n"
                                "    log.append(repr(error)); raise\nfinally:\n    log.append('cleaned')")
        outcome = self.sandbox.cancel(message="enough")
        self.assertEqual((outcome["status"], outcome["dropped"]), ("failed", [1]))
        self.assertEqual(outcome["error"]["type"], "asyncio.exceptions.CancelledError")
        self.assertEqual(outcome["error"]["frames"][0]["line"], 3)
        self.assertEqual(self.sandbox.value("log"), ["CancelledError('enough')", "cleaned"])

    def test_cleaning_up_may_await(self):
        self.sandbox.start(code="try:\n    await ask('x')\nfinally:\n    bye = await ask('y')")
        outcome = self.sandbox.cancel()
        self.assertEqual((outcome["status"], [call["arguments"] for call in outcome["calls"]]), ("waiting", [["y"]]))
        self.assertEqual(self.sandbox.resume(settled=[{"id": 2, "value": "bye"}])["status"], "failed")
        self.assertEqual(self.sandbox.value("bye"), "bye")

    def test_a_program_may_go_on_after_it(self):
        self.sandbox.start(code="import asyncio\ntry:\n    await ask('x')\nexcept asyncio.CancelledError:\n    pass\n"
                                "'on'")
        self.assertEqual(self.sandbox.cancel()["result"]["value"], "on")

    def test_every_task_of_a_gather_is_cancelled(self):
        self.sandbox.start(code="import asyncio\nlog = []\nasync def f(n):\n    try:\n        await ask(n)\n"
                                "    finally:\n        log.append(n)\nawait asyncio.gather(f('a'), f('b'))")
        self.assertEqual(self.sandbox.cancel()["dropped"], [1, 2])
        self.assertEqual(self.sandbox.value("log"), ["a", "b"])

    def test_abandoning_runs_nothing_of_the_program(self):
        self.sandbox.start(code="import asyncio\nlog = []\nasync def f(n):\n    try:\n        await ask(n)\n"
                                "    finally:\n        log.append(n)\nawait asyncio.gather(f('a'), f('b'))")
        self.assertEqual(self.sandbox.cancel(abandon=True)["dropped"], [1, 2])
        self.sandbox.run("import gc; gc.collect()")
        self.assertEqual((self.sandbox.value("log"), self.sandbox.output("err")), ([], ""))

    def test_abandoning_waits_for_nothing(self):
        self.sandbox.start(code="import asyncio\nwhile True:\n    try:\n        await ask('x')\n"
                                "    except BaseException:\n"
                                "        pass")
        self.assertEqual(self.sandbox.cancel()["status"], "waiting")
        outcome = self.sandbox.cancel(abandon=True)
        self.assertEqual((outcome["status"], outcome["dropped"]), ("idle", [2]))
        self.assertEqual(self.sandbox.value("1"), 1)
        self.assertEqual(self.result("await ask('y')"), "y!")


class AsyncioRun(Driver):
    MAIN = ("import asyncio\nasync def main(n=1):\n    for _ in range(n):\n        last = await ask('x')\n"
            "    return last\n")

    def test_at_the_top_level_it_suspends(self):
        outcome = self.sandbox.start(code=self.MAIN + "r = asyncio.run(main(2))\nr")
        self.assertEqual(outcome["status"], "waiting")
        self.assertEqual(self.drive(outcome)["result"]["value"], "x!")
        self.assertEqual(self.sandbox.requests(), [])

    def test_in_every_place_that_is_run_as_part_of_the_module(self):
        for code in ("if __name__ == '__main__':\n    asyncio.run(main())\n'x!'",
                     "from asyncio import run as go\ngo(main())", "import asyncio as aio\naio.run(main(), debug=True)",
                     "for _ in range(2):\n    r = asyncio.run(main())\nr", "asyncio.run(main=main())",
                     "asyncio.run(asyncio.wait_for(main(), 5))", "print(end=asyncio.run(main()))\n'x!'"):
            with self.subTest(code):
                self.assertEqual(self.result(self.MAIN + code), "x!")
                self.assertEqual(self.sandbox.requests(), [])

    def test_an_import_of_an_earlier_program_counts(self):
        self.sandbox.run(self.MAIN)
        self.assertEqual(self.result("asyncio.run(main())"), "x!")
        self.assertEqual(self.sandbox.requests(), [])

    def test_within_a_function_the_host_waits(self):
        self.sandbox.answers["wait"] = lambda request: {
            "settled": [{"id": call["id"], "value": "blocking"} for call in request["calls"]]}
        self.assertEqual(self.sandbox.value(self.MAIN + "def f():\n    return asyncio.run(main(2))\nf()"), "blocking")
        self.assertEqual([[call["id"] for call in request["calls"]] for request in self.sandbox.requests()], [[1], [2]])

    def test_both_in_one_program(self):
        self.sandbox.answers["wait"] = lambda request: {
            "settled": [{"id": call["id"], "value": "b"} for call in request["calls"]]}
        self.assertEqual(self.result(self.MAIN + "def f():\n    return asyncio.run(main())\n"
                                                 "f() + asyncio.run(main()) + f()"),
                         "bx!b")

    def test_sleep_within_a_function(self):
        self.sandbox.answers["wait"] = lambda request: time.sleep(
            max(0, request["wake_at"] - request["clock"]) / 1e9) or {}
        self.assertEqual(self.sandbox.value(
            "import asyncio, time\nasync def main():\n    await asyncio.sleep(0.02)\n    return 3\n"
            "def f():\n    with asyncio.Runner() as runner:\n        return runner.run(main())\nf()"), 3)
        self.assertEqual(len(self.sandbox.requests()), 1)

    def test_a_cancellation_while_the_host_waits(self):
        self.sandbox.answers["wait"] = lambda request: {"cancel": "stop"}
        error = self.sandbox.error("import asyncio\nlog = []\nasync def main():\n    try:\n        await ask('x')\n"
                                   "    finally:\n        log.append(1)\ndef f():\n    asyncio.run(main())\nf()")
        self.assertEqual((error["type"], error["message"]), ("asyncio.exceptions.CancelledError", "stop"))
        self.assertEqual(self.sandbox.value("log"), [1])

    def test_an_interrupt_while_the_host_waits(self):
        self.sandbox.answers["wait"] = lambda request: {"interrupt": True}
        self.assertEqual(self.sandbox.error(self.MAIN + "def f():\n    asyncio.run(main())\nf()")["type"],
                         "KeyboardInterrupt")

    def test_as_in_cpython_it_cannot_be_called_from_a_task(self):
        error = self.sandbox.error(self.MAIN + "def f():\n    c = main()\n    try:\n        asyncio.run(c)\n"
                                   "    finally:\n        c.close()\nawait asyncio.sleep(0)\nf()")
        self.assertEqual(error["message"], "asyncio.run() cannot be called from a running event loop")

    def test_beside_a_top_level_await_it_joins_the_loop(self):
        self.assertEqual(self.result(self.MAIN + "await ask('a') + asyncio.run(main())"), "a!x!")

    def test_it_ends_what_main_left_running_and_its_generators(self):
        self.assertEqual(self.result(
            "import asyncio\nlog = []\nasync def forever():\n    try:\n        await asyncio.Event().wait()\n"
            "    finally:\n"
            "        log.append(await ask('bye'))\nasync def numbers():\n    try:\n        yield 1\n    finally:\n"
            "        log.append('closed')\nasync def main():\n    asyncio.create_task(forever())\n"
            "    global g\n    g = numbers()\n    await anext(g)\n    await asyncio.sleep(0)\n"
            "asyncio.run(main())\nlog"), ["bye!", "closed"])

    def test_errors_and_cancellation(self):
        error = self.sandbox.error("import asyncio\nasync def main():\n    1 / 0\nasyncio.run(main())", name="p.py")
        self.assertEqual([frame["function"] for frame in error["frames"]], ["<module>", "main"])
        self.sandbox.start(code=self.MAIN + "asyncio.run(main())")
        self.assertEqual(self.sandbox.cancel()["error"]["type"], "asyncio.exceptions.CancelledError")
        self.assertEqual(self.sandbox.error("import asyncio\nasyncio.run(5)")["type"], "TypeError")

    def test_another_function_called_run_is_called_as_it_is(self):
        self.assertEqual(self.sandbox.value("import asyncio\nclass asyncio:\n    run = staticmethod(lambda x: x + 1)\n"
                                            "asyncio.run(2)"), 3)

    def test_exit_in_main(self):
        outcome = self.sandbox.start(code="import asyncio, sys\nasync def main():\n    await asyncio.sleep(0)\n"
                                          "    sys.exit(5)\nasyncio.run(main())")
        self.assertEqual((outcome["status"], outcome["code"]), ("exited", 5))

    def test_loops_of_the_programs_own(self):
        self.sandbox.answers["wait"] = lambda request: {}
        self.assertEqual(self.sandbox.value("import asyncio\nloop = asyncio.new_event_loop()\n"
                                            "r = loop.run_until_complete(asyncio.sleep(0, 8))\nloop.close()\nr"), 8)
        self.assertEqual(self.sandbox.value("asyncio.run(asyncio.sleep(0, 9), loop_factory=asyncio.EventLoop)"), 9)

