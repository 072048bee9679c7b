# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs tests of CPython's test-suite, in a sandbox or in any Python, and prints what becomes of each as it happens.

Lines that begin with `MARK` are JSON lists: `[test]` when a test begins, `[test, outcome, reason]` when it has ended (or a
subtest of it has failed), `[]` at the end of all.
"""

import io
import json
import os
import re
import sys
import traceback
import unittest

MARK = "\x1e"
# Modules of CPython's own tests, and others without which a test means nothing.
NEEDED = ("_testcapi", "_testinternalcapi", "_testlimitedcapi", "_testbuffer", "_testmultiphase", "_testsinglephase",
          "_ctypes", "_interpreters", "_posixsubprocess")


class Outcomes(unittest.TestResult):
    """Tells the outcome of each test: `passed`, `skipped` or `failed`, and why. A test fails if one of its subtests does."""

    def __init__(self, output) -> None:
        super().__init__()
        self.output = output
        self.failed: set[str] = set()

    def tell(self, *parts: str) -> None:
        print(f"\n{MARK}{json.dumps(parts)}", file=self.output, flush=True)

    def note(self, test, outcome: str, reason: str = "") -> None:
        if test.id() not in self.failed:
            self.tell(test.id(), outcome, reason)
        if outcome == "failed":
            self.failed.add(test.id())

    def startTest(self, test) -> None:
        self.tell(test.id())

    def addSuccess(self, test) -> None:
        self.note(test, "passed")

    def addExpectedFailure(self, test, error) -> None:
        self.note(test, "passed")

    def addUnexpectedSuccess(self, test) -> None:
        self.note(test, "failed", "was expected to fail")

    def addSkip(self, test, reason: str) -> None:
        # A test that skips itself while it is set up is not torn down.
        for tool in filter(sys.monitoring.get_tool, range(6)):
            sys.monitoring.free_tool_id(tool)
        # A subtest that is skipped is none of those that count.
        if not hasattr(test, "test_case"):
            self.note(test, "skipped", reason[:200])

    def addFailure(self, test, error) -> None:
        if lacked := lack(error):
            self.note(test, "skipped", f"needs {lacked}")
        else:
            self.note(test, "failed", describe(error))

    addError = addFailure

    def addSubTest(self, test, subtest, error) -> None:
        if error:
            self.addFailure(test, error)


def lack(error: tuple) -> str | None:
    """What a test stopped at that a sandbox has not: a socket, or a module that is not part of it."""
    if sys.platform != "wasi":
        return None
    if isinstance(error[1], ImportError):
        found = re.search(r"No module named '(\w+)'", str(error[1]))
        return f"the module {found[1]}" if found and found[1] in NEEDED else None
    frames = traceback.extract_tb(error[2])
    is_of_socket = bool(frames) and os.path.basename(frames[-1].filename) == "socket.py"
    return "sockets" if isinstance(error[1], OSError) and is_of_socket else None


def describe(error: tuple) -> str:
    try:
        places = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in traceback.extract_tb(error[2])
                  if "unittest" not in frame.filename]
        return f"{error[0].__name__}: {str(error[1])[-200:]} (at {' '.join(places[-2:])})"
    except Exception:
        return error[0].__name__


def without(tests: unittest.TestSuite, done: set[str], left_out: re.Pattern) -> unittest.TestSuite:
    """The suite without those of its tests that are done, or are left out by their names."""
    kept = unittest.TestSuite() if type(tests) is unittest.TestSuite else type(tests)()
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            kept.addTest(without(test, done, left_out))
        elif test.id() not in done and not left_out.fullmatch(test.id().removeprefix("test.")):
            kept.addTest(test)
    return kept


def run(module: str, folder: str, done: list[str], left_out: str) -> None:
    """Runs the tests of a module of the package `test` in a folder that is made if need be.

    done: the names of tests that are not run again.
    left_out: an expression that the names of tests match that are not run.
    """
    import test.support

    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    # As CPython runs them: no tests that take gigabytes, minutes or a network.
    test.support.use_resources = {}
    outcomes = Outcomes(sys.stdout)
    output, sys.stdout, sys.stderr = sys.stdout, io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    try:
        tests = unittest.defaultTestLoader.loadTestsFromName(f"test.{module}")
        without(tests, set(done), re.compile(left_out)).run(outcomes)
    except unittest.SkipTest as skip:
        outcomes.tell(f"test.{module}", "skipped", str(skip))
    finally:
        sys.stdout, sys.stderr = output, sys.__stderr__
    outcomes.tell()
