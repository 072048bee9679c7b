# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Clocks, randomness, environment, quotas, and what the host may do."""

import struct
import unittest

import guest
from guest import (
    CREATE, DIRECTORY, READ, TRUNCATE, WRITE, Closed, Exit, Failure, Guest, argument, base_tree, environment, preopen,
    quotas, record, seed, virtual_clock)


class SystemTest(unittest.TestCase):
    def assertFails(self, name, function, *arguments, **keywords):
        with self.assertRaises(Failure) as context:
            function(*arguments, **keywords)
        self.assertEqual(context.exception.name, name)


class Time(SystemTest):
    def monotonic(self, g):
        return g.raw("wasi:clocks/monotonic-clock#now")

    def wall(self, g):
        data = g.call("wasi:clocks/wall-clock#now")
        return g.u64(data, 0) * 10**9 + g.u32(data, 8)

    def sleep(self, g, duration):
        timer = g.raw("wasi:clocks/monotonic-clock#subscribe-duration", duration)
        self.assertEqual(g.raw("wasi:io/poll#[method]pollable.ready", timer), 0)
        g.raw("wasi:io/poll#[method]pollable.block", timer)
        self.assertEqual(g.raw("wasi:io/poll#[method]pollable.ready", timer), 1)
        g.raw("wasi:io/poll#[resource-drop]pollable", timer)

    def test_time_comes_from_the_host(self):
        g = Guest()
        self.assertEqual(self.monotonic(g), g.now[0])
        self.assertEqual(self.wall(g), g.now[1])

    def test_sleeping_is_the_hosts_business(self):
        g = Guest()
        self.sleep(g, 3_000_000_000)
        self.assertEqual(len(g.slept), 1)
        self.assertAlmostEqual(g.slept[0], 3_000_000_000, delta=100_000)

    def test_a_host_may_end_a_sleep_early(self):
        g = Guest()
        g.sleep_status = 1
        timer = g.raw("wasi:clocks/monotonic-clock#subscribe-duration", 10**18)
        g.raw("wasi:io/poll#[method]pollable.block", timer)
        address, _ = g.place(struct.pack("<I", timer))
        data = g.call("wasi:io/poll#poll", address, 1)
        self.assertEqual((g.u32(data, 4), g.slept[-1] > 10**17), (1, True))

    def test_poll_waits_for_the_first_and_names_all_that_are_ready(self):
        g = Guest()
        subscribe = "wasi:clocks/monotonic-clock#subscribe-duration"
        timers = [g.raw(subscribe, n * 1_000_000) for n in [50, 10, 30]]
        address, _ = g.place(struct.pack("<3I", *timers))
        data = g.call("wasi:io/poll#poll", address, 3)
        self.assertEqual(g.get(g.u32(data, 0), g.u32(data, 4) * 4), struct.pack("<I", 1))
        self.assertAlmostEqual(sum(g.slept), 10_000_000, delta=100_000)
        ready = g.raw("wasi:io/streams#[method]output-stream.subscribe", g.raw("wasi:cli/stdout#get-stdout"))
        address, _ = g.place(struct.pack("<4I", timers[0], ready, timers[1], timers[2]))
        data = g.call("wasi:io/poll#poll", address, 4)
        self.assertEqual(g.u32(data, 4), 1 + 0, "only what is ready without waiting")

    def test_virtual_time_is_the_same_in_every_run_and_sleeping_takes_none(self):
        def run():
            g = Guest(virtual_clock(10**18, 500) + preopen("/"))
            values = [self.wall(g), self.monotonic(g)]
            self.sleep(g, 3600 * 10**9)
            values += [self.monotonic(g), self.wall(g)]
            g.mkdir(g.root, "d")
            values.append(g.stat_at(g.root, "d")["modified"])
            self.assertEqual(g.slept, [])
            return values

        first = run()
        self.assertEqual(first, run())
        self.assertEqual(first[0], 10**18 + 500)
        self.assertGreater(first[3], 10**18 + 3600 * 10**9)
        self.assertEqual(first, sorted(first[:1]) + first[1:])

    def test_virtual_time_never_goes_back(self):
        g = Guest(virtual_clock(0, 7) + preopen("/"))
        times = [self.monotonic(g) for _ in range(100)]
        self.assertEqual(times, [7 * (i + 1) for i in range(100)])

    def test_the_time_zone_is_utc(self):
        g = Guest()
        data = g.call("wasi:clocks/timezone#display", 0, 0)
        self.assertEqual((g.u32(data, 0), g.list_at(data, 4), data[12]), (0, b"UTC", 0))


