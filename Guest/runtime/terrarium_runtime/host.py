# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The host, as the world `session` offers it: one blocking request, and events that it takes as they happen.

Nothing here is called before a program asks for it, so a host that runs programs only with `exec` and `eval` may answer
both imports with an error.
"""

import sys

import wit_world


def ask(request: str) -> str:
    """The host's answer; this call blocks, and with it the program, until the host has one."""
    flush()
    return wit_world.call_host(request)


def tell(event: str) -> None:
    """Hands an event to the host, after all that the program has printed so far."""
    flush()
    wit_world.emit(event)


def flush() -> None:
    """Sends on what the program has printed, so that it and events arrive in the order in which they were made."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (KeyboardInterrupt, TimeoutError):
        # What the host interrupts a program with: it must not get lost here.
        raise
    except BaseException:
        # The program may have replaced or closed the stream, which is its own affair.
        pass


def flush_at_the_end() -> None:
    """Sends on what is left, whatever state the streams are in."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except BaseException:
            pass
