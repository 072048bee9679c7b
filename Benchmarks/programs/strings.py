# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

def run():
    lines = [f"{i:05d};name-{i % 100};{i * 3 / 7:.3f}" for i in range(12_000)]
    kept = []
    for line in lines:
        number, name, value = line.split(";")
        if name.endswith("7") and not value.startswith("1"):
            kept.append(f"{name.upper().replace('-', '_')}={number.lstrip('0') or '0'}")
    text = "\n".join(kept)
    assert text.count("NAME_") == len(kept) and text.find("NAME_97") > 0
