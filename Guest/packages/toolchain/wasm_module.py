# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A reader of just those parts of a WebAssembly module that linking needs: imports, exports, dylink.0.

Formats: the core specification's binary format, and tool-conventions/DynamicLinking.md.
"""

from dataclasses import dataclass, field

FUNCTION, TABLE, MEMORY, GLOBAL, TAG = range(5)
_TYPE_LETTERS = {0x7F: "i", 0x7E: "l", 0x7D: "f", 0x7C: "d", 0x7B: "v", 0x70: "F", 0x6F: "E", 0x69: "X"}


class _Reader:
    def __init__(self, data, start=0):
        self.data, self.at = data, start

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def leb(self):
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def name(self):
        length = self.leb()
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def limits(self):
        flags = self.byte()
        self.leb()
        if flags & 1:
            self.leb()


@dataclass
class Module:
    """What one module imports and exports; `type` of a function is text such as "iid>i"."""

    imports: list = field(default_factory=list)  # (module, name, kind, function type or None)
    exports: list = field(default_factory=list)  # (name, kind, function type or None)
    needed: list = field(default_factory=list)  # dylink.0: the shared libraries it names

    @property
    def export_names(self):
        return {name for name, _, _ in self.exports}


def parse(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"\0asm\1\0\0\0":
        raise ValueError(f"{path} is not a core WebAssembly module")
    module, types, functions, exports = Module(), [], [], []
    reader = _Reader(data, 8)
    while reader.at < len(data):
        section, size = reader.byte(), reader.leb()
        end = reader.at + size
        if section == 0 and reader.name() == "dylink.0":
            while reader.at < end:
                kind, length = reader.byte(), reader.leb()
                stop = reader.at + length
                if kind == 2:  # WASM_DYLINK_NEEDED
                    module.needed = [reader.name() for _ in range(reader.leb())]
                reader.at = stop
        elif section == 1:
            for _ in range(reader.leb()):
                if reader.byte() != 0x60:
                    raise ValueError(f"{path}: only function types are understood")
                sides = ["".join(_TYPE_LETTERS[reader.byte()] for _ in range(reader.leb())) for _ in range(2)]
                types.append(">".join(sides))
        elif section == 2:
            for _ in range(reader.leb()):
                source, name, kind, function = reader.name(), reader.name(), reader.byte(), None
                if kind == FUNCTION:
                    function = types[reader.leb()]
                elif kind == TABLE:
                    reader.byte()
                    reader.limits()
                elif kind == MEMORY:
                    reader.limits()
                elif kind == GLOBAL:
                    reader.at += 2
                else:
                    reader.byte()
                    reader.leb()
                module.imports.append((source, name, kind, function))
        elif section == 3:
            functions = [types[reader.leb()] for _ in range(reader.leb())]
        elif section == 7:
            exports = [(reader.name(), reader.byte(), reader.leb()) for _ in range(reader.leb())]
        reader.at = end
    every = [function for _, _, kind, function in module.imports if kind == FUNCTION] + functions
    module.exports = [(name, kind, every[index] if kind == FUNCTION else None) for name, kind, index in exports]
    return module
