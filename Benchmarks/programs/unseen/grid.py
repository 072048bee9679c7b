# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

from collections import deque


def run():
    width, height = 90, 70
    walls = {(x, y) for x in range(width) for y in range(height) if (x * 7 + y * 13) % 11 == 0}
    start, goal = (1, 1), (width - 2, height - 2)
    queue, seen = deque([(start, 0)]), {start}
    while queue:
        (x, y), steps = queue.popleft()
        if (x, y) == goal:
            assert steps > 100
            return
        for place in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= place[0] < width and 0 <= place[1] < height and place not in walls and place not in seen:
                seen.add(place)
                queue.append((place, steps + 1))
    raise AssertionError("no way")
