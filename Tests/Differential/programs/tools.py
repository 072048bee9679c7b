# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### Arguments of a program
import argparse
p = argparse.ArgumentParser(prog="tool", description="Does things.", color=False)
p.add_argument("files", nargs="+")
p.add_argument("-n", "--number", type=int, default=3, help="how many (%(default)s)")
p.add_argument("-v", action="count", default=0)
p.add_argument("--kind", choices=["a", "b"])
#### continued
print(p.parse_args(["x", "y", "-vv", "--number=5", "--kind", "b"]))
print(p.format_usage(), p.parse_known_args(["f", "--other"]))

#### Commands and groups of arguments
import argparse
p = argparse.ArgumentParser(prog="git", exit_on_error=False, color=False)
sub = p.add_subparsers(dest="command", required=True)
add = sub.add_parser("add")
add.add_argument("path", type=str)
group = add.add_mutually_exclusive_group()
group.add_argument("-a", action="store_true")
group.add_argument("-b", action=argparse.BooleanOptionalAction)
#### continued
print(p.parse_args(["add", "x", "-a"]), p.parse_args(["add", "x"]))
try:
    p.parse_args(["sub"])
except argparse.ArgumentError as error:
    print(error.argument_name, "invalid choice" in error.message)

#### Help
import argparse, contextlib, io
p = argparse.ArgumentParser("h", epilog="The end.", color=False,
    formatter_class=lambda prog: argparse.HelpFormatter(prog, width=60))
p.add_argument("--long-option", metavar="X", help="a text that is long enough to be wrapped onto the next line")
#### continued
print(p.format_help())
err = io.StringIO()
with contextlib.redirect_stderr(err):
    try:
        p.parse_args(["--bad"])
    except SystemExit as error:
        print(error.code, err.getvalue())

#### getopt and optparse
import getopt, optparse
#### continued
print(getopt.gnu_getopt(["-a", "x", "--long=5", "y"], "a", ["long="]))
try:
    getopt.getopt(["-z"], "a")
except getopt.GetoptError as error:
    print(error)
o = optparse.OptionParser()
o.add_option("-q", action="store_false", dest="verbose", default=True)
options, rest = o.parse_args(["-q", "rest"])
print(options.verbose, rest)

#### Shell words
import shlex
line = "cmd 'a b' \"c $d\" e\\ f # comment"
#### continued
print(shlex.split(line), shlex.split(line, comments=True), shlex.quote("it's"), shlex.join(["a b", "c"]),
      list(shlex.shlex("a=1;b", punctuation_chars=True)))
try:
    shlex.split("'open")
except ValueError as error:
    print(error)

#### Commands line by line
import cmd, io
class Shell(cmd.Cmd):
    prompt = ""
    def do_add(self, line): print(sum(map(int, line.split())))
    def do_quit(self, line): return True
    def default(self, line): print("unknown", line)
out = io.StringIO()
s = Shell(stdout=out)
#### continued
for line in "add 1 2", "what", "help", "quit":
    print(s.onecmd(line))
print(out.getvalue(), s.completenames("a"))

#### Logging
import io, logging
stream = io.StringIO()
log = logging.getLogger("app.part")
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("%(levelname)-8s %(name)s %(message)s"))
log.addHandler(handler)
log.propagate = False
log.setLevel(logging.INFO)
log.debug("not shown")
log.info("hello %s", "world")
#### continued
try:
    1 / 0
except ZeroDivisionError:
    log.warning("%d problems", 1)
class Only(logging.Filter):
    def filter(self, record): return "keep" in record.getMessage()
handler.addFilter(Only())
log.error("drop")
log.error("keep this")
print(stream.getvalue(), log.getEffectiveLevel(), logging.getLevelName(30), log.parent.name, log.isEnabledFor(10))

#### Logging to files that turn over
import logging.handlers, os
h = logging.handlers.RotatingFileHandler("app.log", maxBytes=50, backupCount=2)
log = logging.Logger("r")
log.addHandler(h)
for n in range(6):
    log.info("message number %d", n)
#### continued
for n in range(6, 9):
    log.info("message number %d", n)
h.close()
print(sorted(n for n in os.listdir(".") if n not in ("dev", "home", "tmp")), open("app.log").read(), open("app.log.1").read())

