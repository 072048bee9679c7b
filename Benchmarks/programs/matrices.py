# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    size = 48
    left = [[(i * j) % 7 + 0.5 for j in range(size)] for i in range(size)]
    right = [[(i + j) % 5 - 1.0 for j in range(size)] for i in range(size)]
    columns = list(zip(*right))
    product = [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in left]
    assert len(product) == size and abs(product[3][4]) < 1e6
