# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The user's cache folder, what set-up keeps there, and what it says while it works."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What an interrupted set-up leaves behind is found by this name and removed by the next one.
UNFINISHED = "unfinished-"


def is_current(part: Path, identity: str) -> bool:
    stamp = stamp_of(part)
    return part.is_file() and stamp.is_file() and stamp.read_text() == f"{identity} {part.stat().st_size}"


def install(part: Path, identity: str, make) -> None:
    """Has `make` write the part under a temporary name, then puts it in place, marked with what it was made from."""
    with temporary_folder(part.parent) as temporary:
        made = temporary / part.name
        make(made)
        stamp_of(part).unlink(missing_ok=True)
        made.replace(part)
    mark(part, identity)


def mark(part: Path, identity: str) -> None:
    stamp_of(part).write_text(f"{identity} {part.stat().st_size}")


def stamp_of(part: Path) -> Path:
    return part.with_name(f".{part.name}.made-from")


def write_program(path: Path, command: str) -> None:
    """Writes a shell script, unless it is there already: tests that run just now may be reading it."""
    text = f"#!/bin/sh\n{command}\n"
    if path.is_file() and path.read_text() == text and os.access(path, os.X_OK):
        return
    with temporary_folder(path.parent) as temporary:
        made = temporary / path.name
        made.write_text(text)
        made.chmod(0o755)
        made.replace(path)


@contextlib.contextmanager
def temporary_folder(parent: Path):
    """A folder beside where its contents will go, without what earlier set-ups that were killed left there."""
    parent.mkdir(parents=True, exist_ok=True)
    for unfinished in parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=parent) as temporary:
        yield Path(temporary)


def engine_library() -> Path:
    return parts_folder() / "lib" / ("libwasmtime.dylib" if sys.platform == "darwin" else "libwasmtime.so")


def parts_folder() -> Path:
    """The same rule as `Parts.locate` in Sources/Terrarium/Parts."""
    source = (ROOT / "Sources/Terrarium/Parts/TerrariumVersion.swift").read_text()
    return cache_folder() / "parts" / re.search(r'"(\d+\.\d+\.\d+)"', source).group(1)


def cache_folder() -> Path:
    """The same rule as `UserCache` in Sources/Terrarium/Parts."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "terrarium"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/terrarium"
    return Path.home() / ".cache/terrarium"


@contextlib.contextmanager
def exclusively():
    """Two set-ups at once take turns; where nothing can be written there is nothing to take turns for."""
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        lock = open(cache_folder() / "setup.lock", "w")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def step(title: str):
    print(f"{title} …", end="", flush=True, file=sys.stderr)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", file=sys.stderr)
        raise
    print(f" {time.monotonic() - start:.1f} s", file=sys.stderr)


def run(command: list, failure: str, env: "dict | None" = None) -> None:
    outcome = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=env)
    if outcome.returncode != 0:
        raise Failure(f"{failure}\n{(outcome.stderr or outcome.stdout).strip()}")


class Failure(SystemExit):
    """Ends set-up with a message, after the step that failed has said so."""

    def __init__(self, message: str):
        super().__init__(f"terrarium set-up: {message}")


def say(text: str) -> None:
    print(text, file=sys.stderr)


def fail(message: str, code: int = 1) -> None:
    say(f"terrarium set-up: {message}")
    sys.exit(code)
