# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs tests of CPython's test-suite, in a sandbox or in any Python, and prints what became of each as JSON."""

import io
import json
import os
import sys
import traceback
import unittest


class Outcomes(unittest.TestResult):
    """By test: `passed`, `skipped` or `failed`, and why. A test fails if one of its subtests does."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}

    def note(self, test: unittest.TestCase, outcome: str, reason: str = "") -> None:
        if self.found.get(test.id(), ("",))[0] != "failed":
            self.found[test.id()] = outcome, reason

    def addSuccess(self, test) -> None:
        self.note(test, "passed")

    def addExpectedFailure(self, test, error) -> None:
        self.note(test, "passed")

    def addUnexpectedSuccess(self, test) -> None:
        self.note(test, "failed", "was expected to fail")

    def addSkip(self, test, reason: str) -> None:
        # A subtest that is skipped is none of those that count.
        self.note(getattr(test, "test_case", test), "skipped", reason)

    def addFailure(self, test, error) -> None:
        self.note(test, "failed", describe(error))

    addError = addFailure

    def addSubTest(self, test, subtest, error) -> None:
        if error:
            self.note(test, "failed", describe(error))


def describe(error: tuple) -> str:
    places = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in traceback.extract_tb(error[2])
              if "unittest" not in frame.filename]
    return f"{error[0].__name__}: {str(error[1])[:300]} (at {' '.join(places[-3:])})"


def run(module: str, folder: str) -> None:
    """Runs the tests of a module of the package `test` in a folder that is made if need be."""
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    outcomes = Outcomes()
    output, sys.stdout, sys.stderr = sys.stdout, io.StringIO(), io.StringIO()
    try:
        unittest.defaultTestLoader.loadTestsFromName(f"test.{module}").run(outcomes)
    finally:
        sys.stdout, sys.stderr = output, sys.__stderr__
    json.dump(outcomes.found, sys.stdout)
    print()