#### Logging set up by a dictionary
import logging.config
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False,
    "formatters": {"f": {"format": "{levelname}:{message}", "style": "{"}},
    "handlers": {"h": {"class": "logging.FileHandler", "filename": "c.log", "formatter": "f"}},
        "loggers": {"conf": {"handlers": ["h"], "level": "DEBUG"}}})
#### continued
logging.getLogger("conf").debug("x=%s", 5)
logging.LoggerAdapter(logging.getLogger("conf"), {"k": 1}).info("adapted")
print(open("c.log").read())

#### pprint and reprlib
import pprint, reprlib
data = {"key": list(range(30)), "nested": {"a": {"b": ["x" * 30, "y" * 30]}}, "s": {3, 1, 2}}
#### continued
pprint.pprint(data, width=60, compact=True)
print(pprint.pformat(data, depth=1), pprint.isreadable(data), reprlib.repr(list(range(100))), reprlib.repr("x" * 100))
loop = [1]
loop.append(loop)
print(loop, pprint.saferepr(loop)[:20])

#### Tests of one's own
import io, unittest
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.shared = [1]
    def setUp(self): self.addCleanup(lambda: log.append("cleaned"))
    def test_passes(self): self.assertEqual(self.shared, [1])
    def test_fails(self): self.assertIn(5, [1])
    def test_raises(self):
        with self.assertRaisesRegex(ValueError, "inv.*lit"): int("x")
    @unittest.skip("why")
    def test_skipped(self): ...
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
log = []
#### continued
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.TestLoader().loadTestsFromTestCase(T))
print(result, log, [str(t[0]).split()[0] for t in result.failures], result.skipped[0][1])

#### Mocks
from unittest import mock
m = mock.Mock(return_value=5)
m(1, k=2)
m.attr.method.side_effect = [1, ValueError("x")]
#### continued
print(m.call_args, m.called, m.attr.method(), m.mock_calls)
try:
    m.attr.method()
except ValueError as error:
    print(error)
import os
with mock.patch("os.getcwd", return_value="/patched"), mock.patch.dict(os.environ, {"K": "v"}):
    print(os.getcwd(), os.environ["K"])
print("K" in os.environ, mock.MagicMock().__len__(), mock.call(1) == mock.call(1), mock.sentinel.x)
try:
    m.assert_called_with(9)
except AssertionError as error:
    print(str(error).splitlines()[0])

#### Examples in documentation
import doctest, types
mod = types.ModuleType("mod")
exec('''
def f(x):
    """
    >>> f(2)
    4
    >>> f("a")
    Traceback (most recent call last):
    TypeError: no
    >>> f(3)  # wrong
    7
    """
    if isinstance(x, str): raise TypeError("no")
    return x * 2
''', mod.__dict__)
mod.f.__module__ = "mod"
#### continued
out = []
runner = doctest.DocTestRunner(verbose=False)
for t in doctest.DocTestFinder().find(mod.f, "f", module=False, globs=vars(mod)):
    runner.run(t, out=out.append)
print(runner.summarize(verbose=False), "Got:\n    6" in "".join(out))

#### gettext and locale
import gettext, locale
#### continued
print(gettext.gettext("text"), gettext.ngettext("one", "many", 2), locale.setlocale(locale.LC_ALL, "C"),
      locale.format_string("%d", 1234567, grouping=True), locale.localeconv()["decimal_point"], locale.atof("1.5"),
          locale.str(2.5))
c = gettext.c2py("n != 1")
print([c(n) for n in range(3)])

#### Wave files and colours
import colorsys, wave
with wave.open("w.wav", "wb") as w:
    w.setparams((1, 2, 8000, 0, "NONE", ""))
    w.writeframes(bytes(range(100)))
#### continued
with wave.open("w.wav") as w:
    print(w.getparams(), w.readframes(3), w.tell())
print(colorsys.rgb_to_hsv(1, 0.5, 0), colorsys.hls_to_rgb(0.5, 0.5, 1))

#### Timing and benchmarks
import timeit
t = timeit.Timer("x = n * 2", "n = 5")
#### continued
print(t.timeit(10) >= 0, len(t.repeat(2, 3)), timeit.default_timer() > 0)
