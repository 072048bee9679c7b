# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The host's functions as the program sees them."""

from sandboxes import SandboxTestCase

PRICE = {
    "name": "fetch_price", "async": True, "doc": "Price of a share in USD.", "returns": "float",
    "parameters": [
        {"name": "symbol", "type": "str", "doc": "its ticker"},
        {"name": "day", "type": "date | None", "default": None},
        {"name": "exact", "type": "bool", "kind": "keyword", "default": False},
    ],
    "raises": [{"type": "UnknownSymbol", "base": "LookupError", "doc": "There is no such share."}],
}
ADD = {"name": "add", "doc": "Adds.", "parameters": [{"name": "a", "type": "int"}, {"name": "b", "type": "int",
                                                                                "default": 1}], "returns": "int"}
ECHO = {"name": "echo", "parameters": [{"name": "value"}]}


class Calls(SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.sandbox.configure(functions=[PRICE, ADD, ECHO])
        self.sandbox.answers["call"] = lambda request: {"value": {
            "add": lambda a, b: a + b, "echo": lambda value: value}[request["function"]](*request["arguments"])}

    def test_synchronous(self):
        self.assertEqual(self.sandbox.value("add(2, b=3) + add(1)"), 7)
        self.assertEqual(self.sandbox.requests(), [
            {"request": "call", "function": "add", "arguments": [2, 3]},
            {"request": "call", "function": "add", "arguments": [1, 1]}])

    def test_asynchronous(self):
        outcome = self.sandbox.start(code="import datetime\n"
                                          "await fetch_price('A', datetime.date(2026, 1, 2), exact=True)")
        self.assertEqual(outcome["calls"], [{"id": 1, "function": "fetch_price",
                                             "arguments": ["A", {"$date": "2026-01-02"}, True]}])
        self.assertEqual(self.sandbox.resume(settled=[{"id": 1, "value": 1.5}])["result"]["value"], 1.5)

    def test_values_of_all_forms_go_both_ways(self):
        for code in ("b'\\x00' * 100", "{1: (2, {3})}", "'\\ud800'", "float('inf')", "{'$a': [None]}", "[1.5, 'é']",
                     "10 ** 4000", "datetime.datetime.now()", "array.array('h', [1, -1])", "'a\"$b'"):
            with self.subTest(code):
                self.assertIs(self.sandbox.value(
                    f"import array, datetime\nx = {code}\nr = echo(x)\n"
                    # An array comes back as NumPy's where NumPy is, which compares element by element.
                    "x = x.tolist() if isinstance(x, array.array) else x\n"
                    "r = r.tolist() if hasattr(r, 'tolist') else r\n"
                    "r == (x if not isinstance(x, dict) or 1 not in x else {1: [2, {3}]})"), True)

    def test_output_before_a_call_is_sent_on_before_it(self):
        self.sandbox.run("print('a', end='')\nadd(1)\nprint('b', end='')")
        self.assertEqual([kind for kind, _ in self.sandbox.trace], ["out", "request", "out"])

    def test_wrong_arguments_are_an_error_of_python(self):
        for call, message in {
            "add()": "add() missing 1 required positional argument: 'a'",
            "add(1, 2, 3)": "add() takes from 1 to 2 positional arguments but 3 were given",
            "add(1, c=2)": "add() got an unexpected keyword argument 'c'",
        }.items():
            error = self.sandbox.error(call)
            self.assertEqual((error["type"], error["message"], len(error["frames"])), ("TypeError", message, 1))

    def test_arguments_that_cannot_leave(self):
        error = self.sandbox.error("echo(object())")
        self.assertEqual((error["type"], error["message"]),
                         ("TypeError", "a value of type object cannot leave the sandbox"))
        self.assertIn("cannot leave", self.sandbox.error("x = []; x.append(x); echo(x)")["message"])
        self.sandbox.configure(limits={"arguments": 100})
        self.assertIn("100 are allowed", self.sandbox.error("echo('x' * 200)")["message"])
        self.assertEqual(self.sandbox.requests(), [])

    def test_errors(self):
        for reply, kind, message, is_lookup in [
            ({"type": "UnknownSymbol", "message": "X"}, "terrarium.functions.UnknownSymbol", "X", True),
            ({"type": "ValueError", "message": "bad"}, "ValueError", "bad", False),
            ({"type": "Nonsense", "message": "m"}, "terrarium.HostError", "m", False),
            ({"type": "SystemExit", "message": "m"}, "terrarium.HostError", "m", False),
            ({"type": "UnicodeDecodeError", "message": "m"}, "terrarium.HostError", "UnicodeDecodeError: m", False),
            ({}, "terrarium.HostError", "", False),
        ]:
            with self.subTest(reply):
                self.sandbox.answers["call"] = lambda request: {"error": reply}
                error = self.sandbox.error("def f():\n    add(1)\nf()", name="p.py")
                self.assertEqual((error["type"], error["message"]), (kind, message))
                self.assertEqual([frame["function"] for frame in error["frames"]], ["<module>", "f"])
                self.assertNotIn("context", error)
                self.assertEqual(self.sandbox.value(
                    "try:\n    add(1)\nexcept LookupError:\n    r = True\nexcept Exception:\n    r = False\n"
                    "r"), is_lookup)

    def test_declared_errors_can_be_caught_by_name(self):
        self.sandbox.answers["call"] = lambda request: {"error": {"type": "UnknownSymbol", "message": "X"}}
        self.assertEqual(self.sandbox.value("try:\n    add(1)\nexcept UnknownSymbol as error:\n    r = str(error)\n"
                                            "r"), "X")

    def test_interrupts_and_cancellation_of_a_synchronous_call(self):
        self.sandbox.answers["call"] = lambda request: {"interrupt": True}
        self.assertEqual(self.sandbox.error("add(1)")["type"], "KeyboardInterrupt")
        self.sandbox.answers["call"] = lambda request: {"cancel": "why"}
        self.assertEqual(self.sandbox.error("add(1)")["type"], "asyncio.exceptions.CancelledError")
        self.sandbox.answers["call"] = lambda request: {}
        self.assertEqual(self.sandbox.error("add(1)")["type"], "terrarium.HostError")

    def test_a_function_not_awaited_is_noticed_by_python(self):
        self.sandbox.run("fetch_price('A')\nNone")
        self.assertIn("was never awaited", self.sandbox.output("err"))


class Looks(SandboxTestCase):
    def setUp(self):
        super().setUp()
        self.sandbox.configure(
            types=[{"name": "Quote", "doc": "A price.", "fields": [{"name": "bid", "type": "float"},
                                                                  {"name": "note", "type": "str", "optional": True}]}],
            functions=[PRICE, ADD, {"name": "quotes", "parameters": [
                {"name": "symbols", "type": "list[str]", "kind": "positional"},
                {"name": "side", "type": "Literal['buy', 'sell']", "default": "buy"}], "returns": "list[Quote]"}])

    def test_signature_annotations_and_module(self):
        self.assertEqual(self.sandbox.value(
            "import inspect, datetime, sys\nimport terrarium.functions\n"
            "[str(inspect.signature(add)), fetch_price.__annotations__['day'] == datetime.date | None,"
            " inspect.iscoroutinefunction(fetch_price), add.__module__, add.__qualname__,"
            " terrarium.functions.add is add, str(inspect.signature(quotes)).split(',')[1:2],"
            " inspect.signature(fetch_price).parameters['exact'].kind.name]"),
            ["(a: int, b: int = 1) -> int", True, True, "terrarium.functions", "add", True, [" /"], "KEYWORD_ONLY"])

    def test_help(self):
        self.sandbox.run("help(fetch_price)")
        for text in ("Price of a share in USD.", "symbol: its ticker", "UnknownSymbol: There is no such share.",
                     "symbol: str, day: datetime.date | None = None, *, exact: bool = False"):
            self.assertIn(text, " ".join(self.sandbox.output().split()).replace("( ", "(").replace(" )", ")"))

    def test_functions_pickle_by_name(self):
        self.assertTrue(self.sandbox.value("import pickle\npickle.loads(pickle.dumps(add)) is add"))

    def test_stubs(self):
        described = self.sandbox.describe()
        self.assertEqual(described["text"], '''\
class Quote(TypedDict):
    """A price."""
    bid: float
    note: NotRequired[str]

class UnknownSymbol(LookupError):
    """There is no such share."""

async def fetch_price(symbol: str, day: date | None = None, *, exact: bool = False) -> float:
    """Price of a share in USD.

    Parameters:
        symbol: its ticker

    Raises:
        UnknownSymbol: There is no such share.
    """

def add(a: int, b: int = 1) -> int:
    """Adds."""

def quotes(symbols: list[str], /, side: Literal['buy', 'sell'] = 'buy') -> list[Quote]:
    ...''')
        self.assertEqual([one["name"] for one in described["functions"]], ["fetch_price", "add", "quotes"])
        self.assertEqual(described["functions"][1]["signature"], "(a: int, b: int = 1) -> int")
        compile("from __future__ import annotations\n" + described["text"], "stubs", "exec")

    def test_hostile_descriptions_are_refused(self):
        for function in ({"name": "a b"}, {"name": "def"}, {"name": "x", "parameters": [{"name": "y): evil(#"}]},
                         {"name": "x", "parameters": [{"name": "a"}, {"name": "a"}]}, {},
                         {"name": "x", "parameters": [{"name": "a", "kind": "keyword"}, {"name": "b"}]}):
            with self.subTest(function):
                self.assertEqual(self.sandbox.configure(functions=[function])["status"], "invalid")
        self.assertEqual(self.sandbox.value("1"), 1)

    def test_one_that_is_refused_leaves_all_as_they_were(self):
        wrong = {"name": "def", "raises": [{"type": "Late"}]}
        new = {"name": "new", "raises": [{"type": "Early"}]}
        before = self.sandbox.describe()
        self.assertEqual(self.sandbox.configure(functions=[new, wrong])["status"], "invalid")
        self.assertEqual(self.sandbox.describe(), before)
        self.assertEqual(self.sandbox.value("[name for name in ('new', 'Early', 'Late') if name in globals()]"), [])
        self.sandbox.configure(functions=[new])
        self.assertEqual(self.sandbox.value("callable(new) and issubclass(Early, Exception)"), True)

    def test_an_unknown_type_stays_text(self):
        self.sandbox.configure(functions=[{"name": "f", "parameters": [], "returns": "No.Such[Type]"}])
        self.assertEqual(self.sandbox.value("f.__annotations__"), {"return": "No.Such[Type]"})
