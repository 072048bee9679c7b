# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures wasmtime-py's calls of a component with the world of Lists.wit: a function per line, the answer in seconds.

    worker.py COMPONENT BYTES    every value is of so many bytes in the guest's memory
"""

import sys
import time

from wasmtime import Engine, Store
from wasmtime.component import Component, Linker, Record


def point(number):
    value = Record()
    value.x, value.y, value.id, value.tag = float(number), 0.5, number, 0
    return value


def main(path, size):
    engine = Engine()
    store = Store(engine)
    with open(path, "rb") as file:
        instance = Linker(engine).instantiate(store, Component(engine, file.read()))
    size = int(size)
    values = {
        "take-bytes": bytes(size),
        "take-floats": [float(number) for number in range(size // 8)],
        "take-points": [point(number) for number in range(size // 24)],
        "take-text": "x" * size,
        "give-bytes": size,
        "give-floats": size // 8,
        "give-points": size // 24,
        "give-text": size,
    }
    functions = {name: instance.get_func(store, name) for name in values}
    for line in sys.stdin:
        name = line.strip()
        start = time.perf_counter()
        functions[name](store, values[name])
        print(time.perf_counter() - start, flush=True)


main(*sys.argv[1:])
