# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### zlib goes on in the middle of a stream
import zlib
data = b"the quick brown fox " * 500
c = zlib.compressobj(6)
out = c.compress(data[:5000])
d = zlib.decompressobj()
#### continued
out += c.compress(data[5000:]) + c.flush()
back = d.decompress(out[:50])
back += d.decompress(out[50:]) + d.flush()
print(back == data, len(out) < 500, d.eof, d.unused_data)

#### zlib: checksums, levels, raw streams
import zlib
data = bytes(range(256)) * 20
#### continued
print(zlib.crc32(data), zlib.adler32(data), zlib.crc32(b"b", zlib.crc32(b"a")) == zlib.crc32(b"ab"))
for level in 0, 1, 9:
    assert zlib.decompress(zlib.compress(data, level)) == data
raw = zlib.compressobj(wbits=-15)
packed = raw.compress(data) + raw.flush()
print(zlib.decompress(packed, -15) == data)
for bad in b"", b"not zlib", zlib.compress(data)[:-5]:
    try:
        zlib.decompress(bad)
    except zlib.error as error:
        print(error)

#### zlib with a limit and a dictionary
import zlib
data = b"word " * 1000
packed = zlib.compress(data)
d = zlib.decompressobj()
print(len(d.decompress(packed, 100)))
#### continued
print(len(d.decompress(d.unconsumed_tail, 50)), len(d.unconsumed_tail) > 0)
c = zlib.compressobj(zdict=b"common words here")
p = c.compress(b"common words here too") + c.flush()
print(zlib.decompressobj(zdict=b"common words here").decompress(p))

#### gzip files
import gzip
with gzip.open("f.gz", "wt", encoding="utf-8") as f:
    f.write("zeile\n" * 100 + "ü")
#### continued
with gzip.open("f.gz", "rt", encoding="utf-8") as f:
    print(f.readline(), len(f.read()))
print(gzip.decompress(gzip.compress(b"abc", mtime=0)), open("f.gz", "rb").read(2))
with gzip.open("f.gz", "ab") as f:
    f.write(b"more")
print(gzip.open("f.gz").read()[-6:])
try:
    gzip.decompress(b"xx")
except gzip.BadGzipFile as error:
    print(error)

#### A gzip file read halfway
import gzip
with gzip.open("n.gz", "wb") as f:
    for n in range(2000):
        f.write(b"%d\n" % n)
f = gzip.open("n.gz")
print(f.readline(), f.readline(), f.tell())
#### continued
print(f.readline(), f.seek(100), f.read(8), sum(1 for _ in f))

#### Zip archives
import zipfile
with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("dir/one.txt", "eins" * 100)
    z.writestr(zipfile.ZipInfo("two", (2020, 1, 2, 3, 4, 6)), b"zwei")
#### continued
z = zipfile.ZipFile("a.zip")
print(z.namelist(), z.read("two"), z.getinfo("two").date_time, z.getinfo("dir/one.txt").compress_size < 50,
      z.testzip(), zipfile.is_zipfile("a.zip"))
z.extractall("out")
print(open("out/dir/one.txt").read()[:8])
try:
    z.read("three")
except KeyError as error:
    print(error)

#### A zip archive grows across the middle
import zipfile
z = zipfile.ZipFile("g.zip", "w")
z.writestr("a", "1")
entry = z.open("b", "w")
entry.write(b"half ")
#### continued
entry.write(b"whole")
entry.close()
z.close()
with zipfile.ZipFile("g.zip", "a") as z:
    z.comment = b"comment"
    z.mkdir("d")
z = zipfile.ZipFile("g.zip")
print([(i.filename, i.file_size, i.is_dir()) for i in z.infolist()], z.read("b"), z.comment)

#### Paths in a zip archive
import io, zipfile
b = io.BytesIO()
with zipfile.ZipFile(b, "w") as z:
    for name in "x/1.txt", "x/y/2.txt", "3.md":
        z.writestr(name, name)
#### continued
p = zipfile.Path(zipfile.ZipFile(b))
print(sorted(e.name for e in p.iterdir()), (p / "x" / "1.txt").read_text(), sorted(e.at for e in p.glob("**/*.txt")),
      (p / "no").exists())
try:
    zipfile.ZipFile(io.BytesIO(b"not a zip"))
except zipfile.BadZipFile as error:
    print(error)

#### Tar archives
import io, tarfile
with tarfile.open("t.tar.gz", "w:gz") as t:
    info = tarfile.TarInfo("d/f.txt")
    info.size, info.mtime = 5, 1000
    t.addfile(info, io.BytesIO(b"hello"))
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "d/f.txt"
    t.addfile(link)
#### continued
t = tarfile.open("t.tar.gz")
print([(m.name, m.size, m.isfile(), m.issym(), m.mtime) for m in t], t.extractfile("d/f.txt").read())
t.extractall("o", filter="data")
print(open("o/link").read())

#### Tar archives do not escape
import io, tarfile
b = io.BytesIO()
with tarfile.open(fileobj=b, mode="w") as t:
    for name in "../evil", "/abs", "fine":
        t.addfile(tarfile.TarInfo(name))
#### continued
b.seek(0)
t = tarfile.open(fileobj=b)
for m in t:
    try:
        t.extract(m, "o", filter="data")
        print("extracted", m.name)
    except tarfile.FilterError as error:
        print(type(error).__name__)

#### A stream of tar
import io, tarfile
b = io.BytesIO()
t = tarfile.open(fileobj=b, mode="w|")
t.addfile(tarfile.TarInfo("first"))
#### continued
long = tarfile.TarInfo("n" * 150 + "/ü")
t.addfile(long)
t.close()
b.seek(0)
print([len(m.name) for m in tarfile.open(fileobj=b, mode="r|*")])

#### What is not there says so
#### differs: the modules bz2 and lzma are not there, see Documentation/StandardLibrary.md
import shutil, tarfile
open("f", "w").close()
#### continued
for kind in "w:bz2", "w:xz":
    try:
        tarfile.open("x", kind)
        print("made", kind)
    except (tarfile.CompressionError, ImportError):
        print("no", kind)

#### Importing from a zip archive
import sys, zipfile
with zipfile.ZipFile("mods.zip", "w") as z:
    z.writestr("zipped_module.py", "answer = 42\ndef f(): return __file__[-20:]")
    z.writestr("zpack/__init__.py", "from . import inner")
    z.writestr("zpack/inner.py", "x = 'inside'")
sys.path.insert(0, "mods.zip")
import zipped_module
#### continued
import zpack
print(zipped_module.answer, zipped_module.f(), zpack.inner.x)
