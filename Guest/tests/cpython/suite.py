# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs test modules of CPython, in sandboxes and natively."""

import ast
import functools
import hashlib
import json
import os
import re
import select
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROGRAM = (FOLDER / "inside.py").read_text()
MARK = "\x1e"
# Of one test, in seconds. What takes longer counts as failed.
TIME_LIMIT = 40
# How often a module is taken up again after a test has ended its sandbox.
MAX_RESTARTS = 8
# What the tests take for granted of WASI is not so in a sandbox: by file, lines and what takes their place.
MENDED = {
    # Threads take turns. A test that makes a socket is skipped when it does, and no test of the same module before.
    "support/threading_helper.py": ('elif sys.platform == "wasi":\n        return False', ""),
    "support/__init__.py": ("has_socket_support = not (\n    is_emscripten\n    or is_wasi\n)", "has_socket_support = True"),
    # Two tests of many use it.
    "test_class.py": ("from _testinternalcapi import has_inline_values", "def has_inline_values(_): import _testinternalcapi"),
    # Each of these stops a whole module or package for what few of its tests need.
    "test_importlib/util.py": ('import_helper.import_module("_testmultiphase")', ""),
    "support/socket_helper.py": ("has_gethostname = not support.is_wasi", "has_gethostname = True"),
    "test_urllib_response.py": ("if support.is_wasi:", "if False:"),
    "test_bytes.py": ("    _testlimitedcapi = import_helper.import_module('_testlimitedcapi')\n\n    def test_getitem_error",
                      "    _testlimitedcapi = property(lambda self: self.skipTest('needs the module _testlimitedcapi'))\n\n"
                      "    def test_getitem_error"),
    # What the tests of argparse take from there needs no process, which the tests of tools themselves do.
    "test_tools/__init__.py": (
        None, "import unittest\ndef skip_if_missing(tool=None): raise unittest.SkipTest('there are no tools')\n"),
}

Outcomes = dict[str, tuple[str, str]]


def left_out() -> dict[str, str]:
    """By module: the one word that says why it is left out."""
    return _words(FOLDER / "left-out.txt")


@functools.cache
def left_out_tests() -> tuple[str, dict[str, str]]:
    """An expression that the names of tests match that are left out, and the word that says why by the group's name."""
    patterns, reasons = [], {}
    for number, (pattern, reason) in enumerate(_words(FOLDER / "left-out-tests.txt").items()):
        patterns.append(f"(?P<p{number}>{'.*'.join(map(re.escape, pattern.split('*')))})")
        reasons[f"p{number}"] = reason
    return "|".join(patterns) or "(?!)", reasons


def _words(file: Path) -> dict[str, str]:
    return dict(line.split() for line in file.read_text().splitlines() if line and not line.startswith("#"))


def modules(cpython: Path) -> list[str]:
    names = {path.stem for path in (cpython / "lib/python3.14/test").glob("test_*")
             if path.suffix == ".py" or (path / "__init__.py").exists()}
    return sorted(names - left_out().keys())


def gather(start, module: str, left_out: str = "(?!)") -> Outcomes:
    """Runs a module, and again without what is done whenever its process ends before all tests did.

    start: takes the text of a program; answers what it printed, and why it ended.
    """
    outcomes: Outcomes = {}
    for _ in range(MAX_RESTARTS):
        output, end = start(f"{PROGRAM}\nrun({module!r}, '{{folder}}', {list(outcomes)!r}, "
                            f"{left_out!r})\n")
        current, is_complete = None, False
        for line in output.split("\n"):
            if not line.startswith(MARK):
                continue
            match json.loads(line[1:]):
                case [test]:
                    current = test
                case [test, outcome, reason]:
                    # Reasons may have characters that no file can have.
                    outcomes[test] = outcome, reason.encode("ascii", "backslashreplace").decode()
                    current = None if test == current else current
                case []:
                    is_complete = True
        if is_complete:
            return outcomes
        stopped_in = current or f"test.{module}"
        outcomes[stopped_in] = "failed", f"ended its process: {end}"
        if current is None:
            return outcomes
    return outcomes


