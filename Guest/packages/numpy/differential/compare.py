# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ask a guest's NumPy and the host's for the same expressions, and compare the answers.

    compare.py TERRARIUM [--verbose] [--section NAME]

TERRARIUM is the command, whose own image is asked. The Python that runs this has the same version of NumPy. The
expressions, and how exact their answers must be, are in expressions.txt. Ends with 1 if one differs.

What "within N units" means for an array: an element may differ by N units in its own last place; below "~ N max", by N
units in the last place of the largest element, as for results in which larger terms cancel (a Fourier transform).
NaNs are equal to each other whatever their bits: WebAssembly leaves those open.

The host's NumPy does not answer the same on all machines: OpenBLAS has code of its own for each family of processors, and
what it sums in another order differs by ten units and more. So the host is asked with each that runs here, and the guest
has to be within N units of the range of those answers. Where the exact answer is written below an expression, it is
enough that the guest is at most N units further from that than the host is.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Defined in the guest and here: evaluates an expression and describes the value as JSON, exact to the bit.
DESCRIBE = '''
import builtins

def _describe(value):
    import numpy as np
    if isinstance(value, np.ma.MaskedArray):
        return ["masked", _describe(value.filled()), _describe(np.ma.getmaskarray(value))]
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        name = "array" if isinstance(value, np.ndarray) else "scalar"
        if array.dtype.kind in "fc":
            array = array.copy()
            for part in (array.real, array.imag) if array.dtype.kind == "c" else (array,):
                part[np.isnan(part)] = np.nan
        if array.dtype.kind in "biufcmMS":
            return [name, array.dtype.str, list(array.shape), array.tobytes().hex()]
        if array.dtype.kind == "V" and array.dtype.names:
            return [name, str(array.dtype), [_describe(array[field]) for field in array.dtype.names]]
        return [name, array.dtype.kind, list(array.shape), [str(item) for item in array.ravel().tolist()]]
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, *map(_describe, value)]
    if isinstance(value, float):
        return ["float", value.hex()]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if value is None or isinstance(value, (bool, int, str)):
        return [type(value).__name__, value]
    return [type(value).__name__, repr(value)]

def _answer(expression):
    import json
    try:
        return json.dumps(_describe(eval(expression, builtins._terrarium_names)))
    except Exception as error:
        return json.dumps(["error", type(error).__name__, str(error)])

def _start():
    import numpy
    builtins._terrarium_names = {"np": numpy}

builtins._terrarium_answer, builtins._terrarium_start = _answer, _start
builtins._describe = _describe
'''


# Answers all cases, in the guest and here: a line of JSON for each, so that one that ends the interpreter is known by it.
ANSWER = '''
import builtins, json, sys
print(json.dumps(__import__("numpy").__version__))
before = None
for place, statements, expression in json.loads(CASES):
    if (place, statements) != before:
        before = place, statements
        builtins._terrarium_start()
        exec(statements, builtins._terrarium_names)
    print(builtins._terrarium_answer(expression), flush=True)
'''


def answers(command, tasks, kernels=""):
    """What a Python that reads a script from standard input answers to each case, after its NumPy's version."""
    environment = os.environ | {"OPENBLAS_CORETYPE": kernels}
    if not kernels:
        del environment["OPENBLAS_CORETYPE"]
    script = f"{DESCRIBE}\nCASES = {json.dumps(tasks)!r}\n{ANSWER}"
    outcome = subprocess.run([*command, "-"], input=script, capture_output=True, text=True, env=environment)
    lines = [json.loads(line) for line in outcome.stdout.splitlines() if line.startswith(("[", '"'))]
    if len(lines) <= len(tasks):
        at = tasks[len(lines) - 1][2] if lines else "the start"
        sys.exit(f"{command[0]} ended at {at}: {outcome.stdout[-300:]} {outcome.stderr[-1000:]}")
    return lines[0], lines[1:]


@dataclass
class Case:
    """An expression, what runs before it, how exact its answer must be, and the exact answer where there is one."""

    section: str
    units: float
    is_relative_to_largest: bool
    statements: str
    expression: str
    exact: str | None = None


def read_cases(path):
    cases, section, units, largest, statements = [], "", 0, False, ""
    for line in Path(path).read_text().splitlines():
        mark, rest = line[:2], line[2:]
        if mark == "@ ":
            section, units, largest, statements = rest, 0, False, ""
        elif mark == "~ ":
            words = rest.split()
            units, largest = float(words[0]), words[1:] == ["max"]
        elif mark == "= ":
            statements = rest
        elif mark == "! ":
            cases[-1].exact = rest
        elif line and not line.startswith("#"):
            cases.append(Case(section, units, largest, statements, line))
    return cases


def kernels_of_this_machine():
    """The sets of OpenBLAS's routines that can be asked for here: its own choice, and those for older processors."""
    features = np._core._multiarray_umath.__cpu_features__
    names = {"Prescott": "SSE3", "Nehalem": "SSE42", "Sandybridge": "AVX", "Haswell": "FMA3", "SkylakeX": "AVX512_SKX"}
    return [""] + [name for name, feature in names.items() if features.get(feature)]


# What the exact answers are written with.


