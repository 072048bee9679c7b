# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files, directories and streams, beyond what the model test compares."""

import random
import struct
import unittest

import guest
from guest import (
    CREATE, DIRECTORY, EXCLUSIVE, MUTATE, READ, TRUNCATE, WRITE, Closed, Failure, Guest, base_tree, preopen)


class FileTest(unittest.TestCase):
    def assertFails(self, name, function, *arguments, **keywords):
        with self.assertRaises(Failure) as context:
            function(*arguments, **keywords)
        self.assertEqual(context.exception.name, name)

    def make(self, g, path, contents=b""):
        handle = g.open(g.root, path, CREATE | TRUNCATE, READ | WRITE)
        if contents:
            self.assertEqual(g.write(handle, contents, 0), len(contents))
        g.close(handle)

    def contents(self, g, path):
        handle = g.open(g.root, path)
        try:
            return g.read_all(handle)
        finally:
            g.close(handle)


class Directories(FileTest):
    def test_a_listing_shows_every_entry_that_stays_exactly_once_while_others_come_and_go(self):
        for seed in range(20):
            chooser = random.Random(seed)
            g = Guest()
            stay = {f"stay{i}" for i in range(60)}
            other = {f"go{i}" for i in range(200)}
            for name in sorted(stay | other, key=lambda _: chooser.random()):
                self.make(g, name)
            listing = g.open_listing(g.root)
            seen = []
            present = set(other)
            fresh = 0
            while entry := g.next_entry(listing):
                seen.append(entry[0].decode())
                for _ in range(chooser.randrange(4)):
                    if present and chooser.random() < 0.7:
                        name = chooser.choice(sorted(present))
                        present.remove(name)
                        g.unlink(g.root, name)
                    else:
                        fresh += 1
                        # Without a limit the listing would chase new entries for ever.
                        if fresh < 300:
                            self.make(g, f"new{fresh}")
            self.assertEqual(len(seen), len(set(seen)))
            self.assertLessEqual(stay, set(seen))
            g.close_listing(listing)

    def test_ten_thousand_entries_are_made_found_and_removed(self):
        g = Guest()
        g.mkdir(g.root, "d")
        directory = g.open(g.root, "d", DIRECTORY)
        for i in range(10_000):
            g.close(g.open(directory, f"file{i}", CREATE, WRITE))
        self.assertEqual(len(g.list(directory)), 10_000)
        for i in range(10_000):
            g.unlink(directory, f"file{i}")
        self.assertEqual(g.list(directory), [])
        g.rmdir(g.root, "d")
        self.assertEqual(g.usage()["nodes"], 1, "the open descriptor keeps the removed directory")
        g.close(directory)
        self.assertEqual(g.usage()["nodes"], 0)

    def test_a_deep_row_of_removed_directories_that_are_open_is_let_go_of(self):
        g = Guest()
        handles = [g.root]
        for i in range(3000):
            g.mkdir(handles[-1], "d")
            handles.append(g.open(handles[-1], "d", DIRECTORY))
        for i in range(2999, -1, -1):
            g.rmdir(handles[i], "d")
        self.assertFails("ENOENT", g.mkdir, handles[-1], "x")
        for handle in handles[1:]:
            g.close(handle)
        self.assertEqual(g.usage()["nodes"], 0)

    def test_preopens_other_than_the_root_confine_paths(self):
        g = Guest(preopen("/work/data") + preopen("/tmp"))
        roots = g.preopens()
        self.assertEqual(set(roots), {"/work/data", "/tmp"})
        data, tmp = roots["/work/data"], roots["/tmp"]
        g.mkdir(tmp, "secret")
        for path in ["../../tmp/secret", "../../../../tmp/secret", "../tmp/secret"]:
            self.assertFails("ENOENT", g.stat_at, data, path)
        for target in ["/tmp/secret", "../../tmp/secret", "/../../tmp/secret"]:
            g.symlink(target, data, "link")
            self.assertFails("ENOENT", g.stat_at, data, "link")
            g.unlink(data, "link")
        self.assertFails("EPERM", g.stat_at, data, "/tmp/secret")
        # A descriptor further down has the same limits as the preopen that it comes from.
        g.mkdir(data, "below")
        below = g.open(data, "below", DIRECTORY)
        self.assertEqual(g.identity_at(below, "../../../.."), g.identity(data))
        # What is between preopens and the root is not removable through them, nor they themselves.
        self.assertFails("EBUSY", g.rename, data, ".", tmp, "x")
        self.assertFails("EINVAL", g.rmdir, tmp, ".")

    def test_a_preopen_inside_another_cannot_be_removed_or_replaced(self):
        g = Guest(preopen("/") + preopen("/mnt"))
        root = g.preopens()["/"]
        self.assertFails("EBUSY", g.rmdir, root, "mnt")
        self.assertFails("EBUSY", g.rename, root, "mnt", root, "other")
        g.mkdir(root, "x")
        self.assertFails("EBUSY", g.rename, root, "x", root, "mnt")


