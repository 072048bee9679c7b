# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long NumPy takes in a guest, and how much longer than on the host.

    benchmark.py COMPONENT [--only TEXT]

COMPONENT exports `eval` and `exec`, as for differential/compare.py, and is compiled as Terrarium does it: with epoch
interruption. The host's NumPy uses one thread. Both take turns; the best of nine is taken, of the processor time of the
thread, so that other work on the machine disturbs little. The result is a Markdown table.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import time
from pathlib import Path

import numpy as np
import wasmtime
from wasmtime import component as wasm_component

FLOATS = "r = np.random.default_rng(0); A = r.random((500, 500)); B = r.random((500, 500)); x = A[0].copy()"
SINGLES = FLOATS + "; A, B, x = A.astype('f4'), B.astype('f4'), x.astype('f4')"
COMPLEX = FLOATS + "; A = A + 1j * B; B = B - 1j * A; x = A[0].copy()"
INTEGERS = "I = np.arange(1000000, dtype='i4'); R = np.random.default_rng(0).integers(0, 1 << 30, 250000)"

CASES = [
    (
        "matrix products, float64",
        FLOATS,
        """A @ B; np.dot(A, B); A @ A.T; A.T @ B.T; np.inner(A, B); np.tensordot(A, B, 1)
        np.einsum('ij,jk->ik', A, B, optimize=True); A @ x; x @ A; np.dot(x, x); A[:4, :4] @ B[:4, :4]""",
    ),
    ("matrix products, float32", SINGLES, "A @ B; np.inner(A, B); A @ x; x @ A"),
    ("matrix products, complex128", COMPLEX, "A @ B; A @ x"),
    ("matrix products, int64", INTEGERS + "; L = R[:40000].reshape(200, 200)", "L @ L"),
    (
        "linear algebra",
        FLOATS + "; S = A[:200, :200]",
        """np.linalg.solve(A, x); np.linalg.solve(A, B); np.linalg.inv(A); np.linalg.qr(A)
        np.linalg.cholesky(A @ A.T + np.eye(500)); np.linalg.svd(S); np.linalg.eigh(S); np.linalg.eig(S)""",
    ),
    (
        "elementwise, float64",
        FLOATS,
        """A + B; A * B; A / B; np.sqrt(A); np.exp(A); np.log(A); np.sin(A); A ** 2.5; np.maximum(A, B)
        A > B; np.where(A > .5, A, B); A[A > .5]; A.T.copy()""",
    ),
    ("elementwise, float32", SINGLES, "A + B; np.exp(A)"),
    ("elementwise, int32", INTEGERS, "I * I + 1; I % 7; I // 7; I.astype('f8')"),
    (
        "reductions, float64",
        FLOATS,
        "A.sum(); A.sum(axis=0); A.mean(axis=1); A.std(); A.max(); A.argmax(); np.cumsum(A); np.median(A)",
    ),
    ("reductions, int32", INTEGERS, "I.sum(); I.max()"),
    ("sorting, float64", FLOATS + "; v = A.ravel()", "np.sort(v); np.argsort(v); np.unique(v)"),
    ("sorting, float32", SINGLES + "; v = A.ravel()", "np.sort(v)"),
    ("sorting, int64", INTEGERS, "np.sort(R)"),
    ("Fourier transform", FLOATS, "np.fft.fft2(A); np.fft.rfft(A.ravel())"),
    ("random", FLOATS, "r.standard_normal(250000); r.random(250000); r.integers(0, 100, 250000)"),
    ("strings", "w = np.arange(100000).astype('U')", "np.strings.upper(w); w == '77'"),
    ("one call", "import numpy", "numpy.arange(10).sum(); numpy.array([1, 2, 3]) + 1; numpy.zeros((3, 3))"),
]

# Runs an expression many times, in the guest and here.
RUN = """
import builtins, numpy

def _set_up(statements, expression):
    names = {"np": numpy}
    exec(statements, names)
    builtins._terrarium_loop = names, compile(f"for _ in range(count): {expression}", "expression", "exec")

def _run(count):
    names, loop = builtins._terrarium_loop
    names["count"] = count
    exec(loop, names)

builtins._terrarium_set_up, builtins._terrarium_run = _set_up, _run
"""


class Guest:
    def __init__(self, path):
        config = wasmtime.Config()
        config.epoch_interruption = True
        engine = wasmtime.Engine(config)
        self.store = wasmtime.Store(engine)
        self.store.set_epoch_deadline(10**9)
        self.store.set_wasi(wasmtime.WasiConfig())
        linker = wasm_component.Linker(engine)
        linker.add_wasip2()
        instance = linker.instantiate(self.store, wasm_component.Component(engine, Path(path).read_bytes()))
        self._exec = instance.get_func(self.store, "exec")

    def exec(self, statements):
        if (error := self._exec(self.store, statements)) is not None:
            raise RuntimeError(error)


class Host:
    def exec(self, statements):
        exec(statements, {})


def measure(sides, statements, expression):
    """The best time of each side, in milliseconds."""

    def run(side, count):
        start = time.thread_time()
        side.exec(f"import builtins; builtins._terrarium_run({count})")
        return time.thread_time() - start

    counts, best = [], []
    for side in sides:
        side.exec(f"import builtins; builtins._terrarium_set_up({statements!r}, {expression!r})")
        run(side, 1)
        count = 1
        while (taken := run(side, count)) < 0.01:
            count *= 2
        counts.append(count)
        best.append(taken / count)
    for _ in range(8):
        for index, side in enumerate(sides):
            best[index] = min(best[index], run(side, counts[index]) / counts[index])
    return [seconds * 1e3 for seconds in best]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("component")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    sides = [Host(), Guest(options.component)]
    for side in sides:
        side.exec(RUN)
    print("| | host, ms | guest, ms | ratio |\n|---|--:|--:|--:|")
    for group, statements, expressions in CASES:
        if options.only not in group:
            continue
        print(f"| **{group}** | | | |")
        for expression in expressions.replace("\n", ";").split(";"):
            if expression := expression.strip():
                host, guest = measure(sides, statements, expression)
                print(f"| `{expression}` | {host:.4g} | {guest:.4g} | {guest / host:.1f} |", flush=True)


if __name__ == "__main__":
    main()
