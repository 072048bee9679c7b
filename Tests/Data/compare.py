#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the programs of this folder in sandboxes of the image `data`, and compares what they print with `expected`.

    compare.py TERRARIUM [TITLE ...]     runs all programs, or those whose title has one of these texts in it
    compare.py --record PYTHON           writes `expected`, with a CPython of Linux that has the same packages

A file in `programs` has many, each after a line `#### TITLE`. What they print is in the file of the same name in
`expected`, where another line `#### TITLE` begins it. Ends with 1 if a program prints something else.

PYTHON is a script or a program: `Scripts/fetch-cpython.sh` fetches one, and PYTHONPATH names a folder with the packages.
"""

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LIMITS = ["--time-limit", "120", "--memory-limit", "1GiB"]


def sections(path: Path) -> "dict[str, str]":
    found: "dict[str, str]" = {}
    title = None
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("#### "):
            title = line[5:].strip()
            found[title] = ""
        elif title is not None:
            found[title] += line
    return found


def printed(command: "list[str]", source: str, folder: str, environment: "dict[str, str] | None" = None) -> str:
    program = Path(folder, "program.py")
    program.write_text(source, encoding="utf-8")
    done = subprocess.run([*command, str(program)], capture_output=True, cwd=folder, env=environment)
    output = done.stdout.decode(errors="replace")
    if output and not output.endswith("\n"):
        output += "\n"
    return output if done.returncode == 0 else f"{output}exit code {done.returncode}: {done.stderr.decode(errors='replace')}"


def record(python: str) -> int:
    failed = 0
    environment = os.environ | {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore", "MPLBACKEND": "agg"}
    for path in sorted((FOLDER / "programs").glob("*.py")):
        text = ""
        for title, source in sections(path).items():
            with tempfile.TemporaryDirectory() as folder:
                output = printed([python, "-X", "utf8"], source, folder, environment)
            if "exit code" in output:
                failed += 1
                print(f"{path.name}: {title}:\n{output}", file=sys.stderr)
            text += f"#### {title}\n{output}"
        (FOLDER / "expected" / f"{path.stem}.txt").write_text(text, encoding="utf-8", newline="\n")
    return 1 if failed else 0


def compare(terrarium: str, wanted: "list[str]") -> int:
    failed = ran = 0
    command = [terrarium, "run", "--image", "data", *LIMITS]
    for path in sorted((FOLDER / "programs").glob("*.py")):
        expected = sections(FOLDER / "expected" / f"{path.stem}.txt")
        for title, source in sections(path).items():
            if wanted and not any(text in title for text in wanted):
                continue
            ran += 1
            with tempfile.TemporaryDirectory() as folder:
                output = printed(command, source, folder)
            if output != expected.get(title):
                failed += 1
                print(f"{path.name}: {title}", file=sys.stderr)
                lines = difflib.unified_diff((expected.get(title) or "").splitlines(), output.splitlines(), "CPython", "sandbox",
                                             lineterm="", n=0)
                print(*lines, sep="\n", file=sys.stderr)
    print(f"{ran - failed} of {ran} programs of data print what CPython prints.")
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(record(sys.argv[2]) if sys.argv[1] == "--record" else compare(sys.argv[1], sys.argv[2:]))
