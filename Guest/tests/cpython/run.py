#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs CPython's own tests in sandboxes, and compares with what the native CPython of the same tests does.

    run.py TERRARIUM [--jobs N] [--update] [--details] [MODULE …]

TERRARIUM is the built program. The tests are those that Scripts/fetch-cpython.sh fetches, but the modules of left-out.txt.
A test that passes natively and fails in a sandbox without being in expected.txt is a failure, and so is a module of which
fewer tests pass than expected.txt says. --update writes expected.txt and Documentation/CPythonTests.md anew; --details also
prints each test that fails and each reason to skip.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import report
from expected import Expected
from suite import Native, Sandboxed, modules

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("terrarium")
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    cpython = Path(subprocess.run([FOLDER.parents[2] / "Scripts/fetch-cpython.sh"], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout.strip())
    chosen = options.modules or modules(cpython)
    expected, results = Expected(FOLDER / "expected.txt"), {}
    with tempfile.TemporaryDirectory() as temporary:
        sandboxed = Sandboxed(options.terrarium, cpython, Path(temporary))
        native = Native(cpython, Path(temporary))

        def both(module: str) -> tuple[str, dict, dict, float]:
            outcomes = native.outcomes(module)
            began = time.monotonic()
            return module, outcomes, sandboxed.outcomes(module), time.monotonic() - began

        with ThreadPoolExecutor(options.jobs) as pool:
            for module, natively, inside, seconds in pool.map(both, chosen):
                results[module] = natively, inside
                counts = Counter(outcome for outcome, _ in inside.values())
                print(f"{module:24} {counts['passed']:5} passed {counts['skipped']:5} skipped {counts['failed']:5} failed "
                      f"{seconds:6.1f} s; {report.passed(natively)} pass natively", flush=True)
                if options.details:
                    for test, (outcome, reason) in inside.items():
                        if outcome != "passed" and natively.get(test, ("",))[0] == "passed":
                            print(f"    {outcome} {test}: {reason}", flush=True)
    if options.update:
        expected.update(results)
        report.write(FOLDER.parents[2] / "Documentation/CPythonTests.md", results)
        return 0
    differences = [line for module in chosen for line in expected.differences(module, *results[module])]
    print("\n".join(differences), file=sys.stderr)
    print(report.total(results))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
