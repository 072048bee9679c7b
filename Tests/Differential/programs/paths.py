# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Making and removing directories
import os
os.makedirs("a/b/c")
os.mkdir("a/d")
#### continued
print(sorted(os.listdir("a")))
os.removedirs("a/b/c")
print(sorted(os.listdir("a")))
try:
    os.makedirs("a/d")
except FileExistsError:
    print("exists")
os.makedirs("a/d", exist_ok=True)

#### A directory that is not empty is not removed
import os
os.mkdir("full")
open("full/f", "w").close()
#### continued
try:
    os.rmdir("full")
except OSError as error:
    print(error.strerror)
os.remove("full/f")
os.rmdir("full")
print(os.path.exists("full"))

#### Walking a tree up and down
import os
for path in "t/a", "t/b/c", "t/d":
    os.makedirs(path)
for path in "t/1", "t/a/2", "t/b/c/3":
    open(path, "w").close()
#### continued
for top, folders, files in os.walk("t"):
    folders.sort()
    print(top, folders, sorted(files))
for top, folders, files in os.walk("t", topdown=False):
    print(len(folders), sorted(files)) if "c" in top else None

#### scandir tells kinds and sizes
import os
os.mkdir("s")
open("s/file", "w").write("12345")
os.mkdir("s/dir")
os.symlink("file", "s/link")
#### continued
with os.scandir("s") as entries:
    for e in sorted(entries, key=lambda e: e.name):
        print(e.name, e.is_file(), e.is_dir(), e.is_symlink(), e.path)
print([e.stat().st_size for e in os.scandir("s") if e.name == "file"])

#### Renaming replaces
import os
def here(): return [name for name in os.listdir(".") if name not in ("dev", "home", "tmp")]
open("old", "w").write("old")
open("new", "w").write("new")
os.rename("old", "new")
#### continued
print(here(), open("new").read())
os.replace("new", "newer")
print(here())

#### Renaming directories
import os
os.makedirs("from/inner")
open("from/inner/f", "w").write("moved")
os.rename("from", "to")
#### continued
print(open("to/inner/f").read())
os.mkdir("other")
try:
    os.rename("other", "to")
except OSError as error:
    print(error.strerror)
try:
    os.rename("to", "to/inner/x")
except OSError as error:
    print(error.strerror)

#### Symbolic links
import os
def here(): return [name for name in os.listdir(".") if name not in ("dev", "home", "tmp")]
open("target", "w").write("pointed at")
os.symlink("target", "link")
os.symlink("nowhere", "dangling")
#### continued
print(open("link").read(), os.readlink("link"), os.path.islink("link"), os.path.exists("dangling"),
      os.path.lexists("dangling"))
print(os.lstat("link").st_size, os.stat("link").st_size)
os.remove("link")
print(sorted(here()))

#### Links in a circle
import os
os.symlink("b", "a")
os.symlink("a", "b")
#### continued
try:
    open("a")
except OSError as error:
    import errno
    print(error.errno == errno.ELOOP)

#### Hard links
import os
open("one", "w").write("1")
os.link("one", "two")
print(os.stat("one").st_nlink, os.path.samefile("one", "two"))
#### continued
open("two", "a").write("2")
print(open("one").read())
os.remove("one")
print(open("two").read(), os.stat("two").st_nlink)

#### Times of files
import os
open("f", "w").close()
os.utime("f", (1000.25, 2000.5))
#### continued
s = os.stat("f")
print(s.st_atime, s.st_mtime, s.st_mtime_ns, os.path.getmtime("f"))
os.utime("f", ns=(1, 2_000_000_003))
print(os.stat("f").st_mtime_ns)

#### Joining and splitting paths
import os.path as p
parts = ["/usr", "lib/../share", "doc.txt"]
joined = p.join(*parts)
#### continued
print(joined, p.normpath(joined), p.split(joined), p.splitext(joined), p.basename(joined), p.dirname(joined))
print(p.commonpath(["/a/b/c", "/a/b/d"]), p.commonprefix(["abcd", "abxy"]), p.relpath("/a/b", "/a/c"))
print(p.isabs("x"), p.isabs("/x"), p.splitroot("//h/x"))

#### glob
import glob, os
for name in "a.py", "b.py", "c.txt", ".hidden.py", "sub/d.py":
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    open(name, "w").close()
#### continued
print(sorted(glob.glob("*.py")), sorted(glob.glob("**/*.py", recursive=True)), glob.glob("[!ab].*"))
print(sorted(glob.glob("*.py", include_hidden=True)), glob.glob("?.txt", root_dir="."), glob.escape("a[b]*"))

#### fnmatch
import fnmatch
names = ["a.txt", "b.TXT", "data_1.csv", "data_12.csv"]
#### continued
print(fnmatch.filter(names, "*.txt"), fnmatch.filter(names, "data_?.csv"), fnmatch.translate("[a-c]*.t?"))
print(fnmatch.filterfalse(names, "*.csv"))

