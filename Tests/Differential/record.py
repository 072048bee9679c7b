#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records what the programs print in a CPython of Linux, and where that is not what they print in a sandbox.

    record.py "$(Scripts/fetch-cpython.sh)/bin/python3.14"            writes `expected`
    record.py "$(Scripts/fetch-cpython.sh)/bin/python3.14" --check    says whether that would change it

TERRARIUM_TEST_PYTHON names a Python that has wasmtime. Ends with 1 if a program differs and does not say why.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import programs


def main() -> int:
    reference, check = sys.argv[1], sys.argv[2:] == ["--check"]
    unlinked = json.loads(subprocess.run([os.environ["TERRARIUM_TEST_PYTHON"], str(programs.FOLDER / "unlinked.py")],
                                         stdout=subprocess.PIPE, check=True).stdout)
    failed = 0
    for topic in programs.topics():
        found = programs.programs(topic)
        answers = subprocess.run(
            [reference, "-X", "utf8", str(programs.FOLDER / "on_linux.py")], check=True, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"TZ": "UTC", "LC_ALL": "C"},
            input=json.dumps([(program.first, program.second) for program in found])).stdout
        outputs = []
        for program, without_link, on_linux in zip(found, unlinked[topic], json.loads(answers), strict=True):
            # A sandbox is taken to do as the component does under Wasmtime's own WASI, and the tests say if it does not.
            inside, other = (on_linux, without_link) if program.differs == "unlinked" else (without_link, on_linux)
            outputs.append((program.title, inside, program.differs, other))
            differs = programs.terminated(inside) != programs.terminated(other)
            if "uncaught: " in on_linux or differs != bool(program.differs):
                failed += 1
                print(f"{topic}: {program.title}: " + ("differs" if differs else "does not differ"), file=sys.stderr)
                show_difference(on_linux, inside)
        text, file = programs.expected_text(outputs), programs.expected_file(topic)
        if not check:
            file.write_text(text, encoding="utf-8", newline="\n")
        elif text != file.read_text(encoding="utf-8"):
            failed += 1
            print(f"expected/{topic}.txt is not what would be written.", file=sys.stderr)
    print(f"{sum(len(programs.programs(topic)) for topic in programs.topics())} programs", file=sys.stderr)
    return 1 if failed else 0


def show_difference(on_linux: str, inside: str) -> None:
    if "uncaught: " in on_linux:
        print(on_linux, file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in ("on Linux", on_linux), ("in a sandbox", inside):
            (Path(folder) / name).write_text(text, encoding="utf-8")
        subprocess.run(["diff", "-U0", "on Linux", "in a sandbox"], cwd=folder, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
