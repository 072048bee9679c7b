# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a program in a sandbox may use besides Python itself.

display    shows objects as pictures, tables, formulas
progress   tells the host how far a loop has come
inputs     the values that the host passed in
read, write, files    the files of the sandbox, in one line each
"""

import os
import pathlib
import time
from types import MappingProxyType

from terrarium_runtime import host, json_text
from terrarium_runtime.displays import display
from terrarium_runtime.host_functions import HostError

__all__ = ["HostError", "display", "files", "inputs", "progress", "read", "write"]

_values: dict = {}

#: The values that the host passed in, by name.
inputs = MappingProxyType(_values)

_SECONDS_BETWEEN_REPORTS = 0.1
_last_progress_id = 0


def progress(items, *, total=None, label=None):
    """Iterate over items, and report how many are done.

    total: how many there are, where `len(items)` does not say.
    label: what the host shows beside the number.
    """
    global _last_progress_id
    if total is None:
        try:
            total = len(items)
        except TypeError:
            pass
    _last_progress_id = number = _last_progress_id + 1
    done, reported_at = 0, None
    try:
        for done, item in enumerate(items):
            now = time.monotonic()
            if reported_at is None or now - reported_at >= _SECONDS_BETWEEN_REPORTS:
                _report(number, done, total, label)
                reported_at = now
            yield item
            done += 1
    finally:
        _report(number, done, total, label, is_finished=True)


def _report(number: int, done: int, total, label, is_finished: bool = False) -> None:
    event = {"event": "progress", "id": number, "done": done, "total": total,
             "label": None if label is None else str(label), "finished": is_finished}
    host.tell(json_text.transportable(json_text.encode(event)))


def files(pattern="**/*"):
    """The files below the working folder that match the pattern, as sorted paths relative to it."""
    folder = pathlib.Path.cwd()
    return sorted(path.relative_to(folder) for path in folder.glob(pattern) if path.is_file())


def read(path):
    """The contents of a file: text if it is UTF-8, otherwise bytes."""
    contents = pathlib.Path(path).read_bytes()
    try:
        return contents.decode("utf-8")
    except UnicodeDecodeError:
        return contents


def write(path, contents):
    """Write text or bytes to a file, and make the folders that it is in."""
    if folder := os.path.dirname(path):
        os.makedirs(folder, exist_ok=True)
    data = contents.encode("utf-8") if isinstance(contents, str) else contents
    pathlib.Path(path).write_bytes(data)
