# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is expected of CPython's tests in a sandbox: how many of a module pass, and which fail that pass natively."""

import re
from pathlib import Path

Outcomes = dict[str, tuple[str, str]]
HEADER = """\
# What CPython's tests do in a sandbox: how many of each module pass, then those that fail and pass natively, and why.
# `run.py --update` writes this, and keeps the reasons that were written by hand. Documentation/CPythonTests.md sums it up.
"""


class Expected:
    """Lines `MODULE PASSED`, and lines of a test's name, two blanks or more, and why it fails."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.counts: dict[str, int] = {}
        self.failures: dict[str, str] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            if count := re.fullmatch(r"(\w+) +(\d+)", line):
                self.counts[count[1]] = int(count[2])
            elif line and not line.startswith("#"):
                test, reason = line.split("  ", 1)
                self.failures[test] = reason.strip()

    def differences(self, module: str, natively: Outcomes, inside: Outcomes) -> list[str]:
        found = [f"{test} failed: {reason}" for test, reason in failures(natively, inside).items()
                 if test not in self.failures]
        passed = sum(outcome == "passed" for outcome, _ in inside.values())
        if passed < self.counts.get(module, 0):
            found.append(f"{module}: {passed} passed, not {self.counts[module]}")
        return found

    def update(self, results: dict[str, tuple[Outcomes, Outcomes]]) -> None:
        for module, (natively, inside) in results.items():
            self.counts[module] = sum(outcome == "passed" for outcome, _ in inside.values())
            # The tests of a module may come from another file.
            its = {test.removeprefix("test.") for test in natively | inside}
            old = {test: self.failures.pop(test) for test in list(self.failures)
                   if test in its or test.split(".")[0] == module}
            for test, reason in failures(natively, inside).items():
                self.failures[test] = old.get(test) or reason
        width = max(map(len, self.counts))
        lines = [f"{module:{width}} {count:5}" for module, count in sorted(self.counts.items())] + [""]
        lines += [f"{test}  {reason}" for test, reason in sorted(self.failures.items())]
        self.file.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def failures(natively: Outcomes, inside: Outcomes) -> dict[str, str]:
    """The tests that fail in a sandbox, and do not fail natively, with one line that says why."""
    return {test.removeprefix("test."): printable(" ".join(reason.split())) or "failed" for test, (outcome, reason) in inside.items()
            if outcome == "failed" and natively.get(test, ("passed",))[0] == "passed"}


def printable(text: str) -> str:
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
