# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is known of packages: those in the image, and how to have one that is not.

The files of what is linked into the component are gone when it is built, so the metadata of these packages is kept here.
"""

import csv
import difflib
import importlib.metadata
import os
import pathlib
import re
import sys

_FILES = ("METADATA", "WHEEL", "RECORD", "INSTALLER", "entry_points.txt", "top_level.txt")

# Packages whose name is not that of the module that they are imported by.
_PACKAGES = {
    "attr": "attrs", "bs4": "beautifulsoup4", "cv2": "opencv-python", "Crypto": "pycryptodome", "dateutil": "python-dateutil",
    "docx": "python-docx", "dotenv": "python-dotenv", "fitz": "PyMuPDF", "git": "GitPython", "google": "google-api-python-client",
    "jwt": "PyJWT", "markdown_it": "markdown-it-py", "mpl_toolkits": "matplotlib", "OpenSSL": "pyOpenSSL", "PIL": "pillow",
    "pkg_resources": "setuptools", "pptx": "python-pptx", "serial": "pyserial", "skimage": "scikit-image",
    "sklearn": "scikit-learn", "slugify": "python-slugify", "yaml": "PyYAML", "zmq": "pyzmq",
}
# Packages that are nothing without native code that a sandbox cannot run.
_NATIVE = {
    "catboost", "cryptography", "cython", "duckdb", "gitpython", "gmpy2", "grpcio", "h5py", "jax", "lightgbm", "llvmlite",
    "lxml", "matplotlib", "mysqlclient", "numba", "onnxruntime", "opencv-python", "pillow", "polars", "psutil",
    "psycopg2", "pyarrow", "pycryptodome", "pydantic-core", "pymupdf", "pyopenssl", "pyqt5", "pyzmq", "rpds-py",
    "scikit-image", "scikit-learn", "scipy", "spacy", "statsmodels", "tensorflow", "tokenizers", "torch", "torchvision",
    "ujson", "xgboost",
}
# Packages that need no native code and that everybody knows.
_PURE = {
    "aiohttp", "altair", "anyio", "arrow", "attrs", "bleach", "boto3", "cachetools", "certifi", "chardet", "click", "colorama",
    "django", "docutils", "faker", "fastapi", "flask", "fsspec", "hypothesis", "html5lib", "httpx", "humanize", "idna",
    "jinja2", "joblib", "jsonschema", "loguru", "mako", "markdown", "mistune", "more-itertools", "mpmath", "mypy", "networkx",
    "nltk", "openai", "openpyxl", "packaging", "parsy", "pendulum", "pint", "pip", "plotly", "ply", "pluggy", "prettytable",
    "pygments", "pyparsing", "pypdf", "pytest", "pytz", "requests", "rich", "seaborn", "setuptools", "simpy", "six",
    "sortedcontainers", "sqlalchemy", "sympy", "tabulate", "tenacity", "textblob", "textual", "toml", "tomli", "toolz", "tqdm",
    "traitlets", "typer", "typing-extensions", "tzdata", "tzlocal", "urllib3", "wcwidth", "werkzeug", "wheel", "xlsxwriter",
    "xlrd", "xmltodict",
}
# Packages of the image `data`.
_DATA = {"pandas", "python-dateutil"}
# Of the standard library, what is not in a sandbox.
_LACKS = {
    "there is no OpenSSL in it": "_hashlib",
    "its C library is not part of it": "bz2 _bz2 lzma _lzma _zstd _dbm _gdbm",
    "it can load no native code": "ctypes _ctypes",
    "it shares no memory": "_posixshmem _multiprocessing",
    "it has no processes": "_posixsubprocess",
    "it has no terminals": "curses _curses _curses_panel readline",
    "it has no windows": "tkinter _tkinter turtle turtledemo idlelib",
    "it is for another system": "msvcrt nt winreg winsound _winapi _wmi _overlapped _scproxy",
}
_REASONS = {name: reason for reason, names in _LACKS.items() for name in names.split()}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class _Distribution(importlib.metadata.Distribution):
    def __init__(self, texts: dict[str, str], folder: str):
        self._texts, self._folder = texts, folder

    def read_text(self, filename):
        return self._texts.get(filename)

    def locate_file(self, path):
        return pathlib.Path(self._folder, path)

    @property
    def files(self):
        """As in `Distribution`, but of files that are gone, too."""
        if "RECORD" not in self._texts:
            return None
        made = []
        for name, digest, size in csv.reader(self._texts["RECORD"].splitlines()):
            made.append(path := importlib.metadata.PackagePath(name))
            path.hash = importlib.metadata.FileHash(digest) if digest else None
            path.size, path.dist = int(size) if size else None, self
        return made


class _Finder:
    """Finds the metadata of packages, and no modules."""

    def __init__(self):
        self.distributions: dict[str, _Distribution] = {}

    def find_spec(self, fullname, path=None, target=None):
        return None

    def find_distributions(self, context=importlib.metadata.DistributionFinder.Context()):
        if context.name is not None:
            found = self.distributions.get(_normalized(context.name))
            return [] if found is None else [found]
        return list(self.distributions.values())


def keep_metadata(folder: str) -> None:
    """Keeps the metadata of all packages that can be found now, as being in that folder."""
    finder = _Finder()
    for found in importlib.metadata.distributions():
        texts = {name: text for name in _FILES if (text := found.read_text(name)) is not None}
        if "METADATA" in texts:
            finder.distributions[_normalized(found.name)] = _Distribution(texts, folder)
    sys.meta_path.append(finder)


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# Functions of `os` that are not in a sandbox.
_LACKS_FUNCTIONS = {
    "it has no processes": "fork forkpty system kill killpg execv execve execvp execvpe execl execle execlp execlpe spawnl spawnv "
                           "spawnlp spawnvp posix_spawn posix_spawnp wait wait3 wait4 waitid waitpid nice getpgid getsid "
                           "setsid setpgid",
    "it has no pipes and cannot duplicate descriptors": "pipe pipe2 dup2 mkfifo mknod",
    "it has no terminal": "openpty ttyname ctermid get_terminal_size tcgetpgrp tcsetpgrp",
    "it has one user, who cannot change": "setuid seteuid setgid setegid setreuid setregid setgroups",
}
_FUNCTION_REASONS = {name: reason for reason, names in _LACKS_FUNCTIONS.items() for name in names.split()}


def remedy(error: Exception) -> str | None:
    """What to do about a module or a function of `os` that was not found, as a sentence; nothing where the name is no clue."""
    name = getattr(error, "name", None)
    if type(error) is AttributeError and getattr(error, "obj", None) is os and type(name) is str and name in _FUNCTION_REASONS:
        return f"A sandbox has no os.{name}: {_FUNCTION_REASONS[name]}."
    if type(error) is not ModuleNotFoundError or type(name) is not str or not _NAME.fullmatch(name):
        return None
    name, _, rest = name.partition(".")
    if name == "multiprocessing":
        return "A sandbox has no processes; threads take their place: see threading and concurrent.futures."
    if name in _REASONS:
        return f"A sandbox has no module {name}: {_REASONS[name]}."
    if rest and name in sys.modules or name in sys.stdlib_module_names or name.startswith("_"):
        return None
    package = _PACKAGES.get(name)
    if package is None and _normalized(name) not in _NATIVE | _DATA | _PURE:
        # It may be a file of the program's own, or misspelt: no stranger's package of that name is to be installed.
        similar = difflib.get_close_matches(name, sys.stdlib_module_names | sys.modules.keys(), 1, 0.8)
        guess = f"Did you mean {similar[0]}? " if similar else ""
        return (f"{guess}There is no module {name} in this image. A file of your own comes in with `--file {name}.py`; a package, "
                f"if you know it and trust it, with `terrarium build --package {name.replace('_', '-')}`.")
    return _how_to_have(package or name.replace("_", "-"))


def _how_to_have(package: str) -> str:
    if _normalized(package) in _NATIVE:
        return (f"{package} is not in this image: it needs native code, which a sandbox runs only if it was built for it "
                "(Documentation/Packages.md).")
    if _normalized(package) in _DATA:
        return f"{package} is not in this image: it is in the image `data` (`terrarium --image data`)."
    return f"{package} is not in this image: `terrarium build --package {package}` makes one that has it."


def say_how_to_install(arguments: str) -> None:
    """Prints the answer to `pip install`, a sentence for each package."""
    for word in arguments.split():
        found = _NAME.match(word)
        if not found or word.startswith("-"):
            continue
        name = re.split(r"[\[<>=!~;]", word)[0].rstrip(".,")
        try:
            version = importlib.metadata.version(name)
        except Exception:
            if name in sys.stdlib_module_names:
                print(f"{name} is a part of Python and needs no installing.")
            else:
                print(_how_to_have(name))
        else:
            print(f"{name} {version} is in this image already.")
