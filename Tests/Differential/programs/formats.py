# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### JSON there and back
import json
data = {"name": "é", "list": [1, 2.5, None, True], "nested": {"a": {"b": []}}, "big": 2 ** 70, "small": 1e-9}
text = json.dumps(data)
#### continued
print(text, json.loads(text) == data)
print(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True), json.dumps([1, 2], separators=(",", ":")))

#### JSON of what is not JSON
import json
class E(json.JSONEncoder):
    def default(self, o): return sorted(o) if isinstance(o, set) else super().default(o)
#### continued
print(json.dumps({"s": {3, 1}}, cls=E), json.dumps(5j, default=str), json.dumps({1: 2, None: 3, True: 4}),
      json.dumps(float("nan")))
for bad in (object(), {(1, 2): 3}):
    try:
        json.dumps(bad)
    except TypeError as error:
        print(str(error).split(" ")[0], type(error).__name__)
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as error:
    print(error)

#### Errors of JSON
import json
texts = ["{", '{"a" 1}', "[1,]", '"\n"', "nul", "", "1 2", '{"a":1,}', "'a'", "[1", '"\\q"', "\ufeff1"]
#### continued
for t in texts:
    try:
        json.loads(t)
    except json.JSONDecodeError as error:
        print(repr(t), error.msg, error.lineno, error.colno, error.pos)

#### Hooks of JSON
import json
from decimal import Decimal
text = '{"price": 1.10, "n": 5, "inner": {"x": -Infinity}}'
#### continued
print(json.loads(text, parse_float=Decimal, parse_int=str, parse_constant=lambda c: f"<{c}>"))
print(json.loads(text, object_pairs_hook=list), json.JSONDecoder().raw_decode('{"a": 1} rest'))

#### A file of JSON lines
import json
with open("lines.jsonl", "w") as f:
    for n in range(4):
        f.write(json.dumps({"n": n, "sq": n * n}) + "\n")
#### continued
print([json.loads(line)["sq"] for line in open("lines.jsonl")])
with open("one.json", "w") as f:
    json.dump({"k": "v"}, f)
print(json.load(open("one.json")))

#### CSV there and back
import csv
rows = [["a", "b,c", 'd"e'], ["1", "", "x\ny"], ["é", " s ", "-1.5"]]
with open("t.csv", "w", newline="") as f:
    csv.writer(f).writerows(rows)
#### continued
print(repr(open("t.csv", newline="").read()))
print(list(csv.reader(open("t.csv", newline=""))) == rows)

#### CSV with names
import csv, io
out = io.StringIO()
w = csv.DictWriter(out, ["x", "y"], restval="-", extrasaction="ignore", lineterminator="\n")
w.writeheader()
w.writerow({"x": 1, "z": 9})
#### continued
w.writerow({"y": 2, "x": "q"})
print(out.getvalue())
print(list(csv.DictReader(io.StringIO("a,b\n1,2\n3\n4,5,6\n"))))

#### Dialects of CSV
import csv, io
csv.register_dialect("semi", delimiter=";", quotechar="'", quoting=csv.QUOTE_NONNUMERIC)
#### continued
out = io.StringIO()
csv.writer(out, "semi").writerow(["a;b", 5, "it's"])
print(repr(out.getvalue()), list(csv.reader(["'a;b';5"], "semi")))
d = csv.Sniffer().sniff("a\tb\n1\t2\n3\t4\n")
print(repr(d.delimiter), csv.Sniffer().has_header("name,age\nbob,5\namy,7\n"), sorted(csv.list_dialects()))
try:
    list(csv.reader(['"abc'], strict=True))
except csv.Error as error:
    print(error)

#### INI files
import configparser
c = configparser.ConfigParser()
c.read_string("""
[DEFAULT]
home = /base
[paths]
data = %(home)s/data
flag = yes
[empty]
; a comment
multi = one
  two
""")
#### continued
print(c.sections(), c["paths"]["data"], c.getboolean("paths", "flag"), c.get("paths", "none", fallback="f"),
      dict(c["empty"]))
