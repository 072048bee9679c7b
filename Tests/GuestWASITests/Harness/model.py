# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the file tree with this machine's real file system.

    model.py SEED OPERATIONS

Makes the same random operations on both sides - a child process on a temporary directory that is its root, and
GuestWASI - and expects the same result or the same errno from each, and the same tree at the end.
"""

import ctypes
import errno
import multiprocessing
import os
import random
import shutil
import stat
import sys
import tempfile

import guest
from guest import CREATE, DIRECTORY, EXCLUSIVE, READ, TRUNCATE, WRITE, Failure


class Real:
    """The operations on a real file system."""

    def __init__(self, path):
        become_able_to_change_root()
        os.chroot(path)
        os.chdir("/")
        os.umask(0)
        self.handles = {0: os.open("/", os.O_RDONLY | os.O_DIRECTORY)}

    def do(self, operation, *arguments):
        try:
            return ("ok", getattr(self, operation)(*arguments))
        except OSError as error:
            return ("error", errno.errorcode[error.errno].replace("EOPNOTSUPP", "ENOTSUP"))

    def open(self, slot, directory, path, open_flags, flags, follow):
        mode = {READ: os.O_RDONLY, WRITE: os.O_WRONLY, READ | WRITE: os.O_RDWR}[flags]
        mode |= (os.O_CREAT if open_flags & CREATE else 0) | (os.O_EXCL if open_flags & EXCLUSIVE else 0)
        mode |= (os.O_DIRECTORY if open_flags & DIRECTORY else 0) | (os.O_TRUNC if open_flags & TRUNCATE else 0)
        mode |= 0 if follow else os.O_NOFOLLOW
        self.handles[slot] = os.open(path, mode, 0o777, dir_fd=self.handles[directory])

    def close(self, slot):
        os.close(self.handles.pop(slot))

    def read(self, slot, length, offset):
        return os.pread(self.handles[slot], length, offset)

    def write(self, slot, contents, offset):
        return os.pwrite(self.handles[slot], contents, offset)

    def append(self, slot, contents):
        handle = self.handles[slot]
        os.pwrite(handle, contents, os.fstat(handle).st_size)

    def resize(self, slot, size):
        os.ftruncate(self.handles[slot], size)

    def describe(self, status):
        kind = {stat.S_IFDIR: "directory", stat.S_IFLNK: "link", stat.S_IFREG: "file"}[stat.S_IFMT(status.st_mode)]
        return (kind, 0, 0) if kind == "directory" else (kind, status.st_size, status.st_nlink)

    def stat(self, slot):
        return self.describe(os.fstat(self.handles[slot]))

    def stat_at(self, directory, path, follow):
        return self.describe(os.stat(path, dir_fd=self.handles[directory], follow_symlinks=follow))

    def same(self, directory, path, other, other_path):
        left = os.stat(path, dir_fd=self.handles[directory])
        right = os.stat(other_path, dir_fd=self.handles[other])
        return os.path.samestat(left, right)

    def list(self, slot):
        handle = os.dup(self.handles[slot])
        try:
            names = os.listdir(handle)
        finally:
            os.close(handle)
        return sorted(name.encode() for name in names)

    def mkdir(self, directory, path):
        os.mkdir(path, dir_fd=self.handles[directory])

    def rmdir(self, directory, path):
        os.rmdir(path, dir_fd=self.handles[directory])

    def unlink(self, directory, path):
        os.unlink(path, dir_fd=self.handles[directory])

    def rename(self, directory, path, other, other_path):
        os.rename(path, other_path, src_dir_fd=self.handles[directory], dst_dir_fd=self.handles[other])

    def link(self, directory, path, other, other_path, follow):
        os.link(
            path, other_path, src_dir_fd=self.handles[directory], dst_dir_fd=self.handles[other],
            follow_symlinks=follow)

    def symlink(self, target, directory, path):
        os.symlink(target, path, dir_fd=self.handles[directory])

    def readlink(self, directory, path):
        return os.readlink(path, dir_fd=self.handles[directory]).encode()

    def utime(self, directory, path, accessed, modified, follow):
        os.utime(path, ns=(accessed, modified), dir_fd=self.handles[directory], follow_symlinks=follow)

    def times(self, directory, path, follow):
        status = os.stat(path, dir_fd=self.handles[directory], follow_symlinks=follow)
        return status.st_mtime_ns

    def tree(self):
        result = {}
        for path, directories, files in os.walk("/"):
            for name in directories + files:
                full = os.path.join(path, name)
                status = os.lstat(full)
                entry = self.describe(status)
                if entry[0] == "link":
                    entry += (os.readlink(full).encode(),)
                elif entry[0] == "file":
                    with open(full, "rb") as file:
                        entry += (file.read(),)
                result[full.encode()] = entry
        return result


def become_able_to_change_root():
    """Without being root already, enters a user namespace of Linux, in which one is."""
    if os.geteuid() == 0:
        return
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(0x10000000) != 0:
        raise SystemExit("this test changes its root directory, which needs root or the user namespaces of Linux")
    for file, text in [("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")]:
        with open(f"/proc/self/{file}", "w") as handle:
            handle.write(text)


class Virtual:
    """The same operations on GuestWASI."""

    def __init__(self):
        self.guest = guest.Guest()
        self.handles = {0: self.guest.root}

    def do(self, operation, *arguments):
        try:
            return ("ok", getattr(self, operation)(*arguments))
        except Failure as failure:
            return ("error", failure.name)

    def open(self, slot, directory, path, open_flags, flags, follow):
        self.handles[slot] = self.guest.open(self.handles[directory], path, open_flags, flags, follow)

    def close(self, slot):
        self.guest.close(self.handles.pop(slot))

    def read(self, slot, length, offset):
        return self.guest.read(self.handles[slot], length, offset)[0]

    def write(self, slot, contents, offset):
        return self.guest.write(self.handles[slot], contents, offset)

    def append(self, slot, contents):
        stream = self.guest.append_stream(self.handles[slot])
        try:
            self.guest.stream_write(stream, contents)
        finally:
            self.guest.drop_output(stream)

    def resize(self, slot, size):
        self.guest.resize(self.handles[slot], size)

    def describe(self, status):
        kind = status["kind"]
        return (kind, 0, 0) if kind == "directory" else (kind, status["size"], status["links"])

    def stat(self, slot):
        return self.describe(self.guest.stat(self.handles[slot]))

    def stat_at(self, directory, path, follow):
        return self.describe(self.guest.stat_at(self.handles[directory], path, follow))

    def same(self, directory, path, other, other_path):
        left = self.guest.identity_at(self.handles[directory], path)
        return left == self.guest.identity_at(self.handles[other], other_path)

    def list(self, slot):
        return sorted(name for name, _ in self.guest.list(self.handles[slot]))

    def mkdir(self, directory, path):
        self.guest.mkdir(self.handles[directory], path)

    def rmdir(self, directory, path):
        self.guest.rmdir(self.handles[directory], path)

    def unlink(self, directory, path):
        self.guest.unlink(self.handles[directory], path)

    def rename(self, directory, path, other, other_path):
        self.guest.rename(self.handles[directory], path, self.handles[other], other_path)

    def link(self, directory, path, other, other_path, follow):
        self.guest.link(self.handles[directory], path, self.handles[other], other_path, follow)

    def symlink(self, target, directory, path):
        self.guest.symlink(target, self.handles[directory], path)

    def readlink(self, directory, path):
        return self.guest.readlink(self.handles[directory], path)

    def utime(self, directory, path, accessed, modified, follow):
        self.guest.set_times_at(self.handles[directory], path, accessed, modified, follow)

    def times(self, directory, path, follow):
        return self.guest.stat_at(self.handles[directory], path, follow)["modified"]

    def tree(self):
        result = {}
        self.walk(self.guest.root, b"/", result)
        return result

    def walk(self, handle, path, result):
        for name, kind in self.guest.list(handle):
            text = name.decode()
            full = path + name
            status = self.guest.stat_at(handle, text, follow=False)
            assert status["kind"] == kind
            entry = self.describe(status)
            if kind == "link":
                entry += (self.guest.readlink(handle, text),)
            else:
                child = self.guest.open(handle, text, DIRECTORY if kind == "directory" else 0)
                if kind == "directory":
                    self.walk(child, full + b"/", result)
                else:
                    entry += (self.guest.read_all(child),)
                self.guest.close(child)
            result[full] = entry


class Choices:
    """Random operations that are likely to collide, and some odd ones."""

    NAMES = ["a", "b", "c", "d", "\u00e9", "x" * 255]
    ODD = [".", "..", "", "x" * 256, "a\n", "..."]

    def __init__(self, random_, directories, files):
        self.random = random_
        self.directories = directories
        self.files = files

    def path(self):
        r = self.random
        parts = [r.choice(self.ODD if r.random() < 0.12 else self.NAMES) for _ in range(r.choice([1, 1, 1, 2, 2, 3]))]
        path = r.choice(["/", "/", "/", "//"]).join(parts)
        if r.random() < 0.1:
            path += "/" * r.choice([1, 2])
        # An absolute path is not permitted to guests, so it is not compared.
        return path.lstrip("/")

    def target(self):
        path = self.path()
        return "/" + path if self.random.random() < 0.3 else path

    def directory(self):
        r = self.random
        return r.choice(self.directories) if self.directories and r.random() < 0.5 else 0

    def operation(self, slot):
        r = self.random
        file = r.choice(self.files) if self.files else None
        handle = r.choice(self.files + self.directories + [0])
        data = r.randbytes(r.choice([0, 1, 10, 100, 5000, 16384, 16385, 40000]))
        offset = r.choice([0, 0, 1, 50, 4096, 16000, 16384, 33000, 70000])
        makers = [
            (30, lambda: self.opening(slot)),
            (12, lambda: ("mkdir", self.directory(), self.path())),
            (8, lambda: ("rmdir", self.directory(), self.path())),
            (8, lambda: ("unlink", self.directory(), self.path())),
            (14, lambda: ("rename", self.directory(), self.path(), self.directory(), self.path())),
            (8, lambda: ("link", self.directory(), self.path(), self.directory(), self.path(), r.random() < 0.5)),
            (12, lambda: ("symlink", self.target(), self.directory(), self.path())),
            (5, lambda: ("readlink", self.directory(), self.path())),
            (10, lambda: ("stat_at", self.directory(), self.path(), r.random() < 0.5)),
            (4, lambda: ("same", self.directory(), self.path(), self.directory(), self.path())),
            (4, lambda: ("list", handle)),
            (3, lambda: ("stat", handle)),
            (2, lambda: ("utime", self.directory(), self.path(), r.randrange(2**61), r.randrange(2**61), True)),
        ]
        if file is not None:
            makers += [
                (14, lambda: ("write", file, data, offset)),
                (6, lambda: ("append", file, data)),
                (10, lambda: ("read", file, r.choice([0, 1, 1000, 50000]), offset)),
                (6, lambda: ("resize", file, offset)),
            ]
        return r.choices([maker for _, maker in makers], [weight for weight, _ in makers])[0]()

    def opening(self, slot):
        r = self.random
        flags = r.choice([READ, WRITE, READ | WRITE])
        open_flags = 0
        if r.random() < 0.5:
            open_flags |= CREATE
        elif r.random() < 0.3:
            open_flags |= DIRECTORY
        if r.random() < 0.15:
            open_flags |= TRUNCATE
        if open_flags & CREATE and r.random() < 0.2:
            open_flags |= EXCLUSIVE
        return ("open", slot, self.directory(), self.path(), open_flags, flags, r.random() < 0.8)


def serve(connection, path):
    real = Real(path)
    while True:
        message = connection.recv()
        if message is None:
            return
        connection.send(real.do(*message))


def same_result(operation, real, virtual):
    if real == virtual:
        return True
    name = operation[0]
    # Linux reads directories with EISDIR but tells a descriptor without the right apart first; either is fine.
    if name in ("read", "append", "write") and real[0] == virtual[0] == "error":
        return {real[1], virtual[1]} <= {"EISDIR", "EBADF"}
    return False


def run(seed, count):
    path = tempfile.mkdtemp(prefix="terrarium-model-")
    os.chmod(path, 0o777)
    parent, child = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(child, path))
    process.start()
    child.close()
    virtual = Virtual()
    kinds = {}
    tally = {"ok": 0, "error": 0}
    log = []

    def both(*operation):
        parent.send(operation)
        mine = virtual.do(*operation)
        try:
            real = parent.recv()
        except EOFError:
            raise SystemExit("the other side ended")
        log.append((operation, real))
        tally[real[0]] += 1
        if not same_result(operation, real, mine):
            for line in log[-12:]:
                print("   ", line)
            raise SystemExit(f"seed {seed}, step {len(log)}: {operation!r}\n  real    {real!r}\n  virtual {mine!r}")
        return real

    try:
        random_ = random.Random(seed)
        slot = 0
        for step in range(count):
            choices = Choices(
                random_, [s for s, kind in kinds.items() if kind == "directory"],
                [s for s, kind in kinds.items() if kind == "file"])
            slot += 1
            operation = choices.operation(slot)
            result = both(*operation)
            if operation[0] == "open" and result[0] == "ok":
                kinds[slot] = both("stat", slot)[1][0]
            if operation[0] == "utime" and result[0] == "ok":
                both("times", operation[1], operation[2], True)
            if len(kinds) > 12 or (kinds and random_.random() < 0.05):
                victim = random_.choice(sorted(kinds))
                del kinds[victim]
                both("close", victim)
            if step % 500 == 499:
                both("tree")
        both("tree")
        for slot in sorted(kinds):
            both("close", slot)
        parent.send(None)
        process.join()
        check_usage(virtual)
    finally:
        process.kill()
        shutil.rmtree(path, ignore_errors=True)
    return tally


def check_usage(virtual):
    """Nothing is leaked: after everything is removed, nothing counts."""
    tree = virtual.tree()
    for path in sorted(tree, key=len, reverse=True):
        remove = virtual.guest.rmdir if tree[path][0] == "directory" else virtual.guest.unlink
        remove(virtual.guest.root, path.decode().lstrip("/"))
    usage = virtual.guest.usage()
    assert usage["bytes"] == 0 and usage["nodes"] == 0 and usage["handles"] == 1, usage


if __name__ == "__main__":
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    print(f"seed {seed}: {run(seed, count)}")
