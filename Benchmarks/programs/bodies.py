# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    bodies = [[float(i), i * 0.5, -i * 0.25, 0.0, i * 0.01, 0.001 * i, 1.0 + i * 0.1] for i in range(5)]
    for _ in range(2_000):
        for index, first in enumerate(bodies):
            for second in bodies[index + 1:]:
                dx, dy, dz = first[0] - second[0], first[1] - second[1], first[2] - second[2]
                strength = 0.01 / ((dx * dx + dy * dy + dz * dz + 0.01) ** 1.5)
                for axis, distance in ((3, dx), (4, dy), (5, dz)):
                    first[axis] -= distance * second[6] * strength
                    second[axis] += distance * first[6] * strength
        for body in bodies:
            body[0] += 0.01 * body[3]
            body[1] += 0.01 * body[4]
            body[2] += 0.01 * body[5]
    assert bodies[0][0] == bodies[0][0]
