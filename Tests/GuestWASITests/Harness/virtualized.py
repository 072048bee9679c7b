# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a virtualized component with nothing but the functions of terrarium:sandbox/host, as Python closures.

The closures get addresses in the guest's memory; so the memories come from here, as a host would do it.
"""

import ctypes
import mmap
import os
import struct
import time

import wasmtime
from wasmtime import _bindings as ffi
from wasmtime import component

PROT_NONE, PROT_READ_WRITE = 0, mmap.PROT_READ | mmap.PROT_WRITE
_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
_libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


class Memory:
    """A linear memory; addresses and lengths from the guest are checked."""

    def __init__(self, minimum, reserved):
        self.reserved = max(reserved, minimum)
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000  # no reserve
        self.base = _libc.mmap(None, self.reserved, PROT_NONE, flags, -1, 0)
        assert self.base != ctypes.c_void_p(-1).value
        self.size = 0
        self.grow(minimum)

    def grow(self, size):
        assert self.size <= size <= self.reserved
        assert size == 0 or _libc.mprotect(self.base, size, PROT_READ_WRITE) == 0
        self.size = size

    def read(self, address, count):
        assert 0 <= address and address + count <= self.size, (address, count)
        return ctypes.string_at(self.base + address, count)

    def write(self, address, data):
        assert 0 <= address and address + len(data) <= self.size, (address, len(data))
        ctypes.memmove(self.base + address, bytes(data), len(data))

    def copy(self):
        return self.read(0, self.size)

    def restore(self, contents):
        """Puts an earlier state back; the memory never shrinks, so what came later is cleared."""
        self.write(0, contents)
        ctypes.memset(self.base + len(contents), 0, self.size - len(contents))


class MemoryCreator:
    """Makes the memories of an engine and remembers them."""

    def __init__(self, configuration):
        self.memories = []

        def new_memory(_, kind, minimum, maximum, reserved, guard, out):
            memory = Memory(minimum, (reserved or 1 << 32) + (guard or 1 << 31))

            def get(_, size, capacity):
                size[0] = memory.size
                capacity[0] = memory.reserved - guard
                return memory.base

            def grow(_, size):
                memory.grow(size)
                return 0

            def finish(_):
                _libc.munmap(memory.base, memory.reserved)

            callbacks = [
                ffi.wasmtime_memory_get_callback_t(get), ffi.wasmtime_memory_grow_callback_t(grow),
                ctypes.CFUNCTYPE(None, ctypes.c_void_p)(finish),
            ]
            out[0].env = None
            out[0].get_memory, out[0].grow_memory, out[0].finalizer = callbacks
            # The engine calls them until it drops the memory.
            self.kept.append((memory, callbacks))
            self.memories.append(memory)
            return 0

        self.kept = []
        self.structure = ffi.wasmtime_memory_creator_t()
        self.structure.env = None
        self.callback = ffi.wasmtime_new_memory_callback_t(new_memory)
        self.structure.new_memory = self.callback
        ffi.wasmtime_config_host_memory_creator_set(configuration.ptr(), ctypes.byref(self.structure))


class Exit(Exception):
    pass


class Sandbox:
    """An instance of a virtualized component."""

    compiled = {}

    @classmethod
    def compile(cls, path):
        if path not in cls.compiled:
            configuration = wasmtime.Config()
            configuration.cache = True
            # Images are for memories of the engine's own.
            ffi.wasmtime_config_memory_init_cow_set(configuration.ptr(), False)
            creator = MemoryCreator(configuration)
            engine = wasmtime.Engine(configuration)
            with open(path, "rb") as file:
                cls.compiled[path] = engine, creator, component.Component(engine, file.read())
        return cls.compiled[path]

    def __init__(self, path, takes_lists=False):
        engine, creator, code = self.compile(path)
        self.output = {1: bytearray(), 2: bytearray()}
        self.input = b""
        self.slept = []
        self.calls = {"clock": 0, "random-u64": 0, "random-bytes": 0}
        self.memory = None
        self.exited = None
        linker = component.Linker(engine)
        store = self.store = wasmtime.Store(engine)

        def output(_, stream, address, count):
            self.output[stream] += self.memory.read(address, count)
            return 0

        def output_list(_, stream, contents):
            self.output[stream] += bytes(contents)
            return 0

        def input_(_, address, capacity):
            data, self.input = self.input[:capacity], self.input[capacity:]
            self.memory.write(address, data)
            return len(data)

        def clock(_, clock):
            self.calls["clock"] += 1
            return time.time_ns() if clock else time.monotonic_ns()

        def random(_):
            self.calls["random-u64"] += 1
            return int.from_bytes(os.urandom(8), "little")

        def random_bytes(_, address, count):
            self.calls["random-bytes"] += 1
            self.memory.write(address, os.urandom(count))

        def sleep(_, nanoseconds):
            self.slept.append(nanoseconds)
            time.sleep(nanoseconds / 1e9)
            return 0

        def leave(_, code):
            self.exited = code
            raise Exit(code)

        with linker.root() as root, root.add_instance("terrarium:sandbox/host") as host:
            host.add_func("output", output_list if takes_lists else output)
            host.add_func("input", input_)
            host.add_func("clock", clock)
            host.add_func("random-u64", random)
            host.add_func("random-bytes", random_bytes)
            host.add_func("sleep", sleep)
            host.add_func("exit", leave)
        creator.memories.clear()
        self.instance = linker.instantiate(store, code)
        (self.memory,) = creator.memories
        self.functions = {}

    def function(self, name, interface=None):
        if (interface, name) not in self.functions:
            outer = self.instance.get_export_index(self.store, interface) if interface else None
            index = self.instance.get_export_index(self.store, name, outer)
            self.functions[interface, name] = self.instance.get_func(self.store, index)
        return self.functions[interface, name]

    def call(self, name, *arguments):
        return self.function(name)(self.store, *arguments)

    def control(self, name, *arguments):
        return self.function(name, "terrarium:sandbox/control")(self.store, *arguments)

    def execute(self, source):
        """Runs Python and returns what it printed."""
        self.output[1].clear()
        error = self.call("exec", source)
        if error is not None:
            raise AssertionError(error)
        return self.output[1].decode(errors="replace")

    def place(self, data):
        data = data.encode() if isinstance(data, str) else data
        address = self.control("allocate", len(data))
        assert address
        self.memory.write(address, data)
        return address, len(data)

    def write_file(self, path, contents):
        path, contents = self.place(path), self.place(contents)
        assert self.control("write-file", *path, 1 | 2 | 8, 0, *contents) == 0
        self.control("free", path[0])
        self.control("free", contents[0])

    def read_file(self, path):
        path, (area, _) = self.place(path), self.place(bytes(16))
        contents = b""
        while True:
            assert self.control("locate-contents", *path, len(contents), area) == 0
            address, count, size = struct.unpack("<IIQ", self.memory.read(area, 16))
            if count == 0:
                assert len(contents) == size
                return contents
            contents += self.memory.read(address, count) if address else bytes(count)
