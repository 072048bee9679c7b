# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Messages of the host, in which tags stand for what JSON cannot say. PROTOCOL.md lists the forms."""

import binascii
import datetime
import decimal
import json
import pathlib
import uuid

from . import json_text
from .numeric_arrays import NumericArray


def decode(text: str):
    """The message as Python values."""
    # Few messages have tags, and without them no object needs a second look.
    return _tagged_decoder.decode(text) if '"$' in text else json_text.decode(text)


def decode_from(text: str, start: int):
    """The value that begins there in a message, and the offset of its end; StopIteration if there is none."""
    return _tagged_decoder.scan_once(text, start) if '"$' in text else json_text.scan(text, start)


def _untagged(tree: dict):
    if len(tree) == 1:
        (tag, content), = tree.items()
        if (make := _FORMS.get(tag)) is not None:
            return make(content)
    return tree


def _array(content: dict):
    return NumericArray(content["type"], content["shape"], binascii.a2b_base64(content["data"])).python_value()


_FORMS = {
    "$bytes": lambda text: binascii.a2b_base64(text),
    "$tuple": tuple,
    "$set": set,
    "$frozenset": frozenset,
    "$dict": lambda pairs: {key: value for key, value in pairs},
    "$int": lambda text: int(text, 0),
    "$float": float,
    "$complex": lambda parts: complex(*parts),
    "$codepoints": lambda codes: "".join(map(chr, codes)),
    "$datetime": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$timedelta": lambda count: datetime.timedelta(microseconds=count),
    "$decimal": decimal.Decimal,
    "$uuid": uuid.UUID,
    "$path": pathlib.PurePath,
    "$array": _array,
}

_tagged_decoder = json.JSONDecoder(object_hook=_untagged)
