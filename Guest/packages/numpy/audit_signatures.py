# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Look for functions in NumPy's source that are called through a pointer of another type.

    audit_signatures.py WORK        WORK is what build.sh left in OUT/numpy, with OUT/toolchain beside it

Natively a function may be called with more arguments than it declares; a WebAssembly indirect call traps unless types
are the same. Two audits, for a new version of NumPy; each line printed is to be judged by hand:

- every cast of a function pointer that clang reports as a change of type, with the WebAssembly types on both sides;
- every method and getter table entry whose function does not declare as many parameters as its flags ask for.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

# Generated, or written for another interface altogether.
IGNORED = re.compile(r"pocketfft|f2c_|\.pyx|npysort|_simd|numpy/random/src|wasi_blas")

PARAMETERS = {
    ("NOARGS",): 2,
    ("O",): 2,
    ("VARARGS",): 2,
    ("FASTCALL",): 3,
    ("KEYWORDS", "VARARGS"): 3,
    ("FASTCALL", "KEYWORDS"): 4,
}


def wasm_type(text):
    """The WebAssembly types of a C function type such as "PyObject *(*)(PyObject *, double)", or None."""
    match = re.match(r"^(.*?)\(\*?\)\((.*)\)$", text.strip())
    if not match:
        return None
    parts, depth, current = [], 0, ""
    for character in match[2] + ",":
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
            continue
        depth += (character in "(<") - (character in ")>")
        current += character

    def letter(part):
        part = part.replace("const", "").strip()
        if "*" in part or "[" in part:
            return "i"
        if part in ("void", ""):
            return ""
        simple = {"long long": "l", "unsigned long long": "l", "float": "f", "double": "d", "long double": "LD"}
        return "struct" if "_Complex" in part else simple.get(part, "i")

    return "".join(map(letter, parts)) + ">" + letter(match[1])


def casts(work):
    """Casts between function types, of which WebAssembly sees the difference."""
    seen = set()
    for unit in json.loads((work / "build" / "compile_commands.json").read_text()):
        if IGNORED.search(unit["output"] + unit["file"]):
            continue
        words, arguments = iter(shlex.split(unit["command"])), []
        for word in words:
            if word in ("-o", "-MF", "-MQ"):
                next(words)
            elif word not in ("-c", "-MD") and not word.startswith(("-O", "-fdiagnostics")):
                arguments.append(word)
        arguments += ["-fsyntax-only", "-Wno-everything", "-Wcast-function-type-mismatch", "-fno-color-diagnostics"]
        result = subprocess.run(arguments, cwd=unit["directory"], stderr=subprocess.PIPE, text=True, check=False)
        for match in re.finditer(r"^(.*?):(\d+):\d+: warning: cast from (.*) converts to inc", result.stderr, re.M):
            file = os.path.relpath(os.path.join(unit["directory"], match[1]), work)
            types = re.match(r"^'(.*?)'(?: \(aka '(.*?)'\))? to '(.*?)'(?: \(aka '(.*?)'\))?$", match[3])
            if not types:
                continue
            ours, theirs = (wasm_type(types[b] or types[a]) for a, b in ((1, 2), (3, 4)))
            # Functions with keywords are cast to PyCFunction; their flags are checked below.
            if ours != theirs and not (types[3] == "PyCFunction" and ours in ("iii>i", "iiii>i")):
                seen.add(f"{file}:{match[2]}: {types[1]} -> {types[3]} ({ours}, {theirs})")
    return sorted(seen)


def tables(work):
    """Entries of method and getter tables that disagree with their functions."""
    sources = [p for p in (work / "source" / "numpy").rglob("*") if re.search(r"\.(c|cpp|h|hpp|src)$", p.name)]
    arity, found = {}, []
    definition = re.compile(r"PyObject\s*\*\s*\n?(@?\w[\w@]*)\s*\(([^)]*(?:\([^)]*\)[^)]*)*)\)\s*\n?\s*\{")
    method = re.compile(
        r'\{\s*"([^"]+)"\s*,\s*(?:\([^(){}]*(?:\([^()]*\)[^(){}]*)*\)\s*)*&?(@?\w[\w@]*)\s*,\s*((?:METH_\w+[\s|]*)+)'
    )
    getter = re.compile(r'\{\s*"([^"]+)"\s*,\s*\(getter\)\s*(@?\w[\w@]*)')
    texts = {path: path.read_text(errors="replace") for path in sources}
    for path, text in texts.items():
        for name, parameters in definition.findall(text):
            parameters = re.sub(r"NPY_UNUSED\((\w+)\)", r"\1", parameters)
            count = sum(part.strip() not in ("", "void") for part in parameters.split(","))
            arity.setdefault(name, {})[path] = count
    for path, text in texts.items():
        place = path.relative_to(work / "source")
        for entry, function, flags in method.findall(text):
            counts = arity.get(function, {})
            flags = set(re.findall(r"METH_(\w+)", flags)) - {"CLASS", "STATIC", "COEXIST"}
            wanted = PARAMETERS.get(tuple(sorted(flags)))
            actual = {counts[path]} if path in counts else set(counts.values())
            if actual and actual != {wanted}:
                found.append(f"{place}: {entry}: {function} has {actual} parameters, {sorted(flags)} wants {wanted}")
        for entry, function in getter.findall(text):
            counts = set(arity.get(function, {}).values())
            if counts and counts != {2}:
                found.append(f"{place}: getter {entry}: {function} has {counts} parameters, not 2")
    return found


def main(work):
    work = Path(work).resolve()
    os.environ["PATH"] = f"{work.parent / 'toolchain' / 'bin'}:{os.environ['PATH']}"
    lines = tables(work) + casts(work)
    print("\n".join(lines))
    print(f"{len(lines)} to look at", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
