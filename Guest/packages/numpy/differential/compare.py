# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ask a guest's NumPy and the host's for the same expressions, and compare the answers.

    compare.py TERRARIUM [--verbose] [--section NAME]

TERRARIUM is the command, whose own image is asked. The Python that runs this has the same version of NumPy. The
expressions, and how exact their answers must be, are in expressions.txt. Ends with 1 if one differs.

What "within N units" means for an array: an element may differ by N units in its own last place; below "~ N max", by N
units in the last place of the largest element, as for results in which larger terms cancel (a Fourier transform).
NaNs are equal to each other whatever their bits: WebAssembly leaves those open.
"""

import argparse
import json
import subprocess
import sys
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


def answers(command, tasks):
    """What a Python that reads a script from standard input answers to each case, after its NumPy's version."""
    script = f"{DESCRIBE}\nCASES = {json.dumps(tasks)!r}\n{ANSWER}"
    outcome = subprocess.run([*command, "-"], input=script, capture_output=True, text=True)
    lines = [json.loads(line) for line in outcome.stdout.splitlines() if line.startswith(("[", '"'))]
    if len(lines) <= len(tasks):
        at = tasks[len(lines) - 1][2] if lines else "the start"
        sys.exit(f"{command[0]} ended at {at}: {outcome.stdout[-300:]} {outcome.stderr[-1000:]}")
    return lines[0], lines[1:]


def cases(path):
    """(section, units, relative to the largest?, statements to run before, expression) of each line."""
    section, units, largest, statements = "", 0, False, ""
    for line in Path(path).read_text().splitlines():
        mark, rest = line[:2].rstrip(), line[2:]
        if line[1:2] != " ":  # an expression: no mark, and so "~a" is one
            mark = line[:1] if line[:1] == "#" else "" if not line else "expression"
        if mark == "@":
            section, units, largest, statements = rest, 0, False, ""
        elif mark == "~":
            words = rest.split()
            units, largest = float(words[0]), words[1:] == ["max"]
        elif mark == "=":
            statements = rest
        elif mark == "expression":
            yield section, units, largest, statements, line


def decode(described):
    """The floating-point numbers of a description and their type, or None."""
    if described[0] in ("array", "scalar") and described[1][1] in "fc":
        return np.frombuffer(bytes.fromhex(described[3]), described[1])
    if described[0] == "float":
        return np.array([float.fromhex(described[1])])
    return None


def distance(guest, host, largest):
    """How many units two descriptions are apart; infinity if they differ in more than floating-point numbers."""
    if guest == host:
        return 0.0
    if guest[0] != host[0] or guest[0] == "error":
        return np.inf
    ours, theirs = decode(guest), decode(host)
    if ours is None or theirs is None:
        if guest[0] not in ("tuple", "list", "masked") or len(guest) != len(host):
            return np.inf
        return max(distance(g, h, largest) for g, h in zip(guest[1:], host[1:]))
    if guest[1:3] != host[1:3] and guest[0] != "float":
        return np.inf
    if ours.dtype.kind == "c":
        ours, theirs = ours.view(ours.real.dtype), theirs.view(theirs.real.dtype)
        largest = True  # of a complex number's two parts, the smaller is as exact as the larger
    if not np.array_equal(np.isfinite(ours), np.isfinite(theirs)):
        return np.inf
    finite = np.isfinite(ours)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        return np.inf
    ours, theirs = ours[finite], theirs[finite]
    scale = np.maximum(np.abs(ours), np.abs(theirs))
    if largest:
        scale = np.full_like(scale, scale.max())
    apart = np.abs(ours.astype("f8") - theirs.astype("f8")) / np.spacing(scale).astype("f8")
    return float(apart.max())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("terrarium")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--section")
    options = parser.parse_args()

    chosen = [case for case in cases(Path(__file__).with_name("expressions.txt"))
              if not options.section or options.section == case[0]]
    tasks = [[section, statements, expression] for section, _, _, statements, expression in chosen]
    sandbox = [options.terrarium, "--quiet", "--time-limit", "5min", "--memory-limit", "1GiB"]
    (guest_version, guest), (version, host) = answers(sandbox, tasks), answers([sys.executable], tasks)
    if guest_version != version:
        sys.exit(f"the sandbox has NumPy {guest_version}, this Python {version}")

    failed, count, exact, worst = 0, 0, 0, {}
    for (section, units, largest, _, expression), ours, theirs in zip(chosen, guest, host):
        apart = distance(ours, theirs, largest)
        count += 1
        exact += apart == 0
        worst[section] = max(worst.get(section, 0), apart)
        if apart > units:
            failed += 1
            print(f"DIFFERS by {apart:g} units ({units:g} allowed) [{section}]: {expression}")
            if options.verbose or apart == np.inf:
                print(f"    guest {str(ours)[:300]}\n    host  {str(theirs)[:300]}")
        elif options.verbose:
            print(f"{apart:g} [{section}]: {expression}")
    for section, apart in worst.items():
        if apart:
            print(f"largest difference in {section!r}: {apart:.3g} units")
    print(f"{count} expressions, {exact} equal to the last bit, {failed} outside what is allowed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
