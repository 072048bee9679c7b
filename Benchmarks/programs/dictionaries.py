# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    counts = {}
    for i in range(60_000):
        key = (i * 7_919) % 4_001
        counts[key] = counts.get(key, 0) + 1
    names = {f"key{k}": v for k, v in counts.items()}
    assert sum(names.values()) == 60_000
    for i in range(20_000):
        if f"key{i % 5_000}" in names:
            names[f"key{i % 5_000}"] += 1
    assert len(set(names) - {"key1", "key2"}) == 3_999
