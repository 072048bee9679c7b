# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A stand-in build backend that only repeats an sdist's PKG-INFO.

`pip download` builds an sdist natively just to read its metadata, for NumPy some ten minutes. With this module on
PYTHONPATH under the name of the real backend (`mesonpy`) and --no-build-isolation, it downloads and is done.
"""

import re
from pathlib import Path


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    text = Path("PKG-INFO").read_text()
    name, version = (re.search(rf"^{key}: *(\S+)$", text, re.M)[1] for key in ("Name", "Version"))
    folder = Path(metadata_directory) / f"{name}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(text)
    (folder / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: none\nRoot-Is-Purelib: false\nTag: py3-none-any\n")
    return folder.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    raise SystemExit("this backend only answers for metadata")
