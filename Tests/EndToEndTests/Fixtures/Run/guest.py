# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import os
import sys

import wit_world
from componentize_py_types import Err
from wit_world import exports


class WitWorld(wit_world.WitWorld):
    def divide(self, left, right):
        if right == 0:
            raise Err("division by zero")
        return left // right

    def say(self, text):
        print(text, flush=True)


class Shapes(exports.Shapes):
    def area(self, size):
        return size.width * size.height

    def echo(self, *values):
        return values


class Run(exports.Run):
    """A command whose first argument is a Python expression."""

    def run(self):
        try:
            print(eval(sys.argv[1]), flush=True)
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            raise Err(None)
