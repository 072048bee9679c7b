# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Networks as numbers
import ipaddress as ip
net = ip.ip_network("192.168.0.0/22")
#### continued
print(net.num_addresses, ip.ip_address("192.168.3.7") in net, list(ip.ip_network("10.0.0.0/30").hosts()),
      [str(n) for n in net.subnets(new_prefix=24)], net.broadcast_address)
print(ip.ip_address("::1").is_loopback, ip.ip_address("2001:db8::5").exploded, ip.ip_address("10.0.0.1") + 5,
      list(ip.summarize_address_range(ip.ip_address("10.0.0.1"), ip.ip_address("10.0.0.6"))))
for bad in "256.1.1.1", "10.0.0.1/8":
    try:
        ip.ip_network(bad)
    except ValueError as error:
        print(error)

#### Sorting by dependency
from graphlib import CycleError, TopologicalSorter
t = TopologicalSorter({"app": {"db", "web"}, "web": {"net"}, "db": {"net"}})
t.prepare()
print(t.get_ready())
#### continued
t.done("net")
ready = t.get_ready()
print(sorted(ready), t.is_active())
t.done(*ready)
print(t.get_ready())
try:
    list(TopologicalSorter({"a": "b", "b": "a"}).static_order())
except CycleError as error:
    print(error.args[1])

#### Context variables
import contextvars
v = contextvars.ContextVar("v", default="default")
token = v.set("outer")
context = contextvars.copy_context()
#### continued
def inside():
    v.set("inner")
    return v.get()
print(context.run(inside), v.get(), context[v])
v.reset(token)
print(v.get())

#### Queues of one thread
import queue
q = queue.PriorityQueue()
for n in 3, 1, 2:
    q.put(n)
l = queue.LifoQueue(1)
l.put("x")
#### continued
print(q.get(), q.qsize(), l.full(), q.get(), q.get(), q.empty())
for call in q.get_nowait, lambda: l.put_nowait("y"):
    try:
        call()
    except (queue.Empty, queue.Full) as error:
        print(type(error).__name__)
s = queue.SimpleQueue()
s.put(1)
print(s.get(timeout=1))

#### Locks of one thread
import threading
lock, r = threading.Lock(), threading.RLock()
lock.acquire()
r.acquire()
local = threading.local()
local.x = 1
#### continued
print(lock.locked(), lock.acquire(blocking=False), r.acquire(), local.x, threading.current_thread().name,
      threading.active_count())
lock.release()
e = threading.Event()
e.set()
print(e.wait(), threading.Semaphore(2).acquire(), threading.get_ident() == threading.main_thread().ident)

#### Weak sets and dictionaries
import weakref
class K:
    def __init__(self, n): self.n = n
    def m(self): return self.n
a, b = K(1), K(2)
s = weakref.WeakSet([a, b])
d = weakref.WeakKeyDictionary({a: "a", b: "b"})
m = weakref.WeakMethod(b.m)
#### continued
print(len(s), m()())
del b
print(len(s), list(d.values()), m())
p = weakref.proxy(a)
print(p.n)
del a
try:
    p.n
except ReferenceError as error:
    print(error)

#### types
import types
def f(): yield
#### continued
print(isinstance(f, types.FunctionType), isinstance(f(), types.GeneratorType), types.NoneType,
      isinstance(len, types.BuiltinFunctionType), isinstance(types, types.ModuleType), types.GenericAlias(list, (int,)))
class A:
    @types.DynamicClassAttribute
    def x(self): return "dynamic"
m = types.MethodType(lambda self, n: (self, n), "me")
print(A().x, m(5), types.resolve_bases((A,)) == (A,), types.get_original_bases(A), types.CellType(5).cell_contents)

#### Sized and other abstract bases
from collections import abc
class Bag(abc.MutableSet):
    def __init__(self, i=()): self.l = list(dict.fromkeys(i))
    def __contains__(self, x): return x in self.l
    def __iter__(self): return iter(self.l)
    def __len__(self): return len(self.l)
    def add(self, x): self.l.append(x) if x not in self.l else None
    def discard(self, x): self.l.remove(x) if x in self.l else None
class Row(abc.Sequence):
    def __getitem__(self, i): return "abc"[i]
    def __len__(self): return 3
b = Bag("abca")
#### continued
b |= {"z"}
b -= {"a"}
print(list(b), b & {"b"} == {"b"}, b.pop(), b.isdisjoint("q"), list(Row()), Row().index("b"), Row().count("c"),
      "a" in Row(), list(reversed(Row())))
print(issubclass(dict, abc.Mapping), isinstance((x for x in ()), abc.Iterator), isinstance([], abc.Hashable),
      issubclass(str, abc.Sequence))

