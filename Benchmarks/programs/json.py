# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import json


def run():
    value = [{"id": i, "name": f"item {i}", "tags": ["a", "b", str(i)], "price": i / 7} for i in range(4_000)]
    for _ in range(3):
        value = json.loads(json.dumps(value))
    assert value[-1]["id"] == 3_999
