# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Wheels of the package index: only files whose SHA-256 is in a list, fetched by pip and kept in the user's cache."""

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from user_cache import ROOT, Failure, cache_folder, say, step, temporary_folder

REQUIREMENTS = [ROOT / "Scripts/wheels.txt", ROOT / "Scripts/test-wheels.txt"]


class Requirement:
    """One pinned line of a requirements file, with the hashes of the files that it allows."""

    def __init__(self, name: str, version: str, hashes: "list[str]"):
        self.name, self.version, self.hashes = name, version, hashes
        # What the third part of the wheel's name starts with, where it matters.
        self.python = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def wheel_pattern(self) -> str:
        return f"{self.name.replace('-', '_')}-{self.version}-{self.python}*.whl"

    @staticmethod
    def all(files: "list[Path]" = REQUIREMENTS) -> "list[Requirement]":
        found = []
        for file in files:
            text = re.sub(r"^#.*$", "", file.read_text(), flags=re.M).replace("\\\n", " ")
            for line in filter(str.strip, text.splitlines()):
                name, version = re.match(r"\s*([\w-]+)==([\w.]+)", line).groups()
                found.append(Requirement(name, version, re.findall(r"--hash=sha256:([0-9a-f]{64})", line)))
        return found

    @staticmethod
    def named(name: str) -> "Requirement":
        return next(requirement for requirement in Requirement.all() if requirement.name == name)


def wheel_contents(requirement: Requirement) -> Path:
    """The unpacked wheel, fetched first if need be."""
    folder = cache_folder() / "wheels" / f"{requirement.name}-{requirement.version}-{requirement.python}".rstrip("-")
    if folder.is_dir():
        return folder
    wheel = fetched_wheel(requirement)
    with step(f"Unpacking {requirement}"), temporary_folder(folder.parent) as temporary:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(temporary / "contents")
        # The zip module does not restore permissions.
        for program in (temporary / "contents").glob("*/bin/*"):
            program.chmod(0o755)
        (temporary / "contents").rename(folder)
    return folder


def fetched_wheel(requirement: Requirement) -> Path:
    downloads = cache_folder() / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    for wheel in downloads.glob(requirement.wheel_pattern):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() in requirement.hashes:
            return wheel
        say(f"{wheel.name} is damaged, so it is fetched again.")
        wheel.unlink()
    with step(f"Fetching {requirement}"), temporary_folder(downloads) as temporary:
        wheel, = pip_download([requirement], temporary)
        return wheel.rename(downloads / wheel.name)


def fetched_for_guest(requirements: "list[Requirement]") -> "list[Path]":
    """Wheels in Python for the guest's version of it, whatever this machine's is; those that are missing in one go."""
    downloads = cache_folder() / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)

    def present(requirement: Requirement) -> "list[Path]":
        return [wheel for wheel in downloads.glob(requirement.wheel_pattern)
                if hashlib.sha256(wheel.read_bytes()).hexdigest() in requirement.hashes]

    missing = [requirement for requirement in requirements if not present(requirement)]
    if missing:
        names = str(missing[0]) if len(missing) == 1 else f"{len(missing)} packages for the image data"
        with step(f"Fetching {names}"), temporary_folder(downloads) as temporary:
            for wheel in pip_download(missing, temporary, "--python-version", "3.14.0"):
                wheel.replace(downloads / wheel.name)
    return [present(requirement)[0] for requirement in requirements]


def pip_download(requirements: "list[Requirement]", folder: Path, *options: str) -> "list[Path]":
    """Has pip fetch one wheel for each requirement."""
    only = folder / "requirements.txt"
    only.write_text("".join(f"{one.name}=={one.version} " + " ".join(f"--hash=sha256:{digest}" for digest in one.hashes)
                            + "\n" for one in requirements))
    # pip's own cache is left out: where a file in it is damaged, pip would take it again each time.
    outcome = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--no-input", "download",
         "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--retries", "2", *options,
         "--dest", str(folder), "-r", str(only)],
        capture_output=True, text=True)
    wheels = list(folder.glob("*.whl"))
    if outcome.returncode != 0 or len(wheels) != len(requirements):
        raise Failure(why_pip_failed(" and ".join(map(str, requirements)), outcome.stderr))
    return wheels


def why_pip_failed(requirement: str, output: str) -> str:
    """One sentence that says what to do."""
    if "No module named pip" in output:
        return f"{sys.executable} has no pip, which fetches {requirement}: install it (Debian: apt install python3-pip)."
    if "DO NOT MATCH THE HASHES" in output:
        return f"What the package index sent as {requirement} is not the pinned file, so it was thrown away; try again."
    if "from versions: none" in output or re.search(r"ConnectionError|Timeout|Max retries|Connection (reset|broken)", output):
        return (f"{requirement} could not be fetched because the package index cannot be reached: is there a network? "
                "Once set up, everything works without one.")
    errors = [line.strip() for line in output.splitlines() if line.startswith("ERROR: ")]
    return f"pip could not fetch {requirement}: {' '.join(errors) or output.strip()}"