class Contents(FileTest):
    def test_an_open_file_outlives_its_name(self):
        g = Guest()
        handle = g.open(g.root, "f", CREATE, READ | WRITE)
        g.write(handle, b"one", 0)
        g.unlink(g.root, "f")
        self.assertEqual(g.stat(handle)["links"], 0)
        g.write(handle, b"two", 3)
        self.make(g, "f", b"other")
        self.assertEqual(g.read_all(handle), b"onetwo")
        self.assertGreater(g.usage()["bytes"], 100)
        g.close(handle)
        g.unlink(g.root, "f")
        self.assertEqual((g.usage()["bytes"], g.usage()["nodes"]), (0, 0))

    def test_a_file_replaced_by_rename_outlives_it_while_open(self):
        g = Guest()
        self.make(g, "old", b"old")
        self.make(g, "new", b"new")
        handle = g.open(g.root, "old")
        g.rename(g.root, "new", g.root, "old")
        self.assertEqual(g.read_all(handle), b"old")
        self.assertEqual(self.contents(g, "old"), b"new")

    def test_random_writes_and_sizes_agree_with_a_byte_array(self):
        for seed in range(6):
            chooser = random.Random(seed)
            image = chooser.randbytes(chooser.choice([0, 10, 16384, 50_000]))
            g = Guest(base_tree({"f": image}) + preopen("/"))
            handle = g.open(g.root, "f", CREATE, READ | WRITE)
            model = bytearray(image)
            for _ in range(400):
                choice = chooser.random()
                offset = chooser.choice([0, 1, 63, 64, 100, 8192, 16383, 16384, 20_000, 32768, 100_000, 300_000])
                if choice < 0.5:
                    data = chooser.randbytes(chooser.choice([1, 5, 64, 1000, 16384, 40_000]))
                    g.write(handle, data, offset)
                    model.extend(bytes(max(0, offset + len(data) - len(model))))
                    model[offset:offset + len(data)] = data
                elif choice < 0.65:
                    g.resize(handle, offset)
                    del model[offset:]
                    model.extend(bytes(offset - len(model)))
                else:
                    length = chooser.choice([0, 1, 100, 16384, 70_000])
                    part, at_end = g.read(handle, length, offset)
                    self.assertEqual(part, bytes(model[offset:offset + length]))
                    self.assertEqual(at_end, offset + len(part) >= len(model))
            self.assertEqual(g.read_all(handle), bytes(model))

    def test_sizes_that_do_not_fit_are_refused(self):
        g = Guest()
        handle = g.open(g.root, "f", CREATE, READ | WRITE)
        for offset in [2**31 - 1, 2**32, 2**63, 2**64 - 1]:
            self.assertFails("EFBIG", g.write, handle, b"x", offset - (2**64 if offset >= 2**63 else 0))
            self.assertFails("EFBIG", g.resize, handle, offset - (2**64 if offset >= 2**63 else 0))
            self.assertEqual(g.read(handle, 10, offset - (2**64 if offset >= 2**63 else 0)), (b"", True))
        # A hole takes only its entry in the table of pages.
        g.resize(handle, 2_000_000_000)
        g.write(handle, b"end", 1_999_999_997)
        self.assertLess(g.usage()["bytes"], 2_000_000)
        self.assertEqual(g.read(handle, 5, 1_999_999_995)[0], b"\0\0end")

    def test_files_may_be_read_only_and_write_only(self):
        g = Guest()
        self.make(g, "f", b"x")
        readable, writable = g.open(g.root, "f", 0, READ), g.open(g.root, "f", 0, WRITE)
        self.assertFails("EBADF", g.write, readable, b"y", 0)
        self.assertFails("EBADF", g.output_stream, readable)
        self.assertFails("EBADF", g.append_stream, readable)
        self.assertFails("EBADF", g.read, writable, 1, 0)
        self.assertFails("EBADF", g.input_stream, writable)

    def test_times_are_kept_and_move_on_with_changes(self):
        g = Guest()
        self.make(g, "f", b"x")
        g.set_times_at(g.root, "f", 1_000_000_001, 2_000_000_002)
        before = g.stat_at(g.root, "f")
        self.assertEqual((before["accessed"], before["modified"]), (1_000_000_001, 2_000_000_002))
        self.contents(g, "f")
        self.assertGreater(g.stat_at(g.root, "f")["accessed"], before["accessed"])
        self.make(g, "f", b"y")
        self.assertGreater(g.stat_at(g.root, "f")["modified"], before["modified"])
        directory = g.stat(g.root)["modified"]
        g.unlink(g.root, "f")
        self.assertGreater(g.stat(g.root)["modified"], directory)


