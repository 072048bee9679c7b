# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""GuestWASI.wasm on its own, under Wasmtime, with a stub for the guest and for the host.

The stub plays the guest: it calls the functions as the canonical ABI lowers them, with paths and results in a part of
the memory that belongs to it, and decodes what they write there.
"""

import os
import struct

import wasmtime

PAGE = 65536
RESOURCE = os.path.join(os.path.dirname(__file__), "../../../Sources/WASIVirtualization/Resources/GuestWASI.wasm")

# wasi:filesystem/types.error-code, in the order of the WIT enum, as errno names.
ERRNO = [
    "EACCES", "EAGAIN", "EALREADY", "EBADF", "EBUSY", "EDEADLK", "EDQUOT", "EEXIST", "EFBIG", "EILSEQ", "EINPROGRESS",
    "EINTR", "EINVAL", "EIO", "EISDIR", "ELOOP", "EMLINK", "EMSGSIZE", "ENAMETOOLONG", "ENODEV", "ENOENT", "ENOLCK",
    "ENOMEM", "ENOSPC", "ENOTDIR", "ENOTEMPTY", "ENOTRECOVERABLE", "ENOTSUP", "ENOTTY", "ENXIO", "EOVERFLOW", "EPERM",
    "EPIPE", "EROFS", "ESPIPE", "ETXTBSY", "EXDEV",
]
KINDS = {2: "device", 3: "directory", 5: "link", 6: "file"}

READ, WRITE, MUTATE = 1, 2, 32
CREATE, DIRECTORY, EXCLUSIVE, TRUNCATE = 1, 2, 4, 8


class Failure(Exception):
    """An error code, as the name of an errno."""

    def __init__(self, code):
        # A guest that overwrote the tables in its memory can get anything.
        self.name = ERRNO[code] if code < len(ERRNO) else f"error {code}"
        super().__init__(self.name)


class Closed(Exception):
    """A stream that is at its end, or was closed."""


class Exit(Exception):
    pass


_configuration = wasmtime.Config()
_configuration.epoch_interruption = True
_engine = wasmtime.Engine(_configuration)
_module = None


def engine():
    return _engine


def module():
    global _module
    if _module is None:
        with open(os.environ.get("GUEST_WASI", RESOURCE), "rb") as file:
            _module = wasmtime.Module(_engine, file.read())
    return _module


def record(tag, payload):
    """A configuration record."""
    data = struct.pack("<II", tag, len(payload)) + payload
    return data + bytes(-len(data) % 8)


def preopen(path):
    return record(4, path.encode())


def quotas(bytes_=256 << 20, nodes=100_000, handles=4096):
    return record(5, struct.pack("<QII", bytes_, nodes, handles))


def virtual_clock(start, tick=1000):
    return record(6, struct.pack("<IIQQ", 1, 0, start, tick))


def seed(value):
    return record(7, struct.pack("<IIQ", 1, 0, value))


def environment(key, value):
    return record(1, struct.pack("<I", len(key.encode())) + key.encode() + value.encode())


def argument(value):
    return record(2, value.encode())


def base_tree(files, modified=1_600_000_000_000_000_000):
    """A tree of the image from nested dicts (directories), bytes (files), strings (symbolic links) and numbers (devices).

    A pair (value, True) makes a thing and everything below it read-only.
    """
    records, blob = [], bytearray()
    queue = [(b"", files)]
    position = 0
    while position < len(queue):
        name, value = queue[position]
        flags = 0
        if isinstance(value, tuple):
            value, flags = value[0], 1
        if isinstance(value, dict):
            kind, first, count = 3, len(queue), len(value)
            queue += [(key.encode(), child) for key, child in value.items()]
            records.append((kind, flags, name, None, first, count))
        elif isinstance(value, str):
            records.append((5, flags, name, value.encode(), 0, 0))
        elif isinstance(value, int):
            records.append((2, flags, name, None, value, 0))
        else:
            records.append((6, flags, name, value, 0, 0))
        position += 1
    start = 16 + 32 * len(records)
    encoded = bytearray(struct.pack("<4sIII", b"TREE", 1, len(records), 0))
    for kind, flags, name, contents, first, count in records:
        name_offset = start + len(blob)
        blob += name
        if contents is not None:
            first, count = start + len(blob), len(contents)
            blob += contents
        encoded += struct.pack("<BBHIIIQQ", kind, flags, len(name), name_offset, first, count, modified, 0)
    return record(8, bytes(encoded + blob))


class Guest:
    """One memory with GuestWASI in it."""

    def __init__(self, configuration=None, arena_pages=18, max_pages=None):
        self.store = wasmtime.Store(_engine)
        self.store.set_epoch_deadline(10**9)
        if max_pages is not None:
            self.store.set_limits(memory_size=max_pages * PAGE)
        self.output = {1: bytearray(), 2: bytearray()}
        self.output_status = 0
        self.input = b""
        self.slept = []
        self.sleep_status = 0
        self.now = [5_000_000_000, 1_700_000_000_000_000_000]
        self.allocators = []
        self.grown = 0
        i32, i64 = wasmtime.ValType.i32(), wasmtime.ValType.i64()

        def define(imports):
            functions = []
            for entry in imports:
                function = getattr(self, "_" + entry.name.replace("-", "_"))
                functions.append(wasmtime.Func(self.store, entry.type, function))
            return functions

        self.instance = wasmtime.Instance(self.store, module(), define(module().imports))
        self.exports = self.instance.exports(self.store)
        self.memory = self.exports["memory"]
        if configuration is None:
            configuration = preopen("/")
        static = self.memory.size(self.store)
        scratch_pages = 40 + (len(configuration) + PAGE - 1) // PAGE
        self.arena = (static * PAGE, arena_pages * PAGE)
        assert self.memory.grow(self.store, arena_pages + scratch_pages) == static
        self.configuration = ((static + arena_pages) * PAGE, len(configuration))
        self.scratch_start = (self.configuration[0] + len(configuration) + 15) // 16 * 16
        self.scratch_end = (static + arena_pages + scratch_pages) * PAGE
        self.scratch = self.scratch_start
        self.put(self.configuration[0], configuration)
        self.functions = {}
        self.roots = None

    # What the module imports.

    def _configuration_address(self):
        return self.configuration[0]

    def _configuration_length(self):
        return self.configuration[1]

    def _arena_address(self):
        return self.arena[0]

    def _arena_length(self):
        return self.arena[1]

    def _grow_memory(self, pages):
        try:
            self.grown += pages
            return self.memory.grow(self.store, pages) * PAGE
        except wasmtime.WasmtimeError:
            self.grown -= pages
            return -1

    def _reallocate(self, allocator, old, old_count, alignment, count):
        self.allocators.append(allocator)
        assert old == 0
        return self.allocate(count, alignment)

    def _output(self, stream, address, count):
        if self.output_status == 0:
            self.output[stream] += self.get(address & 0xFFFFFFFF, count & 0xFFFFFFFF)
        return self.output_status

    def _input(self, address, capacity):
        data, self.input = self.input[:capacity], self.input[capacity:]
        self.put(address, data)
        return len(data)

    def _clock(self, clock):
        self.now[clock] += 1000
        return self.now[clock]

    def _random_u64(self):
        return int.from_bytes(os.urandom(8), "little", signed=True)

    def _random_bytes(self, address, count):
        self.put(address, os.urandom(count & 0xFFFFFFFF))

    def _sleep(self, nanoseconds):
        self.slept.append(nanoseconds)
        if self.sleep_status == 0:
            self.now[0] += nanoseconds
            self.now[1] += nanoseconds
        return self.sleep_status

    def _exit(self, code):
        raise Exit(code)

    # Memory.

    def allocate(self, count, alignment=8):
        start = (self.scratch + alignment - 1) // alignment * alignment
        if start + count > self.scratch_end:
            return 0
        self.scratch = start + count
        return start

    def get(self, address, count):
        return bytes(self.memory.read(self.store, address, address + count)) if count else b""

    def put(self, address, data):
        if data:
            self.memory.write(self.store, bytes(data), address)

    def place(self, data):
        """Puts bytes into scratch memory; returns address and length as parameters."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        address = self.allocate(len(data), 8)
        assert address
        self.put(address, data)
        return address, len(data)

    def raw(self, name, *arguments):
        if name not in self.functions:
            self.functions[name] = self.exports[name]
        return self.functions[name](self.store, *arguments)

    def call(self, name, *arguments, size=128):
        """Calls a function with a return area and returns the area's bytes."""
        self.scratch = max(self.scratch, self.scratch_start)
        area = self.allocate(size, 8)
        self.put(area, b"\xee" * size)
        self.raw(name, *arguments, area)
        return self.get(area, size)

    def fresh(self):
        self.scratch = self.scratch_start

    def u32(self, data, offset):
        return struct.unpack_from("<I", data, offset)[0]

    def u64(self, data, offset):
        return struct.unpack_from("<Q", data, offset)[0]

    def list_at(self, data, offset):
        return self.get(self.u32(data, offset), self.u32(data, offset + 4))

    # wasi:filesystem.

    def types(self, name, *arguments, error=1):
        data = self.call("wasi:filesystem/types#" + name, *arguments)
        if data[0] == 1:
            raise Failure(data[error])
        assert data[0] == 0
        return data

    def method(self, name, *arguments, error=1):
        return self.types("[method]descriptor." + name, *arguments, error=error)

    def preopens(self):
        data = self.call("wasi:filesystem/preopens#get-directories")
        start, count = self.u32(data, 0), self.u32(data, 4)
        result = {}
        for i in range(count):
            element = self.get(start + i * 12, 12)
            result[self.list_at(element, 4).decode()] = self.u32(element, 0)
        return result

    @property
    def root(self):
        if self.roots is None:
            self.roots = self.preopens()
        return self.roots["/"]

    def open(self, directory, path, open_flags=0, flags=READ, follow=True):
        self.fresh()
        data = self.method("open-at", directory, int(follow), *self.place(path), open_flags, flags, error=4)
        return self.u32(data, 4)

    def close(self, handle):
        self.raw("wasi:filesystem/types#[resource-drop]descriptor", handle)

    def read(self, handle, length, offset):
        self.fresh()
        data = self.method("read", handle, length, offset, error=4)
        return self.list_at(data, 4), bool(data[12])

    def write(self, handle, contents, offset):
        self.fresh()
        data = self.method("write", handle, *self.place(contents), offset, error=8)
        return self.u64(data, 8)

    def read_all(self, handle):
        contents, at_end = b"", False
        while not at_end:
            part, at_end = self.read(handle, 1 << 20, len(contents))
            contents += part
        return contents

    def resize(self, handle, size):
        self.method("set-size", handle, size)

    def decode_stat(self, data):
        def when(offset):
            return self.u64(data, offset + 8) * 10**9 + self.u32(data, offset + 16) if data[offset] else None

        return {
            "kind": KINDS[data[8]], "links": self.u64(data, 16), "size": self.u64(data, 24),
            "accessed": when(32), "modified": when(56), "changed": when(80),
        }

    def stat(self, handle):
        self.fresh()
        return self.decode_stat(self.method("stat", handle, error=8))

    def stat_at(self, directory, path, follow=True):
        self.fresh()
        return self.decode_stat(self.method("stat-at", directory, int(follow), *self.place(path), error=8))

    def identity_at(self, directory, path, follow=True):
        self.fresh()
        data = self.method("metadata-hash-at", directory, int(follow), *self.place(path), error=8)
        return self.u64(data, 8), self.u64(data, 16)

    def identity(self, handle):
        self.fresh()
        data = self.method("metadata-hash", handle, error=8)
        return self.u64(data, 8), self.u64(data, 16)

    def mkdir(self, directory, path):
        self.fresh()
        self.method("create-directory-at", directory, *self.place(path))

    def rmdir(self, directory, path):
        self.fresh()
        self.method("remove-directory-at", directory, *self.place(path))

    def unlink(self, directory, path):
        self.fresh()
        self.method("unlink-file-at", directory, *self.place(path))

    def rename(self, directory, path, new_directory, new_path):
        self.fresh()
        self.method("rename-at", directory, *self.place(path), new_directory, *self.place(new_path))

    def link(self, directory, path, new_directory, new_path, follow=False):
        self.fresh()
        self.method("link-at", directory, int(follow), *self.place(path), new_directory, *self.place(new_path))

    def symlink(self, target, directory, path):
        self.fresh()
        self.method("symlink-at", directory, *self.place(target), *self.place(path))

    def readlink(self, directory, path):
        self.fresh()
        return self.list_at(self.method("readlink-at", directory, *self.place(path), error=4), 4)

    def set_times_at(self, directory, path, accessed, modified, follow=True):
        self.fresh()
        self.method(
            "set-times-at", directory, int(follow), *self.place(path),
            2, accessed // 10**9, accessed % 10**9, 2, modified // 10**9, modified % 10**9)

    def open_listing(self, handle):
        return self.u32(self.method("read-directory", handle, error=4), 4)

    def next_entry(self, listing):
        self.fresh()
        data = self.types("[method]directory-entry-stream.read-directory-entry", listing, error=4)
        return (self.list_at(data, 12), KINDS[data[8]]) if data[4] else None

    def close_listing(self, listing):
        self.raw("wasi:filesystem/types#[resource-drop]directory-entry-stream", listing)

    def list(self, handle):
        listing = self.open_listing(handle)
        entries = []
        while entry := self.next_entry(listing):
            entries.append(entry)
        self.close_listing(listing)
        return entries

    # wasi:io.

    def stream(self, name, *arguments, error=4):
        data = self.call("wasi:io/streams#[method]" + name, *arguments)
        if data[0] == 1:
            if data[error] == 1:
                raise Closed()
            handle = self.u32(data, error + 4)
            code = self.call("wasi:filesystem/types#filesystem-error-code", handle)
            self.raw("wasi:io/error#[resource-drop]error", handle)
            assert code[0] == 1
            raise Failure(code[1])
        assert data[0] == 0
        return data

    def input_stream(self, handle, offset=0):
        return self.u32(self.method("read-via-stream", handle, offset, error=4), 4)

    def output_stream(self, handle, offset=0):
        return self.u32(self.method("write-via-stream", handle, offset, error=4), 4)

    def append_stream(self, handle):
        return self.u32(self.method("append-via-stream", handle, error=4), 4)

    def stream_read(self, stream, length):
        self.fresh()
        return self.list_at(self.stream("input-stream.blocking-read", stream, length), 4)

    def stream_write(self, stream, contents):
        self.fresh()
        self.stream("output-stream.blocking-write-and-flush", stream, *self.place(contents))

    def drop_input(self, stream):
        self.raw("wasi:io/streams#[resource-drop]input-stream", stream)

    def drop_output(self, stream):
        self.raw("wasi:io/streams#[resource-drop]output-stream", stream)

    # terrarium:sandbox/control.

    def control(self, name, *arguments):
        status = self.raw("terrarium:sandbox/control#" + name, *arguments)
        if status != 0:
            raise Failure(status - 1)

    def configure(self, records):
        self.fresh()
        self.control("configure", *self.place(records))

    def usage(self):
        self.fresh()
        area = self.allocate(48)
        self.control("usage", area)
        names = ["bytes", "max_bytes", "nodes", "max_nodes", "handles", "max_handles"]
        return dict(zip(names, struct.unpack("<6Q", self.get(area, 48))))
