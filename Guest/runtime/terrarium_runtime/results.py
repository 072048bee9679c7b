# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The outcome of a step as JSON text: what PROTOCOL.md calls `outcome`."""

import sys

from . import displays, error_reports, json_text
from .text import shortened
from .value_encoding import Buffers, TooLarge, ValueEncoder

DEFAULT_VALUE_LIMIT = 16 * 1024 * 1024
DEFAULT_TEXT_LIMIT = 1024 * 1024


class ResultForms:
    """Which forms of a program's value the host wants, and how large they may be."""

    def __init__(self, request: dict, limits: dict, buffers: Buffers | None):
        wanted = request.get("result", ("value",))
        self.value, self.text, self.display = "value" in wanted, "text" in wanted, "display" in wanted
        self.exact = bool(request.get("exact"))
        self.value_limit = limits.get("value", DEFAULT_VALUE_LIMIT)
        self.text_limit = limits.get("text", DEFAULT_TEXT_LIMIT)
        self.buffers = buffers

    def encode(self, value: object) -> str:
        """The forms as a JSON object; raises what the value's own `__repr__` and the like raise."""
        parts = []
        if self.value:
            encoder = ValueEncoder(self.value_limit, self.exact, buffer=self.buffers and self.buffers.keep)
            parts.append(self._form("value", lambda: encoder.encode(value)))
        if self.text:
            text = repr(value)
            parts.append('"text":' + json_text.encode(shortened(text, self.text_limit)))
            if len(text) > self.text_limit:
                parts.append(f'"text_length":{len(text)}')
        if self.display:
            parts.append(self._form("display", lambda: displays.encoded_forms(value)))
        return "{" + ",".join(parts) + "}"

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


def failed(error: BaseException, limit: int, rest: str) -> str:
    """What an exception that nobody caught comes to; `sys.exit` is an orderly end."""
    if isinstance(error, SystemExit):
        return f'{{"status":"exited","code":{_exit_code(error)},{rest}}}'
    return f'{{"status":"failed","error":{json_text.encode(error_reports.report(error, limit))},{rest}}}'


def _exit_code(error: SystemExit) -> int:
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        # What a process could say; also for integers that no machine word holds.
        return int(code) & 0xFF if -(1 << 31) <= code < 1 << 31 else 255
    try:
        # As CPython does at the end of a script.
        print(code, file=sys.stderr)
    except BaseException:
        pass
    return 1
