# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A Python component whose WASI is GuestWASI, against the same component with Wasmtime's own WASI.

The components are made by VirtualizeTests.swift; the environment says where they are:
COMPONENT (as componentize-py made it), VIRTUALIZED, REPRODUCIBLE (virtual time, a seed, small quotas), WITH_LISTS.
"""

import os
import tempfile
import time
import unittest

import wasmtime
from virtualized import Exit, Sandbox
from wasmtime import component

PROGRAMS = {
    "files": """
        import os, io
        os.makedirs("/work/a/b")
        with open("/work/a/b/text", "w") as f: f.write("line\\n" * 3)
        with open("/work/a/b/text") as f: print(f.readlines())
        with open("/work/a/b/text", "r+b") as f:
            f.seek(4); f.write(b"!"); f.seek(0, 2); f.write(b"end"); f.seek(0); print(f.read())
        with open("/work/a/b/text", "a") as f: f.write("more"); print(f.tell())
        print(os.stat("/work/a/b/text").st_size, os.path.isfile("/work/a/b/text"), os.path.isdir("/work/a"))
        os.truncate("/work/a/b/text", 7); print(open("/work/a/b/text", "rb").read())
        with open("/work/hole", "wb") as f: f.seek(100_000); f.write(b"x")
        print(os.path.getsize("/work/hole"), open("/work/hole", "rb").read().count(0))
    """,
    "directories": """
        import os, shutil, glob, pathlib
        for d in ["/work/x/y/z", "/work/x/w"]: os.makedirs(d)
        for i in range(20): pathlib.Path(f"/work/x/y/f{i}").write_text(str(i))
        print(sorted(os.listdir("/work/x")), len(os.listdir("/work/x/y")))
        for root, dirs, files in sorted(os.walk("/work")): print(root, sorted(dirs), sorted(files))
        print(sorted(glob.glob("/work/x/**/f1*", recursive=True)))
        print(sorted(e.name for e in os.scandir("/work/x/y") if e.is_file())[:3])
        os.rename("/work/x/y", "/work/moved"); print(os.path.exists("/work/x/y"), len(os.listdir("/work/moved")))
        shutil.copytree("/work/moved", "/work/copy"); shutil.rmtree("/work/moved"); print(sorted(os.listdir("/work")))
        os.chdir("/work/copy"); print(os.getcwd(), os.path.exists("f3")); os.chdir("/")
    """,
    "errors": """
        import os
        os.mkdir("/work/d"); open("/work/f", "w").close()
        def attempt(function, *arguments):
            try: print(function.__name__, function(*arguments))
            except OSError as e: print(function.__name__, type(e).__name__, e.errno)
        attempt(os.mkdir, "/work/d"); attempt(os.rmdir, "/work/f"); attempt(os.listdir, "/work/f")
        attempt(os.remove, "/work/d"); attempt(os.stat, "/work/none"); attempt(open, "/work/none")
        attempt(open, "/work/d", "w"); attempt(os.rename, "/work/none", "/work/x")
        attempt(os.stat, "/work/f/x"); attempt(os.readlink, "/work/f"); attempt(os.rmdir, "/work/none")
        attempt(os.mkdir, "/work/no/such")
        os.mkdir("/work/d/e"); attempt(os.rmdir, "/work/d"); attempt(os.rename, "/work/f", "/work/d")
        attempt(os.rename, "/work/d", "/work/d/e/x"); attempt(open, "/work/f", "x")
    """,
    "links": """
        import os
        os.mkdir("/work/d"); open("/work/d/f", "w").write("text")
        os.symlink("d", "/work/l"); print(os.readlink("/work/l"), os.listdir("/work/l"), os.path.islink("/work/l"))
        os.symlink("f", "/work/d/g"); print(open("/work/l/g").read(), os.path.realpath("/work/l/g"))
        os.symlink("none", "/work/broken"); print(os.path.exists("/work/broken"), os.path.lexists("/work/broken"))
        os.link("/work/d/f", "/work/hard"); print(os.path.samefile("/work/hard", "/work/d/f"))
        os.remove("/work/d/f"); print(open("/work/hard").read())
        os.symlink("loop", "/work/loop")
        try: open("/work/loop")
        except OSError as e: print(e.errno)
    """,
    "open files": """
        import os
        f = open("/work/f", "w+"); f.write("before"); f.flush(); os.remove("/work/f")
        f.write(" after"); f.seek(0); print(f.read(), os.path.exists("/work/f")); f.close()
        a = open("/work/a", "w"); b = open("/work/a"); a.write("x" * 100); a.flush(); print(len(b.read()))
        open("/work/new", "w").write("new"); os.replace("/work/new", "/work/a"); print(open("/work/a").read(), b.read())
    """,
    "temporary files": """
        import tempfile, os
        tempfile.tempdir = "/work"
        with tempfile.TemporaryDirectory() as d:
            with tempfile.NamedTemporaryFile(dir=d, delete=False) as f: f.write(b"1" * 1000)
            print(len(os.listdir(d)), os.path.getsize(f.name))
        print(os.path.exists(d), os.listdir("/work"))
        with tempfile.TemporaryFile() as f: f.write(b"abc"); f.seek(0); print(f.read())
        with tempfile.SpooledTemporaryFile(max_size=10) as f: f.write(b"x" * 100); f.seek(0); print(len(f.read()))
    """,
    "sqlite": """
        import sqlite3, os
        c = sqlite3.connect("/work/db"); c.execute("create table t(a integer primary key, b text)")
        c.executemany("insert into t values(?, ?)", [(i, str(i) * 20) for i in range(2000)]); c.commit()
        c.execute("update t set b = 'x' where a % 3 = 0"); c.rollback()
        print(c.execute("select count(*), sum(a), sum(length(b)) from t").fetchall()); c.close()
        c = sqlite3.connect("/work/db"); c.execute("delete from t where a > 10"); c.commit(); c.execute("vacuum")
        print(c.execute("select * from t order by a").fetchall(), os.listdir("/work")); c.close()
    """,
    "archives": """
        import zipfile, tarfile, io, hashlib
        with zipfile.ZipFile("/work/z.zip", "w", zipfile.ZIP_STORED) as z:
            for i in range(30): z.writestr(f"d/{i}", str(i) * 1000)
        with zipfile.ZipFile("/work/z.zip") as z:
            print(len(z.namelist()), z.testzip(), z.read("d/7")[:5]); z.extractall("/work/out")
        with tarfile.open("/work/t.tar", "w") as t: t.add("/work/out")
        with tarfile.open("/work/t.tar") as t: print(len(t.getnames()))
        print(hashlib.sha256(open("/work/z.zip", "rb").read()[:30]).hexdigest()[:2] != "")
    """,
    "big file": """
        import hashlib
        data = bytes(range(256)) * 40_000
        with open("/work/big", "wb") as f: f.write(data)
        with open("/work/big", "rb") as f: print(hashlib.sha1(f.read()).hexdigest(), hashlib.sha1(data).hexdigest())
        with open("/work/big", "rb") as f:
            total = 0
            while part := f.read(65536): total += len(part)
            f.seek(5_000_000); print(total, f.read(4))
    """,
    "time": """
        import time, os
        a, b = time.time(), time.monotonic(); time.sleep(0.01)
        print(0.009 < time.time() - a < 5, 0.009 < time.monotonic() - b < 5, a > 1.6e9)
        open("/work/f", "w").close(); print(abs(os.stat("/work/f").st_mtime - time.time()) < 60)
        os.utime("/work/f", (1_000_000, 2_000_000)); print(os.stat("/work/f").st_mtime)
    """,
    "random": """
        import os, random, uuid, secrets
        print(len({os.urandom(16) for _ in range(10)}), len({uuid.uuid4() for _ in range(10)}), len(secrets.token_hex(8)))
        random.seed(1); print(random.random())
    """,
    "memory and files grow by turns": """
        import hashlib
        blocks, digests = [], []
        with open("/work/f", "wb") as f:
            for i in range(40):
                blocks.append(bytearray([i]) * (1 << 20)); f.write(bytes([255 - i]) * 500_000)
        print(all(b == bytearray([i]) * (1 << 20) for i, b in enumerate(blocks)))
        with open("/work/f", "rb") as f: print(all(f.read(500_000) == bytes([255 - i]) * 500_000 for i in range(40)))
    """,
    "output": """
        import sys
        print("text \\u00e9\\u20ac"); sys.stdout.buffer.write(bytes(range(256)).hex().encode()); print()
        print("x" * 60_000); sys.stdout.write("no newline")
    """,
}


def dedent(source):
    lines = source.strip("\n").split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


class Ordinary:
    """The component with the WASI of Wasmtime, in a folder of this machine."""

    compiled = None

    def __init__(self):
        configuration = wasmtime.Config()
        configuration.cache = True
        if Ordinary.compiled is None:
            engine = wasmtime.Engine(configuration)
            with open(os.environ["COMPONENT"], "rb") as file:
                Ordinary.compiled = engine, component.Component(engine, file.read())
        engine, code = Ordinary.compiled
        linker = component.Linker(engine)
        linker.add_wasip2()
        self.folder = tempfile.TemporaryDirectory(prefix="terrarium-")
        self.store = wasmtime.Store(engine)
        wasi = wasmtime.WasiConfig()
        os.mkdir(self.folder.name + "/root")
        wasi.preopen_dir(self.folder.name + "/root", "/")
        self.output = self.folder.name + "/output"
        wasi.stdout_file = self.output
        self.store.set_wasi(wasi)
        instance = linker.instantiate(self.store, code)
        self.function = instance.get_func(self.store, "exec")

    def execute(self, source):
        error = self.function(self.store, source)
        if error is not None:
            raise AssertionError(error)
        # The engine writes the file when the store goes.
        self.function, self.store = None, None
        with open(self.output, newline="") as file:
            output = file.read()
        self.folder.cleanup()
        return output


class Differential(unittest.TestCase):
    maxDiff = 2000


def add_test(name, source):
    def test(self):
        program = "import os\nos.makedirs('/work')\n" + dedent(source)
        expected = Ordinary().execute(program)
        self.assertNotEqual(expected, "")
        self.assertEqual(Sandbox(os.environ["VIRTUALIZED"]).execute(program), expected)

    setattr(Differential, "test_" + name.replace(" ", "_"), test)


for name, source in PROGRAMS.items():
    add_test(name, source)


class Virtualized(unittest.TestCase):
    def setUp(self):
        self.sandbox = Sandbox(os.environ["VIRTUALIZED"])

    def run_python(self, source, sandbox=None):
        return (sandbox or self.sandbox).execute(dedent(source))

    def test_surroundings_are_those_of_the_configuration(self):
        output = self.run_python("import os; print(sorted(os.environ.items())); print(open('/etc/motd').read())")
        self.assertEqual(output, "[('HOME', '/home'), ('NAME', '\u00e9')]\nhello from the image\n\n")

    def test_files_of_the_image_can_be_changed_unless_they_are_read_only(self):
        output = self.run_python("""
            import os, sys
            print(sorted(os.listdir("/")), os.readlink("/link"), open("/link").read())
            open("/etc/motd", "a").write("changed"); print(open("/etc/motd").read())
            for attempt in [lambda: open("/lib/thing.py", "w"), lambda: os.remove("/lib/thing.py"),
                            lambda: os.mkdir("/lib/x"), lambda: os.rename("/lib/thing.py", "/x")]:
                try: attempt()
                except OSError as e: print(e.errno)
            sys.path.insert(0, "/lib"); import thing; print(thing.x)
        """)
        lines = output.split("\n")
        self.assertEqual(lines[0], "['etc', 'lib', 'link'] etc/motd hello from the image")
        self.assertEqual(lines[2:4], ["hello from the image", "changed"])
        self.assertEqual(lines[4:9], ["69", "69", "69", "69", "42"], "EROFS in wasi-libc is 69")

    def test_a_file_and_a_link_to_it_are_the_same_file(self):
        output = self.run_python("""
            import os
            os.symlink("etc/motd", "/l")
            print(os.path.samefile("/l", "/etc/motd"), os.stat("/l").st_ino == os.lstat("/l").st_ino)
        """)
        self.assertEqual(output, "True False\n", "wasi-libc needs help for this")

    def test_standard_streams(self):
        self.sandbox.input = "first\nsecond".encode()
        self.assertEqual(self.run_python("import sys; print([input(), sys.stdin.read()])"), "['first', 'second']\n")
        self.run_python("import sys; sys.stderr.write('oops'); sys.stderr.flush(); sys.stdout.buffer.write(bytes(range(256)))")
        self.assertEqual(bytes(self.sandbox.output[2]), b"oops")
        self.assertEqual(bytes(self.sandbox.output[1]), bytes(range(256)))

    def test_sleeping_and_randomness_go_to_the_host(self):
        self.run_python("import time; time.sleep(0.02)")
        self.assertAlmostEqual(sum(self.sandbox.slept), 20_000_000, delta=2_000_000)
        before = self.sandbox.calls["random-bytes"]
        self.run_python("import os; os.urandom(80)")
        self.assertEqual(self.sandbox.calls["random-bytes"] - before, 1)

    def test_leaving(self):
        with self.assertRaises(AssertionError) as context:
            self.run_python("import sys; sys.exit(3)")
        self.assertIn("SystemExit: 3", str(context.exception))
        with self.assertRaises(Exit):
            self.run_python("import os; os._exit(7)")
        # Without exit-with-code, which is not stable, wasi-libc can only tell failure from success.
        self.assertIn(self.sandbox.exited, (1, 7))

    def test_there_is_no_network(self):
        output = self.run_python("""
            import socket
            for attempt in [lambda: socket.socket(), lambda: socket.getaddrinfo("example.com", 80),
                            lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)]:
                try: print(attempt())
                except OSError as e: print("refused")
        """)
        self.assertEqual(output, "refused\n" * 3)

    def test_the_host_and_the_guest_see_the_same_files(self):
        self.sandbox.write_file("/in/put", b"from the host")
        self.run_python("open('/in/out', 'wb').write(open('/in/put', 'rb').read() * 10_000)")
        self.assertEqual(self.sandbox.read_file("/in/out"), b"from the host" * 10_000)

    def test_a_full_disk_is_an_error_and_life_goes_on(self):
        sandbox = Sandbox(os.environ["REPRODUCIBLE"])
        output = self.run_python("""
            import os
            try:
                with open("/f", "wb", buffering=0) as f:
                    while True: f.write(b"x" * 50_000)
            except OSError as e: print(e.errno, os.path.getsize("/f") > 900_000)
            try:
                for i in range(10_000): open(f"/{i}", "w").close()
            except OSError as e: print(e.errno)
            files = []
            try:
                while True: files.append(open("/f"))
            except OSError as e: print(e.errno)
            del files
            os.remove("/f"); os.remove("/0"); open("/ok", "w").write("fine"); print(open("/ok").read())
        """, sandbox)
        self.assertEqual(output, "51 True\n51\n51\nfine\n", "ENOSPC in wasi-libc is 51")

    def test_virtual_time_and_a_seed_make_runs_the_same_to_the_byte(self):
        program = """
            import time, os, random, uuid, tempfile
            print(time.time(), time.monotonic(), time.localtime(), os.urandom(20), uuid.uuid4(), random.SystemRandom().random())
            t = time.time(); time.sleep(86_400); print(time.time() - t)
            print(tempfile.mkdtemp(dir="/"), os.stat("/").st_mtime_ns)
        """
        sandboxes = [Sandbox(os.environ["REPRODUCIBLE"]) for _ in range(2)]
        started = time.monotonic()
        first, second = (self.run_python(program, sandbox) for sandbox in sandboxes)
        self.assertEqual(first, second)
        self.assertLess(time.monotonic() - started, 60)
        self.assertEqual(sandboxes[0].slept, [])
        self.assertEqual(sandboxes[0].calls, {"clock": 0, "random-u64": 0, "random-bytes": 0})
        self.assertIn("tm_year=2026", first)
        third = Sandbox(os.environ["REPRODUCIBLE"])
        third.control("reseed", 99)
        self.assertNotEqual(self.run_python(program, third), first)

    def test_a_copy_of_the_memory_is_a_copy_of_everything(self):
        sandbox = self.sandbox
        self.run_python("f = open('/f', 'w+'); f.write('one '); f.flush(); n = 1")
        contents = sandbox.memory.copy()
        step = "f.write('two '); f.flush(); n += 1; open('/g', 'w').write('x' * 100_000); print(n, os.listdir('/'))"
        first = self.run_python("import os\n" + step)
        self.run_python("os.remove('/f'); f.close(); [bytearray(1 << 20) for _ in range(20)]")
        for _ in range(3):
            sandbox.memory.restore(contents)
            self.assertEqual(self.run_python("import os\n" + step), first)
            self.assertEqual(self.run_python("f.seek(0); print(f.read())"), "one two \n")
            self.run_python("f.truncate(0); os.remove('/g')")

    def test_output_can_be_passed_as_lists(self):
        sandbox = Sandbox(os.environ["WITH_LISTS"], takes_lists=True)
        self.assertEqual(self.run_python("print('any host')", sandbox), "any host\n")

    def test_output_of_any_length_arrives_whole(self):
        output = self.run_python("print('x' * 5_000_000)")
        self.assertEqual(len(output), 5_000_001)

    def test_backtraces_name_the_functions_inside(self):
        with self.assertRaises(wasmtime.WasmtimeError) as context:
            self.sandbox.control("file-status", 0x7FFF0000, 5, 0, 0)
        self.assertIn("controlFileStatus", str(context.exception))
        self.assertIn("out of bounds", str(context.exception))


if __name__ == "__main__":
    unittest.main()
