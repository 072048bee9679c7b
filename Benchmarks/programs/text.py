# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import re


def run():
    words = [f"word{i % 997} {i}" for i in range(20_000)]
    text = " ".join(words)
    counts = {}
    for match in re.finditer(r"word(\d+)", text):
        counts[match[1]] = counts.get(match[1], 0) + 1
    assert len(counts) == 997 and text.upper().count("WORD") == 20_000
