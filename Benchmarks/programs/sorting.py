# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    values = [(i * 7_919 + 13) % 30_011 for i in range(30_000)]
    ordered = sorted(values, key=lambda value: (value % 97, -value))
    assert ordered[0] % 97 == 0
    words = sorted((f"w{value % 1_000}" for value in values), reverse=True)
    assert words[0] == "w999"
