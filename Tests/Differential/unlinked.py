# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs programs in the Python component as componentize-py made it, under Wasmtime's own WASI.

    unlinked.py

Writes a JSON object: for each topic, what each program printed. Each has an instance and an empty folder of its own.
"""

import json
import sys
import tempfile
import threading
from pathlib import Path

import programs

sys.path.insert(0, str(programs.FOLDER.parent.parent / "Guest/tests"))
import sandboxes  # noqa: E402


def run(program: programs.Program) -> str:
    with tempfile.TemporaryDirectory() as folder:
        sandbox = sandboxes.ComponentSandbox(str(Path(folder).resolve()))
        try:
            for half in (program.first, program.second):
                sandbox.call("exec", half)
            return sandbox.output()
        except sandboxes.GuestError as error:
            return f"{sandbox.output()}uncaught: {error}\n"
        finally:
            sandbox.close()


def main() -> None:
    answers = {topic: [run(program) for program in programs.programs(topic)] for topic in programs.topics()}
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    # The engine runs on the stack of the thread that calls it, and Python inside needs a deep one.
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