def wide(value):
    """Numbers with the longest fractions that the host has: 64 bits, or 113."""
    value = np.asarray(value)
    return value.astype(np.result_type(value, np.longdouble))


def inverse(matrix):
    """The inverse of a matrix, by elimination, as NumPy's own does not take long numbers."""
    size = len(matrix)
    rows = np.hstack([wide(matrix), np.eye(size, dtype=np.longdouble)])
    for column in range(size):
        pivot = column + np.abs(rows[column:, column]).argmax()
        rows[[column, pivot]] = rows[[pivot, column]]
        rows[column] /= rows[column, column]
        for row in set(range(size)) - {column}:
            rows[row] -= rows[row, column] * rows[column]
    return rows[:, size:]


def exact_answer(case):
    names = {"np": np, "wide": wide, "inverse": inverse}
    exec(case.statements, names)
    return eval(case.exact, names)


def decode(described):
    """The floating-point numbers of a description and their type, or None."""
    if described[0] in ("array", "scalar") and described[1][1] in "fc":
        return np.frombuffer(bytes.fromhex(described[3]), described[1])
    if described[0] == "float":
        return np.array([float.fromhex(described[1])])
    return None


def distance(guest, hosts, largest):
    """How many units a description is apart from what hosts answer; infinity for more than floating-point numbers."""
    host = hosts[0]
    if guest in hosts:
        return 0.0
    if guest[0] != host[0] or guest[0] == "error":
        return np.inf
    if guest[0] in ("tuple", "list", "masked"):
        if len(guest) != len(host):
            return np.inf
        return max(distance(parts[0], parts[1:], largest) for parts in zip(guest[1:], *(other[1:] for other in hosts)))
    ours, theirs = decode(guest), [decode(other) for other in hosts]
    if ours is None or theirs[0] is None or guest[1:3] != host[1:3] and guest[0] != "float":
        return np.inf
    if ours.dtype.kind == "c":
        parts = ours.real.dtype
        ours, theirs = ours.view(parts), [other.view(parts) for other in theirs]
        largest = True  # of a complex number's two parts, the smaller is as exact as the larger
    finite = np.isfinite(ours)
    for other in theirs:
        if not np.array_equal(finite, np.isfinite(other)):
            return np.inf
        if not np.array_equal(ours[~finite], other[~finite], equal_nan=True):
            return np.inf
    ours, theirs = ours[finite], np.array([other[finite] for other in theirs])
    scale = np.maximum(np.abs(ours), np.abs(theirs[0]))
    if largest:
        scale = np.full_like(scale, scale.max())
    apart = np.maximum(theirs.min(0).astype("f8") - ours, ours.astype("f8") - theirs.max(0)).clip(0)
    return float((apart / np.spacing(scale)).max())


def error(described, exact):
    """How far numbers are from the exact ones, in units of the largest."""
    exact, numbers = np.ravel(exact), decode(described)
    difference = numbers - exact
    unit = np.spacing(np.abs(exact).max().astype(numbers.real.dtype))
    return float(max(np.abs(difference.real).max(), np.abs(difference.imag).max()) / unit)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("terrarium")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--section")
    options = parser.parse_args()

    cases = [case for case in read_cases(Path(__file__).with_name("expressions.txt"))
             if not options.section or options.section == case.section]
    tasks = [[case.section, case.statements, case.expression] for case in cases]
    sandbox = [options.terrarium, "--quiet", "--time-limit", "5min", "--memory-limit", "1GiB"]
    guest_version, guest = answers(sandbox, tasks)
    hosts = []
    for kernels in kernels_of_this_machine():
        version, host = answers([sys.executable], tasks, kernels)
        hosts.append(host)
        if guest_version != version:
            sys.exit(f"the sandbox has NumPy {guest_version}, this Python {version}")
    # Where long numbers are no longer than others, as on a Mac, no exact answer can be worked out.
    has_exact = np.finfo(np.longdouble).nmant > np.finfo(float).nmant
    unchecked = 0 if has_exact else sum(case.exact is not None for case in cases)

    failed, exactly, worst = 0, 0, {}
    for case, ours, *theirs in zip(cases, guest, *hosts):
        apart = distance(ours, theirs, case.is_relative_to_largest)
        exactly += ours in theirs
        if apart > case.units and apart < np.inf and case.exact:
            if not has_exact:
                continue
            exact = exact_answer(case)
            apart = max(0, error(ours, exact) - max(error(other, exact) for other in theirs))
        worst[case.section] = max(worst.get(case.section, 0), apart)
        if apart > case.units:
            failed += 1
            print(f"DIFFERS by {apart:g} units ({case.units:g} allowed) [{case.section}]: {case.expression}")
            if options.verbose or apart == np.inf:
                print(f"    guest {str(ours)[:300]}\n    host  {str(theirs[0])[:300]}")
        elif options.verbose:
            print(f"{apart:g} [{case.section}]: {case.expression}")
    for section, apart in worst.items():
        if apart:
            print(f"largest difference in {section!r}: {apart:.3g} units")
    if unchecked:
        print(f"{unchecked} expressions with an exact answer are not compared with that: this machine has no long numbers")
    print(f"{len(cases)} expressions, {exactly} equal to the last bit, {failed} outside what is allowed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
