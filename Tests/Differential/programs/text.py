# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Methods of strings
s = "  The quick brown Fox  "
#### continued
print(repr(s.strip()), s.title(), s.upper(), s.swapcase(), s.split(), s.find("quick"), s.replace("o", "0", 1),
      s.count("o"))
print("a,b,,c".split(","), "a,b,,c".rsplit(",", 1), "k=v=w".partition("="), "k=v=w".rpartition("="),
      "x\ny\r\nz".splitlines(), "ab" * 3)
print("abc".center(9, "*"), "7".zfill(3), "-7".zfill(4), "a\tb".expandtabs(4), "prefix-x".removeprefix("prefix-"),
      "x.py".removesuffix(".py"))

#### What strings consist of
words = ["abc", "ABC", "123", "a1", " ", "", "ß", "²", "½", "Ⅷ", "_x", "class", "\u0301"]
#### continued
for w in words:
    print(ascii(w), [f.__name__ for f in (str.isalpha, str.isdigit, str.isdecimal, str.isnumeric, str.isalnum,
          str.isspace, str.islower, str.isupper,
                                         str.isidentifier, str.isprintable, str.istitle) if f(w)])

#### Format specifications
x, n, s = 1234.56789, -42, "text"
#### continued
print(f"[{x:10.2f}] [{x:<12,.1f}] [{x:^+14.3e}] [{x:%}] [{x:g}] [{x:.0f}] [{x:012.3f}]")
print(f"[{n:5}] [{n:05}] [{n:=+8}] [{n:x}] [{n:#b}] [{n:,}] [{255:#06x}] [{65:c}] [{n: }]")
print(f"[{s:>8}] [{s:.2}] [{s:*^10}] [{s!r:10}] [{'é'!a}]")
print(f"{x:{10}.{3}} {'nested ' + f'{n:>{5}}'} {n=} {x = :.1f} {{}} {s.upper()!r}")

#### f-strings of any shape
d = {"key": [1, 2]}
#### continued
print(f"{d["key"][0]} {", ".join(f"<{v}>" for v in d["key"])} {(lambda x: x * 2)(4)} {'\n'.join('ab')!r}")
print(f"""{
    d  # a comment
}""", rf"\n{1}", f"{{{1}}}", f'{"a" "b"}')

#### Template strings
name, n = "world", 3
t = t"hello {name!r:>10} and {n + 1}"
#### continued
print(t.strings, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations], t.values)

#### str.format and %
d = {"a": 1, "b": [10, 20]}
#### continued
print("{0} {1} {0} {x.real} {d[b][1]} {y!r:>6}".format("p", "q", x=3 + 1j, d=d, y="r"), "{:>{w}}".format("v", w=5))
print("%s %r %5d|%-5d|%05.1f %x %% %c" % ("s", "r", 42, 42, 3.14159, 255, "c"))
print("%(a)s %(b)s" % d, "{a} {c}".format_map(type("D", (dict,), {"__missing__": lambda s, k: f"<{k}>"})(a=1)))

#### string.Template and Formatter
import string
t = string.Template("$who owes ${amount} dollars, $$5 to $other")
#### continued
print(t.safe_substitute(who="A", amount=3), t.get_identifiers(), t.is_valid())
try:
    t.substitute(who="A")
except KeyError as error:
    print("missing", error)
print(list(string.Formatter().parse("a {b!r:>5} {c.d}")), string.capwords("hello wide  world"), string.hexdigits,
      string.punctuation)

#### Unicode names and categories
import unicodedata as u
text = "Aé€𝄞 \u200b٣"
#### continued
for c in text:
    print(u.name(c, "none"), u.category(c), u.bidirectional(c), u.combining(c), u.numeric(c, None))
print(u.lookup("GREEK SMALL LETTER ALPHA"), "\N{SNOWMAN}", u.east_asian_width("字"), u.mirrored("("))

#### Normal forms
import unicodedata as u
s = "Å ﬁ ① e\u0301"
#### continued
for form in "NFC", "NFD", "NFKC", "NFKD":
    print(form, ascii(u.normalize(form, s)), len(u.normalize(form, s)), u.is_normalized(form, s))
print("straße".upper(), "ΑΣ".lower(), "İ".lower().encode(), "ß".casefold(), "ǆ".title())

