# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tells what CPython's tests do in sandboxes, as the page Documentation/CPythonTests.md."""

import re
from collections import Counter
from pathlib import Path

from suite import left_out, left_out_tests

Outcomes = dict[str, tuple[str, str]]
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def passed(outcomes: Outcomes) -> int:
    return sum(outcome == "passed" for outcome, _ in outcomes.values())


def tally(natively: Outcomes, inside: Outcomes) -> Counter:
    """Of the tests that pass natively: how many pass, skip themselves, are left out, or fail in a sandbox."""
    counts: Counter = Counter()
    for test, (outcome, _) in natively.items():
        if outcome == "passed":
            if reason := reason_to_leave_out(test):
                counts["left out"] += 1
                counts[reason] += 1
            else:
                found = outcome_of(test, inside)
                counts["failed" if found == "absent" else found] += 1
    return counts


OUTCOMES = ("passed", "skipped", "left out", "failed")


def reason_to_leave_out(test: str) -> str | None:
    """The word that says why a test is left out, if it is."""
    pattern, reasons = left_out_tests()
    found = re.fullmatch(pattern, test.removeprefix("test."))
    return reasons[found.lastgroup] if found else None


def outcome_of(test: str, inside: Outcomes) -> str:
    """That of the test, or else of the class or module that was skipped or failed as a whole."""
    part = test
    while part:
        for name in (part, f"setUpClass ({part})", f"setUpModule ({part})", f"unittest.loader.ModuleSkipped.{part}",
                     f"unittest.loader._FailedTest.{part.removeprefix('test.')}"):
            if name in inside:
                return inside[name][0]
        part = part.rpartition(".")[0]
    return "absent"


def total(results: dict[str, tuple[Outcomes, Outcomes]]) -> str:
    counts = sum((tally(*pair) for pair in results.values()), Counter())
    native, ran = sum(counts[outcome] for outcome in OUTCOMES), counts["passed"] + counts["failed"]
    why = ", ".join(f"{reason} {count}" for reason, count in counts.most_common() if reason not in OUTCOMES)
    return (f"Of {native:,} tests that pass natively, {counts['passed']:,} pass in a sandbox ({share(counts['passed'], native)}), "
            f"{counts['skipped']:,} skip themselves, {counts['left out']:,} are left out ({why}) and {counts['failed']:,} fail. "
            f"Of those that neither skip themselves nor are left out, {share(counts['passed'], ran)} pass.")


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"


def write(page: Path, results: dict[str, tuple[Outcomes, Outcomes]]) -> None:
    """Writes the part of the page that is between two marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [total(results), "", "| tests of | pass natively | pass | skip themselves | left out | fail |",
             "|---|--:|--:|--:|--:|--:|"]
    for module, (natively, inside) in sorted(results.items()):
        counts = tally(natively, inside)
        numbers = [sum(counts[outcome] for outcome in OUTCOMES), *(counts[outcome] for outcome in OUTCOMES)]
        lines.append(f"| `{module}` | {' | '.join(map(str, numbers))} |")
    reasons: dict[str, list[str]] = {}
    for module, reason in left_out().items():
        reasons.setdefault(reason, []).append(f"`{module}`")
    lines += ["", "Modules that are not run, by what they are about:", ""]
    lines += [f"- {reason}: {', '.join(names)}" for reason, names in reasons.items()]
    page.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")