class Random(SystemTest):
    def bytes_(self, g, count, name="random/random#get-random-bytes"):
        return g.list_at(g.call("wasi:" + name, count), 0)

    def test_bytes_come_from_the_host_each_time(self):
        g = Guest()
        values = {self.bytes_(g, 16) for _ in range(50)}
        self.assertEqual(len(values), 50)
        for count in [0, 1, 7, 8, 9, 4097]:
            self.assertEqual(len(self.bytes_(g, count)), count)

    def test_a_seed_repeats_and_a_new_seed_changes(self):
        def run(start, later=None):
            g = Guest(seed(start) + preopen("/"))
            first = self.bytes_(g, 100)
            if later is not None:
                g.raw("terrarium:sandbox/control#reseed", later)
            return first, self.bytes_(g, 33), g.raw("wasi:random/insecure#get-insecure-random-u64")

        self.assertEqual(run(42), run(42))
        self.assertNotEqual(run(42), run(43))
        self.assertEqual(run(42)[0], run(42, 7)[0])
        self.assertNotEqual(run(42)[1], run(42, 7)[1])

    def test_seeded_bits_are_those_of_xoshiro256(self):
        # SplitMix64 and xoshiro256** as published, written again.
        mask = 2**64 - 1
        counter, state = 1234567, []
        for _ in range(4):
            counter = counter + 0x9E3779B97F4A7C15 & mask
            z = (counter ^ counter >> 30) * 0xBF58476D1CE4E5B9 & mask
            z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
            state.append(z ^ z >> 31)

        def rotate(x, k):
            return (x << k | x >> 64 - k) & mask

        g = Guest(seed(1234567) + preopen("/"))
        for _ in range(50):
            expected = rotate(state[1] * 5 & mask, 7) * 9 & mask
            t = state[1] << 17 & mask
            state[2] ^= state[0]
            state[3] ^= state[1]
            state[1] ^= state[2]
            state[0] ^= state[3]
            state[2] ^= t
            state[3] = rotate(state[3], 45)
            self.assertEqual(g.raw("wasi:random/random#get-random-u64") & mask, expected)


