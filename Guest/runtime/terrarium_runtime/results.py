# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The outcome of a step as JSON text: what PROTOCOL.md calls `outcome`."""

import sys

from . import displays, error_reports, json_text
from .text import shortened
from .value_encoding import Buffers, TooLarge, ValueEncoder, scalar_text

DEFAULT_VALUE_LIMIT = 16 * 1024 * 1024
DEFAULT_TEXT_LIMIT = 1024 * 1024


class ResultForms:
    """Which forms of a program's value the host wants, and how large they may be."""

    __slots__ = ("value", "text", "display", "any", "exact", "value_limit", "text_limit", "buffers")

    def __init__(self, wanted, exact: bool, limits: dict, buffers: Buffers | None):
        self.value, self.text, self.display = "value" in wanted, "text" in wanted, "display" in wanted
        self.any = self.value or self.text or self.display
        self.exact = exact
        self.value_limit = limits.get("value", DEFAULT_VALUE_LIMIT)
        self.text_limit = limits.get("text", DEFAULT_TEXT_LIMIT)
        self.buffers = buffers

    def encode(self, value: object) -> str:
        """The forms as a JSON object; raises what the value's own `__repr__` and the like raise."""
        parts = []
        if self.value:
            if (text := scalar_text(value)) is not None and len(text) <= self.value_limit:
                if not self.text and not self.display:
                    return f'{{"value":{text}}}'
                parts.append(f'"value":{text}')
            else:
                encoder = ValueEncoder(self.value_limit, self.exact, buffer=self.buffers and self.buffers.keep)
                parts.append(self._form("value", lambda: encoder.encode(value)))
        if self.text:
            text = self._text(value)
            parts.append('"text":' + json_text.encode(shortened(text, self.text_limit)))
            if len(text) > self.text_limit:
                parts.append(f'"text_length":{len(text)}')
        if self.display:
            parts.append(self._form("display", lambda: displays.encoded_forms(value)))
        return "{" + ",".join(parts) + "}"

    def _text(self, value: object) -> str:
        try:
            return repr(value)
        except ValueError as error:
            # The limit is there for conversions that a program does not know of; here somebody asked for the digits.
            digits = sys.get_int_max_str_digits()
            if not digits or type(error) is not ValueError or not str(error).startswith("Exceeds the limit ("):
                raise
        sys.set_int_max_str_digits(max(self.text_limit, digits))
        try:
            return repr(value)
        finally:
            sys.set_int_max_str_digits(digits)

    @staticmethod
    def _form(name: str, encode) -> str:
        try:
            return f'"{name}":{encode()}'
        except TooLarge as error:
            report = {"used": error.used, "limit": error.limit, "message": str(error)}
            return f'"{name}_too_large":{json_text.encode(report)}'


def done(result: str | None, rest: str) -> str:
    if result is None:
        return f'{{"status":"done",{rest}}}'
    return f'{{"status":"done","result":{result},{rest}}}'


def exited(code: int, rest: str) -> str:
    return f'{{"status":"exited","code":{code},{rest}}}'


def failed(error: BaseException, limit: int, rest: str, was_shown: bool = False) -> str:
    """The outcome of an exception that nobody caught."""
    shown = ',"shown":true' if was_shown else ""
    # The program may have left little room for calls, which a report needs.
    depth = sys.getrecursionlimit()
    if depth < 1_000:
        sys.setrecursionlimit(1_000)
    try:
        report = json_text.encode(error_reports.report(error, limit))
    finally:
        if depth < 1_000:
            try:
                sys.setrecursionlimit(depth)
            except RecursionError:
                pass
    return f'{{"status":"failed","error":{report}{shown},{rest}}}'