#### pathlib reads, writes, globs
from pathlib import Path
base = Path("p")
(base / "q").mkdir(parents=True)
print((base / "q" / "f.txt").write_text("häßlich", encoding="utf-8"))
#### continued
file = base / "q" / "f.txt"
print(file.read_bytes(), file.stat().st_size, file.suffix, file.stem, file.parts, file.with_suffix(".md"))
print(sorted(map(str, base.rglob("*"))), file.exists(), file.is_file(), list(file.parents))
print(file.rename(base / "g.txt"), sorted(map(str, base.iterdir())))

#### Pure paths
from pathlib import PurePosixPath, PureWindowsPath
path = PurePosixPath("/a/b/c.tar.gz")
#### continued
print(path.suffixes, path.relative_to("/a"), path.is_relative_to("/b"), path.match("*.gz"),
      path.full_match("/a/**/*.gz"))
print(path.with_name("x"), path.with_stem("d"), path / ".." / "e", path.joinpath("f", "/g"))
w = PureWindowsPath(r"C:\Users\me\file.TXT")
print(w.drive, w.root, w.anchor, w.as_posix(), w == PureWindowsPath("c:/users/ME/file.txt"), w.parts)
try:
    path.relative_to("/z")
except ValueError as error:
    print(error)

#### pathlib copies and moves
from pathlib import Path
Path("src/deep").mkdir(parents=True)
Path("src/deep/f").write_text("copy me")
Path("src").copy("dst")
#### continued
print(Path("dst/deep/f").read_text())
Path("dst").move("moved")
print(Path("dst").exists(), Path("moved/deep/f").read_text())
for root, dirs, files in Path("moved").walk():
    print(root, dirs, files)

#### shutil copies trees
import os, shutil
os.makedirs("tree/x")
open("tree/x/1", "w").write("1")
open("tree/2.pyc", "w").close()
print(shutil.copytree("tree", "copy", ignore=shutil.ignore_patterns("*.pyc")))
#### continued
print(sorted(os.listdir("copy")), open("copy/x/1").read())
shutil.rmtree("tree")
print(os.path.exists("tree"), shutil.move("copy", "tree"), os.listdir("tree"))

#### shutil copies files
import os, shutil
with open("big", "wb") as f:
    f.write(os.urandom(1) * 300_000)
shutil.copyfile("big", "big2")
shutil.copy2("big", "big3")
#### continued
import filecmp
print(filecmp.cmp("big", "big2", shallow=False), os.path.getsize("big3"),
      os.stat("big").st_mtime == os.stat("big3").st_mtime)
try:
    shutil.copyfile("big", "big")
except shutil.SameFileError:
    print("same")

#### Archives by shutil
import os, shutil
os.makedirs("in/sub")
open("in/sub/f", "w").write("archived")
a, b = shutil.make_archive("out", "zip", "in"), shutil.make_archive("out", "gztar", "in")
#### continued
print(os.path.basename(a), os.path.basename(b))
shutil.unpack_archive(a, "u1")
shutil.unpack_archive(b, "u2", filter="data")
print(open("u1/sub/f").read(), open("u2/sub/f").read())

#### Temporary files and folders
import os, tempfile
folder = tempfile.TemporaryDirectory(dir=".")
f = tempfile.TemporaryFile("w+", dir=".")
f.write("temporary")
named = tempfile.NamedTemporaryFile(dir=folder.name, suffix=".tmp", delete=False)
named.write(b"named")
named.close()
#### continued
f.seek(0)
print(f.read(), open(named.name).read(), os.path.basename(named.name).endswith(".tmp"))
folder.cleanup()
print(os.path.exists(named.name), os.path.exists(folder.name))

#### Files that stay in memory until they grow
import tempfile
f = tempfile.SpooledTemporaryFile(max_size=10, mode="w+", dir=".")
f.write("short")
print(f._rolled)
#### continued
f.write(" and now longer")
f.seek(0)
print(f._rolled, f.read())

#### The working directory
#### differs: wasi-libc keeps `..` in the working directory, so that it is `/inner/..` here
import os
os.mkdir("inner")
here = os.getcwd()
os.chdir("inner")
open("f", "w").write("found")
#### continued
print(os.path.relpath(os.getcwd(), here), os.listdir("."), open("../inner/f").read())
os.chdir("..")
print(os.getcwd() == here, os.path.abspath("inner/../x") == os.path.join(here, "x"))

#### Comparing folders
import filecmp, os
for name, text in [("l/same", "s"), ("r/same", "s"), ("l/differs", "1"), ("r/differs", "22"), ("l/only", ""),
    ("r/new", "")]:
    os.makedirs(name[0], exist_ok=True)
    open(name, "w").write(text)
#### continued
c = filecmp.dircmp("l", "r")
print(c.left_only, c.right_only, c.same_files, c.diff_files)
c.report()

#### Access and permissions of the owner
import os
open("f", "w").close()
#### continued
print(os.access("f", os.F_OK), os.access("f", os.R_OK | os.W_OK), os.access("missing", os.F_OK))
