#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs CPython's own tests of files and paths in sandboxes, and compares with what is expected of them.

    run.py TERRARIUM [--skipped] [--on-linux] [MODULE …]

TERRARIUM is the built program. The tests are those that Scripts/fetch-cpython.sh fetches; expected.txt says how many pass,
and which fail and why. Any difference from it is a failure. --skipped also lists why tests were skipped, --on-linux also
runs them in the CPython that was fetched with them.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MODULES = ["test_fileio", "test_glob", "test_io", "test_os", "test_pathlib", "test_shutil", "test_tempfile", "test_zipfile"]
# What they need of the package `test`.
PARTS = ["__init__.py", "support", "archivetestdata", "archiver_tests.py", "mapping_tests.py", "tokenizedata"]

Outcomes = dict[str, tuple[str, str]]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("terrarium")
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--skipped", action="store_true")
    parser.add_argument("--on-linux", action="store_true")
    options = parser.parse_args()
    modules = options.modules or MODULES
    cpython = Path(subprocess.run([FOLDER.parents[2] / "Scripts/fetch-cpython.sh"], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout.strip())
    expected = Expected(FOLDER / "expected.txt")
    differences = []
    with tempfile.TemporaryDirectory() as temporary:
        image = build_image(options.terrarium, cpython, Path(temporary))
        for module in modules:
            outcomes = run_inside(options.terrarium, image, module)
            print(summary(module, outcomes), flush=True)
            if options.skipped:
                for reason, count in Counter(r for o, r in outcomes.values() if o == "skipped").most_common():
                    print(f"    {count:4} skipped: {reason}")
            if options.on_linux:
                print(summary("    on Linux", run_on_linux(cpython, module, Path(temporary))), flush=True)
            differences += expected.differences(module, outcomes)
    for difference in differences:
        print(difference, file=sys.stderr)
    if differences:
        print(f"{len(differences)} differences from {FOLDER.name}/expected.txt", file=sys.stderr)
    return 1 if differences else 0


def build_image(terrarium: str, cpython: Path, temporary: Path) -> Path:
    """An image that has the tests among its files, and is about to import them from there."""
    source, tests = cpython / "lib/python3.14/test", temporary / "lib/test"
    ignore = shutil.ignore_patterns("__pycache__")
    tests.mkdir(parents=True)
    for name in PARTS + [name if (source / name).is_dir() else f"{name}.py" for name in MODULES]:
        if (source / name).is_dir():
            shutil.copytree(source / name, tests / name, ignore=ignore)
        else:
            shutil.copy(source / name, tests / name)
    set_up, image = temporary / "set_up.py", temporary / "tests.terrarium"
    set_up.write_text((FOLDER / "inside.py").read_text() + "\nsys.path.insert(0, '/lib')\n")
    subprocess.run([terrarium, "build", "--quiet", "--add", f"{temporary / 'lib'}=/lib", "--run", set_up, "-o", image],
                   check=True)
    return image


def run_inside(terrarium: str, image: Path, module: str) -> Outcomes:
    return outcomes_of([terrarium, "--quiet", "--image", image, "--memory-limit", "2GB", "--time-limit", "20min", "-"],
                       f"run({module!r}, '/work')")


def run_on_linux(cpython: Path, module: str, temporary: Path) -> Outcomes:
    program = (FOLDER / "inside.py").read_text() + f"\nrun({module!r}, {str(temporary / 'work')!r})"
    return outcomes_of([cpython / "bin/python3.14", "-"], program)


def outcomes_of(command: list, program: str) -> Outcomes:
    process = subprocess.run(command, input=program, text=True, stdout=subprocess.PIPE)
    try:
        return {test: tuple(outcome) for test, outcome in json.loads(process.stdout).items()}
    except ValueError:
        return {"all": ("failed", f"it ended with {process.returncode}")}


def summary(title: str, outcomes: Outcomes) -> str:
    counts = Counter(outcome for outcome, _ in outcomes.values())
    return f"{title:14} {counts['passed']:5} passed {counts['skipped']:5} skipped {counts['failed']:5} failed"


class Expected:
    """Lines `MODULE PASSED SKIPPED`, and lines of a test's name, two blanks or more, and why it fails."""

    def __init__(self, file: Path) -> None:
        self.counts: dict[str, tuple[int, int]] = {}
        self.failures: dict[str, str] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            if count := re.fullmatch(r"(\w+) +(\d+) +(\d+)", line):
                self.counts[count[1]] = int(count[2]), int(count[3])
            elif line and not line.startswith("#"):
                test, reason = line.split("  ", 1)
                self.failures[test] = reason.strip()

    def differences(self, module: str, outcomes: Outcomes) -> list[str]:
        found = []
        failed = {test.removeprefix("test."): reason for test, (outcome, reason) in outcomes.items() if outcome == "failed"}
        listed = {test for test in self.failures if test.split(".")[0] == module}
        found += [f"{test} failed: {failed[test]}" for test in sorted(failed.keys() - listed)]
        found += [f"{test} did not fail" for test in sorted(listed - failed.keys())]
        counts = Counter(outcome for outcome, _ in outcomes.values())
        if (counts["passed"], counts["skipped"]) != self.counts.get(module):
            found.append(f"{module}: {counts['passed']} passed and {counts['skipped']} were skipped, "
                         f"not {self.counts.get(module)}")
        return found


if __name__ == "__main__":
    sys.exit(main())
