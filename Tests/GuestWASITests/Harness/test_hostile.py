# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Guests that do what no guest should: at worst they end themselves, and only they."""

import random
import threading
import unittest

import wasmtime

import guest
from guest import CREATE, PAGE, READ, WRITE, Closed, Exit, Failure, Guest, base_tree, preopen, quotas


class Hostile(unittest.TestCase):
    def setUp(self):
        self.g = Guest()

    def assertFails(self, name, function, *arguments, **keywords):
        with self.assertRaises(Failure) as context:
            function(*arguments, **keywords)
        self.assertEqual(context.exception.name, name)

    def test_handles_that_were_never_given_out(self):
        g = self.g
        g.root
        for handle in [0, 7, 100, 65535, 65536, 2**28, 2**31 - 1, -1, -(2**31)]:
            self.assertFails("EBADF", g.stat, handle)
            self.assertFails("EBADF", g.open, handle, "x")
            self.assertFails("EBADF", g.read, handle, 1, 0)
            self.assertFails("EBADF", g.list, handle)
            self.assertFails("EBADF", g.stream_read, handle, 1)
            self.assertFails("EBADF", g.stream_write, handle, b"x")
        # Where the function has no error to report, it traps, as the component model has it.
        for name in [
            "wasi:io/poll#[method]pollable.block", "wasi:io/poll#[resource-drop]pollable",
            "wasi:filesystem/types#[resource-drop]descriptor", "wasi:io/streams#[resource-drop]input-stream",
            "wasi:io/streams#[resource-drop]output-stream", "wasi:io/error#[resource-drop]error",
            "wasi:filesystem/types#[resource-drop]directory-entry-stream",
        ]:
            with self.assertRaises(wasmtime.Trap):
                Guest().raw(name, 77)

    def test_handles_that_were_dropped_do_not_mean_the_next_thing(self):
        g = self.g
        first = g.open(g.root, "a", CREATE, READ | WRITE)
        g.close(first)
        second = g.open(g.root, "b", CREATE, READ | WRITE)
        self.assertNotEqual(first, second)
        self.assertFails("EBADF", g.write, first, b"x", 0)
        with self.assertRaises(wasmtime.Trap):
            g.close(first)

    def test_handles_of_another_kind(self):
        g = self.g
        handle = g.open(g.root, "a", CREATE, READ | WRITE)
        stream = g.output_stream(handle)
        listing = g.open_listing(g.root)
        self.assertFails("EBADF", g.stat, stream)
        self.assertFails("EBADF", g.stream_read, stream, 1)
        self.assertFails("EBADF", g.stream_write, handle, b"x")
        self.assertFails("EBADF", g.next_entry, handle)
        self.assertFails("EBADF", g.stream_write, listing, b"x")
        self.assertFails("EBADF", g.stream_write, 1, b"x")

    def test_pointers_outside_the_memory(self):
        for address in [0x7FFF0000, 0xFFFFFFF0 - 2**32, 0xFFFF0000 - 2**32]:
            for count in [1, 100, 0x10000, 0x7FFFFFFF, -1]:
                g = Guest()
                handle = g.open(g.root, "f", CREATE, READ | WRITE)
                area = g.allocate(128)
                for name, arguments in [
                    ("wasi:filesystem/types#[method]descriptor.write", (handle, address, count, 0, area)),
                    ("wasi:filesystem/types#[method]descriptor.open-at", (g.root, 0, address, count, 0, 1, area)),
                    ("wasi:filesystem/types#[method]descriptor.symlink-at", (g.root, address, count, area, 1, area)),
                    ("wasi:filesystem/types#[method]descriptor.stat", (handle, address)),
                    ("wasi:io/poll#poll", (address, count, area)),
                    ("wasi:random/random#get-random-bytes", (5, address)),
                ]:
                    g = Guest()
                    handle = g.open(g.root, "f", CREATE, READ | WRITE)
                    try:
                        g.raw(name, *arguments)
                    except wasmtime.Trap:
                        pass

    def test_lengths_that_wrap_around(self):
        g = self.g
        handle = g.open(g.root, "f", CREATE, READ | WRITE)
        area = g.allocate(128)
        for offset in [2**63 - 1, -1, 2**31, 2**32 - 1]:
            self.assertFails("EFBIG", g.write, handle, b"x", offset)
        for length in [-1, 2**63 - 1]:
            self.assertEqual(g.read(handle, length, 0), (b"", True))
        with self.assertRaises(wasmtime.Trap):
            g.raw("wasi:random/random#get-random-bytes", -1, area)

    def test_zeroes_without_end_stop_at_the_quota(self):
        g = Guest(quotas(bytes_=1 << 20) + preopen("/"))
        stream = g.output_stream(g.open(g.root, "f", CREATE, WRITE))
        name = "output-stream.blocking-write-zeroes-and-flush"
        self.assertFails("EINVAL", g.stream, name, stream, -1)
        g.stream(name, stream, 900_000)
        self.assertFails("ENOSPC", g.stream, name, stream, 900_000)
        self.assertLessEqual(g.usage()["bytes"], 1 << 20)

    def test_paths_that_are_no_paths(self):
        g = self.g
        for path in [b"a\0b", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\xf0\x80\x80\x80"]:
            self.assertFails("EILSEQ", g.stat_at, g.root, path)
            self.assertFails("EILSEQ", g.mkdir, g.root, path)
            self.assertFails("EILSEQ", g.symlink, path, g.root, "l")
        self.assertFails("ENAMETOOLONG", g.stat_at, g.root, "a/" * 3000)
        self.assertFails("ENOENT", g.stat_at, g.root, "")
        self.assertFails("EPERM", g.stat_at, g.root, "/")
        self.assertFails("EPERM", g.open, g.root, "/etc/passwd")
        for path in ["\U0001f600", "\u20ac", "\u00e9", "e\u0301"]:
            g.mkdir(g.root, path)

    def test_links_that_lead_in_circles_and_explode(self):
        g = self.g
        g.symlink("b", g.root, "a")
        g.symlink("a", g.root, "b")
        g.symlink("self/self", g.root, "self")
        for path in ["a", "b/c", "self", "self/self"]:
            self.assertFails("ELOOP", g.stat_at, g.root, path)
        g.symlink("./" * 2000 + "x", g.root, "x")
        self.assertFails("ELOOP", g.stat_at, g.root, "x/" * 100)
        # Every link doubles the length of the path.
        g.symlink("d", g.root, "l0")
        for i in range(1, 39):
            g.symlink(f"l{i - 1}/../l{i - 1}", g.root, f"l{i}")
        self.assertFails("ENOENT", g.stat_at, g.root, "l38")
        g.mkdir(g.root, "d")
        self.assertFails("ELOOP", g.stat_at, g.root, "l38")

    def test_paths_do_not_leave_the_root(self):
        g = self.g
        identity = g.identity(g.root)
        for path in ["..", "../..", "../../../../../../..", "./../."]:
            self.assertEqual(g.identity_at(g.root, path), identity)
        g.mkdir(g.root, "d")
        for target in ["/..", "/../../..", "..", "../../d/../.."]:
            g.symlink(target, g.root, "l")
            self.assertEqual(g.identity_at(g.root, "l"), identity)
            g.unlink(g.root, "l")

    def test_handles_streams_and_timers_without_end(self):
        g = Guest(quotas(handles=1 << 31) + preopen("/"))
        handle = g.open(g.root, "f", CREATE, READ | WRITE)
        count = 0
        try:
            while count < 100_000:
                g.raw("wasi:filesystem/types#[method]descriptor.read-via-stream", handle, 0, g.scratch_start)
                if g.get(g.scratch_start, 1) != b"\0":
                    break
                count += 1
        finally:
            self.assertLess(count, 65536)
        g.raw("wasi:clocks/monotonic-clock#subscribe-duration", 10**9)

    def test_every_function_with_nonsense(self):
        """Random arguments to random functions give answers or traps, not endless loops."""
        module = guest.module()
        functions = [
            (export.name, export.type) for export in module.exports
            if isinstance(export.type, wasmtime.FuncType) and export.name.startswith("wasi:")
        ]
        self.assertGreater(len(functions), 70)
        traps = 0
        for seed in range(40):
            chooser = random.Random(seed)
            g = Guest(base_tree({"f": b"x" * 100, "d": {"g": b""}}) + preopen("/"))
            values = [0, 1, 2, 3, 4, 5, 6, 7, 65543, 131079, -1, 2**31 - 1, g.scratch_start, g.scratch_start + 64, 100]
            for _ in range(400):
                g.fresh()
                g.put(g.scratch_start, chooser.choice([b"f", b"d/g", b"..", b"new", b"x/y"]) + bytes(20))
                name, kind = chooser.choice(functions)
                if "exit" in name:
                    continue
                arguments = []
                for parameter in kind.params:
                    value = chooser.choice(values)
                    if str(parameter) == "i64":
                        value = chooser.choice([value, 2**40, -1, 2**63 - 1, 20])
                    arguments.append(value)
                # The last parameter is usually where results go.
                if arguments and chooser.random() < 0.8:
                    arguments[-1] = g.scratch_start + 256
                try:
                    g.raw(name, *arguments)
                except wasmtime.Trap:
                    traps += 1
                    break
                except (wasmtime.WasmtimeError, Exit):
                    break
        self.assertLess(traps, 41)

    def test_corrupted_structures_harm_nobody_else(self):
        """A guest that overwrites what lives in its memory gets nonsense, errors or traps."""
        outcomes = set()
        for seed in range(60):
            chooser = random.Random(seed)
            g = Guest(base_tree({"f": b"x" * 100, "d": {"g": b""}}) + preopen("/"))
            other = Guest()
            g.store.set_epoch_deadline(1)
            handle = g.open(g.root, "f", 0, READ | WRITE)
            g.write(handle, b"hello", 0)
            start, length = g.arena
            for _ in range(200):
                address = chooser.choice([chooser.randrange(1024, 4096), start + 131072 + chooser.randrange(0, 300_000)])
                g.put(address, chooser.randbytes(chooser.choice([1, 4])))
            # A list that became a ring is an endless loop, which the host's time limit ends.
            timer = threading.Timer(0.5, guest.engine().increment_epoch)
            timer.start()
            try:
                for _ in range(20):
                    try:
                        g.open(g.root, chooser.choice(["f", "d/g", "new"]), CREATE, READ | WRITE)
                        g.read(handle, 10, 0)
                        g.write(handle, b"more", 20_000)
                        outcomes.add("answer")
                    except (Failure, Closed):
                        outcomes.add("error")
            except (wasmtime.Trap, wasmtime.WasmtimeError):
                outcomes.add("trap")
            finally:
                timer.cancel()
                timer.join()
            other.mkdir(other.root, "fine")
        self.assertIn("trap", outcomes)


if __name__ == "__main__":
    unittest.main()
