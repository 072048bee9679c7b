# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds packages for an image with pip, and unpacks them: the part of `terrarium build --package` that is Python's.

The request, as JSON in the first argument:

    packages       what to find: requirements, or paths of wheels
    requirements   files of requirements
    find_links     folders with wheels, besides the package index
    offline        whether to look into the folders only, and not into the package index
    pure           packages to take without their native code, since they have Python in its place
    present        the folder with the wheels that are part of the image already
    environment    what markers in requirements are compared with, as packaging names it
    tags           of the image's Python: `python` (3.14.0), `abi` (cp314), `platform` (wasi_0_0_0_wasm32)
    folder         an empty folder to work in

In the folder, `answer.json` then has `refused`, a sentence; or `packages`, each with `name`, `version`, `isNative` and
`modules`, those to import ahead, and `notes`, sentences. `site.zip` has the packages' files. If any has native code,
`native` has what is to be linked with the guest: those packages, and what is part of the image already.
"""

import email
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# Their native code makes them faster and is not needed.
PURE = {"markupsafe", "msgpack", "pyyaml", "simplejson", "wrapt"}

# Where pip may look when the sandbox's platform has no wheel: to say what there is, and to take the Python out of it.
OTHERS = [f"manylinux_2_{minor}_x86_64" for minor in range(40, 4, -1)] + ["manylinux2014_x86_64"]

NATIVE = (".so", ".pyd", ".dylib", ".dll", ".a", ".lib")

# pip takes markers for those of the Python that it runs in, whatever platform it is asked for.
PIP = """
import json, runpy, sys
environment = json.loads(sys.argv[1])
try:
    from pip._vendor.packaging import markers
    own = markers.default_environment
    markers.default_environment = lambda: {**own(), **environment}
except (ImportError, AttributeError):
    pass
sys.argv[:] = ["pip", *sys.argv[2:]]
runpy.run_module("pip", run_name="__main__")
"""


class Refused(Exception):
    """Why the packages cannot be had, in a sentence for the person who asked for them."""


class Wheel:
    """A wheel's file, and what its name says: name-version(-build)-pythons-abis-platforms."""

    def __init__(self, file):
        self.file = Path(file)
        parts = self.file.stem.split("-")
        if len(parts) not in (5, 6):
            raise Refused(f"{self.file.name} is not named as a wheel is.")
        self.name, self.version, self.platforms = normalized(parts[0]), parts[1], parts[-1].split(".")

    def __str__(self):
        return f"{self.name} {self.version}"

    @property
    def is_pure(self):
        return "any" in self.platforms

    def metadata(self):
        with zipfile.ZipFile(self.file) as archive:
            return email.message_from_bytes(archive.read(self._info(archive) + "/METADATA"))

    def modules(self):
        """The modules that the package is imported by: the one of its own name, or else all that are public."""
        found = set()
        with zipfile.ZipFile(self.file) as archive:
            for place in archive.namelist():
                first, _, rest = place.partition("/")
                if rest == "__init__.py" and first.isidentifier():
                    found.add(first)
                elif not rest and first.endswith(".py") and first[:-3].isidentifier():
                    found.add(first[:-3])
        own = {name for name in found if normalized(name) == self.name}
        return sorted(own or {name for name in found if not name.startswith("_")})

    def without_native_code(self, folder):
        """The same package for any platform."""
        target = folder / f"{self.file.stem.split('-')[0]}-{self.version}-py3-none-any.whl"
        with zipfile.ZipFile(self.file) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            info = self._info(archive)
            kept = [place for place in archive.namelist() if not place.endswith(("/", f"{info}/RECORD", *NATIVE))
                    and ".libs/" not in place]
            for place in kept:
                contents = archive.read(place)
                if place == f"{info}/WHEEL":
                    text = re.sub(r"^Tag: .*\n", "", contents.decode(), flags=re.M).rstrip("\n")
                    text = text.replace("Root-Is-Purelib: false", "Root-Is-Purelib: true")
                    contents = f"{text}\nTag: py3-none-any\n".encode()
                made.writestr(place, contents)
            made.writestr(f"{info}/RECORD", "".join(f"{place},,\n" for place in [*kept, f"{info}/RECORD"]))
        return Wheel(target)

    @staticmethod
    def _info(archive):
        return next(place.partition("/")[0] for place in archive.namelist() if ".dist-info/" in place)


