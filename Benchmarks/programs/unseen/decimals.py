# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

from datetime import date, timedelta
from decimal import Decimal, getcontext
from fractions import Fraction


def run():
    getcontext().prec = 40
    balance, rate = Decimal("1000.00"), Decimal("0.0375") / 12
    for month in range(2_000):
        balance += (balance * rate).quantize(Decimal("0.01")) - Decimal("2.50")
    assert balance > 0
    total = sum((Fraction(1, n) for n in range(1, 250)), Fraction(0))
    assert total > 6
    day, sundays = date(2001, 1, 1), 0
    while day < date(2020, 1, 1):
        sundays += day.weekday() == 6 and day.day == 1
        day += timedelta(days=1)
    assert sundays > 20
