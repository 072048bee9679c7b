# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run NumPy's own tests in a guest and on the host, and compare. Started by run-tests.sh, which prepares everything.

    run_tests.py WORK [--only PATTERN] [--reuse-host] [--reuse-guest]

WORK holds: guest/component.wasm, site/ (the guest's NumPy with tests), python/ (the guest's standard library), pure/
(pytest for the guest). Results go to WORK/results/{host,guest}.jsonl; the comparison is printed as Markdown. Ends with
1 if less than 99 % of the tests pass that do on the host, or if one fails for a reason not in known_failures.txt.
"""

import argparse
import collections
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy
import wasmtime
from wasmtime import component as wasm_component

HERE = Path(__file__).resolve().parent
TIMEOUT_SECONDS = 1800

PYTEST = "-q --capture=sys -p no:faulthandler -p no:cacheprovider -p collect --assert=plain --tb=line"
PYTEST += " --disable-warnings --no-header -rN --continue-on-collection-errors"

# Run inside the guest before pytest: stand-ins for modules that test files import at their top and the sandbox has not.
# Tests that go on to use them fail, and are listed.
PREPARE = """
import os, sys, tempfile, types
def _missing(name):
    def missing(*arguments, **keywords):
        raise NotImplementedError(name)
    return missing
class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {'__init__': _missing(f'{self.__name__}.{name}'),
            '__class_getitem__': classmethod(lambda cls, key: cls), '__mul__': lambda self, other: self})
for _name in ('ctypes', 'ctypes.util', 'ctypes.wintypes', '_ctypes'):
    sys.modules[_name] = _Module(_name)
from numpy._core import _wasi_mmap
sys.modules['mmap'] = _wasi_mmap
os.environ['TMPDIR'] = tempfile.tempdir = '/tmp'
os.environ['HOME'] = '/tmp'
os.environ['NUMPY_TESTS_RESULTS'] = '/tmp/results.jsonl'
os.environ['NUMPY_TESTS_SKIP'] = '/tmp/skip'
if not hasattr(os, 'getuid'):
    os.getuid = lambda: 0
os.chdir('/tmp')
sys.argv = ['pytest']
import pytest
"""


def rules(name):
    """The (pattern, reason) pairs of a text file."""
    lines = (HERE / name).read_text().splitlines()
    return [re.split(r"\s{2,}", line, maxsplit=1) for line in lines if line and not line.startswith("#")]


def test_files(site):
    for path in sorted(site.glob("numpy/**/tests/test_*.py")):
        name = path.relative_to(site).as_posix()
        if not any(fnmatch.fnmatch(name, pattern) for pattern, _ in rules("excluded.txt")):
            yield name


class Guest:
    def __init__(self, work):
        self.work = work
        config = wasmtime.Config()
        config.epoch_interruption = True
        config.max_wasm_stack = 2 << 20
        self.engine = wasmtime.Engine(config)
        source = work / "guest" / "component.wasm"
        compiled = source.with_suffix(".cwasm")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            compiled.write_bytes(wasm_component.Component(self.engine, source.read_bytes()).serialize())
        self.component = wasm_component.Component.deserialize_file(self.engine, str(compiled))
        self.temporary = work / "tmp"

    def run(self, file, skip):
        """Run one file; the events, and a message if the instance ended abruptly."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir()
        (self.temporary / "skip").write_text("\n".join(skip))
        root = self.work / "root"
        (root / "dev").mkdir(parents=True, exist_ok=True)
        (root / "dev" / "null").touch()
        store = wasmtime.Store(self.engine)
        store.set_epoch_deadline(10**9)
        wasi = wasmtime.WasiConfig()
        wasi.stdout_file = str(self.work / "guest.out")
        wasi.stderr_file = str(self.work / "guest.err")
        for host, guest in [
            (root, "/"),
            (self.temporary, "/tmp"),
            (self.work / "python", "/python"),
            (self.work / "guest" / "app", "/0"),
            (self.work / "site", "/1"),
            (self.work / "pure", "/2"),
        ]:
            wasi.preopen_dir(str(host), guest)
        store.set_wasi(wasi)
        linker = wasm_component.Linker(self.engine)
        linker.add_wasip2()
        instance = linker.instantiate(store, self.component)
        execute = instance.get_func(store, "exec")
        arguments = [*PYTEST.split(), "-c", "/2/pytest.ini", "--rootdir", "/1", f"/1/{file}"]
        trap = None
        try:
            result = execute(store, f"{PREPARE}\npytest.main({arguments!r})")
            if result is not None:  # the text of an exception that nothing caught
                trap = f"exception: {getattr(result, 'payload', result)}"
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            trap = str(error).strip().splitlines()[-1]
        events = self.temporary / "results.jsonl"
        return read(events) if events.exists() else [], trap


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line]


