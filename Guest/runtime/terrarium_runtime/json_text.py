# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""JSON as the protocol has it: compact, without NaN, and in Unicode that UTF-8 can carry.

The standard library's fast encoder and scanner are made once; `json.dumps` makes a new encoder for each call that is not
in its default form, which for a small message takes longer than the encoding.
"""

import json
import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def _no_form(value: object):
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def encoder(default=_no_form, ensure_ascii=True, separators=(", ", ": "), allow_nan=True):
    """Does what `json.dumps` does with these arguments; what contains itself is a RecursionError."""
    make = json.encoder.c_make_encoder
    if make is None:  # A Python without its accelerator.
        return json.JSONEncoder(
            default=default, ensure_ascii=ensure_ascii, separators=separators, allow_nan=allow_nan).encode
    text = json.encoder.encode_basestring_ascii if ensure_ascii else json.encoder.encode_basestring
    item_separator, key_separator = separators
    # markers, default, encoder, indent, key separator, item separator, sort_keys, skipkeys, allow_nan
    chunks = make(None, default, text, None, key_separator, item_separator, False, False, allow_nan)
    return lambda value: "".join(chunks(value, 0))


#: JSON text of a tree of dicts with string keys, lists, strings, numbers, booleans and None. A float without JSON form
#: is a ValueError, a tree that refers to itself a RecursionError.
encode = encoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

#: The value that begins at an offset of a JSON text, and the offset of its end.
scan = json.decoder.JSONDecoder().scan_once


def decode(text: str):
    """The tree that a JSON text from the host stands for."""
    try:
        value, end = scan(text, 0)
    except StopIteration:
        raise ValueError("a JSON value is missing") from None
    if end != len(text):
        raise ValueError(f"something follows the JSON value at offset {end}")
    return value


def transportable(text: str) -> str:
    """JSON text in which lone surrogates, which UTF-8 cannot carry, are replaced."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