class Finder:
    def __init__(self, request):
        self.request, self.tags, self.folder = request, request["tags"], Path(request["folder"])
        self.present = {file.name: Wheel(file) for file in Path(request["present"]).glob("*.whl")}
        self.pure = PURE | {normalized(name) for name in request["pure"]}
        self.notes = []
        given = [(word, self._wheel_path(word)) for word in request["packages"]]
        self.wanted = [str(path or word) for word, path in given]
        names = [path.name.partition("-")[0] if path else word for word, path in given]
        for file in request["requirements"]:
            self.wanted += ["-r", file]
            names += Path(file).read_text(encoding="utf-8").splitlines()
        self.asked = {normalized(found[0]) for name in names if (found := re.match(r"\s*([\w][\w.-]*)", name))}

    def run(self):
        wheels = self._resolve()
        added = [wheel for wheel in wheels if wheel.file.name not in self.present]
        for wheel in wheels:
            if wheel not in added:
                self.notes.append(f"{wheel} is part of the image already.")
        self._install(added, self.folder / "site")
        if native := [wheel for wheel in added if not wheel.is_pure]:
            replaced = {wheel.name for wheel in native}
            kept = [wheel for wheel in self.present.values() if wheel.name not in replaced]
            self._install(native + kept, self.folder / "native")
        self._pack(self.folder / "site")
        return {"notes": self.notes, "packages": [
            {"name": wheel.name, "version": wheel.version, "isNative": not wheel.is_pure,
             "modules": wheel.modules() if wheel.name in self.asked else []} for wheel in added]}

    def _resolve(self):
        """The wheels to add, dependencies included."""
        newest = self._download("newest", self._platforms(OTHERS))
        foreign = [wheel for wheel in newest if not self._fits(wheel)]
        stripped = self.folder / "stripped"
        stripped.mkdir()
        for wheel in foreign:
            if wheel.name in self.pure:
                wheel.without_native_code(stripped)
                self.notes.append(f"{wheel} comes without its native code, which only makes it faster.")
        refused = [wheel for wheel in foreign if wheel.name not in self.pure]
        if not refused:
            return [wheel for wheel in newest if self._fits(wheel)] + list(map(Wheel, stripped.glob("*.whl")))
        # Perhaps there are other versions, of these packages or of those that need them, which can do without.
        try:
            fitting = self._download("fitting", self._platforms() + ["--find-links", str(stripped)])
        except Refused:
            raise Refused(self._why_refused(refused, newest)) from None
        versions = {wheel.name: wheel.version for wheel in fitting}
        names = ", ".join(str(wheel) for wheel in refused if versions.get(wheel.name) != wheel.version)
        for wheel in newest:
            if wheel.name in versions and versions[wheel.name] != wheel.version and names:
                self.notes.append(f"{wheel.name} {versions[wheel.name]} is taken instead of {wheel.version}, because "
                                  f"that wants native code which there is not for the sandbox ({names}).")
        return fitting

    def _why_refused(self, refused, wheels):
        for wheel in refused:
            users = [other.name for other in wheels if other is not wheel and wheel.name in requirements(other)]
            needed = f", which {' and '.join(users)} needs" if users and wheel.name not in self.asked else ""
            return (f"{wheel}{needed} has native code, for {wheel.platforms[0]} and such, and none for "
                    f"{self.tags['platform']}, which is what a sandbox runs. If it can do without, --pure {wheel.name} "
                    "leaves that code out; a wheel built for the sandbox is taken from a folder with --find-links.")

    def _wheel_path(self, word):
        if not word.endswith(".whl"):
            return None
        path = Path(word).resolve()
        if not path.is_file():
            raise Refused(f"The wheel {word} is not there.")
        wheel = Wheel(path)
        if not self._fits(wheel):
            if wheel.name not in self.pure:
                raise Refused(self._why_refused([wheel], []))
            stripped = self.folder / "given"
            stripped.mkdir(exist_ok=True)
            self.notes.append(f"{wheel} comes without its native code, which only makes it faster.")
            return wheel.without_native_code(stripped).file
        return path

    def _fits(self, wheel):
        return wheel.is_pure or self.tags["platform"] in wheel.platforms

    def _platforms(self, others=()):
        options = ["--python-version", self.tags["python"], "--implementation", "cp"]
        for abi in (self.tags["abi"], "abi3", "none"):
            options += ["--abi", abi]
        for platform in (self.tags["platform"], *others):
            options += ["--platform", platform]
        return options

    def _download(self, name, options):
        folder = self.folder / name
        constraints = self.folder / "present.txt"
        constraints.write_text("".join(f"{wheel.name}=={wheel.version}\n" for wheel in self.present.values()))
        for links in [self.request["present"], *self.request["find_links"]]:
            options += ["--find-links", links]
        if self.request["offline"]:
            options += ["--no-index"]
        outcome = self._pip("download", "--dest", str(folder), "--constraint", str(constraints), *options, *self.wanted)
        if outcome.returncode != 0:
            raise Refused(self._why_failed(outcome))
        return sorted(map(Wheel, folder.glob("*.whl")), key=str)

    def _pip(self, command, *arguments):
        return subprocess.run(
            [sys.executable, "-c", PIP, json.dumps(self.request["environment"]), command, "--quiet", "--no-input",
             "--disable-pip-version-check", "--only-binary", ":all:", *arguments], capture_output=True, text=True)

    def _why_failed(self, outcome):
        text = outcome.stderr
        if "No module named pip" in text or "No module named 'pip'" in text:
            return f"{sys.executable} has no pip, which finds packages: install it (Debian: apt install python3-pip)."
        if re.search(r"ConnectionError|Timeout|Max retries|Connection (reset|broken)|NewConnectionError", text):
            return "The package index cannot be reached: is there a network?"
        if found := re.search(r"No matching distribution found for ([^\n]+)", text):
            return (f"There is no wheel of {found[1].strip()} that a sandbox could use: the index has none for Python "
                    f"{self.tags['python']}, or of that version.")
        errors = [line[len("ERROR: "):].strip() for line in text.splitlines() if line.startswith("ERROR: ")]
        return f"pip says: {' '.join(errors) or text.strip()}"

    def _install(self, wheels, folder):
        folder.mkdir()
        if not wheels:
            return
        outcome = self._pip("install", "--no-deps", "--no-index", "--no-compile", "--ignore-requires-python",
                            "--target", str(folder), *self._platforms(), *(str(wheel.file) for wheel in wheels))
        if outcome.returncode != 0:
            raise Refused(self._why_failed(outcome))
        # Commands, which nothing inside can run.
        shutil.rmtree(folder / "bin", ignore_errors=True)

    def _pack(self, folder):
        with zipfile.ZipFile(self.folder / "site.zip", "w") as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file() and not file.name.endswith(NATIVE):
                    # With a date of its own, for files that are older than the format knows.
                    entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
                    archive.writestr(entry, file.read_bytes())


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(wheel):
    return {normalized(re.match(r"[\w.-]+", line)[0]) for line in wheel.metadata().get_all("Requires-Dist", [])}


def main():
    request = json.loads(sys.argv[1])
    try:
        answer = Finder(request).run()
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except OSError as error:
        answer = {"refused": f"{error.filename}: {error.strerror}." if error.filename else str(error)}
    (Path(request["folder"]) / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
