#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails where the README quotes a file and says something else.

A quotation is a fenced block after a line `<!-- FILE -->`; the licence header of the file is not quoted.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUOTATION = re.compile(r"<!-- (\S+) -->\n```\w*\n(.*?)```", re.S)


def main() -> None:
    quotations = QUOTATION.findall((ROOT / "README.md").read_text())
    if not quotations:
        sys.exit("README.md quotes no file, which this script is here to check.")
    for path, quoted in quotations:
        text = re.sub(r"\A(//|#) SPDX.*\n(//|#) SPDX.*\n\n?", "", (ROOT / path).read_text())
        if quoted != text:
            sys.exit(f"README.md quotes {path} otherwise than it is; copy it again.")


if __name__ == "__main__":
    main()
