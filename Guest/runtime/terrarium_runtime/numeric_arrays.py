# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays of numbers as their bytes: `array.array`, `memoryview` and NumPy's, with element type and shape.

What else NumPy has comes as Python's own types.
"""

import array
import sys

# Kind and size of an element, as NumPy writes them, for the type codes that `array` and `struct` share.
_KINDS = dict.fromkeys("bhilq", "i") | dict.fromkeys("BHILQ", "u") | {"f": "f", "d": "f", "?": "b"}
_CODES = {f"{_KINDS[code]}{array.array(code).itemsize}": code for code in "bBhHiIqQfd"} | {"b1": "B"}

# The kinds of NumPy's elements whose bytes mean the same everywhere: `longdouble` does not.
_PORTABLE = frozenset("b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split())
_FINER_THAN_DATETIME = ("ns", "ps", "fs", "as")


class NumericArray:
    """Element type (`f8`, `i4`, `u1`, `b1`, `c16`), shape, and the elements in row order, little end first."""

    __slots__ = ("element", "shape", "data")

    def __init__(self, element: str, shape: list[int], data: bytes):
        self.element, self.shape, self.data = element, shape, data

    @staticmethod
    def of(value: object) -> "NumericArray | None":
        """The value as an array of numbers, or None where it is not one."""
        if isinstance(value, array.array):
            if value.typecode in _KINDS:
                return NumericArray(f"{_KINDS[value.typecode]}{value.itemsize}", [len(value)], value.tobytes())
        elif isinstance(value, memoryview):
            if value.format in _KINDS and value.ndim:
                return NumericArray(f"{_KINDS[value.format]}{value.itemsize}", list(value.shape), value.tobytes())
        elif (numpy := sys.modules.get("numpy")) is not None and isinstance(value, numpy.ndarray):
            element = f"{value.dtype.kind}{value.dtype.itemsize}"
            # Bytes do not say which elements of a masked array are none.
            if element in _PORTABLE and not isinstance(value, numpy.ma.MaskedArray):
                little = value.astype(value.dtype.newbyteorder("<"), copy=False)
                return NumericArray(element, list(value.shape), little.tobytes())
        return None

    def python_value(self):
        """A NumPy array where NumPy is loaded; else an `array.array`, or nested lists for more than one dimension."""
        count = 1
        for length in self.shape:
            if not isinstance(length, int) or length < 0:
                raise ValueError(f"an array cannot have the shape {self.shape}")
            count *= length
        size = int(self.element[1:])
        if count * size != len(self.data):
            raise ValueError(f"an array of {count} elements of {size} bytes cannot have {len(self.data)} bytes")
        if (numpy := sys.modules.get("numpy")) is not None:
            return numpy.frombuffer(bytearray(self.data), dtype="<" + self.element).reshape(self.shape)
        if self.element not in _CODES:
            raise ValueError(f"elements of type {self.element} need NumPy")
        if len(self.shape) == 1 and self.element != "b1":
            return array.array(_CODES[self.element], self.data)
        code = "?" if self.element == "b1" else _CODES[self.element]
        if 0 in self.shape or not self.shape:
            # `memoryview` knows neither of the two.
            return _empty(self.shape) if self.shape else memoryview(self.data).cast(code)[0]
        return memoryview(self.data).cast(code, self.shape).tolist()


def python_form(value: object) -> object:
    """A scalar of NumPy's as Python's own number, text or date, an array as nested lists; anything else as it is."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, (numpy.ndarray, numpy.generic)):
        return value
    if isinstance(value, numpy.longdouble):
        return float(value)
    if isinstance(value, numpy.clongdouble):
        return complex(value)
    kind = value.dtype.kind
    if kind in "mM" and numpy.datetime_data(value.dtype)[0] in _FINER_THAN_DATETIME:
        value = value.astype(f"{kind}8[us]")
    elif kind in "fc" and f"{kind}{value.dtype.itemsize}" not in _PORTABLE:
        value = value.astype("c16" if kind == "c" else "f8")
    return value.tolist()


def _empty(shape: list[int]) -> list:
    return [] if shape[0] == 0 else [_empty(shape[1:]) for _ in range(shape[0])]
