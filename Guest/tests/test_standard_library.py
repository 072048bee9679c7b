# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Documentation/StandardLibrary.md against the guest."""

import hashlib
import re
import zoneinfo

import sandboxes
from sandboxes import ROOT, SandboxTestCase

PAGE = (ROOT / "Documentation/StandardLibrary.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|\n").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line] for line in lines]


class StandardLibrary(SandboxTestCase):
    def setUp(self):
        if not sandboxes.is_component():
            self.skipTest("the page is about the component's standard library, not that of this machine's Python")
        super().setUp()

    def test_every_module_is_importable_or_listed(self):
        listed = {name for modules, _ in rows("Modules that are not there") for name in re.findall(r"`(\w+)`", modules)}
        self.assertEqual(set(self.sandbox.value(
            "import importlib, sys\nmissing = []\nfor name in sorted(sys.stdlib_module_names):\n    try:\n"
            "        importlib.import_module(name)\n    except ImportError:\n        missing.append(name)\n"
            "missing")), listed)

    def test_modules_are_imported_already(self):
        self.assertGreater(self.sandbox.value("import sys; len(sys.modules)"), 500)
        self.sandbox.run("import time, sys\nbefore = set(sys.modules)\n"
                         "import json, http.client, xml.dom.minidom, unittest.mock")
        self.assertEqual(self.sandbox.value("sorted(set(sys.modules) - before)"), [])

    def test_what_cannot_work_raises_what_the_page_says(self):
        listed = rows("Modules that are there and cannot do all their work")
        self.assertGreater(len(listed), 8)
        for code, error, _ in listed:
            code, error = code.strip("`"), error.strip("`")
            with self.subTest(code):
                modules = set(re.findall(r"\b([a-z_]+(?:\.[a-z_]+)*)\.\w+\(", code))
                modules |= {error.rpartition(".")[0]} - {""}
                imports = "".join(f"import {module}\n" for module in sorted(modules))
                self.assertIs(self.sandbox.value(
                    f"{imports}def attempt():\n    try:\n        {code}\n    except BaseException as error:\n"
                    f"        return type(error) is {error} or repr(error)\nattempt()"), True)

    def test_what_is_different(self):
        self.assertEqual(self.sandbox.value(
            "import sys, time, errno, inspect\n[sys.platform, sys.maxsize, sys.hash_info.width, time.tzname[0],"
            " errno.errorcode[44], '3.14' in sys.version]"), ["wasi", 2**31 - 1, 32, "UTC", "ENOENT", True])
        self.assertEqual(self.sandbox.error("import json, inspect\ninspect.getsource(json.dumps)")["type"], "OSError")
        self.assertEqual(self.sandbox.error("import tempfile\ntempfile.mkstemp()")["type"], "FileNotFoundError")

    def test_time_zones_are_those_of_the_package(self):
        code = ("import datetime, zoneinfo\nnames = sorted(zoneinfo.available_timezones())\nmade = []\n"
                "for name in names:\n    zone = zoneinfo.ZoneInfo(name)\n    for month in (1, 7):\n"
                "        made.append(str(datetime.datetime(2026, month, 15, 12, tzinfo=zone)))\n"
                "[len(names), names[:3], 'Europe/Berlin' in names, hash_of(made), made[names.index('Asia/Kolkata') * 2]]")
        prelude = "import hashlib\ndef hash_of(made): return hashlib.sha256(repr(made).encode()).hexdigest()\n"
        names: dict = {}
        # This machine's Python has the same package, and is to look at nothing else.
        exec(prelude + "import zoneinfo\nzoneinfo.reset_tzpath([])\n" + code.rpartition("\n")[0], names)
        expected = eval(code.rpartition("\n")[2], names)
        zoneinfo.reset_tzpath()
        self.assertEqual(self.sandbox.value(prelude + code), expected)
        for name in ("Europe/Nowhere", "../etc/passwd", "", "Europe"):
            with self.subTest(name):
                self.assertIn(self.sandbox.error(f"zoneinfo.ZoneInfo({name!r})")["type"],
                              ("zoneinfo.ZoneInfoNotFoundError", "zoneinfo._common.ZoneInfoNotFoundError", "ValueError"))

    def test_keys_are_derived_as_openssl_does(self):
        for arguments in (("sha256", b"password", b"salt", 1), ("sha1", b"password", b"salt", 4096, 20),
                          ("sha512", b"", b"", 3, 100), ("md5", b"x" * 200, b"\0salt", 7, 1), ("sha3_256", b"p", b"s", 2)):
            with self.subTest(arguments):
                self.assertEqual(
                    self.sandbox.value(f"import hashlib\nhashlib.pbkdf2_hmac(*{arguments!r}).hex()"),
                    hashlib.pbkdf2_hmac(*arguments).hex())
        for arguments in (("sha256", b"", b"", 0), ("none", b"", b"", 1), ("sha256", "", b"", 1), ("sha256", b"", b"", 1, 0),
                          (5, b"", b"", 1)):
            with self.subTest(arguments):
                with self.assertRaises((ValueError, TypeError)) as raised:
                    hashlib.pbkdf2_hmac(*arguments)
                # OpenSSL's own error for a hash that it does not have is a ValueError.
                kind = ValueError if isinstance(raised.exception, ValueError) else TypeError
                self.assertEqual(self.sandbox.error(f"hashlib.pbkdf2_hmac(*{arguments!r})")["type"], kind.__name__)

    def test_what_works_though_one_might_doubt_it(self):
        for code in ("import sqlite3\nd = sqlite3.connect(':memory:')\nd.execute('select 6 * 7').fetchone()[0] == 42",
                     "import zlib\nzlib.decompress(zlib.compress(b'x' * 1000)) == b'x' * 1000",
                     "import decimal\ndecimal.Decimal(2).sqrt().as_tuple().digits[:3] == (1, 4, 1)",
                     "import hashlib\nhashlib.sha3_256(b'').hexdigest().startswith('a7ffc6f8')",
                     "import xml.etree.ElementTree as E\nE.fromstring('<a><b/></a>')[0].tag == 'b'",
                     "import signal\nseen = []\nsignal.signal(signal.SIGINT, lambda *a: seen.append(1)) and 0\n"
                     "signal.raise_signal(signal.SIGINT)\nseen == [1]",
                     "import threading, queue\nq = queue.Queue(); q.put(1); q.get() == 1",
                     "import unittest.mock, doctest, pdb, email, csv, statistics, tomllib\nTrue"):
            with self.subTest(code):
                self.assertIs(self.sandbox.value(code), True)

    def test_each_sandbox_draws_its_own_random_numbers_and_they_share_the_key_of_hashes(self):
        other = sandboxes.make()
        self.addCleanup(other.close)
        code = ("import random, secrets, uuid\n"
                "[random.random(), secrets.token_hex(8), str(uuid.uuid4()), hash('terrarium')]")
        mine, theirs = self.sandbox.value(code), other.value(code)
        for one, another in zip(mine[:3], theirs[:3]):
            self.assertNotEqual(one, another)
        self.assertEqual(mine[3], theirs[3])