def run_guest(work, files, results):
    guest = Guest(work)
    with open(results, "w") as out:
        for file in files:
            start, skip, count = time.time(), [], collections.Counter()
            while True:
                events, trap = guest.run(file, skip)
                done = {event["id"] for event in events if "id" in event}
                started = [event["start"] for event in events if "start" in event]
                if trap:
                    culprit = started[-1] if started and started[-1] not in done else f"{file}::(run)"
                    events.append({"id": culprit, "when": "call", "outcome": "failed", "why": f"TRAP {trap}"})
                for event in events:
                    if "id" in event:
                        out.write(json.dumps(event) + "\n")
                        count[event["outcome"]] += 1
                out.flush()
                if not trap or not started:
                    break
                skip += started
            print(f"{file}: {dict(count)} in {time.time() - start:.0f} s", file=sys.stderr, flush=True)


def run_host(work, files, results):
    site = Path(numpy.__file__).parent.parent
    results.unlink(missing_ok=True)
    environment = os.environ | {"NUMPY_TESTS_RESULTS": str(results), "PYTHONPATH": str(HERE)}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    # Without the tests that want gigabytes; in the guest NumPy skips them, for it cannot tell how much memory there is.
    environment["NPY_AVAILABLE_MEM"] = "1 GB"
    for file in files:
        if not (site / file).exists():
            continue
        command = [sys.executable, "-m", "pytest", *PYTEST.split(), "-c", str(work / "pure" / "pytest.ini")]
        subprocess.run([*command, "--rootdir", str(site), str(site / file)], cwd=work, env=environment,
            stdout=subprocess.DEVNULL, check=False)


def outcomes(path):
    """One outcome for each test; a failure in set-up or tear-down counts as one of the test."""
    result = {}
    for event in read(path):
        if "id" in event and result.get(event["id"], {}).get("outcome") != "failed":
            result[event["id"]] = event
    return result


def first_line(text):
    return re.sub(r"\s+", " ", text.strip().splitlines()[0] if text.strip() else "")[:160].replace("|", "\\|")


def most_frequent_first(counter):
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def compare(host, guest):
    passed = {name for name, event in host.items() if event["outcome"] == "passed"}
    ran = {name for name in passed if name in guest and guest[name]["outcome"] != "skipped"}
    good = {name for name in ran if guest[name]["outcome"] in ("passed", "xfailed", "xpassed")}
    skipped = {name for name in passed if name in guest and guest[name]["outcome"] == "skipped"}
    absent = passed - guest.keys()
    only_here = {name for name, event in guest.items() if event["outcome"] == "failed" and name not in host}
    bad = sorted(ran - good) + sorted(only_here)
    print("# NumPy's own tests, in a guest and on the host\n")
    print(f"NumPy {numpy.__version__}. Written by `tests/run-tests.sh`. Left out are the files in `tests/excluded.txt`:")
    print("they need compilers, threads, processes or ctypes.\n")
    print("| | tests |\n|---|---|")
    print(f"| pass on the host | {len(passed)} |")
    print(f"| of these, run in the guest | {len(ran)} |")
    print(f"| pass in the guest | {len(good)} ({100 * len(good) / max(1, len(ran)):.2f} %) |")
    print(f"| skipped in the guest by NumPy's own conditions | {len(skipped)} |")
    print(f"| not collected in the guest under that name | {len(absent)} |")
    print(f"| pass in the guest in all | {sum(e['outcome'] == 'passed' for e in guest.values())} |")
    reasons, unexplained = collections.defaultdict(list), []
    for name in bad:
        reason = next((why for pattern, why in rules("known_failures.txt") if fnmatch.fnmatch(name, pattern)), None)
        if reason:
            reasons[reason].append(name)
        else:
            unexplained.append(name)
    print(f"\n## Failures: {len(bad)}, of which {len(unexplained)} without a known reason")
    for name in unexplained:
        print(f"- `{name}`: {first_line(guest[name]['why'])}")
    for reason, names in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"\n### {reason[0].upper()}{reason[1:]}: {len(names)}\n")
        for name in names:
            print(f"- `{name.removeprefix('numpy/')}`")
    print("\n## Skipped in the guest only\n")
    reasons = collections.Counter(first_line(guest[name]["why"]).removeprefix("Skipped: ") for name in skipped)
    for reason, count in most_frequent_first(reasons):
        print(f"- {count}: {reason}")
    if absent:
        print("\n## Not collected in the guest under the same name\n")
    for name, count in most_frequent_first(collections.Counter(name.split("[")[0] for name in absent)):
        print(f"- {count}: `{name.removeprefix('numpy/')}`")
    return len(good) >= 0.99 * len(ran) and not unexplained


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", default="*")
    parser.add_argument("--reuse-host", action="store_true")
    parser.add_argument("--reuse-guest", action="store_true")
    options = parser.parse_args()
    work = options.work.resolve()
    results = work / "results"
    results.mkdir(exist_ok=True)
    files = [file for file in test_files(work / "site") if fnmatch.fnmatch(file, options.only)]
    host, guest = results / "host.jsonl", results / "guest.jsonl"
    if not (options.reuse_guest and guest.exists()):
        run_guest(work, files, guest)
    if not (options.reuse_host and host.exists()):
        run_host(work, files, host)
    return 0 if compare(outcomes(host), outcomes(guest)) else 1


if __name__ == "__main__":
    sys.exit(main())
