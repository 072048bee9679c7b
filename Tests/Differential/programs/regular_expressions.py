# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Matching
import re
p = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(\d\d))?")
m = p.search("on 2024-05-06 and 2023-01")
#### continued
print(m.group(), m.groups(), m.groupdict(), m.span("month"), m.start(), m.end(), m[3], m.lastindex, m.lastgroup,
      p.groupindex, m.expand(r"\g<month>/\1"))
print(p.findall("1999-12 2000-01-02"), [x.span() for x in p.finditer("1999-12 2000-01-02")], p.match("x1999-12"),
      p.fullmatch("1999-12") is not None)

#### Scanning goes on
import re
it = re.finditer(r"\w+", "one two three four")
print(next(it).group())
#### continued
print([m.group() for m in it])
s = re.compile(r"\d").scanner("a1b2")
print(s.search().group(), s.search().group(), s.search())

#### Substitution
import re
text = "The year 1999 and 2005"
#### continued
print(re.sub(r"\d+", lambda m: str(int(m[0]) + 1), text), re.subn(r"[aeiou]", "*", text, count=3),
      re.sub(r"(\w+) (\w+)", r"\2 \1", text))
print(re.split(r"(\W)", "a,b;c"), re.split(r"\s*[,;]\s*", "a , b;c", maxsplit=1), re.sub("", "-", "abc"),
      re.escape("a.b*c[d]"))

#### Greedy, lazy and possessive
import re
html = "<a><b>text</b></a>"
#### continued
print(re.findall(r"<.+>", html), re.findall(r"<.+?>", html), re.findall(r"<[^>]++>", html), re.search(r"a*+a", "aaa"),
      re.search(r"(?>a+)b", "aab").group())

#### Looking around
import re
prices = "USD100 EUR200 300USD"
#### continued
print(re.findall(r"(?<=EUR)\d+", prices), re.findall(r"\d+(?=USD)", prices), re.findall(r"\b(?!USD)\w+", prices),
      re.findall(r"(?<!\d)\d{2}", prices))
print(re.match(r"(a)?(?(1)b|c)", "ab").group(), re.match(r"(a)?(?(1)b|c)", "c").group())

#### Flags
import re
text = "First line\nsecond LINE\n\nthird"
#### continued
print(re.findall(r"^\w+", text, re.M), re.findall(r"line", text, re.I),
      re.search(r"line.second", text, re.S) is not None, re.findall(r"$", text, re.M))
print(re.compile(r"""
    (\d+)   # number
    \s* ([a-z]+)  # unit
""", re.X | re.I).match("15 KG").groups(), re.findall(r"(?i:A)b", "ab aB Ab"), re.findall(r"\w", "aé1_", re.A),
    re.compile("x", re.I | re.M).flags)

#### Unicode in patterns
import re
text = "naïve Ünïcode 日本語 ١٢٣ straße"
#### continued
print(re.findall(r"\w+", text), re.findall(r"\d+", text), re.findall(r"[À-ÿ]", text),
      re.match("STRASSE", "straße", re.I), re.findall(r"\bü\w+", text, re.I))
print(re.findall(rb"\w+", "naïve".encode()), re.findall("[一-龯]+", text),
      re.sub(r"\N{LATIN SMALL LETTER SHARP S}", "ss", text))

#### Errors of patterns
import re
bad = ["(", "[a", "a**", "(?P<n>a)(?P<n>b)", r"\g", "(?<=a+)b", "a{2,1}", "(?z)", "*a", r"(?P=x)", "[z-a]", ")"]
#### continued
for p in bad:
    try:
        re.compile(p)
    except re.PatternError as error:
        print(p, "|", error.msg, error.pos, error.lineno, error.colno)

#### A tokenizer
import re
tokens = [("NUM", r"\d+(\.\d*)?"), ("ID", r"[A-Za-z_]\w*"), ("OP", r"[-+*/()=]"), ("SKIP", r"[ \t]+"), ("BAD", r".")]
p = re.compile("|".join(f"(?P<{n}>{r})" for n, r in tokens))
it = p.finditer("x1 = 3.5*(y + 42) ?")
print([next(it).lastgroup for _ in range(3)])
#### continued
print([(m.lastgroup, m.group()) for m in it if m.lastgroup != "SKIP"])

#### Much backtracking
import re
#### continued
print(re.match(r"(a?){18}a{18}$", "a" * 18).span(), re.search(r"(x+x+)+y", "x" * 14),
      len(re.findall(r"(?:ab|a)b?", "ab" * 1000)))

#### Repeated groups
import re
#### continued
print(re.match(r"(?:(\w)(\d))+", "a1b2c3").groups(), re.findall(r"(.)\1", "aabbcd"),
      re.match(r"(a|ab)(c|bcd)(d*)", "abcd").groups(), re.findall(r"(a)|(b)", "ab"))

#### Bytes and positions
import re
p = re.compile(rb"\x00(.)", re.S)
data = b"a\x00b\x00\x00c"
#### continued
print(p.findall(data), p.search(data, 2).span(), p.search(data, 0, 2), [m.group() for m in p.finditer(data)])

#### A template engine
import re
context = {"name": "Ada", "items": ["x", "y"]}
def render(t):
    t = re.sub(r"{% for (\w+) in (\w+) %}(.*?){% end %}",
        lambda m: "".join(m[3].replace("{{" + m[1] + "}}", v) for v in context[m[2]]), t, flags=re.S)
    return re.sub(r"{{(\w+)}}", lambda m: str(context[m[1]]), t)
#### continued
print(render("Hi {{name}}: {% for i in items %}[{{i}}]{% end %}"))

#### Counting words of a text
import re
from collections import Counter
text = "It was the best of times, it was the worst of times; it was the age of wisdom"
words = Counter(re.findall(r"[a-z]+", text.lower()))
#### continued
print(words.most_common(4), sorted(w for w, n in words.items() if n == 1))

#### Caches of patterns
import re
for n in range(600):
    re.match(f"a{{{n % 50}}}b", "aab")
#### continued
re.purge()
a, b = re.compile("x"), re.compile("x")
import pickle
print(a == b, hash(a) == hash(b), pickle.loads(pickle.dumps(a)) == a, repr(re.compile("a/b", re.I)),
      repr(re.match("a", "ab")))
