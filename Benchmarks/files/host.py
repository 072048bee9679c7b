# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

"""Times files in a wrapped component and in the same one with Wasmtime's own WASI and a preopened folder.

host.py TERRARIUM: builds both in a temporary folder with the componentize-py beside TERRARIUM_TEST_PYTHON, and prints
JSON: milliseconds for reading 8 MB, microseconds for stat and open, the medians of several runs taken in turn.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker

HERE = Path(__file__).resolve().parent
BYTES = 8 << 20
REPETITIONS = {"read-file": (5, 1e3), "stat-file": (500, 1e6), "open-file": (500, 1e6)}
RUNS = 9


def build(folder, terrarium):
    """Makes guest.wasm and wrapped.wasm, and the file that they read."""
    (folder / "data").mkdir()
    (folder / "data/file").write_bytes(bytes(range(256)) * (BYTES // 256))
    componentize = Path(os.environ["TERRARIUM_TEST_PYTHON"]).parent / "componentize-py"
    arguments = ["-d", HERE / "world.wit", "-w", "guest", "componentize", "guest", "-o", folder / "guest.wasm"]
    subprocess.run([componentize, *arguments], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    options = ["--mount", f"{folder}/data=/data", "-o", folder / "wrapped.wasm"]
    subprocess.run([terrarium, "virt", "-q", folder / "guest.wasm", *options], check=True)


def functions(engine, file, data):
    """The functions of an instance; with WASI if there is data to grant."""
    linker = Linker(engine)
    store = Store(engine)
    if data:
        linker.add_wasip2()
        wasi = WasiConfig()
        wasi.preopen_dir(str(data), "/data")
        store.set_wasi(wasi)
    instance = linker.instantiate(store, Component(engine, file.read_bytes()))
    return {name: (instance.get_func(store, name), store) for name in REPETITIONS}


def seconds(function, count):
    call, store = function
    start = time.perf_counter()
    call(store, "/data/file", count)
    return (time.perf_counter() - start) / count


def main(terrarium):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder, terrarium)
        engine = Engine()
        sides = {
            "wrapped": functions(engine, folder / "wrapped.wasm", None),
            "wasmtime": functions(engine, folder / "guest.wasm", folder / "data"),
        }
        result = {}
        for operation, (count, unit) in REPETITIONS.items():
            times = {side: [] for side in sides}
            for _ in range(RUNS):
                for side, available in sides.items():
                    times[side].append(seconds(available[operation], count) * unit)
            result[operation] = {side: statistics.median(values) for side, values in times.items()}
        print(json.dumps(result))


main(*sys.argv[1:])
