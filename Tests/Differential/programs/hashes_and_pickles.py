# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### A hash goes on
import hashlib
h = hashlib.sha256(b"first ")
copy = h.copy()
#### continued
h.update(b"second")
print(h.hexdigest(), h.digest() == hashlib.sha256(b"first second").digest(), copy.hexdigest() == h.hexdigest(),
      h.block_size, h.name)

#### All guaranteed hashes
import hashlib
data = bytes(range(256))
#### continued
for name in sorted(hashlib.algorithms_guaranteed):
    h = hashlib.new(name, data)
    print(name, h.hexdigest(16) if name.startswith("shake") else h.hexdigest()[:40], h.digest_size)

#### BLAKE2 with keys
import hashlib
h = hashlib.blake2b(key=b"secret", digest_size=20, salt=b"salt", person=b"me")
#### continued
h.update(b"data")
print(h.hexdigest(), hashlib.blake2s(b"x", digest_size=8).hexdigest())

#### HMAC
import hmac
m = hmac.new(b"key", b"msg", "sha256")
#### continued
m.update(b" more")
print(m.hexdigest(), hmac.compare_digest(m.digest(), hmac.digest(b"key", b"msg more", "sha256")),
      hmac.new(b"k" * 200, b"", "md5").hexdigest())

#### Passwords
import hashlib
#### continued
try:
    print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 10, 32).hex())
except AttributeError as error:
    print(error)

#### Hashing a file
import hashlib
with open("f", "wb") as f:
    f.write(b"x" * 100_001)
#### continued
with open("f", "rb") as f:
    print(hashlib.file_digest(f, "sha1").hexdigest())

#### secrets have the right form
import secrets
t = secrets.token_hex(8)
#### continued
print(len(t), len(secrets.token_bytes(5)), 0 <= secrets.randbelow(10) < 10, secrets.choice("a"),
      secrets.token_hex(8) != t, len(secrets.token_urlsafe(9)))

#### UUIDs
import uuid
u = uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")
#### continued
print(u, u.version, u.hex, uuid.uuid3(uuid.NAMESPACE_URL, "x"), uuid.UUID(int=5),
      uuid.UUID("{12345678-1234-5678-1234-567812345678}").fields, uuid.uuid4().version, u.bytes[:4])
try:
    uuid.UUID("bad")
except ValueError as error:
    print(error)

#### Pickles of many things
import pickle, collections, datetime, decimal, fractions, enum
class Color(enum.Enum):
    RED = 1
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
values = [1, 2 ** 100, 1.5, 1j, "ü", b"b", (1, [2, {3: {4}}]), None, True, ..., Color.RED, P([1]),
    datetime.date(2020, 1, 1), decimal.Decimal("1.1"),
          fractions.Fraction(1, 3), collections.Counter("aab"), collections.deque([1], 3), range(5), slice(1, 2), len,
              P, frozenset("a"), bytearray(b"x")]
data = [pickle.dumps(values, n) for n in range(6)]
#### continued
print([pickle.loads(d) == values for d in data], [len(d) > 100 for d in data])

#### Pickles keep what is shared, and circles
import pickle
a = [1]
b = {"a1": a, "a2": a}
b["self"] = b
data = pickle.dumps(b)
#### continued
c = pickle.loads(data)
print(c["a1"] is c["a2"], c["self"] is c, c is b)

#### How an object is pickled
import copyreg, pickle
class State:
    def __init__(self): self.keep, self.drop = 1, open
    def __getstate__(self): return {"keep": self.keep}
    def __setstate__(self, s): self.__dict__.update(s, restored=True)
class Reduced:
    def __init__(self, n): self.n = n
    def __reduce__(self): return Reduced, (self.n + 1,)
class New(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    def __getnewargs__(self): return tuple(self)
class Registered: v = 5
copyreg.pickle(Registered, lambda r: (str, ("registered",)))
data = pickle.dumps([State(), Reduced(1), New(1, 2), Registered()])
#### continued
s, r, n, reg = pickle.loads(data)
print(vars(s), r.n, n, reg)

#### What cannot be pickled
import pickle
def local():
    class L: pass
    return L()
things = {"lambda": lambda: 0, "local": local(), "generator": (x for x in ()), "file": open("f", "w"), "module": pickle}
#### continued
for name, thing in things.items():
    try:
        pickle.dumps(thing)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        print(name, type(error).__name__)

#### Careful unpickling
import io, pickle
class Safe(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is forbidden")
import collections, os
good, bad = pickle.dumps(collections.OrderedDict(a=1)), b"cos\nsystem\n(S'ls'\ntR."
#### continued
print(Safe(io.BytesIO(good)).load())
for data in bad, b"\x80\x05garbage", b"":
    try:
        Safe(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, IndexError, KeyError, AttributeError) as error:
        print(type(error).__name__)

#### A pickler goes on, with persistent ids and buffers out of band
import io, pickle
b = io.BytesIO()
class Pk(pickle.Pickler):
    def persistent_id(self, o): return "the list" if o is special else None
class Un(pickle.Unpickler):
    def persistent_load(self, i): return f"<{i}>"
special = []
p = Pk(b)
p.dump([special, 1])
#### continued
p.dump({"again": special})
b.seek(0)
u = Un(b)
print(u.load(), u.load())
out = []
d = pickle.dumps(pickle.PickleBuffer(b"big"), 5, buffer_callback=out.append)
print(bytes(pickle.loads(d, buffers=out)), len(out))

#### The code of a pickle
import io, pickle, pickletools
data = pickle.dumps({"a": (1, 2)}, 2)
#### continued
out = io.StringIO()
pickletools.dis(data, out)
print(out.getvalue(), pickletools.optimize(data))

#### marshal
import marshal
data = marshal.dumps([1, "a", (2.5, None), {"k": {1}}])
code = marshal.dumps(compile("x = 6 * 7", "c", "exec"))
#### continued
space = {}
exec(marshal.loads(code), space)
print(marshal.loads(data), space["x"])

#### Shelves
import shelve
s = shelve.open("shelf", writeback=True)
s["a"] = [1]
#### continued
s["a"].append(2)
s["b"] = {"x": 1}
s.close()
with shelve.open("shelf") as s:
    print(sorted(s), s["a"], "c" in s, len(s))

#### dbm
import dbm.dumb, dbm.sqlite3
d = dbm.dumb.open("d", "c")
d["k"] = "v"
q = dbm.sqlite3.open("q", "c")
q[b"x"] = b"y"
#### continued
d["l"] = b"w"
print(sorted(d.keys()), d[b"k"], d.get("none"), dict(q.items()) if hasattr(q, "items") else q[b"x"])
d.close()
print(dbm.dumb.open("d")["l"], dbm.whichdb("q"))
