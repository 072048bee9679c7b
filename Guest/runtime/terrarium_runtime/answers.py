# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Answers to the host's requests, which are JSON whatever happens: no exception leaves the guest."""

from . import error_reports, host, json_text, value_decoding


class Misuse(Exception):
    """The host asked for something that the state of the session does not allow."""


# What there is to fall back on when a program used up all of its memory: freed, it lets the runtime say so.
_RESERVE = 256 * 1024
_reserve: list[bytearray] = [bytearray(_RESERVE)]


def answer(stepper, body, request: str, ends_program: bool = True) -> str:
    """Runs one request; whatever happens, the answer is JSON.

    ends_program: what goes wrong here ends the program; otherwise the request only looks at something.
    """
    try:
        try:
            text = body(value_decoding.decode(request))
        except Misuse as error:
            text = json_text.encode({"status": "invalid", "message": str(error)})
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            text = json_text.encode({"status": "invalid", "message": f"{type(error).__name__}: {error}"})
        if not text.isascii():
            text = json_text.transportable(text)
        host.flush_at_the_end()
        return text
    except BaseException as error:
        # An interrupt that came when no code of the program ran, or no memory left.
        _reserve.clear()
        try:
            text = json_text.transportable(stepper.emergency(error, ends_program))
            host.flush_at_the_end()
            return text
        except BaseException as second:
            return json_text.encode(
                {"status": "failed", "error": error_reports.last_resort(error, second), "calls": [], "dropped": []})
        finally:
            refill_reserve()


def refill_reserve() -> None:
    try:
        if not _reserve:
            _reserve.append(bytearray(_RESERVE))
    except MemoryError:
        # Perhaps the next time.
        pass
