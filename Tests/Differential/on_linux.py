# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs programs in the Python that runs this: each in a process and an empty folder of its own.

Reads a JSON list of pairs of sources, the two halves of each program, and writes a JSON list of what they printed.
"""

import json
import os
import sys
import tempfile
import traceback
import types


def run(halves: list[str]) -> str:
    with tempfile.TemporaryFile("w+b") as output, tempfile.TemporaryDirectory() as folder:
        child = os.fork()
        if child == 0:
            os.dup2(output.fileno(), 1)
            os.chdir(folder)
            main = sys.modules["__main__"] = types.ModuleType("__main__")
            try:
                for half in halves:
                    exec(compile(half, "<program>", "exec"), vars(main))
            except BaseException:
                print("uncaught:", traceback.format_exc())
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        output.seek(0)
        return output.read().decode()


if __name__ == "__main__":
    # As in a sandbox, where these are not set either.
    for name in "PYTHONPATH", "COLUMNS", "TERM", "TMPDIR":
        os.environ.pop(name, None)
    json.dump([run(halves) for halves in json.load(sys.stdin)], sys.stdout)
