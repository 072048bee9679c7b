# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import re

PATTERN = re.compile(r"(?P<user>[\w.+-]+)@(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,})|\b(\d{1,3}(?:\.\d{1,3}){3})\b")


def run():
    text = " ".join(f"user{i}.x@mail{i % 50}.example.org talks to 10.0.{i % 256}.7, and <b>not</b> to @nobody;" for i in range(1_200))
    found = [match.lastgroup or "address" for match in PATTERN.finditer(text)]
    assert len(found) == 2_400
    assert re.sub(r"<[^>]+>", "", text).count("not") == 1_200