class Surroundings(SystemTest):
    def strings(self, g, data, offset=0, stride=8):
        start, count = g.u32(data, offset), g.u32(data, offset + 4)
        return [g.list_at(g.get(start + i * stride, stride), 0).decode() for i in range(count)]

    def environment(self, g):
        data = g.call("wasi:cli/environment#get-environment")
        start, count = g.u32(data, 0), g.u32(data, 4)
        pairs = [g.get(start + i * 16, 16) for i in range(count)]
        return {g.list_at(pair, 0).decode(): g.list_at(pair, 8).decode() for pair in pairs}

    def test_environment_arguments_and_working_directory(self):
        g = Guest(environment("A", "1") + environment("B", "") + argument("x") + argument("y z")
                  + record(3, b"/work") + environment("A", "\u00e92") + preopen("/"))
        self.assertEqual(self.environment(g), {"A": "\u00e92", "B": ""})
        self.assertEqual(self.strings(g, g.call("wasi:cli/environment#get-arguments")), ["x", "y z"])
        data = g.call("wasi:cli/environment#initial-cwd")
        self.assertEqual((data[0], g.list_at(data, 4)), (1, b"/work"))
        g.configure(record(9, struct.pack("<I", 3)) + argument("new"))
        self.assertEqual(self.environment(g), {})
        self.assertEqual(self.strings(g, g.call("wasi:cli/environment#get-arguments")), ["new"])

    def test_without_configuration_there_is_nothing(self):
        g = Guest(b"")
        self.assertEqual(self.environment(g), {})
        self.assertEqual(g.preopens(), {})

    def test_exit_leaves_through_the_host(self):
        for name, status, code in [("exit", 0, "0"), ("exit", 1, "1"), ("exit-with-code", 42, "42")]:
            with self.assertRaises(Exit) as context:
                Guest().raw("wasi:cli/exit#" + name, status)
            self.assertIn(code, str(context.exception))

    def test_there_is_no_network(self):
        g = Guest()
        for name, arguments in [
            ("tcp-create-socket#create-tcp-socket", [0]), ("udp-create-socket#create-udp-socket", [1]),
            ("ip-name-lookup#resolve-addresses", [g.raw("wasi:sockets/instance-network#instance-network"), 0, 0]),
        ]:
            data = g.call("wasi:sockets/" + name, *arguments)
            self.assertEqual((data[0], data[4]), (1, 1), name)

    def test_malformed_configuration_is_refused(self):
        g = Guest()
        for bad in [
            struct.pack("<II", 1, 1000), record(1, b""), record(1, struct.pack("<I", 50) + b"k"), record(5, b"123"),
            record(6, b""), record(7, b"1234"), record(8, b"no tree"), record(99, b""), record(9, b"1"),
            record(4, b"\xff"), record(1, struct.pack("<I", 2**32 - 1)),
        ]:
            with self.assertRaises(Failure, msg=bad):
                g.configure(bad)


class Quotas(SystemTest):
    def test_bytes(self):
        g = Guest(quotas(bytes_=1_000_000) + preopen("/"))
        handle = g.open(g.root, "f", CREATE, READ | WRITE)
        written = 0
        with self.assertRaises(Failure) as context:
            while True:
                written += g.write(handle, b"x" * 100_000, written)
        self.assertEqual(context.exception.name, "ENOSPC")
        self.assertGreater(written, 900_000)
        self.assertLessEqual(g.usage()["bytes"], 1_000_000)
        self.assertEqual(g.stat(handle)["size"], written, "what fitted was written")
        self.assertEqual(g.read_all(handle), b"x" * written)
        # Overwriting takes nothing, and room that is given back can be used again.
        self.assertEqual(g.write(handle, b"y" * 100_000, 0), 100_000)
        g.resize(handle, 0)
        self.assertEqual(g.usage()["bytes"], 0)
        self.assertEqual(g.write(handle, b"z" * 500_000, 0), 500_000)
        stream = g.append_stream(handle)
        with self.assertRaises(Failure) as context:
            for _ in range(10):
                g.stream_write(stream, b"w" * 100_000)
        self.assertEqual(context.exception.name, "ENOSPC")

    def test_nodes(self):
        g = Guest(quotas(nodes=10) + preopen("/"))
        for i in range(4):
            g.mkdir(g.root, f"d{i}")
            g.symlink("x", g.root, f"l{i}")
        g.close(g.open(g.root, "f", CREATE, WRITE))
        g.link(g.root, "f", g.root, "f2")
        for attempt in [
            lambda: g.mkdir(g.root, "n"), lambda: g.symlink("x", g.root, "n"),
            lambda: g.open(g.root, "n", CREATE, WRITE), lambda: g.link(g.root, "f", g.root, "n"),
        ]:
            self.assertFails("ENOSPC", attempt)
        g.rename(g.root, "f", g.root, "renamed")
        g.unlink(g.root, "f2")
        g.mkdir(g.root, "n")

    def test_handles(self):
        g = Guest(quotas(handles=5) + preopen("/"))
        g.open(g.root, "f", CREATE, WRITE)
        handles = [g.open(g.root, "f") for _ in range(3)]
        self.assertFails("ENOSPC", g.open, g.root, "f")
        self.assertFails("ENOSPC", g.input_stream, handles[0])
        self.assertFails("ENOSPC", g.open_listing, g.root)
        # Standard streams and pollables of streams take none; a timer that does not fit is over at once.
        self.assertEqual(g.raw("wasi:io/poll#[method]pollable.ready",
                               g.raw("wasi:clocks/monotonic-clock#subscribe-duration", 10**9)), 1)
        g.stream_write(g.raw("wasi:cli/stdout#get-stdout"), b"x")
        g.close(handles.pop())
        g.open(g.root, "f")

    def test_memory_that_cannot_grow_is_a_full_disk_and_everything_else_goes_on(self):
        g = Guest(preopen("/"), max_pages=140)
        handle = g.open(g.root, "big", CREATE, READ | WRITE)
        written = 0
        with self.assertRaises(Failure) as context:
            while True:
                written += g.write(handle, bytes(range(256)) * 256, written)
        self.assertEqual(context.exception.name, "ENOSPC")
        self.assertGreater(written, 3_000_000)
        # Nothing traps: neither looking, nor refusing to make things, nor removing them.
        self.assertEqual(g.read(handle, 256, written - 256)[0], bytes(range(256)))
        for i in range(5000):
            try:
                g.mkdir(g.root, f"directory with quite a long name {i}")
            except Failure as failure:
                self.assertEqual(failure.name, "ENOSPC")
                break
        else:
            self.fail("there should be no memory for this many")
        for i in range(5000):
            try:
                g.open(g.root, "big")
            except Failure as failure:
                self.assertEqual(failure.name, "ENOSPC")
                break
        g.stat_at(g.root, "big")
        g.unlink(g.root, "big")
        g.close(handle)
        self.assertLess(g.usage()["bytes"], 1000)

    def test_memory_is_reused(self):
        g = Guest()
        grown = None
        for round_ in range(30):
            for i in range(20):
                handle = g.open(g.root, f"f{i}", CREATE | TRUNCATE, READ | WRITE)
                g.write(handle, bytes([i]) * 100_000, 0)
                g.close(handle)
            for i in range(20):
                g.unlink(g.root, f"f{i}")
            if round_ == 1:
                grown = g.grown
        self.assertEqual(g.grown, grown)


