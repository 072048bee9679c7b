# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(order=True)
class Order:
    total: float
    customer: str = field(compare=False)
    items: list = field(default_factory=list, compare=False)


def run():
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerows([i, f"customer {i % 37}", i * 1.25, "a,b" if i % 3 else "c"] for i in range(3_000))
    table.seek(0)
    totals, kinds = defaultdict(list), Counter()
    for number, customer, price, kind in csv.reader(table):
        totals[customer].append(Order(float(price), customer, [int(number)]))
        kinds[kind] += 1
    best = max(max(orders) for orders in totals.values())
    assert best.total == 2_999 * 1.25 and kinds["c"] == 1_000
