# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is measured of NumPy: the same text runs in a sandbox and in the host's Python.

`names()` lists the cases; `measure(number)` answers how many seconds one run of a case takes, by its own side's clock.
As a program, it answers a line with the seconds for each line with a number.
"""

import sys
import time

import numpy as np

random = np.random.default_rng(0)
A, B = random.random((500, 500)), random.random((500, 500))
A4, B4 = A.astype("f4"), B.astype("f4")
AC, BC = A + 1j * B, B - 1j * A
x, x4, flat = A[0].copy(), A4[0].copy(), A.ravel()
integers, large = np.arange(1_000_000, dtype="i4"), random.integers(0, 1 << 30, 250_000)
words = np.arange(100_000).astype("U")

CASES = """
A @ B
np.dot(A, B)
np.inner(A, B)
np.tensordot(A, B, 1)
np.einsum("ij,jk->ik", A, B, optimize=True)
A.T @ B.T
A @ x
np.dot(x, x)
A4 @ B4
np.inner(A4, B4)
A4 @ x4
AC @ BC
np.linalg.solve(A, x)
np.linalg.solve(A, B)
np.linalg.inv(A)
np.linalg.svd(A[:200, :200])
A + B
A / B
np.sqrt(A)
np.exp(A)
np.sin(A)
np.where(A > 0.5, A, B)
A4 + B4
integers * integers + 1
A.sum()
A.sum(axis=0)
A.mean(axis=1)
A.std()
A.max()
integers.sum()
np.median(A)
np.cumsum(A)
np.sort(flat)
np.argsort(flat)
np.sort(large)
np.fft.fft2(A)
np.fft.rfft(flat)
random.standard_normal(250_000)
np.strings.upper(words)
np.arange(10).sum()
np.array([1, 2, 3]) + 1
""".strip().splitlines()

_loops = {}


def names():
    return CASES


def measure(number):
    if number not in _loops:
        code = compile(f"for _ in range(count): {CASES[number]}", CASES[number], "exec")
        scope, count, taken = dict(globals()), 1, 0.0
        # As many runs at once as take long enough for the clock.
        while taken < 0.01:
            scope["count"] = count
            start = time.perf_counter()
            exec(code, scope)
            taken = time.perf_counter() - start
            count *= 2
        _loops[number] = code, scope
    code, scope = _loops[number]
    start = time.perf_counter()
    exec(code, scope)
    return (time.perf_counter() - start) / scope["count"]


if __name__ == "__main__" and "--serve" in sys.argv:
    for line in sys.stdin:
        print(measure(int(line)), flush=True)
