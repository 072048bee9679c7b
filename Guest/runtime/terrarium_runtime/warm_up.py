# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a few programs while the component is built, so that the first one in a sandbox finds everything ready.

What Python does the first times that it runs something - specialise the bytecode, fill caches, make the types of the
syntax tree - it writes into memory, and each page that a sandbox writes to is one to copy. Done at build time, it is
part of the image, which all sandboxes share.
"""

import sys
from collections.abc import Callable

from . import randomness, source_lines
from .answers import answer
from .stepper import Stepper

_NAME = "<warm-up>"
_PROGRAMS = (
    "2 + 2",
    "x = [n ** 2 for n in range(10)]\ndef f(a, b=1):\n    return a + b\nclass C: pass\nf(x[0])",
    "import json, math\n{'a': [1, 2.5, None], 'b': 'c'}",
    "1 / 0",
    "x = (",
    "raise SystemExit",
    "async def main():\n    pass\nawait main()",
    "import asyncio\nasync def main():\n    await asyncio.sleep(0)\nasyncio.run(main())",
    "await call('x')",
)
_NUMPY_PROGRAMS = (
    "import numpy\nnumpy.matmul([[1, 2], [4, 5], [6, 7]], [[1, 2, 3], [4, 5, 6]]).tolist()",
    "numpy.arange(10).sum()",
    "a = numpy.linspace(0, 1, 5) * 2 + numpy.ones(5)\na[a > 1].mean(), str(a), a",
)
_STATEMENTS = ("pass", "x = 1\nimport math", "def f():\n    return [n for n in range(3)]\nf()")
_EXPRESSIONS = ("2 + 2", "'text'", "[1, 2.5, None, {'a': True}]", "object()")
_ROUNDS = 40


def run_plainly(execute: Callable[[str], None], evaluate: Callable[[str], object]) -> None:
    """Runs programs without steps, through what the host calls for that."""
    for _ in range(_ROUNDS):
        for statements in _STATEMENTS:
            execute(statements)
        for expression in _EXPRESSIONS:
            evaluate(expression)
        randomness.seed_again()


def run_in_steps() -> None:
    stepper = Stepper({"__name__": "__main__"}, {})
    answer(stepper, stepper.configure, '{"functions":[{"name":"call","async":true,"parameters":[{"name":"a"}]}]}')
    programs = _PROGRAMS + (_NUMPY_PROGRAMS if "numpy" in sys.modules else ())
    for number in range(_ROUNDS):
        for program in programs:
            quoted = program.replace("\n", "\\n")
            text = answer(stepper, stepper.start, f'{{"code":"{quoted}","name":"{_NAME}","result":["value","text"]}}')
            if '"waiting"' in text:
                answer(stepper, stepper.resume, f'{{"settled":[{{"id":{number + 1},"value":1}}]}}')
    source_lines.forget(_NAME)
