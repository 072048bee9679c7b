# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values on their way out of a sandbox and into it."""

import base64
import json
import struct

import sandboxes
from sandboxes import SandboxTestCase


class Out(SandboxTestCase):
    def test_forms(self):
        prelude = ("import array, collections, dataclasses, datetime as dt, decimal, enum, pathlib, uuid\n"
                   "class Color(enum.Enum): RED = 1\nclass Level(enum.IntEnum): LOW = 2\n"
                   "@dataclasses.dataclass\nclass Point:\n    x: int\n    y: object\n"
                   "Pair = collections.namedtuple('Pair', 'a b')\nclass Text(str): pass\nclass Odd: \n"
                   "    def __repr__(self): return '<odd>'\n")
        self.sandbox.run(prelude)
        for code, expected in {
            "[1, -2.5, 'é\\n', True, None, {'a': []}]": [1, -2.5, "é\n", True, None, {"a": []}],
            "10 ** 100": 10 ** 100,
            "10 ** 5000": {"$int": hex(10 ** 5000)},
            "float('nan')": {"$float": "nan"},
            "[float('inf'), -float('inf')]": [{"$float": "inf"}, {"$float": "-inf"}],
            "-0.0": -0.0,
            "1e400 - 1": {"$float": "inf"},
            "b'\\x00\\xff'": {"$bytes": "AP8="},
            "bytearray(b'a')": {"$bytes": "YQ=="},
            "memoryview(b'a')": {"$bytes": "YQ=="},
            "(1, (2,))": [1, [2]],
            "{3}": {"$set": [3]},
            "frozenset()": {"$frozenset": []},
            "{1: 'a', None: [2]}": {"$dict": [[1, "a"], [None, [2]]]},
            "{'$a': 1}": {"$dict": [["$a", 1]]},
            "'$a'": "$a",
            "{(1, 2): b'a'}": {"$dict": [[[1, 2], {"$bytes": "YQ=="}]]},
            "'\\ud800a'": {"$codepoints": [0xD800, 97]},
            "{'\\udfff': 1}": {"$dict": [[{"$codepoints": [0xDFFF]}, 1]]},
            "complex(1, -2)": {"$complex": [1.0, -2.0]},
            "dt.datetime(2026, 2, 3, 4, 5, 6, 7)": {"$datetime": "2026-02-03T04:05:06.000007"},
            "dt.datetime(2026, 2, 3, tzinfo=dt.timezone.utc)": {"$datetime": "2026-02-03T00:00:00+00:00"},
            "dt.date(2026, 2, 3)": {"$date": "2026-02-03"},
            "dt.time(1, 2)": {"$time": "01:02:00"},
            "dt.timedelta(days=-1, microseconds=5)": {"$timedelta": -86399999995},
            "decimal.Decimal('1.10')": {"$decimal": "1.10"},
            "uuid.UUID(int=1)": {"$uuid": "00000000-0000-0000-0000-000000000001"},
            "pathlib.PurePosixPath('/a/b')": {"$path": "/a/b"},
            "Color.RED": {"$enum": {"type": "Color", "name": "RED", "value": 1}},
            "[Level.LOW]": [{"$enum": {"type": "Level", "name": "LOW", "value": 2}}],
            "Point(1, b'')": {"$object": {"type": "Point", "fields": {"x": 1, "y": {"$bytes": ""}}}},
            "Pair(1, [2])": {"$object": {"type": "Pair", "fields": {"a": 1, "b": [2]}}},
            "Text('t')": "t",
            "collections.OrderedDict(b=1, a=2)": {"b": 1, "a": 2},
            "collections.Counter('aab')": {"a": 2, "b": 1},
            "collections.deque([1])": [1],
            "range(3)": [0, 1, 2],
            "{'a': 1}.items()": [["a", 1]],
            "array.array('d', [1.5, -2])": {"$array": {"type": "f8", "shape": [2], "data": base64.b64encode(
                struct.pack("<2d", 1.5, -2)).decode()}},
            "memoryview(array.array('H', range(4))).cast('B').cast('H', [2, 2])": {"$array": {
                "type": "u2", "shape": [2, 2], "data": base64.b64encode(struct.pack("<4H", 0, 1, 2, 3)).decode()}},
            "Odd()": {"$repr": {"type": "Odd", "text": "<odd>"}},
            "[{'x': Odd()}]": [{"x": {"$repr": {"type": "Odd", "text": "<odd>"}}}],
            "int": {"$repr": {"type": "type", "text": "<class 'int'>"}},
        }.items():
            with self.subTest(code):
                self.assertEqual(self.sandbox.value(code), expected)

    def test_tuples_where_they_matter(self):
        self.assertEqual(self.sandbox.value("[(1, 'a'), ()]", exact=True), [{"$tuple": [1, "a"]}, {"$tuple": []}])

    def test_hostile_values(self):
        self.sandbox.run("class Hostile:\n    def __repr__(self): raise ValueError('no')\n"
                         "class Exits:\n    def __repr__(self): raise SystemExit\n"
                         "class Surrogate:\n    def __repr__(self): return '\\udc80'\n"
                         "class Meta(type):\n    def __instancecheck__(c, o): raise OSError\n"
                         "    def __getattribute__(c, n): raise OSError(n)\n"
                         "class Odd(metaclass=Meta): pass\n"
                         "class Key(str):\n    def startswith(self, *a): raise OSError\n"
                         "class Class:\n    __class__ = property(lambda s: 1 / 0)\n"
                         "circle = []; circle.append(circle)\nloop = {}; loop['a'] = loop\n"
                         "deep = []\nfor _ in range(100_000): deep = [deep]\n")
        self.assertEqual(self.sandbox.value("[Hostile()]"),
                         [{"$repr": {"type": "Hostile", "text": "<Hostile object, whose repr raised ValueError>"}}])
        self.assertEqual(self.sandbox.value("Exits()")["$repr"]["type"], "Exits")
        self.assertEqual(self.sandbox.value("Surrogate()"), {"$repr": {"type": "Surrogate", "text": "\ufffd"}})
        self.assertEqual(self.sandbox.value("{Key('a'): 1}"), {"$dict": [["a", 1]]})
        for code in ("circle", "loop", "deep", "Odd()", "[Odd]", "Class()"):
            with self.subTest(code):
                self.assertIn(self.sandbox.run(code)["status"], ("done", "failed"))
                self.assertEqual(self.sandbox.value("1"), 1)

    def test_a_repr_that_raises_fails_at_a_prompt(self):
        self.sandbox.run("class Hostile:\n    def __repr__(self): raise ValueError('no')")
        self.assertEqual(self.sandbox.error("Hostile()", result=["text"])["message"], "no")

    def test_a_value_that_is_too_large_says_so(self):
        for code in ("'x' * 2000", "list(range(500))", "[[0] * 10] * 200", "b'x' * 800", "{'a': 'é' * 600}",
                     "x = [0, 1]\nfor _ in range(60): x = [x, x]\nx", "[()] * 3000"):
            with self.subTest(code):
                result = self.sandbox.run(code, limits={"value": 1000})["result"]
                self.assertNotIn("value", result)
                self.assertEqual(result["value_too_large"]["limit"], 1000)
                self.assertGreater(result["value_too_large"]["used"], 1000)
                self.assertIn("1000 are allowed", result["value_too_large"]["message"])
        self.assertEqual(self.sandbox.value("'x' * 998", limits={"value": 1000}), "x" * 998)

    def test_large_values_in_their_memory(self):
        self.sandbox.configure(buffers="address")
        value = self.sandbox.value("[b'small', b'x' * 10_000]")
        self.assertEqual(value[0], {"$bytes": "c21hbGw="})
        self.assertEqual(value[1]["$bytes"].keys(), {"address", "count"})
        self.assertEqual(value[1]["$bytes"]["count"], 10_000)
        self.assertGreater(value[1]["$bytes"]["address"], 0)

    def test_large_values_take_little_time(self):
        # Those that JSON can say go through the fast encoder, so this is far from the test's patience.
        self.assertEqual(len(self.sandbox.value("[{'id': i, 'name': str(i), 'tags': ['a']} for i in range(30_000)]")),
                         30_000)