def follow(command: list, program: str) -> tuple[str, str]:
    """Runs a command that is given a program, as long as it prints something at least every TIME_LIMIT seconds.

    Answers what it printed, and why it ended: the last line of its errors, or its exit status.
    """
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as source:
        source.write(program.encode())
        source.seek(0)
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=errors)
        output, end = bytearray(), None
        with process.stdout as pipe:
            while True:
                if not select.select([pipe], [], [], TIME_LIMIT)[0]:
                    process.kill()
                    end = f"it took more than {TIME_LIMIT} s"
                    break
                if not (data := os.read(pipe.fileno(), 1 << 16)):
                    break
                output += data
        status = process.wait()
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines()
    return output.decode(errors="replace"), end or (lines[-1][:200] if lines else f"exit status {status}")


class Sandboxed:
    """Test modules in fresh sandboxes of an image that has the tests among its files."""

    def __init__(self, terrarium: str, cpython: Path, temporary: Path) -> None:
        self.terrarium, self.image = terrarium, temporary / "tests.terrarium"
        source, tests = cpython / "lib/python3.14/test", temporary / "lib/test"
        shutil.copytree(source, tests, ignore=shutil.ignore_patterns("__pycache__"))
        for name, (lines, other) in MENDED.items():
            text = (tests / name).read_text(encoding="utf-8")
            if lines is not None and lines not in text:
                raise SystemExit(f"{name} has not the lines that are to be mended: {lines!r}")
            (tests / name).write_text(other if lines is None else text.replace(lines, other, 1), encoding="utf-8")
        self.copy_library(cpython / "lib/python3.14", temporary / "library")
        set_up = temporary / "set_up.py"
        set_up.write_text("import sys\nsys.path.insert(0, '/lib')\n")
        subprocess.run([terrarium, "build", "--quiet", "--add", f"{temporary / 'lib'}=/lib", "--add",
                        f"{temporary / 'library'}=/python", "--run", set_up, "-o", self.image], check=True)

    def copy_library(self, source: Path, target: Path) -> None:
        """The sources of the library's modules that an image has, since many tests import one anew, which needs a source."""
        target.mkdir()
        program = "import importlib.util, sys\nprint([n for n in sys.stdlib_module_names if n in sys.modules or " \
                  "importlib.util.find_spec(n)])"
        there = subprocess.run([self.terrarium, "--quiet", "-"], input=program, check=True, text=True, stdout=subprocess.PIPE)
        for name in [*ast.literal_eval(there.stdout), "__hello__", "__phello__"]:
            if (source / f"{name}.py").exists():
                shutil.copy(source / f"{name}.py", target)
            elif (source / name).is_dir() and name != "test":
                shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.so", "test*"))

    def outcomes(self, module: str) -> Outcomes:
        return gather(self.start, module, left_out_tests()[0])

    def start(self, program: str) -> tuple[str, str]:
        return follow([self.terrarium, "--quiet", "--image", self.image, "--memory-limit", "2GB", "--time-limit", "1h", "-"],
                      program.replace("{folder}", "/work"))


class Native:
    """Test modules in the CPython that the tests come with; outcomes are kept from one run to the next."""

    def __init__(self, cpython: Path, temporary: Path) -> None:
        self.cpython, self.temporary = cpython, temporary
        stamp = hashlib.sha256(PROGRAM.encode() + (cpython / "stamp").read_bytes()).hexdigest()[:16]
        self.kept = cpython.parent / "cpython-outcomes" / stamp
        self.kept.mkdir(parents=True, exist_ok=True)

    def outcomes(self, module: str) -> Outcomes:
        file = self.kept / f"{module}.json"
        if file.exists():
            return {test: tuple(outcome) for test, outcome in json.loads(file.read_text()).items()}
        outcomes = gather(lambda program: self.start(module, program), module)
        scratch = file.with_suffix(f".{threading.get_ident()}")
        scratch.write_text(json.dumps(outcomes))
        scratch.rename(file)
        return outcomes

    def start(self, module: str, program: str) -> tuple[str, str]:
        folder = self.temporary / "native" / module
        return follow([self.cpython / "bin/python3.14", "-"], program.replace("{folder}", str(folder)))
