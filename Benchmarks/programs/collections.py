# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import heapq


def run():
    graph = {i: [(i * 7 + 1) % 5000, (i * 3 + 2) % 5000, (i + 1) % 5000] for i in range(5000)}
    distances, queue = {0: 0}, [(0, 0)]
    while queue:
        distance, node = heapq.heappop(queue)
        if distance > distances[node]:
            continue
        for neighbour in graph[node]:
            if distance + 1 < distances.get(neighbour, 1 << 30):
                distances[neighbour] = distance + 1
                heapq.heappush(queue, (distance + 1, neighbour))
    assert len(sorted(distances.items(), key=lambda item: (item[1], -item[0]))) == 5000
