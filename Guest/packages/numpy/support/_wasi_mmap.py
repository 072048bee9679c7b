# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What numpy.memmap uses of the standard library's `mmap`, for WASI, which cannot map files.

A "map" is a copy of a part of the file. With ACCESS_WRITE it is written back by `flush`, and when nothing refers to it
any more. So unlike with a real map:

- the whole part is read at once, and takes memory;
- others see a change only after `flush`, and changes by others are never seen;
- `flush` writes the whole part, also what did not change.
"""

import os

ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = 1, 2, 3
ALLOCATIONGRANULARITY = 65536


class _ReadOnly(bytes):
    def flush(self):
        pass

    def close(self):
        pass


class _Copy(bytearray):
    def flush(self):
        pass

    def close(self):
        pass


class _Written(bytearray):
    _file = None

    def flush(self):
        file = self._file
        if file is None or file.closed:
            return
        place = file.tell()
        file.seek(self._offset)
        rest = memoryview(self)
        while rest:
            rest = rest[file.write(rest) or 0 :]
        file.flush()
        file.seek(place)

    def close(self):
        if self._file is not None:
            self.flush()
            if self._owned:
                self._file.close()
            self._file = None

    def __del__(self):
        self.close()


def mmap(file, length, access=ACCESS_WRITE, offset=0):
    """Read `length` bytes at `offset`, or all from there if that is 0. What is beyond the end of the file is an error.

    Takes the open file itself: a bare descriptor could not be kept open (WASI has no dup).
    """
    place = file.tell()
    if length == 0:
        length = file.seek(0, 2) - offset
        if length <= 0:
            raise ValueError("cannot mmap an empty file")
    file.seek(offset)
    if access == ACCESS_READ:
        content = _ReadOnly(file.read(length))
    else:
        content = (_Written if access == ACCESS_WRITE else _Copy)(length)
        view, count = memoryview(content), 0
        while count < length and (step := file.readinto(view[count:])):
            count += step
        view.release()
        del content[count:]
    file.seek(place)
    if len(content) < length:
        raise ValueError("mmap length is greater than file size")
    if access == ACCESS_WRITE:
        content._offset = offset
        content._file, content._owned = _own(file)
    return content


def _own(file):
    """A descriptor that lives as long as the map; the caller's own file if there is no other way to the same file."""
    name = getattr(file, "name", None)
    if isinstance(name, (str, bytes)):
        try:
            own = open(name, "r+b", buffering=0)
        except OSError:
            return file, False
        if os.path.samestat(os.fstat(own.fileno()), os.fstat(file.fileno())):
            return own, True
        own.close()
    return file, False
