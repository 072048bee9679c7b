# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`input` and `getpass`, answered by the host where it says that it does; otherwise they read standard input."""

import _sitebuiltins
import asyncio
import builtins
import getpass

from . import host, json_text


def ask_host() -> None:
    """From now on the host answers."""
    builtins.input = _input
    getpass.getpass = _getpass


def keep_open() -> None:
    """Has `exit()` and `quit()` end the program only: Python's own close standard input, which the session keeps."""
    def leave(self, code=None):
        raise SystemExit(code)

    _sitebuiltins.Quitter.__call__ = leave


def _input(prompt="", /):
    """Read a line of text.

    The host shows the prompt and answers; EOFError says that there is nothing to read.
    """
    return _line(str(prompt), is_secret=False)


def _getpass(prompt="Password: ", stream=None, *, echo_char=None):
    """Ask for a text that is not shown while it is typed."""
    return _line(str(prompt), is_secret=True)


_input.__name__ = _input.__qualname__ = "input"
_input.__module__ = "builtins"
_getpass.__name__ = _getpass.__qualname__ = "getpass"
_getpass.__module__ = "getpass"


def _line(prompt: str, is_secret: bool) -> str:
    request = json_text.encode({"request": "input", "prompt": prompt, "secret": is_secret})
    reply = json_text.decode(host.ask(json_text.transportable(request)))
    raise_interruption(reply)
    if isinstance(text := reply.get("text"), str):
        return text
    raise EOFError("EOF when reading a line")


def raise_interruption(reply: dict) -> None:
    """Raises what the host answers instead of an answer, to end the program that asks."""
    if "interrupt" in reply:
        raise KeyboardInterrupt
    if "cancel" in reply:
        raise asyncio.CancelledError(*([reply["cancel"]] if isinstance(reply["cancel"], str) else []))
