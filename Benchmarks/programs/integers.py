# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    state, total = 12_345, 0
    for i in range(200_000):
        state = (state * 1_103_515_245 + 12_345) & 0x7FFF_FFFF
        if (state & 3) == (i & 3):
            total += state >> 7
        else:
            total ^= i
    assert total >= 0
