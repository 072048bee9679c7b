# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the host's CPython: a command per line, the answer in seconds. `call` or the name of a program."""

import sys
import time
from pathlib import Path


def main() -> None:
    namespaces: dict[str, dict] = {}
    for line in sys.stdin:
        name = line.strip()
        if name == "call":
            start = time.perf_counter()
            eval("2 + 2", {})
        else:
            if name not in namespaces:
                namespaces[name] = {}
                exec(Path(sys.argv[1], f"{name}.py").read_text(), namespaces[name])
            start = time.perf_counter()
            namespaces[name]["run"]()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
