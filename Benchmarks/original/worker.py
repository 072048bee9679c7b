# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the original demo's way inside one process: a command per line, the answer in seconds (`memory`: kilobytes).

    worker.py COMPONENT [PROGRAMS]    a command that is none of these is the name of a program of the folder PROGRAMS
"""

import gc
import sys
import time
from pathlib import Path

import host

IDLE_SANDBOXES = 200


def proportional_kilobytes() -> float:
    with open("/proc/self/smaps_rollup") as file:
        return next(float(line.split()[1]) for line in file if line.startswith("Pss:"))


def main() -> None:
    engine = host.configured_engine()
    loaded = host.load(sys.argv[1], engine)
    live = host.instantiate(engine, loaded)

    def fresh() -> float:
        start = time.perf_counter()
        sandbox = host.instantiate(engine, loaded)
        host.call(*sandbox, "eval", "2 + 2")
        sandbox[0].close()
        return time.perf_counter() - start

    def one_call() -> float:
        start = time.perf_counter()
        host.call(*live, "eval", "2 + 2")
        return time.perf_counter() - start

    def memory() -> float:
        fresh()
        gc.collect()
        before = proportional_kilobytes()
        sandboxes = [host.instantiate(engine, loaded) for _ in range(IDLE_SANDBOXES)]
        for sandbox in sandboxes:
            host.call(*sandbox, "eval", "2 + 2")
        return (proportional_kilobytes() - before) / IDLE_SANDBOXES

    running = {}

    def program(name: str) -> float:
        if name not in running:
            running[name] = host.instantiate(engine, loaded)
            host.call(*running[name], "exec", Path(sys.argv[2], f"{name}.py").read_text())
        start = time.perf_counter()
        assert host.call(*running[name], "exec", "run()") is None
        return time.perf_counter() - start

    commands = {"fresh": fresh, "call": one_call, "memory": memory}
    for line in sys.stdin:
        name = line.strip()
        print(commands[name]() if name in commands else program(name), flush=True)


if __name__ == "__main__":
    main()
