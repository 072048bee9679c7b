#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""public-api.py GRAPHS [--update]: compares the public declarations of the products with the lists in
Documentation/PublicAPI, so that no change of them goes unnoticed. GRAPHS has a folder of symbol graphs for each product, as
`docs.sh` makes them."""

import difflib
import json
import sys
from pathlib import Path

LISTS = Path(__file__).resolve().parent.parent / "Documentation/PublicAPI"


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    changed = False
    for folder in sorted(Path(arguments[0]).iterdir()):
        text = listing(folder / f"{folder.name}.symbols.json")
        file = LISTS / f"{folder.name}.txt"
        before = file.read_text() if file.is_file() else ""
        if text == before:
            continue
        if "--update" in sys.argv:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
            continue
        changed = True
        sys.stderr.writelines(difflib.unified_diff(
            before.splitlines(keepends=True), text.splitlines(keepends=True), f"{folder.name}, before", "now", n=0))
    if changed:
        sys.exit("The public API is not that of Documentation/PublicAPI. If that is intended, put it into the changelog and "
                 "run `make api`.")


def listing(graph: Path) -> str:
    """The declarations of a module, a line each, after the types that they belong to; then what types conform to."""
    contents = json.loads(graph.read_text())
    names = {symbol["identifier"]["precise"]: ".".join(symbol["pathComponents"]) for symbol in contents["symbols"]}
    lines = []
    for symbol in contents["symbols"]:
        declaration = "".join(fragment["spelling"] for fragment in symbol["declarationFragments"])
        lines.append(f"{'.'.join(symbol['pathComponents'])}: {' '.join(declaration.split())}")
    for relationship in contents["relationships"]:
        if relationship["kind"] in ("conformsTo", "inheritsFrom") and relationship["source"] in names:
            target = relationship.get("targetFallback") or names.get(relationship["target"], relationship["target"])
            condition = " ".join(constraint["lhs"] + " " + constraint["rhs"] for constraint in
                                 relationship.get("swiftConstraints", []))
            lines.append(f"{names[relationship['source']]}: {target}{' where ' + condition if condition else ''}")
    return "".join(f"{line}\n" for line in sorted(set(lines)))


if __name__ == "__main__":
    main()
