#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Generates the C declarations of the Wasmtime functions that Terrarium uses.

The source of truth is the ctypes file of PyPI's `wasmtime` wheel, which Wasmtime's own headers were turned into. It is
parsed, never imported. Only what `wasmtime-functions.txt` lists is generated, with the types that it needs:

    Sources/CWasmtime/include/wasmtime-types.h       types and constants
    Sources/CWasmtime/include/wasmtime-functions.h   the dispatch table, and an inline function per entry
    Sources/CWasmtime/wasmtime-functions.c           the table's names
    Tests/CWasmtimeLayouts/layouts.c                 sizes and offsets of the structures, for the tests

Usage:
    generate-wasmtime-declarations.py [--bindings FILE]            write the files
    generate-wasmtime-declarations.py [--bindings FILE] --check    fail if a file would change
    generate-wasmtime-declarations.py --layouts                    print the wheel's own layouts (imports the wheel)

Without --bindings the wheel installed for this Python is used.
"""
import argparse
import ast
import importlib.util
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHEEL_VERSION = "50.0.1"
TYPES_HEADER = "Sources/CWasmtime/include/wasmtime-types.h"
FUNCTIONS_HEADER = "Sources/CWasmtime/include/wasmtime-functions.h"
FUNCTIONS_SOURCE = "Sources/CWasmtime/wasmtime-functions.c"
LAYOUTS_SOURCE = "Tests/CWasmtimeLayouts/layouts.c"

SCALARS = {
    "c_bool": "bool", "c_char": "char", "c_double": "double", "c_float": "float", "c_int": "int",
    "c_int8": "int8_t", "c_int16": "int16_t", "c_int32": "int32_t", "c_int64": "int64_t",
    "c_size_t": "size_t", "c_ssize_t": "ptrdiff_t", "c_ubyte": "uint8_t",
    "c_uint8": "uint8_t", "c_uint16": "uint16_t", "c_uint32": "uint32_t", "c_uint64": "uint64_t",
}  # fmt: skip

C_KEYWORDS = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
    "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
    "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while",
}  # fmt: skip


class Bindings:
    """The declarations found in the wheel's ctypes files."""

    def __init__(self, bindings: Path):
        self.functions: dict[str, dict] = {}
        self.aggregates: dict[str, dict] = {}  # name -> {"kind": "struct" | "union", "fields": list | None}
        self.typedefs: dict[str, ast.expr] = {}
        self.enums: dict[str, list[tuple[str, int | None]]] = {}
        self.constants: dict[str, int] = {}
        self.order: list[str] = []  # types, in the order of the file
        for node in ast.parse(bindings.read_text()).body:
            self._visit(node)
        for node in ast.parse((bindings.parent / "_ffi.py").read_text()).body:
            self._visit_constant(node)

    def _visit(self, node: ast.stmt) -> None:
        if isinstance(node, ast.ClassDef):
            base = node.bases[0]
            kind = base.attr if isinstance(base, ast.Attribute) else base.id
            assignments = [s for s in node.body if isinstance(s, ast.Assign)]
            if kind == "Enum":
                self.enums[node.name] = [
                    (s.targets[0].id, s.value.value if isinstance(s.value, ast.Constant) else None)
                    for s in assignments
                ]
            elif kind in ("Structure", "Union"):
                fields = next((s.value.elts for s in assignments if s.targets[0].id == "_fields_"), None)
                self.aggregates[node.name] = {"kind": "struct" if kind == "Structure" else "union", "fields": fields}
                self.order.append(node.name)
        elif isinstance(node, ast.Assign):
            self._visit_assignment(node.targets[0], node.value)
        elif isinstance(node, ast.FunctionDef) and node.name in self.functions:
            self.functions[node.name]["parameters"] = [a.arg for a in node.args.args]

    def _visit_assignment(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id == "dll":
                self.functions[value.attr] = {}
            elif not isinstance(value, ast.Constant):
                self.typedefs[target.id] = value
                self.order.append(target.id)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            owner = target.value.id
            if target.attr in ("restype", "argtypes"):
                self.functions[owner.removeprefix("_")][target.attr] = value
            elif target.attr == "_fields_":  # a structure completed after its declaration
                self.aggregates[owner]["fields"] = value.elts
                self.order.remove(owner)
                self.order.append(owner)

    def _visit_constant(self, node: ast.stmt) -> None:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            return
        name, value = node.targets[0].id, node.value
        if isinstance(value, ast.Call) and value.args and isinstance(value.args[0], ast.Constant):
            value = value.args[0]
        if isinstance(value, ast.Constant) and isinstance(value.value, int) and re.fullmatch(r"[A-Z0-9_]+", name):
            self.constants[name] = value.value


def declarator(node: ast.expr, name: str = "") -> str:
    """The C declaration of `name` with the ctypes type `node`."""
    if isinstance(node, ast.Constant) and node.value is None:
        return f"void {name}".rstrip()
    if isinstance(node, ast.Attribute):
        if node.attr == "c_void_p":
            return f"void *{name}"
        return f"{SCALARS[node.attr]} {name}".rstrip()
    if isinstance(node, ast.Name):
        return f"{node.id} {name}".rstrip()
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return declarator(node.left, f"{name}[{ast.unparse(node.right)}]")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "POINTER":
            target = node.args[0]
            if isinstance(target, ast.Attribute) and target.attr == "c_char":
                return f"const char *{name}"
            return declarator(target, f"*{name}")
        if node.func.attr == "CFUNCTYPE":
            parameters = ", ".join(declarator(a) for a in node.args[1:]) or "void"
            return declarator(node.args[0], f"(*{name})({parameters})")
    raise SystemExit(f"error: cannot translate {ast.unparse(node)}")


def names_in(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - {"ctypes"}


def read_list(path: Path) -> tuple[list[str], list[str], list[str]]:
    functions, enums, prefixes = [], [], []
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "enum":
            enums.append(words[1])
        elif words[0] == "constants":
            prefixes.append(words[1])
        elif len(words) == 1:
            functions.append(words[0])
        else:
            raise SystemExit(f"error: {path.name}: cannot read {line!r}")
    duplicates = {f for f in functions if functions.count(f) > 1}
    if duplicates:
        raise SystemExit(f"error: {path.name} lists twice: {', '.join(sorted(duplicates))}")
    return functions, enums, prefixes


def reachable_types(bindings: Bindings, functions: list[str]) -> set[str]:
    """The types that the declarations of `functions` mention, directly or through a field."""
    pending: set[str] = set()
    for name in functions:
        function = bindings.functions[name]
        pending |= names_in(function["argtypes"]) | names_in(function["restype"])
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name in found or name not in bindings.order:
            continue
        found.add(name)
        if name in bindings.typedefs:
            pending |= names_in(bindings.typedefs[name])
        else:
            for field in bindings.aggregates[name]["fields"] or []:
                pending |= names_in(field.elts[1])
    return found


def banner(path: str) -> str:
    guard = "#pragma once\n\n" if path.endswith(".h") else ""
    return (
        "// SPDX-FileCopyrightText: Terrarium contributors\n"
        "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"
        f"// Generated from the wasmtime {WHEEL_VERSION} wheel by Scripts/generate-wasmtime-declarations.py."
        " Do not edit.\n\n" + guard
    )


def fields_of(bindings: Bindings, name: str) -> list[tuple[str, ast.expr]]:
    result = []
    for field in bindings.aggregates[name]["fields"] or []:
        identifier = field.elts[0].value
        result.append((identifier + "_" if identifier in C_KEYWORDS else identifier, field.elts[1]))
    return result


def generate_types(bindings: Bindings, functions: list[str], enums: list[str], prefixes: list[str]) -> str:
    types = reachable_types(bindings, functions)
    out = [banner(TYPES_HEADER), "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n"]
    for name in bindings.order:
        if name in types and name in bindings.aggregates:
            out.append(f"typedef {bindings.aggregates[name]['kind']} {name} {name};\n")
    out.append("\n")
    for name in bindings.order:
        if name not in types:
            continue
        if name in bindings.typedefs:
            out.append(f"typedef {declarator(bindings.typedefs[name], name)};\n")
        elif bindings.aggregates[name]["fields"] is not None:
            out.append(f"{bindings.aggregates[name]['kind']} {name} {{\n")
            out += [f"    {declarator(type_, field)};\n" for field, type_ in fields_of(bindings, name)]
            out.append("};\n")
    for name in enums:
        out.append(f"\n/// {name}\nenum {{\n")
        out += [f"    {c}{'' if v is None else f' = {v}'},\n" for c, v in bindings.enums[name]]
        out.append("};\n")
    for prefix in prefixes:
        out.append(f"\n/// {prefix}*\nenum {{\n")
        out += [f"    {c} = {v},\n" for c, v in bindings.constants.items() if c.startswith(prefix)]
        out.append("};\n")
    return "".join(out)


def signature(bindings: Bindings, name: str) -> tuple[ast.expr, list[tuple[str, ast.expr]]]:
    function = bindings.functions[name]
    types = function["argtypes"].elts
    parameters = function["parameters"]
    assert len(types) == len(parameters), name
    parameters = [p + "_" if p in C_KEYWORDS else p for p in parameters]
    return function["restype"], list(zip(parameters, types))


def generate_functions_header(bindings: Bindings, functions: list[str]) -> str:
    out = [banner(FUNCTIONS_HEADER), '#include "wasmtime-types.h"\n\n']
    out.append("/// The engine's functions, found in the library that was opened. Empty until then.\n")
    out.append("typedef struct cwasmtime_dispatch_table {\n")
    for name in functions:
        result, parameters = signature(bindings, name)
        arguments = ", ".join(declarator(t) for _, t in parameters) or "void"
        out.append(f"    {declarator(result, f'(*{name})({arguments})')};\n")
    out.append("} cwasmtime_dispatch_table;\n\n")
    out.append("extern cwasmtime_dispatch_table cwasmtime_functions;\n\n")
    out.append("/// The names of the table's entries, in its order.\n")
    out.append("extern const char *const cwasmtime_function_names[];\nextern const size_t cwasmtime_function_count;\n\n")
    for name in functions:
        result, parameters = signature(bindings, name)
        declared = ", ".join(declarator(t, p) for p, t in parameters) or "void"
        passed = ", ".join(p for p, _ in parameters)
        call = f"cwasmtime_functions.{name}({passed});"
        if not (isinstance(result, ast.Constant) and result.value is None):
            call = "return " + call
        out.append(f"static inline {declarator(result, f'{name}({declared})')} {{\n    {call}\n}}\n")
    return "".join(out)


def generate_functions_source(functions: list[str]) -> str:
    out = [banner(FUNCTIONS_SOURCE), '#include "wasmtime-functions.h"\n\n']
    out.append("cwasmtime_dispatch_table cwasmtime_functions;\n\n")
    out.append("const char *const cwasmtime_function_names[] = {\n")
    out += [f'    "{name}",\n' for name in functions]
    out.append("};\n\n")
    out.append(
        "const size_t cwasmtime_function_count = sizeof cwasmtime_function_names / sizeof *cwasmtime_function_names;\n\n"
        "_Static_assert(\n"
        "    sizeof(cwasmtime_dispatch_table) == sizeof cwasmtime_function_names,\n"
        '    "the table has one entry per name");\n'
    )
    return "".join(out)


def complete_aggregates(bindings: Bindings, functions: list[str]) -> list[str]:
    types = reachable_types(bindings, functions)
    return [n for n in bindings.order if n in types and n in bindings.aggregates and bindings.aggregates[n]["fields"]]


def generate_layouts_source(bindings: Bindings, functions: list[str]) -> str:
    out = [banner(LAYOUTS_SOURCE), '#include "CWasmtimeLayouts.h"\n#include "wasmtime-types.h"\n\n']
    out.append("static const cwasmtime_layout layouts[] = {\n")
    for name in complete_aggregates(bindings, functions):
        out.append(f'    {{"{name}", 0, sizeof({name})}},\n')
        for field, _ in fields_of(bindings, name):
            out.append(f'    {{"{name}.{field}", offsetof({name}, {field}), sizeof((({name} *)0)->{field})}},\n')
    out.append("};\n\n")
    out.append("const cwasmtime_layout *const cwasmtime_layouts = layouts;\n")
    out.append("const size_t cwasmtime_layout_count = sizeof layouts / sizeof *layouts;\n")
    return "".join(out)


def print_layouts(bindings: Bindings, functions: list[str]) -> None:
    """Prints `name offset size` of each structure and field as ctypes lays them out."""
    import ctypes

    from wasmtime import _bindings as wheel

    for name in complete_aggregates(bindings, functions):
        type_ = getattr(wheel, name)
        print(name, 0, ctypes.sizeof(type_))
        for (field, _), definition in zip(fields_of(bindings, name), type_._fields_):
            descriptor = getattr(type_, definition[0])
            print(f"{name}.{field}", descriptor.offset, descriptor.size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bindings", type=Path, help="the wheel's wasmtime/_bindings.py")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a generated file is out of date")
    parser.add_argument("--layouts", action="store_true", help="print the layouts that the wheel itself uses")
    options = parser.parse_args()
    if options.bindings is None:
        spec = importlib.util.find_spec("wasmtime")  # finds the package without importing it
        if spec is None or spec.origin is None:
            raise SystemExit("error: this Python has no wasmtime wheel: pass --bindings, or use the one of `make setup`")
        options.bindings = Path(spec.origin).parent / "_bindings.py"

    bindings = Bindings(options.bindings)
    functions, enums, prefixes = read_list(ROOT / "Scripts/wasmtime-functions.txt")
    missing = [f for f in functions if f not in bindings.functions] + [e for e in enums if e not in bindings.enums]
    if missing:
        raise SystemExit(f"error: the wheel does not declare: {', '.join(missing)}")
    if options.layouts:
        return print_layouts(bindings, functions)

    stale = []
    for path, text in {
        TYPES_HEADER: generate_types(bindings, functions, enums, prefixes),
        FUNCTIONS_HEADER: generate_functions_header(bindings, functions),
        FUNCTIONS_SOURCE: generate_functions_source(functions),
        LAYOUTS_SOURCE: generate_layouts_source(bindings, functions),
    }.items():
        file = ROOT / path
        if not file.exists() or file.read_text() != text:
            stale.append(path)
            if not options.check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
    if options.check and stale:
        raise SystemExit(f"error: out of date, run Scripts/generate-wasmtime-declarations.py: {', '.join(stale)}")


if __name__ == "__main__":
    main()
