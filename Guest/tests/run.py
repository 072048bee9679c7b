#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the tests of what is inside a sandbox, and ends with a line of how many passed.

    run.py [interpreter | component] [name of a test, a class or a module …]

Each test runs twice: in the interpreter that TERRARIUM_TEST_PYTHON names, by default that of Scripts/setup.py, where the
host's side of the protocol is a pipe; and in the component that Scripts/setup.py builds, in a WebAssembly engine.
"""

import os
import subprocess
import sys
import threading
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    if os.environ.get("TERRARIUM_GUEST_TESTS") != "running":
        python = os.environ.get("TERRARIUM_TEST_PYTHON") or subprocess.run(
            [sys.executable, str(FOLDER.parent.parent / "Scripts/setup.py"), "tests"], check=True, text=True,
            stdout=subprocess.PIPE).stdout.strip()
        return subprocess.call([python, __file__, *sys.argv[1:]],
                               env=os.environ | {"TERRARIUM_GUEST_TESTS": "running", "PYTHONDONTWRITEBYTECODE": "1"})
    arguments = sys.argv[1:]
    kinds = [arguments.pop(0)] if arguments and arguments[0] in ("interpreter", "component") else [
        "interpreter", "component"]
    sys.path.insert(0, str(FOLDER))
    import sandboxes

    passed = failed = skipped = 0
    for kind in kinds:
        sandboxes.use(kind)
        print(f"In the {kind}:", file=sys.stderr, flush=True)
        loader = unittest.TestLoader()
        suite = loader.loadTestsFromNames(arguments) if arguments else loader.discover(str(FOLDER))
        result = unittest.TextTestRunner(verbosity=1).run(suite)
        wrong = len({test.id() for test, _ in result.failures + result.errors})
        skipped += len(result.skipped)
        passed, failed = passed + result.testsRun - wrong - len(result.skipped), failed + wrong
        if not result.testsRun:
            failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    # The engine runs on the stack of the thread that calls it, and Python inside needs a deep one.
    threading.stack_size(512 * 1024 * 1024)
    code: list[int] = []
    thread = threading.Thread(target=lambda: code.append(main()))
    thread.start()
    thread.join()
    sys.exit(code[0] if code else 1)