#### Mappings of one's own
from collections.abc import MutableMapping
class Lower(MutableMapping):
    def __init__(self, **k): self.d = {}; self.update(k)
    def __getitem__(self, k): return self.d[k.lower()]
    def __setitem__(self, k, v): self.d[k.lower()] = v
    def __delitem__(self, k): del self.d[k.lower()]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
d = Lower(A=1, b=2)
#### continued
print(d["B"], "a" in d, d.pop("A"), d.setdefault("C", 3), dict(d), d == {"b": 2, "c": 3}, d.get("x"), list(d.items()))
d.clear()
print(len(d))

#### Addresses and headers of mail
from email.utils import formataddr, getaddresses, parseaddr, unquote
from email.header import Header, decode_header, make_header
#### continued
print(parseaddr("Änne <a@b.example>"), getaddresses(["a@x.example, B <b@y.example>"]),
      formataddr(("Ünal", "u@z.example")))
print(Header("Grüße", "utf-8").encode(), str(make_header(decode_header("=?utf-8?q?Gr=C3=BC=C3=9Fe?=  ok"))))

#### HTTP without a network
import http, http.client, io
class Fake:
    def __init__(self, data): self.data = data
    def makefile(self, *a): return io.BytesIO(self.data)
r = http.client.HTTPResponse(Fake(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
r.begin()
#### continued
print(r.status, r.reason, r.getheader("content-type"), r.read(), http.HTTPStatus(418).phrase, http.HTTPMethod.GET,
      http.HTTPStatus.OK.is_success)

#### Robots and mail boxes
import mailbox, urllib.robotparser
p = urllib.robotparser.RobotFileParser()
p.parse("User-agent: *\nDisallow: /private\nCrawl-delay: 3".splitlines())
box = mailbox.Maildir("mail")
key = box.add("Subject: one\n\nbody\n")
#### continued
print(p.can_fetch("x", "/private/a"), p.can_fetch("x", "/open"), p.crawl_delay("x"), len(box), box[key]["subject"],
      box[key].get_payload())

#### XML-RPC as text
import xmlrpc.client
data = xmlrpc.client.dumps((1, "ü", [True, {"k": 2.5}], xmlrpc.client.DateTime("20200102T03:04:05")), "method")
#### continued
args, name = xmlrpc.client.loads(data)
print(name, args[:3], args[3])
try:
    xmlrpc.client.loads(xmlrpc.client.dumps(xmlrpc.client.Fault(5, "broken")))
except xmlrpc.client.Fault as error:
    print(error)

#### stat, errno and signal by name
import errno, os, signal, stat
open("f", "w").close()
mode = os.stat("f").st_mode
#### continued
print(stat.S_ISREG(mode), stat.S_ISDIR(os.stat(".").st_mode), stat.filemode(0o100644), errno.errorcode[errno.ENOENT],
      os.strerror(errno.ENOENT), stat.S_IMODE(0o100755) == 0o755)
hits = []
signal.signal(signal.SIGINT, lambda n, f: hits.append(signal.Signals(n).name))
signal.raise_signal(signal.SIGINT)
print(hits)

#### Names of temporary files
import tempfile
names = [n for n, _ in zip(tempfile._get_candidate_names(), range(50))]
#### continued
print(len(set(names)) > 45, all(len(n) == 8 for n in names))

#### Operators in place and indexes
import operator as op
a = [1, 2]
b = op.iadd(a, [3])
#### continued
print(b is a, a, op.setitem(a, 0, 9), a, op.itemgetter(slice(1, None))(a), op.invert(5), op.xor(6, 3),
      op.floordiv(-7, 2), op.is_(a, b), op.lt(1, 2), op.call(len, a))
class I:
    def __index__(self): return 2
print("abcd"[I()], [0] * I(), range(5)[I()], bin(I()), op.index(I()))

#### Ranges
r = range(10, -10, -3)
#### continued
print(list(r), r[1], r[-1], r[1:3], len(r), 4 in r, 5 in r, r.index(1), range(0) == range(2, 2),
      hash(range(3)) == hash(range(0, 3)), r.start, r.stop, r.step)
print(range(2 ** 40)[2 ** 39], 2 ** 39 in range(0, 2 ** 40, 2), list(range(5))[::-2])

#### Local time is UTC
import os, time
open("f", "w").close()
os.utime("f", (0, 86400))
#### continued
print(time.strftime("%Y-%m-%d %H:%M", time.localtime(os.stat("f").st_mtime)), time.tzname[0], time.timezone,
      time.daylight, time.mktime((1970, 1, 2, 0, 0, 0, 0, 0, 0)))
