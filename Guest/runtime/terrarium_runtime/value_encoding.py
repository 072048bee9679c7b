# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Python values as JSON text, for the host. PROTOCOL.md lists the forms.

What JSON can say is said as JSON says it; the rest is an object with one key, which starts with `$`. Most values are
lists and dicts of numbers and strings: those are recognised by a few calls that run at the speed of C, and encoded by
the standard library's encoder at once.
"""

import array
import binascii
import dataclasses
import datetime
import decimal
import enum
import json
import math
import pathlib
import uuid
from collections import OrderedDict, deque
from itertools import chain

from . import json_text
from .numeric_arrays import NumericArray, python_form
from .text import qualified_name, safe_repr

_SCALARS = frozenset((int, float, str, bool, type(None)))
_PLAIN = _SCALARS | {list, dict}
_SEQUENCES = (range, deque, type({}.keys()), type({}.values()), type({}.items()))
_MAX_DEPTH = 200
_MAX_REPR = 10_000
_MAX_DECIMAL_BITS = 2_000  # Python may be told to refuse decimals of more than 640 digits.
_MICROSECOND = datetime.timedelta(microseconds=1)


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError
    return repr(value)


# The JSON text of a scalar, by a call or two.
_TEXTS = {
    int: repr,
    float: _float_text,
    str: json.encoder.encode_basestring,
    bool: {False: "false", True: "true"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}


def scalar_text(value: object) -> str | None:
    """The JSON text of a short scalar that needs no tag, or None where there is more to it."""
    try:
        text = _TEXTS[type(value)](value)
    except (KeyError, ValueError):
        return None
    return text if len(text) < 1_000 and text.isascii() else None


class TooLarge(ValueError):
    """A value does not fit: `used` is how many bytes it takes, or at least that many."""

    def __init__(self, used: int, limit: int):
        super().__init__(f"the value takes {used} bytes or more as JSON, and {limit} are allowed")
        self.used, self.limit = used, limit


class NoForm(TypeError):
    """A value of a type that cannot leave the sandbox."""


class ValueEncoder:
    """Encodes values under one set of rules.

    limit: the most bytes that the text may have.
    exact: tuples are told from lists.
    strict: a value without a form of its own is `NoForm`; otherwise its `repr` stands for it.
    buffer: takes bytes and answers what stands for them; None writes them as base64.
    """

    __slots__ = ("_limit", "_exact", "_strict", "_buffer", "_count")

    def __init__(self, limit: int, exact: bool = False, strict: bool = False, buffer=None):
        self._limit, self._exact, self._strict, self._buffer = limit, exact, strict, buffer
        self._count = 0

    def encode(self, value: object) -> str:
        """JSON text; raises `TooLarge` or `NoForm`."""
        self._count = 0
        text = None
        if type(value) in _SCALARS or self._is_plain(value):
            try:
                text = json_text.encode(value)
                if '"$' in text or not _is_transportable(text):
                    # A key may look like a tag, or a string holds lone surrogates.
                    text = None
                if text is not None and len(text) <= self._limit and text.isascii():
                    return text
            except ValueError:
                # NaN, or an integer too long for decimal digits.
                pass
        if text is None:
            self._count = 0
            text = json_text.encode(self._tree(value, 0))
        size = len(text) if text.isascii() else len(text.encode("utf-8"))
        if size > self._limit:
            raise TooLarge(size, self._limit)
        return text

    def encode_list(self, values: tuple) -> str:
        """As `encode` of a list of the values; made for a few short ones, which is what most calls pass."""
        try:
            text = f"[{','.join([_TEXTS[type(value)](value) for value in values])}]"
            if len(text) <= self._limit and text.isascii():
                return text
        except (KeyError, ValueError):
            # A value of another type, or one that is written with a tag.
            pass
        return self.encode(list(values))

    def _is_plain(self, value: object) -> bool:
        """Whether JSON can say the value without tags, numbers and strings aside."""
        if type(value) is list and len(value) < 100 and _SCALARS.issuperset(map(type, value)):
            return True
        level = [value]
        for _ in range(_MAX_DEPTH):
            kinds = set(map(type, level))
            if not kinds <= _PLAIN:
                return False
            lists = [one for one in level if type(one) is list] if list in kinds else []
            dicts = [one for one in level if type(one) is dict] if dict in kinds else []
            if not lists and not dicts:
                return True
            if dicts and not set(map(type, chain.from_iterable(dicts))) <= {str}:
                return False
            # Each element takes at least its comma; shared ones count each time, as they are written each time.
            self._take(sum(map(len, lists)) + 4 * sum(map(len, dicts)))
            level = list(chain(chain.from_iterable(lists), chain.from_iterable(map(dict.values, dicts))))
        return False

    def _take(self, count: int) -> None:
        self._count += count
        if self._count > self._limit:
            raise TooLarge(self._count, self._limit)

    def _tree(self, value: object, depth: int):
        """A tree of what JSON can say, in which tags stand for the rest."""
        kind = type(value)
        if kind is str:
            self._take(len(value))
            return value if _is_transportable(value) else {"$codepoints": list(map(ord, value))}
        if kind is bool or value is None:
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 64 or _is_short(value) else {"$int": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"$float": repr(value)}
        if depth >= _MAX_DEPTH:
            return self._opaque(value, f"nested more than {_MAX_DEPTH} deep")
        if kind is list:
            return self._list(value, depth)
        if kind is tuple:
            return {"$tuple": self._list(value, depth)} if self._exact else self._list(value, depth)
        if kind is dict:
            return self._dict(value.items(), depth)
        return self._tagged(value, depth)

    def _list(self, values, depth: int) -> list:
        self._take(len(values))
        return [self._tree(value, depth + 1) for value in values]

    def _dict(self, items, depth: int) -> dict:
        self._take(4 * len(items))
        pairs = list(items)
        if all(type(key) is str and not key.startswith("$") and _is_transportable(key) for key, _ in pairs):
            return {key: self._tree(value, depth + 1) for key, value in pairs}
        return {"$dict": [[self._tree(key, depth + 1), self._tree(value, depth + 1)] for key, value in pairs]}

    def _tagged(self, value: object, depth: int):
        if isinstance(value, (bytes, bytearray)):
            return {"$bytes": self._bytes(value)}
        if isinstance(value, enum.Enum):
            return {"$enum": {"type": qualified_name(type(value)), "name": value.name,
                              "value": self._tree(value.value, depth + 1)}}
        if (numbers := NumericArray.of(value)) is not None:
            if numbers.element == "u1" and isinstance(value, memoryview) and len(numbers.shape) == 1:
                return {"$bytes": self._bytes(numbers.data)}
            return {"$array": {"type": numbers.element, "shape": numbers.shape, "data": self._bytes(numbers.data)}}
        if isinstance(value, (set, frozenset)):
            return {"$frozenset" if isinstance(value, frozenset) else "$set": self._list(value, depth)}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            return self._object(value, {name: getattr(value, name, None) for name in names}, depth)
        if isinstance(value, tuple):
            if isinstance(names := getattr(value, "_fields", None), tuple):
                return self._object(value, dict(zip(names, value)), depth)
            return {"$tuple": self._list(value, depth)} if self._exact else self._list(value, depth)
        if isinstance(value, dict):
            items = OrderedDict.items(value) if isinstance(value, OrderedDict) else dict.items(value)
            return self._dict(items, depth)
        if isinstance(value, (list, *_SEQUENCES)):
            return self._list(value, depth)
        return self._scalar(value, depth)

    def _object(self, value: object, fields: dict, depth: int) -> dict:
        self._take(4 * len(fields))
        return {"$object": {"type": qualified_name(type(value)),
                            "fields": {name: self._tree(field, depth + 1) for name, field in fields.items()}}}

    def _scalar(self, value: object, depth: int):
        # Subclasses of the plain types, as what they are besides.
        for kind, exact in ((int, int.__int__), (float, float.__float__), (str, str.__str__)):
            if isinstance(value, kind):
                return self._tree(exact(value), depth)
        if isinstance(value, complex):
            return {"$complex": [self._tree(value.real, depth), self._tree(value.imag, depth)]}
        if isinstance(value, datetime.datetime):
            return {"$datetime": value.isoformat()}
        if isinstance(value, datetime.date):
            return {"$date": value.isoformat()}
        if isinstance(value, datetime.time):
            return {"$time": value.isoformat()}
        if isinstance(value, datetime.timedelta):
            return {"$timedelta": value // _MICROSECOND}
        if isinstance(value, decimal.Decimal):
            return {"$decimal": str(value)}
        if isinstance(value, uuid.UUID):
            return {"$uuid": str(value)}
        if isinstance(value, pathlib.PurePath):
            return {"$path": str(value)}
        if (form := python_form(value)) is not value:
            return self._tree(form, depth + 1)
        return self._opaque(value, "of this type")

    def _opaque(self, value: object, reason: str):
        if self._strict:
            raise NoForm(f"a value of type {qualified_name(type(value))} cannot leave the sandbox"
                         + ("" if reason == "of this type" else f": {reason}"))
        # At this depth the `repr` of a container would say the rest once more, or never end.
        text = "…" if isinstance(value, (list, tuple, dict, set)) else safe_repr(value, _MAX_REPR)
        self._take(len(text))
        return {"$repr": {"type": qualified_name(type(value)), "text": _replaced(text)}}

    def _bytes(self, data):
        if self._buffer is not None and (token := self._buffer(data)) is not None:
            return token
        self._take(len(data) * 4 // 3)
        return binascii.b2a_base64(data, newline=False).decode("ascii")


class Buffers:
    """Large byte strings left where they are, for a host that can read the sandbox's memory.

    What stands for them is their address and size; they are kept until the next `forget`.
    """

    THRESHOLD = 4_096

    def __init__(self) -> None:
        self._kept: list[array.array] = []

    def keep(self, data) -> dict | None:
        if len(data) < self.THRESHOLD:
            return None
        # `array` is the one type that tells where its elements are.
        copy = array.array("B", data)
        self._kept.append(copy)
        address, count = copy.buffer_info()
        return {"address": address, "count": count}

    def forget(self) -> None:
        if self._kept:
            self._kept = []


def _is_short(value: int) -> bool:
    return value.bit_length() < _MAX_DECIMAL_BITS


def _is_transportable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _replaced(text: str) -> str:
    return json_text.transportable(text)
