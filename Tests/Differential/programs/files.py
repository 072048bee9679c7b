# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### A text file is written, then read
with open("notes.txt", "w") as f:
    for n in range(5):
        print("line", n, file=f)
#### continued
print(open("notes.txt").read())
print(open("notes.txt").readlines()[3:])

#### A file stays open
f = open("log", "w+")
f.write("first ")
#### continued
f.write("second")
print(f.tell())
f.seek(0)
print(f.read())
f.close()
print(f.closed)

#### Binary data of every byte
data = bytes(range(256)) * 17
with open("b", "wb") as f:
    print(f.write(data))
#### continued
with open("b", "rb") as f:
    print(f.read(10), f.tell(), f.seek(-3, 2), f.read(), f.read())
print(open("b", "rb").read() == data)

#### Appending goes to the end whatever the position
#### differs: wasi-libc goes to the end of a file that is open for appending whenever it seeks, so nothing is read there
with open("a", "w") as f:
    f.write("one\n")
f = open("a", "a+")
f.seek(0)
print(f.read())
f.seek(0)
f.write("two\n")
#### continued
f.seek(0)
f.write("three\n")
f.close()
print(open("a").read())

#### Exclusive creation
open("x", "x").close()
#### continued
try:
    open("x", "x")
except FileExistsError as error:
    print(type(error).__name__, error.filename)

#### Reading and writing at one position
with open("rw", "wb") as f:
    f.write(b"0123456789")
f = open("rw", "r+b")
print(f.read(3))
#### continued
f.seek(f.tell())
f.write(b"abc")
f.seek(0)
print(f.read())

#### Truncating shortens and lengthens
f = open("t", "w+b")
f.write(b"hello world")
f.truncate(5)
#### continued
f.flush()
f.seek(0)
print(f.read())
f.truncate(8)
f.seek(0)
print(f.read(), f.tell())

#### A hole reads as zeros
import os
with open("hole", "wb") as f:
    f.seek(5000)
    f.write(b"end")
#### continued
print(os.path.getsize("hole"), open("hole", "rb").read().count(0))

#### Unbuffered writing
f = open("raw", "wb", buffering=0)
print(f.write(b"abc"), type(f).__name__)
#### continued
print(f.write(b"def"), open("raw", "rb").read())

#### Line buffering
f = open("lines", "w", buffering=1)
f.write("whole\nhalf")
print(repr(open("lines").read()))
#### continued
f.write("\n")
print(repr(open("lines").read()))

#### Newlines are translated as asked
with open("n", "wb") as f:
    f.write(b"a\r\nb\rc\nd")
print(open("n").readlines())
#### continued
print(open("n", newline="").readlines())
print(open("n", newline="\r").readlines())
f = open("m", "w", newline="\r\n")
f.write("1\n2\n")
f.close()
print(open("m", "rb").read())

#### Encodings and their errors
with open("latin", "w", encoding="latin-1") as f:
    f.write("café")
#### continued
print(open("latin", "rb").read())
try:
    open("latin", encoding="utf-8").read()
except UnicodeDecodeError as error:
    print(error.reason, error.start)
print(open("latin", encoding="utf-8", errors="replace").read())
print(ascii(open("latin", encoding="utf-8", errors="surrogateescape").read()))

#### UTF-16 with a mark of its byte order
with open("u16", "w", encoding="utf-16") as f:
    f.write("añ𝄞")
#### continued
data = open("u16", "rb").read()
print(data[:2] in (b"\xff\xfe", b"\xfe\xff"), len(data))
print(open("u16", encoding="utf-16").read())

#### A directory is not a file
import os
os.mkdir("d")
#### continued
for mode in "r", "w":
    try:
        open("d", mode)
    except OSError as error:
        print(type(error).__name__, error.strerror)

#### A missing file
name = "nowhere/file"
#### continued
try:
    open(name)
except FileNotFoundError as error:
    import errno
    print(error.errno == errno.ENOENT, error.filename, error.strerror)

#### Iterating over the lines of a file halfway
with open("many", "w") as f:
    f.writelines(f"{n}\n" for n in range(10000))
lines = iter(open("many"))
print(next(lines), next(lines))
#### continued
print(sum(map(int, lines)))

#### Two handles see each other's data
#### differs unlinked: wasi-libc keeps a stream that came to its end, which Wasmtime's WASI then takes for closed
a = open("shared", "w+")
b = open("shared", "r")
a.write("from a")
a.flush()
#### continued
print(b.read())
a.write(", more")
a.flush()
print(b.read())

#### readinto and readinto1
with open("r", "wb") as f:
    f.write(b"abcdefghij")
f = open("r", "rb")
buffer = bytearray(4)
#### continued
print(f.readinto(buffer), buffer)
print(f.readinto1(memoryview(buffer)[1:3]), buffer)
print(f.peek()[:2], f.read())

#### An unlinked file stays readable while open
import os
f = open("gone", "w+")
f.write("still here")
f.flush()
os.unlink("gone")
#### continued
f.seek(0)
print(f.read(), os.path.exists("gone"), [n for n in os.listdir(".") if n not in ("dev", "home", "tmp")])

#### File descriptors
import os
fd = os.open("fd", os.O_RDWR | os.O_CREAT, 0o600)
print(os.write(fd, b"0123456789"))
#### continued
print(os.lseek(fd, 2, os.SEEK_SET), os.read(fd, 3), os.pread(fd, 2, 8), os.pwrite(fd, b"XY", 0))
os.ftruncate(fd, 6)
print(os.fstat(fd).st_size)
os.close(fd)
try:
    os.read(fd, 1)
except OSError as error:
    print(error.strerror)
print(open("fd").read())