class Host(SystemTest):
    """The functions of terrarium:sandbox/control."""

    def write(self, g, path, contents, flags=1 | 2, offset=0):
        g.fresh()
        g.control("write-file", *g.place(path), flags, offset, *g.place(contents))

    def read(self, g, path):
        contents = b""
        while True:
            g.fresh()
            area = g.allocate(16)
            g.control("locate-contents", *g.place(path), len(contents), area)
            address, count, size = struct.unpack("<IIQ", g.get(area, 16))
            if count == 0:
                self.assertEqual(len(contents), size)
                return contents
            contents += g.get(address, count) if address else bytes(count)

    def list(self, g, path, capacity=4096):
        entries, after = [], 0
        while True:
            g.fresh()
            area, buffer = g.allocate(8), g.allocate(capacity)
            g.control("list-directory", *g.place(path), after, buffer, capacity, area)
            count, used = struct.unpack("<II", g.get(area, 8))
            if count == 0:
                return entries
            data, position = g.get(buffer, used), 0
            for _ in range(count):
                after, size, length, kind, _ = struct.unpack_from("<QQHBB", data, position)
                entries.append((data[position + 20:position + 20 + length].decode(), guest.KINDS[kind], size))
                position += (20 + length + 7) // 8 * 8
            self.assertEqual(position, used)

    def test_files_written_by_the_host_are_read_by_the_guest_and_back(self):
        g = Guest()
        self.write(g, "/a/b/file", b"host", 1 | 8)
        handle = g.open(g.root, "a/b/file", 0, READ | WRITE)
        self.assertEqual(g.read_all(handle), b"host")
        g.write(handle, b"guest", 0)
        self.assertEqual(self.read(g, "/a/b/file"), b"guest")
        self.write(g, "/a/b/file", b"!", 4)
        self.assertEqual(g.read_all(handle), b"guest!")
        self.write(g, "a/b/file", b"XX", 0, 50_000)
        self.assertEqual(self.read(g, "/a/b/file"), b"guest!" + bytes(50_000 - 6) + b"XX")
        self.assertFails("ENOENT", self.write, g, "/a/none", b"", 0)
        self.assertFails("EEXIST", self.write, g, "/a/b/file", b"", 1 | 16)
        self.assertFails("EISDIR", self.write, g, "/a", b"", 1)

    def test_lists_of_any_length_are_read_in_parts(self):
        g = Guest()
        names = {f"name{i}" * (1 + i % 30) for i in range(500)}
        for name in names:
            self.write(g, f"/d/{name}", b"x" * 3, 1 | 8)
        for capacity in [300, 4096, 400_000]:
            entries = self.list(g, "/d", capacity)
            self.assertEqual({name for name, _, _ in entries}, names)
            self.assertEqual({(kind, size) for _, kind, size in entries}, {("file", 3)})
        self.assertFails("EOVERFLOW", self.list, g, "/d", 8)

    def test_whole_trees_are_removed(self):
        g = Guest()
        path = ""
        for i in range(200):
            path += f"/d{i % 3}"
            self.write(g, path + "/f", b"x", 1 | 8)
        g.fresh()
        self.assertFails("ENOTEMPTY", g.control, "remove", *g.place("/d0"), 0)
        g.control("remove", *g.place("/d0"), 1)
        self.assertEqual(self.list(g, "/"), [])
        self.assertEqual(g.usage()["nodes"], 0)
        self.assertEqual(g.usage()["bytes"], 0)

    def test_other_operations(self):
        g = Guest()
        g.fresh()
        g.control("make-directory", *g.place("/x/y"), 1)
        self.assertFails("EEXIST", g.control, "make-directory", *g.place("/x"), 0)
        self.write(g, "/x/f", b"0123456789")
        g.control("make-symbolic-link", *g.place("/x/f"), *g.place("/l"))
        g.fresh()
        area, buffer = g.allocate(64), g.allocate(100)
        g.control("read-link", *g.place("/l"), buffer, 100, area)
        self.assertEqual(g.get(buffer, g.u32(g.get(area, 4), 0)), b"/x/f")
        self.assertFails("EOVERFLOW", g.control, "read-link", *g.place("/l"), buffer, 3, area)
        g.control("resize-file", *g.place("/l"), 4)
        g.control("set-modified", *g.place("/x/f"), 12345)
        g.control("file-status", *g.place("/l"), 1, area)
        size, _, _, modified, _, links, kind, flags = struct.unpack("<6QII", g.get(area, 56))
        self.assertEqual((size, modified, links, kind, flags), (4, 12345, 1, 6, 0))
        g.control("file-status", *g.place("/l"), 0, area)
        self.assertEqual(struct.unpack("<6QII", g.get(area, 56))[6], 5)
        g.control("rename", *g.place("/x/f"), *g.place("/f"))
        self.assertEqual(self.read(g, "/f"), b"0123")
        self.assertFails("ENOENT", self.read, g, "/l")
        self.assertFails("ENOENT", g.control, "remove", *g.place("/none"), 1)
        self.assertFails("ENOENT", g.control, "remove", *g.place("/none/x"), 0)

    def test_buffers_of_any_size_are_given_and_taken_back(self):
        g = Guest()
        before = None
        for _ in range(20):
            blocks = [g.raw("terrarium:sandbox/control#allocate", n) for n in [0, 1, 100, 40_000, 5_000_000]]
            self.assertTrue(all(blocks))
            self.assertEqual([block % 16 for block in blocks], [0] * 5)
            g.put(blocks[4], b"\xff" * 5_000_000)
            for block in blocks:
                g.raw("terrarium:sandbox/control#free", block)
            before = before or g.grown
        self.assertEqual(g.grown, before)
        self.assertEqual(g.raw("terrarium:sandbox/control#allocate", -1), 0)


if __name__ == "__main__":
    unittest.main()
