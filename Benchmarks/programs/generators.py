# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

from itertools import chain, islice


def numbers(start):
    while True:
        yield start
        start += 1


def primes():
    found = []
    for number in numbers(2):
        if all(number % prime for prime in found if prime * prime <= number):
            found.append(number)
            yield number


def walk(depth):
    if depth:
        yield from walk(depth - 1)
        yield depth
        yield from walk(depth - 1)


def run():
    assert list(islice(primes(), 400))[-1] == 2_741
    assert sum(chain(walk(14), walk(10))) > 0