#### Encoding and decoding
s = "Grüße, 世界 🌍"
#### continued
for codec in "utf-8", "utf-16-le", "utf-32-be", "utf-7", "cp1252", "ascii", "unicode_escape", "punycode", "shift_jis", "gb18030", "koi8-r":
    data = s.encode(codec, errors="replace")
    print(codec, len(data), data[:24])
print(s.encode("ascii", "xmlcharrefreplace"), s.encode("ascii", "namereplace")[:40],
      s.encode("ascii", "backslashreplace"), s.encode("ascii", "ignore"))

#### Bad UTF-8
bad = [b"\x80", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"ok\xffok"]
#### continued
for b in bad:
    try:
        b.decode()
    except UnicodeDecodeError as error:
        print(error, "|", b.decode(errors="replace"), "|", ascii(b.decode(errors="surrogateescape")),
              b.decode(errors="ignore"))
try:
    "\ud800".encode()
except UnicodeEncodeError as error:
    print(error)

#### Codecs that are no encodings of text
import codecs
data = b"hello hello hello"
#### continued
print(codecs.encode("Hello", "rot13"), codecs.encode(data, "hex"),
      codecs.decode(codecs.encode(data, "zlib"), "zlib") == data, codecs.encode(data, "base64"),
          codecs.encode(b"=\xe9", "quopri"))
print(codecs.lookup("UTF8").name, codecs.lookup("latin1").name, codecs.BOM_UTF8)
d = codecs.getincrementaldecoder("utf-8")()
print([d.decode(bytes([x])) for x in "é€".encode()])

#### Bytes
b = b"spam\x00\xff"
a = bytearray(b)
#### continued
a[0:1] = b"XY"
a.extend([1, 2]); del a[-1]; a.reverse()
print(b[0], b[1:3], b.hex(" ", 2), bytes.fromhex("00 ff 10"), b.find(b"am"), a, b.split(b"a"), b"%d-%s" % (5, b"x"),
      bytes(3), b"a" in b)
print(b.translate(bytes.maketrans(b"sp", b"SP")), b.upper(), b"abc".isalpha(), b"-".join([b"1", b"2"]), a.pop(),
      b"\n\t'".__repr__())

#### translate and maketrans
table = str.maketrans({"a": "1", "b": None, ord("c"): "ccc"})
#### continued
print("aabbcc".translate(table), "hello".translate(str.maketrans("el", "ip", "o")), "x".translate({120: 0x1F600}))

#### textwrap
import textwrap
text = "The quick brown fox jumped over the lazy dog, which was not amused by extraordinarily-hyphenated words."
#### continued
print(textwrap.fill(text, 30, initial_indent="* ", subsequent_indent="  "))
print(textwrap.shorten(text, 40), textwrap.wrap("a" * 25, 10), textwrap.dedent("  a\n    b\n  c"),
      textwrap.indent("x\n\ny", "> "), sep="\n")

#### difflib
import difflib
a = "one\ntwo\nthree\nfour\n".splitlines(True)
b = "one\n2\nthree\nfour\nfive\n".splitlines(True)
#### continued
print("".join(difflib.unified_diff(a, b, "a", "b")), end="")
print("".join(difflib.ndiff(a, b)), end="")
m = difflib.SequenceMatcher(None, "abxcd", "abcd")
print(m.get_opcodes(), round(m.ratio(), 3), difflib.get_close_matches("appel", ["ape", "apple", "peach"]))

#### Comparing and joining
words = ["b", "B", "a", "Ä", "z", ""]
#### continued
print(sorted(words), "-".join(words), max(words), min(words, key=str.lower), "apple" < "apples", "10" < "9", ord("Ä"),
      chr(8364))

#### Escapes
s = "tab\t nl\n quote' dq\" bs\\ nul\0 \x7f \u00e9 \ud800 \U0001F600"
#### continued
print(ascii(s), len(s))
print(r"raw\n", "con" "cat", """multi
line""", 'a\
b', b"\x41\101", "\N{BULLET}")

#### Identity and length of long strings
s = "ab" * 100_000
#### continued
t = s + "c"
print(len(t), t.rfind("b"), t.count("ab"), t[-3:], hash(s) == hash("ab" * 100_000), s == t[:-1],
      t.replace("ab", "").strip())
