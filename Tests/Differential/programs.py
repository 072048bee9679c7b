# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the programs of this folder, and what they are to print.

A file in `programs` has many, each after a line `#### TITLE`. A line `#### continued` parts a program into the half that
runs before a snapshot is made and the half that runs in what was restored from it. What both print is in the file of the
same name in `expected`, where another line `#### TITLE` begins it.

A program that does not do in a sandbox what it does in CPython on Linux says why in a line `#### differs: REASON` after
its title; what it prints there is then in `expected` too, after a line `#### on Linux`. A line `#### differs unlinked:
REASON` is for what goes right in a sandbox, but not in the component under Wasmtime's own WASI.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CONTINUED = "continued"
# What may come after a title: the reason of a difference, and whose output is given besides that of a sandbox.
DIFFERS = {"differs: ": "on Linux", "differs unlinked: ": "unlinked"}


@dataclass
class Program:
    title: str
    first: str = ""
    second: str = ""
    # `on Linux` or `unlinked` if the output there is another than in a sandbox.
    differs: str | None = None


def topics() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "programs").glob("*.py"))


def programs(topic: str) -> list[Program]:
    found: list[Program] = []
    for heading, text in _sections(FOLDER / "programs" / f"{topic}.py"):
        if heading == CONTINUED:
            found[-1].second = text
        elif differs := next((name for prefix, name in DIFFERS.items() if heading.startswith(prefix)), None):
            found[-1].differs, found[-1].first = differs, text
        else:
            found.append(Program(heading, first=text))
    return found


def expected_file(topic: str) -> Path:
    return FOLDER / "expected" / f"{topic}.txt"


def expected_text(outputs: list[tuple[str, str, str | None, str]]) -> str:
    """Of titles, the output in a sandbox, and where there is another output, and which."""
    text = ""
    for title, inside, place, other in outputs:
        text += f"#### {title}\n{terminated(inside)}"
        if place:
            text += f"#### {place}\n{terminated(other)}"
    return text


def terminated(output: str) -> str:
    return output if not output or output.endswith("\n") else output + "\n"


def _sections(path: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        if line.startswith("#### "):
            found.append((line[5:], ""))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found