class Image(FileTest):
    TREE = {
        "lib": ({"a.py": b"print(1)", "pkg": {"b.py": b"b" * 40_000}, "link": "a.py"}, True),
        "home": {"notes": b"first", "deep": {"er": {"x": b"x"}}},
        "etc": {"hosts": (b"localhost", True)},
    }

    def guest(self):
        return Guest(base_tree(self.TREE) + preopen("/"))

    def test_files_of_the_image_are_there(self):
        g = self.guest()
        self.assertEqual([name for name, _ in g.list(g.root)], [b"lib", b"home", b"etc"])
        self.assertEqual(self.contents(g, "lib/pkg/b.py"), b"b" * 40_000)
        self.assertEqual(self.contents(g, "lib/link"), b"print(1)")
        self.assertEqual(g.stat_at(g.root, "home/notes")["modified"], 1_600_000_000_000_000_000)
        self.assertEqual(g.usage()["nodes"], 0)

    def test_a_change_copies_and_leaves_the_image_alone(self):
        g = self.guest()
        before = g.get(*g.configuration)
        handle = g.open(g.root, "home/notes", 0, READ | WRITE)
        g.write(handle, b"F", 0)
        g.write(handle, b"more", 100_000)
        self.assertEqual(g.read(handle, 8, 0)[0], b"First\0\0\0")
        g.unlink(g.root, "home/deep/er/x")
        g.rename(g.root, "home/deep", g.root, "deep")
        self.make(g, "home/notes2", b"n")
        self.assertEqual(g.get(*g.configuration), before)

    def test_read_only_parts_refuse_every_change(self):
        g = self.guest()
        read_only = "EROFS"
        self.assertFails(read_only, g.open, g.root, "lib/a.py", 0, WRITE)
        self.assertFails(read_only, g.open, g.root, "lib/a.py", TRUNCATE, READ)
        self.assertFails(read_only, g.open, g.root, "lib/new", CREATE, WRITE)
        self.assertFails(read_only, g.mkdir, g.root, "lib/new")
        self.assertFails(read_only, g.unlink, g.root, "lib/a.py")
        self.assertFails(read_only, g.rmdir, g.root, "lib/pkg")
        self.assertFails(read_only, g.symlink, "x", g.root, "lib/x")
        self.assertFails(read_only, g.link, g.root, "home/notes", g.root, "lib/x")
        self.assertFails(read_only, g.link, g.root, "lib/a.py", g.root, "home/x")
        self.assertFails(read_only, g.rename, g.root, "lib/a.py", g.root, "home/a.py")
        self.assertFails(read_only, g.rename, g.root, "home/notes", g.root, "lib/pkg/notes")
        self.assertFails(read_only, g.set_times_at, g.root, "lib/a.py", 1, 1)
        self.assertFails(read_only, g.open, g.root, "etc/hosts", 0, WRITE)
        self.assertFails("EEXIST", g.mkdir, g.root, "lib/pkg")
        # What is read-only may lie in a directory that is not, where its name can go.
        g.unlink(g.root, "etc/hosts")

    def test_damaged_trees_give_no_files_rather_than_harm(self):
        good = base_tree(self.TREE)
        for seed in range(300):
            chooser = random.Random(seed)
            bad = bytearray(good)
            for _ in range(chooser.choice([1, 3, 30])):
                bad[chooser.randrange(8, len(bad))] = chooser.choice([0, 1, 2, 3, 127, 255])
            g = Guest(bytes(bad) + preopen("/"))
            self.walk(g, g.preopens().get("/"), 0)

    def walk(self, g, handle, depth):
        if handle is None or depth > 20:
            self.assertLessEqual(depth, 20)
            return
        for name, kind in g.list(handle):
            try:
                child = g.open(handle, name.decode("utf-8", "surrogateescape"), follow=False)
            except Failure:
                continue
            if kind == "directory":
                self.walk(g, child, depth + 1)
            elif kind == "file":
                g.read(child, 100, 0)


