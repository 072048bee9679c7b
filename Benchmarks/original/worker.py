# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the original demo's way inside one process: a command per line, the answer in seconds (`memory`: kilobytes)."""

import gc
import sys
import time

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

    commands = {"fresh": fresh, "call": one_call, "memory": memory}
    for line in sys.stdin:
        print(commands[line.strip()](), flush=True)


if __name__ == "__main__":
    main()
