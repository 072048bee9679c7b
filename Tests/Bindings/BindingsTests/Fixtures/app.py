# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import gc

import wit_world
from componentize_py_types import Err
from guest import Box
from wit_world import exports
from wit_world.imports import mirror


class WitWorld(wit_world.WitWorld):
    def run(self, in_):
        if in_ == "fail":
            raise Err("as you wish")
        try:
            wit_world.note(in_)
        except Err:
            raise Err("the host refused")
        return in_[::-1]


class Guest(exports.Guest):
    def send_nested(self, value):
        return mirror.reflect_nested(value)

    def send_problem(self, value):
        return mirror.reflect_problem(value)

    def send_names(self, value, color, few):
        return mirror.reflect_names(value, color, few)

    def choose(self, value):
        return mirror.choose(value)

    def bytes(self, value):
        return value

    def alive(self):
        gc.collect()
        return Box.alive

    def count(self, counter, mine):
        counter.add(1)
        mine.add(10)
        zero = mirror.Counter.zero()
        zero.add(100)
        mine = mirror.pass_(mine)
        with mirror.Counter(1000) as made:
            return mirror.total([counter, mine, zero, made]), mine

    def fail(self, text):
        raise RuntimeError(text)
