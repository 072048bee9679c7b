# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mmap` in a memory that is shared with no file: a map is a copy, and what is written to it is written to the file, too.

What is written through a view of it (`memoryview`, NumPy's arrays) reaches the file with `flush`, `close`, or the map's
end. Other maps of the file do not see each other's changes.
"""

import errno
import gc
import io
import operator
import os
import sys
import weakref

ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
ALLOCATIONGRANULARITY = PAGESIZE = 4096
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MAP_SHARED, MAP_PRIVATE, MAP_ANON, MAP_ANONYMOUS = 1, 2, 32, 32
MAP_DENYWRITE, MAP_EXECUTABLE, MAP_NORESERVE, MAP_POPULATE, MAP_STACK = 0x800, 0x1000, 0x4000, 0x8000, 0x20000
MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE = 0, 1, 2, 3, 4, 8, 9
error = OSError


class _File:
    """The file behind a map, open until the map ends."""

    def __init__(self, number: int, offset: int):
        self._descriptor, self._offset, self.is_changed = os.open(_path(number), os.O_RDWR), offset, False

    def write(self, data, at: int) -> None:
        view = memoryview(data)
        while view:
            count = os.pwrite(self._descriptor, view, self._offset + at)
            view, at = view[count:], at + count

    def resize(self, size: int) -> None:
        os.ftruncate(self._descriptor, self._offset + size)

    def end(self, data: bytearray) -> None:
        if self.is_changed:
            self.write(data, 0)
        os.close(self._descriptor)


def _path(number: int) -> str:
    """The path of an open file, which only the object knows that opened it."""
    for one in gc.get_objects():
        if type(one) is io.FileIO and not one.closed and one.fileno() == number and isinstance(one.name, (str, bytes)):
            return one.name
    raise OSError(errno.ENODEV, "a sandbox maps files for writing only where open() opened them")


def _range(start, end, size: int) -> tuple[int, int]:
    return slice(start, end).indices(size)[:2]


class mmap:
    """A memory-mapped file, or memory of its own."""

    def __new__(cls, fileno, length, flags=MAP_SHARED, prot=PROT_READ | PROT_WRITE, access=ACCESS_DEFAULT, offset=0, *,
                trackfd=True):
        fileno, length, offset = operator.index(fileno), operator.index(length), operator.index(offset)
        if length < 0:
            raise OverflowError("memory mapped length must be positive")
        if offset < 0:
            raise OverflowError("memory mapped offset must be positive")
        if access != ACCESS_DEFAULT and (flags != MAP_SHARED or prot != PROT_READ | PROT_WRITE):
            raise ValueError("mmap can't specify both access and flags, prot.")
        if access not in (ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY):
            raise ValueError("mmap invalid access parameter.")
        if offset % ALLOCATIONGRANULARITY:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if access == ACCESS_READ or not prot & PROT_WRITE:
            is_writable, is_shared = False, False
        else:
            is_writable, is_shared = True, access != ACCESS_COPY and bool(flags & MAP_SHARED)
        self = super().__new__(cls)
        self._file, self._exports, self._position, self._offset = None, 0, 0, offset
        self._is_writable, self._access, self._is_closed = is_writable, access, False
        self._descriptor, self._is_tracked = fileno, bool(trackfd)
        if fileno == -1 or flags & MAP_ANON:
            if not length:
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            self._data, self._descriptor = bytearray(length), -1
            return self
        size = os.fstat(fileno).st_size
        if not length:
            if not size:
                raise ValueError("cannot mmap an empty file")
            if offset >= size:
                raise ValueError("mmap offset is greater than file size")
            length = size - offset
        elif offset > size or length > size - offset:
            raise ValueError("mmap length is greater than file size")
        self._data = bytearray(length)
        got = 0
        while got < length and (piece := os.pread(fileno, min(length - got, 1 << 20), offset + got)):
            self._data[got : got + len(piece)] = piece
            got += len(piece)
        if is_shared:
            self._file = _File(fileno, offset)
            self._finish = weakref.finalize(self, self._file.end, self._data)
        return self

    def __init__(self, *arguments, **named):
        pass

    def _check(self) -> None:
        if self._is_closed:
            raise ValueError("mmap closed or invalid")

    def _check_writable(self) -> None:
        self._check()
        if not self._is_writable:
            raise TypeError("mmap can't modify a readonly memory map.")

    def _check_resizable(self) -> None:
        if self._exports:
            raise BufferError("mmap can't resize with extant buffers exported.")
        if not self._is_tracked:
            raise ValueError("mmap can't resize with trackfd=False.")
        if not self._is_writable or self._access == ACCESS_COPY or self._file is None and self._descriptor != -1:
            raise TypeError("mmap can't resize a readonly or copy-on-write memory map.")

    def _changed(self, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(memoryview(self._data)[start:end], start)

    def __buffer__(self, flags):
        self._check()
        if flags & 1 and not self._is_writable:
            raise BufferError("Object is not writable.")
        self._exports += 1
        if self._file is not None:
            self._file.is_changed = True
        view = memoryview(self._data)
        return view if self._is_writable else view.toreadonly()

    def __release_buffer__(self, view):
        self._exports -= 1
        view.release()

    def __len__(self):
        self._check()
        return len(self._data)

    def _key(self, key):
        if isinstance(key, slice):
            return slice(*self._numbers(key.start, key.stop, key.step))
        if not hasattr(key, "__index__"):
            raise TypeError("mmap indices must be integers")
        return self._numbers(key)[0]

    def _numbers(self, *values):
        """Plain numbers, taken before anything else since taking them may run the program's code, which closes the map."""
        self._check()
        taken = [None if one is None else operator.index(one) for one in values]
        self._check()
        return taken

    def __getitem__(self, key):
        key = self._key(key)
        try:
            made = self._data[key]
        except IndexError:
            raise IndexError("mmap index out of range") from None
        return made if isinstance(made, int) else bytes(made)

    def __setitem__(self, key, value):
        self._check_writable()
        key = self._key(key)
        if isinstance(key, slice):
            data = memoryview(value).cast("B")
            self._check()
            start, stop, step = key.indices(len(self._data))
            if len(data) != len(range(start, stop, step)):
                raise IndexError("mmap slice assignment is wrong size")
            self._data[key] = data
            touched = range(start, stop, step)
            if touched:
                self._changed(min(touched[0], touched[-1]), max(touched[0], touched[-1]) + 1)
            return
        if not hasattr(value, "__index__"):
            raise TypeError("mmap item value must be an int")
        value = operator.index(value)
        self._check()
        if not 0 <= value <= 255:
            raise ValueError("mmap item value must be in range(0, 256)")
        if not -len(self._data) <= key < len(self._data):
            raise IndexError("mmap index out of range")
        self._data[key] = value
        self._changed(key % len(self._data), key % len(self._data) + 1)

    def __delitem__(self, key):
        raise TypeError("mmap object doesn't support item deletion")

    def __iter__(self):
        return (self[index : index + 1] for index in range(len(self)))

    def __contains__(self, item):
        return item in self._data

    def __repr__(self):
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        if self._is_closed:
            return f"<{name} closed=True>"
        access = ("ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY")[self._access]
        return (f"<{name} closed=False, access={access}, length={len(self._data)}, pos={self._position}, "
                f"offset={self._offset}>")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *error):
        self.close()

    @property
    def closed(self):
        return self._is_closed

    def close(self):
        """Close the map, and write what is not in the file yet."""
        if self._exports:
            raise BufferError("cannot close exported pointers exist")
        if not self._is_closed and self._file is not None:
            self._finish()
        self._is_closed, self._file, self._data = True, None, bytearray()

    def flush(self, offset=0, size=None, *, flags=None):
        """Write the bytes to the file."""
        self._check()
        size = len(self._data) - offset if size is None else size
        if size < 0 or offset < 0 or len(self._data) - offset < size:
            raise ValueError("flush values out of range")
        self._changed(offset, offset + size)

    def find(self, sub, start=None, end=None, /):
        """Return the lowest index where the bytes are found."""
        start, end = self._numbers(start, end)
        return self._data.find(sub, *_range(self._position if start is None else start, end, len(self._data)))

    def rfind(self, sub, start=None, end=None, /):
        """Return the highest index where the bytes are found."""
        start, end = self._numbers(start, end)
        return self._data.rfind(sub, *_range(self._position if start is None else start, end, len(self._data)))

    def madvise(self, option, start=0, length=None, /):
        """Take advice about the memory, which changes nothing."""
        self._check()
        if not 0 <= start < len(self._data):
            raise ValueError("madvise start out of bounds")
        if length is not None and (length := operator.index(length)) < 0:
            raise ValueError("madvise length invalid")
        if length is not None and start + length > sys.maxsize:
            raise OverflowError("madvise length too large")

    def move(self, dest, src, count, /):
        """Copy bytes within the map."""
        self._check_writable()
        (dest, src, count), size = self._numbers(dest, src, count), len(self._data)
        if min(dest, src, count) < 0 or size - dest < count or size - src < count:
            raise ValueError("source, destination, or count out of range")
        self._data[dest : dest + count] = self._data[src : src + count]
        self._changed(dest, dest + count)

    def read(self, n=None, /):
        """Read bytes from the position."""
        n, = self._numbers(n)
        end = len(self._data) if n is None or n < 0 else min(len(self._data), self._position + n)
        made = bytes(self._data[self._position : end])
        self._position += len(made)
        return made

    def read_byte(self):
        """Read a byte from the position, as an integer."""
        self._check()
        if self._position >= len(self._data):
            raise ValueError("read byte out of range")
        self._position += 1
        return self._data[self._position - 1]

    def readline(self):
        """Read up to the end of a line."""
        self._check()
        return self.read((self._data.find(b"\n", self._position) + 1 or len(self._data)) - self._position)

    def resize(self, newsize, /):
        """Resize the map, and the file behind it."""
        self._check()
        self._check_resizable()
        if newsize < 0:
            raise ValueError("new size out of range")
        if not newsize:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if self._file is not None:
            self._file.resize(newsize)
        if newsize < len(self._data):
            del self._data[newsize:]
        else:
            self._data.extend(bytes(newsize - len(self._data)))

    def seek(self, pos, whence=0, /):
        """Change the position."""
        self._check()
        if whence not in (0, 1, 2):
            raise ValueError("unknown seek type")
        place = operator.index(pos) + (0, self._position, len(self._data))[whence]
        if not 0 <= place <= len(self._data):
            raise ValueError("seek out of range")
        self._position = place
        return place

    def size(self):
        """Return the size of the file, or of the map where there is none."""
        self._check()
        if not self._is_tracked:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if self._file is not None:
            return os.fstat(self._file._descriptor).st_size
        return len(self._data) if self._descriptor == -1 else os.fstat(self._descriptor).st_size

    def seekable(self):
        """Whether the position can be changed, which it can."""
        return True

    def tell(self):
        """Return the position."""
        self._check()
        return self._position

    def write(self, bytes, /):  # noqa: A002
        """Write bytes at the position."""
        self._check_writable()
        data = memoryview(bytes).cast("B")
        if len(data) > len(self._data) - self._position:
            raise ValueError("data out of range")
        start, self._position = self._position, self._position + len(data)
        self._data[start : self._position] = data
        self._changed(start, self._position)
        return len(data)

    def write_byte(self, byte, /):
        """Write a byte at the position."""
        self._check_writable()
        byte, = self._numbers(byte)
        if self._position >= len(self._data):
            raise ValueError("write byte out of range")
        self._data[self._position] = byte
        self._position += 1
        self._changed(self._position - 1, self._position)
