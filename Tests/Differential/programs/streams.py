# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### StringIO
import io
s = io.StringIO("first\nsecond\n")
print(s.readline(), end="")
#### continued
print(s.tell(), s.read(), s.seek(0, 2), s.write("third"), s.getvalue(), s.truncate(5), s.getvalue())
s.close()
try:
    s.read()
except ValueError as error:
    print(error)

#### BytesIO
import io
b = io.BytesIO(b"0123456789")
view = b.getbuffer()
view[0:2] = b"ab"
#### continued
try:
    b.write(b"x" * 100)
except BufferError as error:
    print(error)
view.release()
b.seek(8)
b.write(b"XYZ")
print(b.getvalue(), b.read(), b.seek(-3, 1), b.readinto(bytearray(2)), b.readable(), b.seekable())

#### Text over bytes
import io
raw = io.BytesIO()
t = io.TextIOWrapper(raw, encoding="utf-16-le", newline="\r\n", write_through=True)
t.write("a\nü")
#### continued
print(raw.getvalue(), t.encoding, t.line_buffering)
t.seek(0)
print(repr(t.read(1)), t.tell() > 0, repr(t.read()))
b = t.detach()
print(b is raw)
try:
    t.read()
except ValueError as error:
    print(error)

#### Telling and seeking in text
import io
open("t", "w", encoding="utf-8").write("äöü\nline two\n𝄞\n")
f = open("t", encoding="utf-8")
f.readline()
place = f.tell()
#### continued
print(f.read(4))
f.seek(place)
print(f.readline(), end="")
try:
    f.seek(1, 1)
except io.UnsupportedOperation as error:
    print(error)
next(f)
print(list(f))

#### Raw streams of one's own
import io
class Source(io.RawIOBase):
    def __init__(self, data): self.data = data
    def readable(self): return True
    def readinto(self, b):
        chunk, self.data = self.data[:min(len(b), 3)], self.data[min(len(b), 3):]
        b[:len(chunk)] = chunk
        return len(chunk)
r = io.BufferedReader(Source(b"abcdefgh\nij"), 4)
print(r.read(2), r.peek(1)[:1])
#### continued
print(r.readline(), r.read1(10), r.read())
print(list(io.TextIOWrapper(io.BufferedReader(Source(b"x\ny")))))

#### Buffered writing
import io
class Sink(io.RawIOBase):
    got = []
    def writable(self): return True
    def write(self, b):
        self.got.append(bytes(b[:4]))
        return len(self.got[-1])
w = io.BufferedWriter(Sink(), 8)
w.write(b"abc")
#### continued
print(Sink.got)
w.write(b"defghijkl")
w.flush()
print(Sink.got)
pair = io.BufferedRWPair(io.BytesIO(b"in"), io.BytesIO())
print(pair.read(), pair.write(b"out"))

#### Mistakes with streams
import io
f = open("f", "w")
#### continued
calls = [f.read, lambda: f.write(b"x"), lambda: open("f", "rw"), lambda: open("f", "rb", encoding="utf-8"),
    lambda: open("f", "r", 0), lambda: io.StringIO(b"x"), lambda: io.BytesIO().write("x"),
        lambda: open("f").write("x"), lambda: open(5.5)]
for call in calls:
    try:
        call()
    except (ValueError, TypeError, OSError) as error:
        print(type(error).__name__, error)

#### Decoders in steps
import codecs, io
d = codecs.getincrementaldecoder("utf-8")("replace")
print(repr(d.decode(b"\xe2\x82")))
#### continued
print(repr(d.decode(b"\xac\xff")), d.getstate(), repr(d.decode(b"\xc3", True)))
n = io.IncrementalNewlineDecoder(None, True)
print(repr(n.decode("a\r")), repr(n.decode("\nb\rc")), n.newlines)
r = codecs.getreader("latin-1")(io.BytesIO(b"\xe9t\xe9"))
print(r.read())

#### Lines from several files
import fileinput
open("1", "w").write("a\nb\n")
open("2", "w").write("c\n")
f = fileinput.input(["1", "2"])
print(next(f), f.filename(), f.lineno())
#### continued
print([(f.filename(), f.filelineno(), line) for line in f])
f.close()
with fileinput.input("1", inplace=True) as f:
    for line in f:
        print(line.upper(), end="")
print(open("1").read())

#### Standard streams
import sys
print(sys.stdout.encoding, sys.stdout.writable(), sys.stdin.readable(), sys.stdout.fileno(), sys.stderr.errors)
#### continued
sys.stdout.buffer.write(b"bytes\n")
print("é", file=sys.stdout)
old, sys.stdout = sys.stdout, open("captured", "w")
print("hidden")
sys.stdout.close()
sys.stdout = old
print(open("captured").read())

#### Standard input is empty
import sys
#### continued
try:
    input("? ")
except EOFError as error:
    print("end")

#### Reading a file backwards and in blocks
with open("f", "w") as f:
    f.write("\n".join(map(str, range(1000))))
def tail(name, n):
    with open(name, "rb") as f:
        f.seek(0, 2)
        size, data = f.tell(), b""
        while size and data.count(b"\n") < n:
            step = min(64, size)
            size -= step
            f.seek(size)
            data = f.read(step) + data
        return data.decode().split("\n")[-n:]
#### continued
print(tail("f", 3), sum(len(b) for b in iter(lambda f=open("f", "rb"): f.read(100), b"")))