c["new"] = {"n": "5"}
c.remove_section("empty")
with open("c.ini", "w") as f:
    c.write(f)
print(open("c.ini").read(), c.getint("new", "n"))
try:
    c.read_string("[a]\n[a]")
except configparser.DuplicateSectionError as error:
    print(error)

#### TOML
import tomllib
text = '''
title = "T"
n = 1_000
f = 6.5e3
when = 2020-01-02T03:04:05Z
list = [1, [2, "x"],]
[a.b]
c = {d = true}
[[items]]
k = 1
[[items]]
k = 2
'''
#### continued
print(tomllib.loads(text))
for bad in "a = ", "a = 1\na = 2", "[a", "x = 01":
    try:
        tomllib.loads(bad)
    except tomllib.TOMLDecodeError as error:
        print(error)

#### XML trees
import xml.etree.ElementTree as ET
root = ET.fromstring('<r a="1"><x>t<y/>tail</x><x n="2">ü &amp; &lt;</x><!-- c --></r>')
#### continued
print(root.tag, root.attrib, [x.text for x in root.findall("x")], root.find("x/y").tail,
      root.find("x[@n='2']").get("n"))
ET.SubElement(root, "new", {"k": 'v"'}).text = "<>"
ET.indent(root)
print(ET.tostring(root, encoding="unicode"))
try:
    ET.fromstring("<a><b></a>")
except ET.ParseError as error:
    print(error)

#### XML by events
import io, xml.etree.ElementTree as ET
parser = ET.XMLPullParser(["start", "end"])
parser.feed("<a><b>1</b>")
print([(e, x.tag) for e, x in parser.read_events()])
#### continued
parser.feed("<c n='2'/></a>")
print([(e, x.tag) for e, x in parser.read_events()])
for event, x in ET.iterparse(io.StringIO("<r><i>1</i><i>2</i></r>")):
    print(event, x.tag, x.text)

#### XML with names of spaces
import xml.etree.ElementTree as ET
doc = '<f:a xmlns:f="urn:f" xmlns="urn:d"><b f:k="1">x</b></f:a>'
#### continued
r = ET.fromstring(doc)
print(r.tag, r[0].tag, r[0].attrib, r.find("d:b", {"d": "urn:d"}).text)
ET.register_namespace("zz", "urn:f")
print(ET.tostring(r), ET.canonicalize(doc))

#### minidom and SAX
from xml.dom import minidom
import xml.sax
doc = minidom.parseString("<a><b c='1'>t</b></a>")
#### continued
b = doc.getElementsByTagName("b")[0]
b.setAttribute("d", "2")
b.appendChild(doc.createTextNode(" more"))
print(doc.documentElement.toxml(), doc.toprettyxml(indent=" "))
class H(xml.sax.ContentHandler):
    def startElement(self, name, attrs): print("start", name, dict(attrs))
    def characters(self, text): print("text", text)
xml.sax.parseString(b"<q z='1'>hey</q>", H())

#### HTML
import html
from html.parser import HTMLParser
class P(HTMLParser):
    def handle_starttag(self, tag, attrs): print("start", tag, attrs)
    def handle_endtag(self, tag): print("end", tag)
    def handle_data(self, data): print("data", repr(data))
    def handle_comment(self, data): print("comment", data)
p = P()
p.feed("<p class=x>Hi &amp; <br/><b")
#### continued
p.feed(">bold</b><!-- c --></P>")
p.close()
print(html.escape("<a href='x'>\"&"), html.unescape("&lt;&eacute;&#x20AC;&notit;&hellip;"))

#### Plists
import plistlib, datetime
data = {"a": [1, 2.5, True], "b": b"bytes", "d": datetime.datetime(2020, 1, 2), "s": "é"}
x = plistlib.dumps(data)
#### continued
print(x.decode())
print(plistlib.loads(x) == data, plistlib.loads(plistlib.dumps(data, fmt=plistlib.FMT_BINARY)) == data)

