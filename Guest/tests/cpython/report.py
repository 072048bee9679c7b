# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tells what CPython's tests do in sandboxes, as the page Documentation/CPythonTests.md."""

from collections import Counter
from pathlib import Path

Outcomes = dict[str, tuple[str, str]]
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def passed(outcomes: Outcomes) -> int:
    return sum(outcome == "passed" for outcome, _ in outcomes.values())


def tally(natively: Outcomes, inside: Outcomes) -> Counter:
    """Of the tests that pass natively: how many pass, skip themselves, fail, or are not there in a sandbox."""
    return Counter(outcome_of(test, inside) for test, (outcome, _) in natively.items() if outcome == "passed")


def outcome_of(test: str, inside: Outcomes) -> str:
    """That of the test, or else of the class or module that was skipped or failed as a whole."""
    part = test
    while part:
        for name in (part, f"setUpClass ({part})", f"setUpModule ({part})"):
            if name in inside:
                return inside[name][0]
        part = part.rpartition(".")[0]
    return "absent"


def total(results: dict[str, tuple[Outcomes, Outcomes]]) -> str:
    counts = sum((tally(*pair) for pair in results.values()), Counter())
    native, ran = counts.total(), counts.total() - counts["skipped"]
    return (f"Of {native:,} tests that pass natively, {counts['passed']:,} pass in a sandbox ({share(counts['passed'], native)}), "
            f"{counts['skipped']:,} skip themselves and {counts['failed'] + counts['absent']:,} fail. Of those that do not "
            f"skip themselves, {share(counts['passed'], ran)} pass.")


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"


def write(page: Path, results: dict[str, tuple[Outcomes, Outcomes]], expected, left_out: Path) -> None:
    """Writes the part of the page that is between two marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [total(results), "", "| tests of | pass natively | pass | skip themselves | fail |", "|---|--:|--:|--:|--:|"]
    for module, (natively, inside) in sorted(results.items()):
        counts = tally(natively, inside)
        lines.append(f"| `{module}` | {counts.total()} | {counts['passed']} | {counts['skipped']} | "
                     f"{counts['failed'] + counts['absent']} |")
    reasons: dict[str, list[str]] = {}
    for line in left_out.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            module, reason = line.split()
            reasons.setdefault(reason, []).append(f"`{module}`")
    lines += ["", "Modules that are not run, by what they are about:", ""]
    lines += [f"- {reason}: {', '.join(names)}" for reason, names in reasons.items()]
    page.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")
