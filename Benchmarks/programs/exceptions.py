# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

class Refused(Exception):
    def __init__(self, number):
        super().__init__(f"refused {number}")
        self.number = number


def check(number):
    if number % 3 == 0:
        raise Refused(number)
    if number % 5 == 0:
        return {}["missing"]
    return number


def run():
    kept = refused = missing = 0
    for number in range(30_000):
        try:
            kept += check(number) > 0
        except Refused as error:
            refused += error.number % 3 == 0
        except KeyError:
            missing += 1
        finally:
            number += 1
    assert kept + refused + missing == 30_000
