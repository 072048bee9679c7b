# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Documentation/StandardLibrary.md against the guest."""

import re

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
        self.assertGreater(len(listed), 10)
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

    def test_functions_of_os_are_as_those_in_c(self):
        self.assertEqual(self.sandbox.value(
            "import builtins, inspect, os, pickle, posix, sys, time\nclass C:\n    stat = os.stat\n    unlink = os.unlink\n"
            "for function in C().stat, C().unlink:\n    try: function('/no-file')\n    except FileNotFoundError: found = True\n"
            "[found, repr(os.stat), os.stat.__self__ is posix, pickle.loads(pickle.dumps(os.stat)) is os.stat,"
            " str(inspect.signature(os.listdir)), time.sleep.__self__ is time, sys._stdlib_dir,"
            " [name for name in dir(builtins) if not name.isidentifier() and not name.startswith('__')]]"),
            [True, "<built-in function stat>", True, True, "(path=None)", True, "/python", []])

    def test_what_works_though_one_might_doubt_it(self):
        for code in ("import sqlite3\nd = sqlite3.connect(':memory:')\nd.execute('select 6 * 7').fetchone()[0] == 42",
                     "import zlib\nzlib.decompress(zlib.compress(b'x' * 1000)) == b'x' * 1000",
                     "import decimal\ndecimal.Decimal(2).sqrt().as_tuple().digits[:3] == (1, 4, 1)",
                     "import hashlib\nhashlib.sha3_256(b'').hexdigest().startswith('a7ffc6f8')",
                     "import xml.etree.ElementTree as E\nE.fromstring('<a><b/></a>')[0].tag == 'b'",
                     "import signal\nseen = []\nsignal.signal(signal.SIGINT, lambda *a: seen.append(1)) and 0\n"
                     "signal.raise_signal(signal.SIGINT)\nseen == [1]",
                     "import threading, queue\nq = queue.Queue(); q.put(1); q.get() == 1",
                     "import zoneinfo, datetime\n"
                     "datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')).utcoffset().seconds == 7200"
                     " and 'America/New_York' in zoneinfo.available_timezones() and len(zoneinfo.available_timezones()) > 400",
                     "import zoneinfo\ntry: zoneinfo.ZoneInfo('Europe/Nowhere')\n"
                     "except zoneinfo.ZoneInfoNotFoundError: found = True\nfound",
                     "import asyncio, warnings\nwarnings.simplefilter('ignore')\nasyncio.set_event_loop_policy(None)\n"
                     "async def main(): return type(asyncio.get_running_loop()) is asyncio.SelectorEventLoop\n"
                     "asyncio.Runner().run(main()) and asyncio.SelectorEventLoop().run_until_complete(main())",
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
