# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The way of the original demo: a component under wasmtime-py, with the engine's own cache of compiled code.

host.py COMPONENT [STATEMENTS…] EXPRESSION
"""

import json
import sys
import threading
import time

import wasmtime
from wasmtime import component

TIME_LIMIT_SECONDS = 5
MEMORY_LIMIT_BYTES = 100 << 20


def load(path: str, engine: wasmtime.Engine):
    """The component with a linker, ready to be instantiated."""
    linker = component.Linker(engine)
    linker.add_wasip2()
    # Terrarium's own guest imports these, and calls neither for `exec` and `eval`.
    with linker.root() as root:
        root.add_func("call-host", lambda store, request: "")
        root.add_func("emit", lambda store, event: None)
    return component.Component.from_file(engine, path), linker


def instantiate(engine: wasmtime.Engine, loaded):
    guest, linker = loaded
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=MEMORY_LIMIT_BYTES)
    store.set_epoch_deadline(1)
    store.set_wasi(wasmtime.WasiConfig())
    return store, linker.instantiate(store, guest)


def call(store, instance, name: str, text: str):
    function = instance.get_func(store, name)
    return function(store, text)


def configured_engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.cache = True
    config.epoch_interruption = True
    return wasmtime.Engine(config)


def main() -> None:
    engine = configured_engine()
    store, instance = instantiate(engine, load(sys.argv[1], engine))

    def interrupt() -> None:
        time.sleep(TIME_LIMIT_SECONDS)
        engine.increment_epoch()

    threading.Thread(target=interrupt, daemon=True).start()
    for statements in sys.argv[2:-1]:
        call(store, instance, "exec", statements)
    answer = call(store, instance, "eval", sys.argv[-1])
    text = answer.payload if hasattr(answer, "payload") else answer
    print(f"result: {json.loads(text)}")


if __name__ == "__main__":
    main()