class In(SandboxTestCase):
    def test_forms(self):
        for tagged, code in {
            '{"$bytes": "AP8="}': "b'\\x00\\xff'",
            '{"$tuple": [1, {"$tuple": []}]}': "(1, ())",
            '{"$set": [1]}': "{1}",
            '{"$dict": [[1, {"$set": []}], ["$a", 2]]}': "{1: set(), '$a': 2}",
            '{"$int": "0xff"}': "255",
            '{"$int": "-12"}': "-12",
            '{"$float": "inf"}': "float('inf')",
            '{"$codepoints": [55296, 97]}': "'\\ud800a'",
            '{"$datetime": "2026-02-03T04:05:06+01:00"}':
                "dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.timezone(dt.timedelta(hours=1)))",
            '{"$date": "2026-02-03"}': "dt.date(2026, 2, 3)",
            '{"$time": "04:05:06"}': "dt.time(4, 5, 6)",
            '{"$timedelta": 1500000}': "dt.timedelta(seconds=1.5)",
            '{"$decimal": "1.10"}': "decimal.Decimal('1.10')",
            '{"$complex": [1, 2]}': "1+2j",
            '{"$unknown": 1}': "{'$unknown': 1}",
            '{"a": {"$set": []}, "b": "$set"}': "{'a': set(), 'b': '$set'}",
        }.items():
            with self.subTest(tagged):
                self.assertIs(self.sandbox.value(
                    "import array, datetime as dt, decimal\n" f"x == {code} and type(x) is type({code})",
                    inputs={"x": json.loads(tagged)}), True)

    def test_malformed_values_are_refused(self):
        for tagged in ({"$bytes": 5}, {"$datetime": "x"}, {"$array": {}}, {"$dict": 1}, {"$int": "x"},
                       {"$array": {"type": "f8", "shape": [5], "data": "AA=="}},
                       {"$array": {"type": "f8", "shape": [-1], "data": ""}},
                       {"$array": {"type": "zz", "shape": [0], "data": ""}}):
            with self.subTest(tagged):
                outcome = self.sandbox.start(code="1", inputs={"x": tagged})
                self.assertEqual(outcome["status"], "invalid")

    def test_arrays_without_numpy(self):
        if sandboxes.is_component():
            self.skipTest("the component has NumPy; test_numpy.py has its arrays")
        for tagged, code in {
            '{"$array": {"type": "i4", "shape": [2], "data": "AQAAAAIAAAA="}}': "array.array('i', [1, 2])",
            '{"$array": {"type": "u1", "shape": [2, 1], "data": "AQI="}}': "[[1], [2]]",
            '{"$array": {"type": "f8", "shape": [0, 3], "data": ""}}': "[]",
        }.items():
            with self.subTest(tagged):
                self.assertIs(self.sandbox.value(
                    f"import array\nx == {code} and type(x) is type({code})", inputs={"x": json.loads(tagged)}), True)

    def test_there_and_back(self):
        for value in ({"$bytes": "AAEC"}, {"$dict": [[1, 2]]}, {"$set": [1]}, {"$float": "nan"},
                      {"$int": hex(7 ** 9000)},
                      {"$array": {"type": "f4", "shape": [1], "data": "AACAPw=="}}):
            with self.subTest(value):
                self.assertEqual(self.sandbox.value("x", inputs={"x": value}), value)


class OldExports(SandboxTestCase):
    """`exec`, `eval` and `evaluate` share the session's names and never call the host."""

    def test_they_share_the_namespace(self):
        self.sandbox.call("exec", "x = 20\nprint(x)")
        self.assertEqual(self.sandbox.call("eval", "x + 1"), "21")
        self.assertEqual(self.sandbox.value("x"), 20)
        self.assertEqual(self.sandbox.call("evaluate", "{1}"), "{1}")
        with self.assertRaises(sandboxes.GuestError) as caught:
            self.sandbox.call("exec", "1 / 0")
        self.assertEqual(str(caught.exception), "ZeroDivisionError: division by zero")
        self.assertEqual((self.sandbox.output(), self.sandbox.requests(), self.sandbox.events()), ("20\n", [], []))