#### URLs
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode, urljoin, urlparse, urlsplit, urlunparse
u = urlparse("https://me:pw@host.example:8080/p/a;x?q=1&q=2&e=#frag")
#### continued
print(u, u.hostname, u.port, u.username, parse_qs(u.query), parse_qsl(u.query, keep_blank_values=True),
      urlunparse(u._replace(scheme="http")))
print(quote("a b/ü?"), quote("a/b", safe=""), unquote("%C3%BC+%41"), urlencode({"a": [1, 2], "b": "x y"}, doseq=True))
print([urljoin("http://h/a/b/c", r) for r in ("d", "../d", "/d", "//x/d", "?q", "http://z")], urlsplit("//h/p").netloc)

#### base64 and friends
import base64
data = bytes(range(0, 256, 5))
#### continued
for n in "b64encode", "urlsafe_b64encode", "b32encode", "b16encode", "b85encode", "a85encode", "z85encode":
    e = getattr(base64, n)(data)
    print(n, e, getattr(base64,
          n.replace("en", "de", 1) if "urlsafe" in n else n.replace("encode", "decode"))(e) == data)
try:
    base64.b64decode("abc")
except Exception as error:
    print(type(error).__name__, error)

#### binascii
import binascii
data = b"hello\xff world\n"
#### continued
print(binascii.hexlify(data, "-"), binascii.unhexlify("0aFF"), binascii.crc32(data), binascii.crc_hqx(data, 0),
      binascii.b2a_uu(data), binascii.a2b_uu(binascii.b2a_uu(data)))
print(binascii.b2a_qp(data), binascii.a2b_qp(b"=FF=\n x"), binascii.b2a_base64(data, newline=False))
for bad in "abc", "zz":
    try:
        binascii.unhexlify(bad)
    except binascii.Error as error:
        print(error)

#### struct
import struct
packed = struct.pack("<bHiqfd5s?x", -1, 65535, -2, 2 ** 40, 1.5, -2.25, b"abc", True)
#### continued
print(packed, struct.unpack("<bHiqfd5s?x", packed), struct.calcsize(">hhl"), struct.pack(">I", 0xDEADBEEF),
      struct.pack("<e", 1.5), struct.pack("2p", b"x"))
s = struct.Struct("!HH")
b = bytearray(8)
s.pack_into(b, 2, 1, 2)
print(b, s.unpack_from(b, 2), list(s.iter_unpack(b)), s.size, s.format)
try:
    struct.pack("B", 256)
except struct.error as error:
    print(error)

#### mail
from email.message import EmailMessage
from email import message_from_string, policy
m = EmailMessage()
m["Subject"] = "Grüße"
m["From"], m["To"] = "A <a@x.example>", "b@y.example, c@z.example"
m.set_content("hällo\n")
m.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="f.bin")
m.set_boundary("BOUNDARY")
#### continued
text = m.as_string()
print(text)
p = message_from_string(text, policy=policy.default)
print(p["subject"], p.is_multipart(), [x.get_content_type() for x in p.walk()], p.get_body().get_content(),
      [x.get_filename() for x in p.iter_attachments()], p["to"].addresses[1].domain)

#### netrc, cookies, mime types and quoted-printable
import mimetypes, netrc, quopri
from http.cookies import SimpleCookie
open("n", "w").write("machine h login l password p\ndefault login d password q\n")
#### continued
print(netrc.netrc("n").authenticators("h"), netrc.netrc("n").authenticators("z"), mimetypes.guess_type("a.html"),
      mimetypes.guess_extension("image/png"), quopri.encodestring("é=".encode()))
c = SimpleCookie("a=1; b=\"x y\"")
c["a"]["path"] = "/p"
print(repr(c.output()), c["b"].value)
