# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what finds packages for `terrarium build --package`, against small wheels in a folder, with pip as it is.

Run by `make test`, or by hand: python3 -m unittest discover Tests/Scripts
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "Sources/TerrariumCommands/Resources/find_packages.py"
SANDBOX, LINUX = "cp314-cp314-wasi_0_0_0_wasm32", "cp314-cp314-manylinux_2_17_x86_64"


class FindPackages(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        for name in ("index", "present", "work"):
            (self.folder / name).mkdir()

    def wheel(self, name: str, version: str, tag: str = "py3-none-any", needs=(), files=None, folder="index") -> Path:
        stem = f"{name.replace('-', '_')}-{version}"
        module = name.replace("-", "_")
        files = files or {f"{module}/__init__.py": f"version = '{version}'\n"}
        if "none-any" not in tag:
            files = files | {f"{module}/_native.so": "native"}
        info = f"{stem}.dist-info"
        required = "".join(f"Requires-Dist: {need}\n" for need in needs)
        path = self.folder / folder / f"{stem}-{tag}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for place, contents in files.items():
                archive.writestr(place, contents)
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}")
            archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n")
            archive.writestr(f"{info}/RECORD", "")
        return path

    def find(self, *packages, variables=(), **request) -> dict:
        request = {
            "packages": packages, "requirements": [], "find_links": [str(self.folder / "index")], "pure": [], "offline": False,
            "present": str(self.folder / "present"), "folder": tempfile.mkdtemp(dir=self.folder / "work"),
            "environment": {"sys_platform": "wasi", "python_version": "3.14", "python_full_version": "3.14.0"},
            "tags": {"python": "3.14.0", "abi": "cp314", "platform": "wasi_0_0_0_wasm32"}} | request
        self.work = Path(request["folder"])
        outcome = subprocess.run([sys.executable, "-c", SCRIPT.read_text(), json.dumps(request)], text=True,
                                 env=os.environ | {"PIP_NO_INDEX": "1"} | dict(variables), capture_output=True)
        self.assertEqual((outcome.returncode, outcome.stderr), (0, ""))
        return json.loads((self.work / "answer.json").read_text())

    def found(self, *packages, **request) -> list:
        answer = self.find(*packages, **request)
        self.assertNotIn("refused", answer)
        return sorted(f"{one['name']} {one['version']}" for one in answer["packages"])

    def files(self) -> list:
        with zipfile.ZipFile(self.work / "site.zip") as archive:
            return sorted(place for place in archive.namelist() if ".dist-info" not in place)

    def test_packages_come_with_what_they_need_and_only_those_asked_for_are_imported(self):
        self.wheel("app", "1.0", needs=["lib>=2", "win; sys_platform == 'win32'", "in-sandbox; sys_platform == 'wasi'"])
        for version in ("1.5", "2.0", "2.5"):
            self.wheel("lib", version)
        self.wheel("in-sandbox", "1.0")
        answer = self.find("app")
        self.assertEqual({one["name"]: one["modules"] for one in answer["packages"]},
                         {"app": ["app"], "in-sandbox": [], "lib": []})
        self.assertEqual(self.files(), ["app/__init__.py", "in_sandbox/__init__.py", "lib/__init__.py"])
        self.assertEqual(self.found("app", "lib<2.2"), ["app 1.0", "in-sandbox 1.0", "lib 2.0"])
        requirements = self.folder / "requirements.txt"
        requirements.write_text("# what we want\nlib==1.5\n")
        self.assertEqual(self.found(requirements=[str(requirements)]), ["lib 1.5"])

    def test_native_code_for_another_platform_is_refused_by_name(self):
        self.wheel("app", "1.0", needs=["fast"])
        self.wheel("fast", "3.0", LINUX)
        for packages, needed in ((["fast"], ""), (["app"], ", which app needs")):
            sentence = self.find(*packages)["refused"]
            beginning = f"fast 3.0{needed} has native code, for manylinux_2_17_x86_64"
            self.assertTrue(sentence.startswith(beginning), sentence)
            self.assertIn("wasi_0_0_0_wasm32", sentence)
        given = self.wheel("fast", "3.0", "cp314-cp314-macosx_11_0_arm64", folder="work")
        self.assertIn("fast 3.0 has native code, for macosx_11_0_arm64", self.find(str(given))["refused"])

    def test_an_older_version_that_can_do_without_is_taken_and_that_is_said(self):
        self.wheel("app", "2.0", needs=["fast"])
        self.wheel("app", "1.0")
        self.wheel("fast", "3.0", LINUX)
        answer = self.find("app")
        self.assertEqual([one["version"] for one in answer["packages"]], ["1.0"])
        self.assertEqual(answer["notes"], [
            "app 1.0 is taken instead of 2.0, because that wants native code which there is not for the sandbox "
            "(fast 3.0)."])

    def test_native_code_that_is_not_needed_is_left_out(self):
        self.wheel("markupsafe", "3.0", LINUX)
        self.wheel("fast", "3.0", LINUX)
        answer = self.find("markupsafe", "fast", pure=["Fast"])
        self.assertEqual(sorted(one["isNative"] for one in answer["packages"]), [False, False])
        self.assertEqual(len(answer["notes"]), 2)
        self.assertEqual(self.files(), ["fast/__init__.py", "markupsafe/__init__.py"])

    def test_wheels_for_the_sandbox_are_linked_with_what_the_image_has(self):
        self.wheel("numpy", "2.4", SANDBOX, folder="present")
        self.wheel("numpy", "2.5", LINUX)
        self.wheel("fast", "3.0", LINUX)
        self.wheel("fast", "2.0", SANDBOX, needs=["numpy"])
        answer = self.find("fast<3")
        self.assertEqual([(one["name"], one["isNative"]) for one in answer["packages"]], [("fast", True)])
        self.assertEqual(answer["notes"], ["numpy 2.4 is part of the image already."])
        self.assertEqual(self.files(), ["fast/__init__.py"])
        for file in ("fast/_native.so", "numpy/_native.so"):
            self.assertTrue((self.work / "native" / file).is_file(), file)

    def test_what_the_image_has_is_not_added_again(self):
        self.wheel("numpy", "2.4", SANDBOX, folder="present")
        self.wheel("app", "1.0", needs=["numpy"])
        self.assertEqual(self.found("app"), ["app 1.0"])
        self.assertFalse((self.work / "native").exists())
        self.assertEqual(self.found("numpy"), [])

    def test_offline_only_the_folders_are_looked_into(self):
        self.wheel("app", "1.0")
        # An index that nobody answers at: asking it would fail.
        index = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
        self.assertEqual(self.found("app", offline=True, variables=index), ["app 1.0"])
        self.assertIn("refused", self.find("lib", offline=True, variables=index))

    def test_what_cannot_be_found_is_said_in_a_sentence(self):
        self.wheel("app", "1.0")
        for package, beginning in {
            "nothing": "There is no wheel of nothing ", "app>1": "There is no wheel of app>1 ",
            "./gone-1.0-py3-none-any.whl": "The wheel ./gone-1.0-py3-none-any.whl is not there", "==1": "pip says: ",
        }.items():
            with self.subTest(package):
                sentence = self.find(package)["refused"]
                self.assertTrue(sentence.startswith(beginning), sentence)


if __name__ == "__main__":
    unittest.main()
