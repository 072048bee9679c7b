# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""NumPy as part of the guest: there without cost, random afresh, its values on their way out and in."""

import base64
import struct
import tempfile

import sandboxes
from sandboxes import SandboxTestCase


def array(kind: str, shape: list, data: bytes) -> dict:
    return {"$array": {"type": kind, "shape": shape, "data": base64.b64encode(data).decode()}}


class NumPyTestCase(SandboxTestCase):
    def setUp(self):
        if not sandboxes.is_component():
            self.skipTest("NumPy is part of the component, not of this machine's Python")
        super().setUp()


class Session(NumPyTestCase):
    def test_it_is_a_name_of_the_session_and_importing_it_imports_nothing(self):
        self.assertEqual(self.sandbox.call(
            "eval", "numpy.matmul([[1, 2], [4, 5], [6, 7]], [[1, 2, 3], [4, 5, 6]]).tolist()"),
            "[[9, 12, 15], [24, 33, 42], [34, 47, 60]]")
        self.sandbox.run("import sys\nbefore = set(sys.modules)\nimport numpy as np\n"
                         "import numpy.linalg, numpy.fft, numpy.random, numpy.ma, numpy.polynomial.chebyshev\n"
                         "np.strings.upper('a'), np.testing.assert_allclose, np.exceptions, np.rec, np.char, np.ctypeslib")
        self.assertEqual(self.sandbox.value("sorted(set(sys.modules) - before)"), [])

    def test_its_parts_work(self):
        for code in ("np.allclose(np.linalg.solve([[3, 1], [1, 2]], [9, 8]), [2, 3])",
                     "np.allclose(np.fft.ifft(np.fft.fft([1, 2, 3])).real, [1, 2, 3])",
                     "np.random.default_rng(5).integers(0, 100, 3).tolist() == [67, 80, 2]",
                     "np.ma.masked_less([1, 5], 3).sum() == 5",
                     "np.polynomial.Polynomial([1, 2])(3) == 7",
                     "np.strings.add(['a', 'b'], 'c').tolist() == ['ac', 'bc']",
                     "str(np.datetime64('2024-02-28') + np.arange(3)[-1]) == '2024-03-01'",
                     "np.array([(1, 2.5)], dtype=[('a', 'i8'), ('b', 'f4')])['b'][0] == 2.5",
                     "np.array(['a', 'bcd'], dtype=np.dtypes.StringDType()).tolist() == ['a', 'bcd']",
                     "np.einsum('ij,jk->ik', np.eye(2), np.ones((2, 2))).sum() == 4"):
            with self.subTest(code):
                self.assertIs(self.sandbox.value(f"import numpy as np\nbool({code})"), True)

    def test_files(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        sandbox = sandboxes.make(folder)
        self.addCleanup(sandbox.close)
        self.assertEqual(sandbox.value(
            "import numpy as np\na = np.arange(6.0)\nnp.save('/a.npy', a)\nnp.savez('/b.npz', a=a)\n"
            "np.savetxt('/c.txt', a)\na.tofile('/d.bin')\nm = np.memmap('/d.bin', 'f8', 'r+')\nm[0] = 7\nm.flush()\n"
            "[np.load(file).sum() for file in ['/a.npy']] + [np.load('/b.npz')['a'].sum(), np.loadtxt('/c.txt').sum(),"
            " np.fromfile('/d.bin').sum()]"), [15, 15, 15, 22])

    def test_running_out_of_memory_is_a_python_error(self):
        self.assertEqual(self.sandbox.error("x = [numpy.empty(2**31 - 9, 'u1') for _ in range(3)]")["type"],
                         "numpy._core._exceptions._ArrayMemoryError")
        self.assertEqual(self.sandbox.value("1 + 1"), 2)

    def test_each_sandbox_draws_its_own_random_numbers(self):
        other = sandboxes.make()
        self.addCleanup(other.close)
        code = "[numpy.random.random(), numpy.random.default_rng().random(), numpy.random.RandomState().rand()]"
        for mine, theirs in zip(self.sandbox.value(code), other.value(code)):
            self.assertNotEqual(mine, theirs)
        seeded = "numpy.random.seed(1)\nnumpy.random.random()"
        self.assertEqual(self.sandbox.value(seeded), other.value(seeded))

    def test_integers_are_those_of_a_64_bit_machine(self):
        self.assertEqual(self.sandbox.value("[str(numpy.arange(3).dtype), numpy.intp(0).itemsize]"), ["int64", 8])
        self.assertEqual(self.sandbox.value("numpy.arange(1, 100001).sum().item()"), 5000050000)

    def test_an_integer_that_fits_no_pointer_is_an_error_and_never_another_element(self):
        self.sandbox.run("import numpy as np\na = np.arange(10)")
        for code in ("a[{}]", "a[[{}]]", "a[np.array([{}])]", "a.take([{}])", "a.put([{}], 1)", "a.flat[{}]", "a.item({})",
                     "np.add.reduceat(a, [{}])", "np.add.at(a, [{}], 1)", "np.delete(a, [{}])",
                     "np.zeros(1, [('x', 'i4')]).dtype[{}]", "np.zeros(1, [('x', 'i4')])[0][{}]"):
            for number in (2**32, 2**32 + 1, -2**40, 2**63 - 1):
                with self.subTest(code.format(number)):
                    self.assertEqual(self.sandbox.error(code.format(number))["type"], "IndexError")
        for code in ("np.zeros({})", "np.empty(({}, 2))", "np.repeat(a, {})", "np.broadcast_to(1, {})", "np.arange({})",
                     "np.bincount([1], None, {})", "np.bincount([{}])", "np.empty({}, 'V0')", "np.ndarray(({},), 'V0', b'')",
                     "np.random.bytes({})", "np.random.default_rng().bytes({})", "a.copy().resize({})"):
            for number in (2**31, 2**32, 2**32 + 1, 2**40):
                with self.subTest(code.format(number)):
                    self.assertIn("MemoryError", self.sandbox.error(code.format(number))["type"])
        # Errors also where a 64-bit machine takes the lower 32 bits, or adds up to less than nothing.
        for code, name in (("np.bincount([2**63 - 1])", "MemoryError"), ("np.repeat([1, 2, 3, 4], [2**62] * 4)", "MemoryError"),
                           ("np.transpose(np.eye(2), (2**32 + 1, 0))", "numpy.exceptions.AxisError"),
                           ("np.ndarray(1, 'u1', b'1234', 2**63 - 1)", "TypeError"),
                           ("np.ndarray(1, 'u1', b'1234', -2)", "TypeError"),
                           ("np.ndarray(2, 'u1', b'1234', 0, (2**63 - 1,))", "ValueError"),
                           ("np.strings.multiply(np.array(['ab'], 'T'), 2**32)", "OverflowError"),
                           ("np.strings.zfill(np.array(['ab'], 'T'), 2**32 + 5)", "OverflowError")):
            with self.subTest(code):
                self.assertEqual(self.sandbox.error(code)["type"], name)
        self.assertEqual(self.sandbox.value("np.strings.slice(np.array(['hello'], 'T'), None, None, -2**32).tolist()"), ["o"])
        self.assertEqual(self.sandbox.value("a.tolist()"), list(range(10)))

    def test_floating_point_sets_no_flags(self):
        self.sandbox.run("import warnings\nwarnings.simplefilter('error')\n"
                         "with numpy.errstate(all='raise'): numpy.ones(1) / numpy.zeros(1)")


class Values(NumPyTestCase):
    def test_out(self):
        for code, expected in {
            "np.array([[1.0], [2.0]])": array("f8", [2, 1], struct.pack("<2d", 1, 2)),
            "np.array([[1, 2], [3, 4]]).T": array("i8", [2, 2], struct.pack("<4q", 1, 3, 2, 4)),
            "np.array([1, 2], '>i2')": array("i2", [2], struct.pack("<2h", 1, 2)),
            "np.array([1, 2], 'g')": [1.0, 2.0],
            "np.array([True])": array("b1", [1], b"\1"),
            "np.array(5.0)": array("f8", [], struct.pack("<d", 5)),
            "np.int64(5)": 5, "np.float32(0.5)": 0.5, "np.bool(True)": True, "np.longdouble(0.5)": 0.5,
            "np.str_('a')": "a", "np.complex64(1j)": {"$complex": [0.0, 1.0]}, "np.bytes_(b'a')": {"$bytes": "YQ=="},
            "np.array(['a', 'b'])": ["a", "b"], "np.array([1, None])": [1, None],
            "np.ma.masked_less([1, 5], 3)": [None, 5],
            "np.array([(1, 'x')], dtype=[('a', 'i4'), ('b', 'U1')])": [[1, "x"]],
            "np.datetime64('2024-02-28')": {"$date": "2024-02-28"},
            "np.array(['2024-02-28T01:02:03'], 'M8[ns]')": [{"$datetime": "2024-02-28T01:02:03"}],
            "np.timedelta64(5, 'us')": {"$timedelta": 5},
        }.items():
            with self.subTest(code):
                self.assertEqual(self.sandbox.value(f"import numpy as np\n{code}"), expected)

    def test_the_older_exports_answer_json_where_it_can_say_the_value(self):
        self.assertEqual(self.sandbox.call("eval", "[numpy.eye(1), numpy.int64(5), numpy.bool(True)]"), "[[[1.0]], 5, true]")
        self.assertEqual(self.sandbox.call("eval", "numpy.float32(0.5)"), "0.5")
        self.assertEqual(self.sandbox.call("evaluate", "numpy.arange(10).sum()"), "45")
        # Where `repr` can be had, an array is shown as one.
        self.assertEqual(self.sandbox.call("evaluate", "numpy.arange(2)"), "array([0, 1])")
        with self.assertRaises(sandboxes.GuestError):
            self.sandbox.call("eval", "numpy.complex64(1j)")

    def test_in(self):
        for value, code in (
            (array("i4", [2], struct.pack("<2i", 1, 2)), "np.array([1, 2], 'i4')"),
            (array("u1", [2, 1], b"\1\2"), "np.array([[1], [2]], 'u1')"),
            (array("f8", [0, 3], b""), "np.empty((0, 3))"),
            (array("c16", [], struct.pack("<2d", 1, 2)), "np.array(1+2j)"),
        ):
            with self.subTest(code):
                self.assertIs(self.sandbox.value(
                    f"import numpy as np\nnp.array_equal(x, {code}) and x.dtype == {code}.dtype", inputs={"x": value}),
                    True)
