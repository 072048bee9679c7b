# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The guest of the NumPy tests: NumPy and pytest imported, and the original demo's two functions."""

import encodings.cp437
import json
import sys
import traceback
import zipfile  # numpy.load wants it

import numpy
import numpy.fft
import numpy.linalg
import numpy.ma
import numpy.polynomial
import numpy.random
import numpy.strings
import wit_world
from componentize_py_types import Err

try:
    import hypothesis
    import pytest
except ImportError:  # the differential tests do without
    pass

names = {"__name__": "__main__", "np": numpy, "numpy": numpy}


class WitWorld(wit_world.WitWorld):
    def eval(self, expression):
        try:
            return json.dumps(eval(expression, names))
        except BaseException as error:
            raise Err(f"{type(error).__name__}: {error}")

    def exec(self, statements):
        try:
            exec(statements, names)
        except BaseException:
            raise Err(traceback.format_exc())
