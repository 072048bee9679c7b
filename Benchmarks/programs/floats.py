# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    size, inside = 160, 0
    for row in range(size):
        for column in range(size):
            c = complex(3 * column / size - 2, 2 * row / size - 1)
            z = 0j
            for _ in range(30):
                z = z * z + c
                if abs(z) > 2:
                    break
            else:
                inside += 1
    assert inside > 0
