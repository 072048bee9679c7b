# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which packages an image has: for `importlib.metadata`, for `pip` in a program, and for errors about those that are missing.

A sandbox installs nothing. What its packages say of themselves is read while the image is built, since their files may not
be there later.
"""

import builtins
import importlib.metadata
import importlib.util
import pathlib
import re
import shlex
import sys

#: The built-in name of what `!pip` and `%pip` become.
PIP = "__terrarium_pip__"
_FILES = ("METADATA", "WHEEL", "entry_points.txt", "top_level.txt", "INSTALLER")
_LINE = re.compile(r"^([ \t]*)[!%][ \t]*(?:python3?[ \t]+-m[ \t]+)?pip3?\b[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")

# Packages that are imported by another name than they are installed by.
_DISTRIBUTIONS = {
    "PIL": "pillow", "bs4": "beautifulsoup4", "cv2": "opencv-python", "dateutil": "python-dateutil", "sklearn": "scikit-learn",
    "skimage": "scikit-image", "yaml": "pyyaml", "dotenv": "python-dotenv", "docx": "python-docx", "jwt": "pyjwt",
    "fitz": "pymupdf", "attr": "attrs", "Crypto": "pycryptodome",
}
# Packages that have no wheel of Python only, which somebody asks for first of all.
_NATIVE = {
    "pandas", "scipy", "matplotlib", "scikit-learn", "scikit-image", "pillow", "opencv-python", "torch", "tensorflow", "jax",
    "lxml", "cryptography", "pydantic", "polars", "pyarrow", "duckdb", "numba", "orjson", "psycopg2", "grpcio", "pymupdf",
    "statsmodels", "xgboost", "lightgbm", "spacy", "transformers", "tokenizers", "tiktoken", "aiohttp", "pycryptodome",
}

_texts: dict[str, dict[str, str]] = {}


class _Distribution(importlib.metadata.Distribution):
    def __init__(self, texts: dict[str, str]):
        self._texts = texts

    def read_text(self, filename):
        return self._texts.get(str(filename))

    def locate_file(self, path):
        # Its files are part of the image's memory.
        return pathlib.PurePosixPath(path)


class _Finder(importlib.metadata.DistributionFinder):
    """Finds what the packages whose files are gone say of themselves."""

    def find_spec(self, fullname, path=None, target=None):
        return None

    def find_distributions(self, context=importlib.metadata.DistributionFinder.Context()):
        if context.name is None:
            found = _texts.values()
        else:
            found = filter(None, [_texts.get(_normalized(context.name))])
        return [_Distribution(texts) for texts in found]


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def remember() -> None:
    """Keeps what the packages say of themselves that can be imported now."""
    for distribution in importlib.metadata.distributions():
        texts = {name: text for name in _FILES if (text := distribution.read_text(name)) is not None}
        if "METADATA" in texts:
            _texts.setdefault(_normalized(distribution.metadata["Name"]), texts)


def install() -> None:
    if not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.append(_Finder())
    setattr(builtins, PIP, pip)


# Programs that install packages.

def without_pip(source: str) -> str | None:
    """The program with calls in the place of lines such as `!pip install x`; None if there are none."""
    changed = _LINE.sub(lambda line: f"{line[1]}{PIP}({line[2]!r})", source)
    return changed if changed != source else None


def pip(arguments: str) -> None:
    """Says, for each package that `pip` is asked for, whether it is there."""
    try:
        command, *words = shlex.split(arguments, comments=True)
    except ValueError:
        command, words = "", []
    if command in ("list", "freeze"):
        for distribution in sorted(importlib.metadata.distributions(), key=lambda one: _normalized(one.metadata["Name"])):
            print(f"{distribution.metadata['Name']}=={distribution.version}")
        return
    if command not in ("install", "show", "download"):
        print("There is no pip in a sandbox, which has the packages of its image.")
        return
    skips = False
    for word in words:
        if skips or word.startswith("-"):
            # `-r FILE` and the like; what follows is no package.
            skips = not skips and word in ("-r", "-c", "-i", "-t", "--index-url", "--requirement", "--target")
            continue
        if name := _NAME.match(word):
            print(_state(name[0]))


def _state(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)} is in this image already."
    except importlib.metadata.PackageNotFoundError:
        pass
    module = next((one for one, other in _DISTRIBUTIONS.items() if other == _normalized(name)), name.replace("-", "_"))
    if module in sys.stdlib_module_names or _is_there(module):
        return f"{name} is in this image already."
    return f"{name} is not installed: {_remedy(name)}"


def _is_there(module: str) -> bool:
    try:
        return module in sys.modules or importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _remedy(name: str) -> str:
    if _normalized(name) in _NATIVE:
        return (f"a sandbox has the packages of its image, and {name} has native code, which would have to be built for "
                "WebAssembly.")
    return (f"a sandbox has the packages of its image. `terrarium build --package {name}` makes an image that has it too, "
            "if it is written in Python only.")


def hint(error: BaseException) -> str | None:
    """What to do about a module that is missing; None where nothing is known."""
    if type(error) is not ModuleNotFoundError or not isinstance(name := error.name, str):
        return None
    name = name.partition(".")[0]
    if not name.isidentifier() or str(error) != f"No module named {error.name!r}" or name in sys.modules:
        return None
    if name in sys.stdlib_module_names:
        return f"hint: {name} is one of Python's own modules that cannot work in a sandbox."
    return f"hint: {_remedy(_DISTRIBUTIONS.get(name, name))}"