class Devices(FileTest):
    NAMES = ["null", "zero", "random", "stdin", "stdout", "stderr"]

    def guest(self):
        devices = {name: number for number, name in enumerate(self.NAMES)}
        return Guest(base_tree({"dev": (devices, True), "link": "dev/null"}) + preopen("/"))

    def test_reading_gives_what_the_device_has_at_any_offset(self):
        g = self.guest()
        g.input = b"from the host"
        for offset in [0, 5, 1 << 40, (1 << 64) - 1]:
            for name in ["null", "stdout", "stderr"]:
                self.assertEqual(g.read(g.open(g.root, f"dev/{name}"), 100, offset), (b"", True))
            self.assertEqual(g.read(g.open(g.root, "dev/zero"), 100, offset), (bytes(100), False))
            data, at_end = g.read(g.open(g.root, "dev/random"), 100, offset)
            self.assertEqual((len(data), at_end), (100, False))
            self.assertGreater(len(set(data)), 20)
        stdin = g.open(g.root, "dev/stdin")
        self.assertEqual(g.read(stdin, 4, 1000), (b"from", False))
        self.assertEqual(g.read(stdin, 100, 0), (b" the host", False))
        self.assertEqual(g.read(stdin, 100, 0), (b"", True))

    def test_a_read_of_any_length_is_answered_with_a_part(self):
        g = self.guest()
        for name in ["zero", "random"]:
            handle = g.open(g.root, f"dev/{name}")
            for length in [1, 16384, 16385, 1 << 20, 1 << 32, (1 << 64) - 1]:
                data, at_end = g.read(handle, length, 0)
                self.assertTrue(0 < len(data) <= length and not at_end)

    def test_writing_goes_to_the_host_or_nowhere_at_any_offset(self):
        g = self.guest()
        for offset in [0, 7, (1 << 64) - 1]:
            for name in self.NAMES:
                handle = g.open(g.root, f"dev/{name}", 0, READ | WRITE)
                self.assertEqual(g.write(handle, name.encode(), offset), len(name))
                g.close(handle)
        self.assertEqual(g.output, {1: bytearray(b"stdout" * 3), 2: bytearray(b"stderr" * 3)})
        self.assertEqual(g.usage()["bytes"], 0)

    def test_a_host_that_takes_no_more_is_an_error_of_the_write(self):
        g = self.guest()
        handle = g.open(g.root, "dev/stdout", 0, WRITE)
        for status, name in [(1, "EIO"), (2, "ENOSPC"), (3, "EIO")]:
            g.output_status = status
            self.assertFails(name, g.write, handle, b"x", 0)
        g.output_status = 0
        self.assertEqual(g.write(handle, b"x", 0), 1)

    def test_streams_of_devices(self):
        g = self.guest()
        g.input = b"ab"
        for make in [g.output_stream, g.append_stream]:
            for name in ["null", "stdout"]:
                stream = make(g.open(g.root, f"dev/{name}", 0, WRITE))
                g.stream_write(stream, b"text")
                g.drop_output(stream)
        self.assertEqual(bytes(g.output[1]), b"texttext")
        zero = g.input_stream(g.open(g.root, "dev/zero"), 99)
        self.assertEqual(g.stream_read(zero, 7), bytes(7))
        stdin = g.input_stream(g.open(g.root, "dev/stdin"))
        self.assertEqual(g.stream_read(stdin, 7), b"ab")
        for stream in [stdin, g.input_stream(g.open(g.root, "dev/null"))]:
            with self.assertRaises(Closed):
                g.stream_read(stream, 7)

    def test_a_device_has_a_kind_no_size_and_an_identity_of_its_own(self):
        g = self.guest()
        directory = g.open(g.root, "dev", DIRECTORY)
        self.assertEqual(sorted(g.list(directory)), sorted((name.encode(), "device") for name in self.NAMES))
        for name in self.NAMES:
            handle = g.open(directory, name)
            for status in [g.stat(handle), g.stat_at(directory, name), g.stat_at(directory, name, follow=False)]:
                self.assertEqual((status["kind"], status["size"], status["links"]), ("device", 0, 1))
            self.assertEqual(g.method("get-type", handle)[1], 2)
        self.assertEqual(g.stat_at(g.root, "link")["kind"], "device")
        self.assertEqual(len({g.identity_at(directory, name) for name in self.NAMES}), len(self.NAMES))

    def test_truncating_opens_and_sizes_leave_a_device_as_it_is(self):
        g = self.guest()
        for name in self.NAMES:
            handle = g.open(g.root, f"dev/{name}", CREATE | TRUNCATE, READ | WRITE)
            for size in [0, 1, (1 << 64) - 1]:
                self.assertFails("EINVAL", g.resize, handle, size)
            self.assertEqual(g.stat(handle)["size"], 0)
            self.assertFails("EEXIST", g.open, g.root, f"dev/{name}", CREATE | EXCLUSIVE, WRITE)
            self.assertFails("ENOTDIR", g.open, g.root, f"dev/{name}", DIRECTORY)
            self.assertFails("ENOTDIR", g.open, g.root, f"dev/{name}/x")

    def test_a_read_only_directory_keeps_its_devices(self):
        g = self.guest()
        self.assertFails("EROFS", g.unlink, g.root, "dev/null")
        self.assertFails("EROFS", g.rename, g.root, "dev/null", g.root, "moved")
        self.make(g, "file", b"x")
        self.assertFails("EROFS", g.rename, g.root, "file", g.root, "dev/null")
        self.assertFails("EROFS", g.open, g.root, "dev/new", CREATE, WRITE)

    def test_a_device_elsewhere_can_be_removed_and_renamed_like_a_file(self):
        g = Guest(base_tree({"null": 0, "zero": 1}) + preopen("/"))
        g.rename(g.root, "null", g.root, "moved")
        handle = g.open(g.root, "zero")
        g.unlink(g.root, "zero")
        self.assertEqual(g.read(handle, 3, 0), (bytes(3), False))
        self.assertEqual([name for name, _ in g.list(g.root)], [b"moved"])
        self.assertEqual(g.write(g.open(g.root, "moved", 0, WRITE), b"x", 0), 1)

    def test_a_device_of_a_number_that_there_is_none_of_takes_everything(self):
        for number in [6, 255, 0xFFFFFFFF]:
            g = Guest(base_tree({"device": number}) + preopen("/"))
            handle = g.open(g.root, "device", 0, READ | WRITE)
            self.assertEqual(g.write(handle, b"x", 0), 1)
            self.assertEqual(g.read(handle, 10, 0), (b"", True))

    def test_the_host_finds_devices_and_no_contents(self):
        g = self.guest()
        for name in self.NAMES:
            g.fresh()
            result = g.allocate(56)
            g.control("file-status", *g.place(f"/dev/{name}"), 1, result)
            self.assertEqual(struct.unpack("<Q", g.get(result, 8))[0], 0)
            self.assertEqual(g.u32(g.get(result, 56), 48), 2)


