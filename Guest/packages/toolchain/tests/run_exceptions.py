# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs what throwing.cpp was compiled to, in Wasmtime, and says whether each function returns what it has to.

    run_exceptions.py MODULE

The Python that runs this has wasmtime. The module is a shared library: its memory, its table and the few functions of C
that it needs are made here. Ends with 1 if a function returns something else, or exports more than it should.
"""

import sys

from wasmtime import (
    Config, Engine, Func, FuncType, Global, GlobalType, Instance, Limits, Memory, MemoryType, Module, Store, Table, TableType,
    Trap, Val, ValType, WasmtimeError)

# The functions of throwing.cpp, the argument, and what is returned.
EXPECTED = [
    ("by_base", [], 42), ("through_frames", [0], 1), ("through_frames", [1000], 1001), ("again", [], 10), ("nested", [], 21),
    ("by_library", [], 3), ("no_memory", [], 4), ("by_setjmp", [0], 71), ("by_setjmp", [500], 71),
]
PAGES = 64
STACK, DATA, HEAP = 1 << 20, 1 << 20, 2 << 20


class Library:
    def __init__(self, path: str):
        config = Config()
        config.wasm_exceptions = True
        engine = Engine(config)
        self.store = Store(engine)
        self.heap = HEAP
        self.printed = b""
        module = Module.from_file(engine, path)
        self.memory = Memory(self.store, MemoryType(Limits(PAGES, None)))
        i32, table = ValType.i32(), TableType(ValType.funcref(), Limits(1000, None))
        given = {
            "memory": self.memory, "__indirect_function_table": Table(self.store, table, None),
            "__stack_pointer": self.number(STACK, True), "__memory_base": self.number(DATA, False),
            "__table_base": self.number(1, False), "stderr": self.number(8, True),
            "strlen": self.function([i32], [i32], lambda at: len(self.text(at))),
            "strcmp": self.function([i32, i32], [i32], self.compare),
            "malloc": self.function([i32], [i32], self.allocate), "free": self.function([i32], [], lambda _: None),
            "aligned_alloc": self.function([i32, i32], [i32], lambda _, size: self.allocate(size)),
            "abort": self.function([], [], self.abort), "fputc": self.function([i32, i32], [i32], lambda byte, _: byte),
            "fwrite": self.function([i32] * 4, [i32], lambda at, size, count, _: count),
            "vfprintf": self.function([i32] * 3, [i32], lambda *_: 0),
        }
        instance = Instance(self.store, module, [given[each.name] for each in module.imports])
        self.exports = instance.exports(self.store)
        self.names = {each.name for each in module.exports}
        self.call("__wasm_apply_data_relocs")
        self.call("__wasm_call_ctors")

    def call(self, name: str, *arguments: int) -> int:
        return self.exports[name](self.store, *arguments)

    def number(self, value: int, is_mutable: bool) -> Global:
        return Global(self.store, GlobalType(ValType.i32(), is_mutable), Val.i32(value))

    def function(self, takes: list, gives: list, body) -> Func:
        return Func(self.store, FuncType(takes, gives), body)

    def text(self, at: int) -> bytes:
        return bytes(self.memory.read(self.store, at, at + 1000)).partition(b"\0")[0]

    def compare(self, one: int, other: int) -> int:
        a, b = self.text(one), self.text(other)
        return (a > b) - (a < b)

    def allocate(self, size: int) -> int:
        size &= 0xFFFFFFFF
        place = self.heap + -self.heap % 16
        if place + size > PAGES << 16:
            return 0
        self.heap = place + size
        return place

    @staticmethod
    def abort() -> None:
        raise RuntimeError("abort() was called")


def main() -> int:
    library = Library(sys.argv[1])
    failed = 0
    for name, arguments, expected in EXPECTED * 2:
        found = library.call(name, *arguments)
        if found != expected:
            failed += 1
            print(f"{name}{tuple(arguments)} returned {found}, not {expected}", file=sys.stderr)
    try:
        library.call("uncaught")
        failed += 1
        print("An exception that nobody caught was no error.", file=sys.stderr)
    except (Trap, WasmtimeError):
        pass
    own = {name for name, _, _ in EXPECTED} | {"uncaught", "__wasm_call_ctors", "__wasm_apply_data_relocs"}
    if more := library.names - own:
        failed += 1
        print(f"The library's own names are exported: {sorted(more)}", file=sys.stderr)
    print(f"exceptions: {len(EXPECTED) + 2 - failed} of {len(EXPECTED) + 2} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
