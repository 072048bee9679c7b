# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    size, best, checksum = 7, 0, 0
    order, counts, sign = list(range(size)), list(range(size)), 1
    while True:
        first = order[0]
        if first:
            copy, flips = order[:], 0
            while first:
                copy[:first + 1] = copy[first::-1]
                first = copy[0]
                flips += 1
            best = max(best, flips)
            checksum += sign * flips
        if sign == 1:
            order[0], order[1], sign = order[1], order[0], -1
            continue
        order[1], order[2], sign = order[2], order[1], 1
        for index in range(2, size):
            if counts[index] > 0:
                counts[index] -= 1
                break
            counts[index] = index
            if index == size - 1:
                assert best > 0
                return
            order.insert(index + 1, order.pop(0))