class Streams(FileTest):
    def test_reading_and_appending_through_streams(self):
        g = Guest()
        handle = g.open(g.root, "f", CREATE, READ | WRITE)
        out = g.output_stream(handle, 3)
        g.stream_write(out, b"abc")
        g.stream_write(out, b"def")
        end = g.append_stream(handle)
        g.stream_write(end, b"!")
        source = g.input_stream(handle, 1)
        self.assertEqual(g.stream_read(source, 4), b"\0\0ab")
        self.assertEqual(g.stream_read(source, 0), b"")
        self.assertEqual(g.stream_read(source, 100), b"cdef!")
        self.assertRaises(Closed, g.stream_read, source, 100)
        g.stream_write(end, b"?")
        self.assertEqual(g.stream_read(source, 100), b"?")

    def test_skip_splice_and_zeroes(self):
        g = Guest()
        self.make(g, "from", bytes(range(256)) * 200)
        handle = g.open(g.root, "to", CREATE, READ | WRITE)
        source, out = g.input_stream(g.open(g.root, "from")), g.output_stream(handle)
        self.assertEqual(g.u64(g.stream("input-stream.blocking-skip", source, 10, error=8), 8), 10)
        moved = 0
        while moved < 256 * 200 - 10:
            data = g.stream("output-stream.blocking-splice", out, source, 2**64 - 1 - 2**64, error=8)
            moved += g.u64(data, 8)
        g.stream("output-stream.blocking-write-zeroes-and-flush", out, 20_000)
        self.assertEqual(g.read_all(handle), (bytes(range(256)) * 200)[10:] + bytes(20_000))
        self.assertRaises(Closed, g.stream, "input-stream.skip", source, 1, error=8)
        self.assertGreater(g.u64(g.stream("output-stream.check-write", out, error=8), 8), 0)

    def test_standard_streams_go_to_the_host_byte_for_byte(self):
        g = Guest()
        out = g.raw("wasi:cli/stdout#get-stdout")
        error = g.raw("wasi:cli/stderr#get-stderr")
        g.stream_write(out, bytes(range(256)))
        g.stream_write(error, b"\xff\0")
        self.assertEqual((bytes(g.output[1]), bytes(g.output[2])), (bytes(range(256)), b"\xff\0"))
        g.input = b"line\n" * 5000
        source = g.raw("wasi:cli/stdin#get-stdin")
        received = b""
        with self.assertRaises(Closed):
            while True:
                received += g.stream_read(source, 100_000)
        self.assertEqual(received, b"line\n" * 5000)
        # They can be dropped any number of times and are still there.
        for _ in range(3):
            g.drop_output(out)
            g.drop_input(source)
        g.stream_write(out, b".")

    def test_a_host_that_takes_no_more_output_is_a_full_or_closed_stream(self):
        g = Guest()
        out = g.raw("wasi:cli/stdout#get-stdout")
        g.output_status = 2
        self.assertFails("ENOSPC", g.stream_write, out, b"x")
        g.output_status = 1
        self.assertRaises(Closed, g.stream_write, out, b"x")
        g.output_status = 77
        self.assertFails("EIO", g.stream_write, out, b"x")
        self.assertEqual(g.usage()["handles"], 0)

    def test_a_terminal_is_never_there(self):
        g = Guest()
        for name in ["stdin", "stdout", "stderr"]:
            self.assertEqual(g.call(f"wasi:cli/terminal-{name}#get-terminal-{name}")[0], 0)

    def test_lists_come_from_the_allocator_that_the_call_names(self):
        g = Guest()
        self.make(g, "f", b"x")
        handle = g.open(g.root, "f")
        g.allocators.clear()
        g.raw("terrarium:sandbox/image#select-allocator", 7)
        g.read(handle, 1, 0)
        g.raw("terrarium:sandbox/image#select-allocator", 0)
        g.read(handle, 1, 0)
        self.assertEqual(g.allocators, [7, 0])

    def test_get_flags_and_types(self):
        g = Guest()
        self.make(g, "f")
        handle = g.open(g.root, "f", 0, READ | WRITE)
        self.assertEqual(g.method("get-flags", handle)[1], READ | WRITE)
        self.assertEqual(g.method("get-flags", g.root)[1], READ | MUTATE)
        self.assertEqual(g.method("get-type", handle)[1], 6)
        self.assertEqual(g.method("get-type", g.root)[1], 3)
        self.assertEqual(g.raw("wasi:filesystem/types#[method]descriptor.is-same-object", handle, g.root), 0)
        other = g.open(g.root, "f")
        self.assertEqual(g.raw("wasi:filesystem/types#[method]descriptor.is-same-object", handle, other), 1)


if __name__ == "__main__":
    unittest.main()
