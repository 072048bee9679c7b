# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Threads without threads: a *strand* is what a thread would run, and runs when another one waits.

There is one stack. A strand that waits stays on it while others run above it, each to its end, so it goes on only when
those above it have ended. Documentation/Threads.md says what programs can do with that, and what they cannot.
"""

import contextvars
import itertools
import opcode
import queue
import sys
import time
from asyncio import events

_DEADLOCK = (
    "this wait can never end: threads in a sandbox take turns, each runs to its end once another one waits, and none that "
    "is left to run would end it; use asyncio for tasks that wait for one another")
#: How often a strand may look in vain before others run.
_PATIENCE = 3
_RAISES = {opcode.opmap[name] for name in ("RAISE_VARARGS", "RERAISE") if name in opcode.opmap}
_idents = itertools.count(1_000_000)

real_sleep, _now = time.sleep, time.monotonic


class Left(BaseException):
    """Ends a strand that waits for more to do, so that one below it goes on. `finally` blocks run."""


class Strand:
    __slots__ = ("body", "is_daemon", "started_at", "due", "ident", "lag", "held", "holds", "end", "vain_looks",
                 "is_ready", "is_done")

    def __init__(self, body, is_daemon: bool = False, delay: float = 0.0, ident: int | None = None):
        self.body, self.is_daemon = body, is_daemon
        self.started_at = _now()
        #: When it would have something to do, if it ran at once.
        self.due = self.started_at + delay
        self.ident = next(_idents) if ident is None else ident
        #: How much later it runs than it would at the side of the others. Waits are shorter by that.
        self.lag = 0.0
        #: The locks that it holds.
        self.held = 0
        #: What it waits for, and how long, while it waits.
        self.holds, self.end = None, None
        #: How often it looked, in vain, whether it is to stop.
        self.vain_looks = 0
        self.is_ready = self.is_done = False

    def could_go_on(self) -> bool:
        """Whether it waits below others for something that has happened."""
        return self.holds is not None and (self.holds() or self.end is not None and _now() >= self.end)


_main = Strand(None)
_stack: list[Strand] = [_main]
_ready: list[Strand] = []
_vain_looks = 0


def set_main_ident(ident: int) -> None:
    _main.ident = ident


def current() -> Strand:
    return _stack[-1]


def is_alone() -> bool:
    """Whether there is no other strand that has not ended."""
    return len(_stack) == 1 and not _ready


def start(strand: Strand) -> None:
    strand.is_ready = True
    _ready.append(strand)


def run(strand: Strand) -> None:
    """Runs a strand that is ready to its end.

    It raises only what the host raises to end the program.
    """
    global _vain_looks
    if not strand.is_ready:
        return
    _vain_looks = 0
    strand.is_ready = False
    _ready.remove(strand)
    strand.lag = max(0.0, _now() - strand.started_at)
    _stack.append(strand)
    # It is not in the program's loop, nor in its context.
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        contextvars.Context().run(strand.body)
    except Left:
        pass
    finally:
        events._set_running_loop(loop)
        _stack.pop()
        strand.is_done = True


def run_ready(daemons: bool = False) -> None:
    """Runs all strands that are ready, and those that they start."""
    while (strand := _next(daemons)) is not None:
        run(strand)


def _next(daemons: bool) -> Strand | None:
    """The one to run next: a program does not end before those that are no daemons."""
    return min((one for one in _ready if daemons or not one.is_daemon), key=lambda one: (one.is_daemon, one.due),
               default=None)


def wait_until(holds, timeout: float | None = None) -> bool:
    """Waits until `holds()`, for at most that many seconds; answers whether it does.

    Meanwhile others run. Where nothing that is left to run could make it hold, it raises RuntimeError.
    """
    if holds():
        return True
    if timeout is not None and timeout <= 0:
        look()
        return holds()
    strand = _stack[-1]
    strand.holds, strand.end = holds, None if timeout is None else _now() + timeout
    may_be_left = strand is not _main and (strand.is_daemon or strand.vain_looks >= _PATIENCE or _waits_for_work())
    try:
        while not holds():
            if may_be_left and _another_could_go_on():
                raise Left
            other = _next(daemons=True)
            if other is not None and (strand.end is None or other.due < strand.end):
                run(other)
            elif not _pause(strand, may_be_left):
                strand.vain_looks += 1
                return holds()
        return True
    finally:
        strand.holds = strand.end = None


def _another_could_go_on() -> bool:
    return any(one.could_go_on() for one in _stack[:-1])


def _pause(strand: Strand, may_be_left: bool) -> bool:
    """Lets time pass, where nothing is ready, for a strand that waits; answers whether it may wait on."""
    if strand.end is None:
        ends = [one.end for one in _stack[:-1] if one.end is not None] if may_be_left else []
        if ends:
            real_sleep(max(0.0, min(ends) - _now()))
            return True
        if may_be_left:
            raise Left
        # Only those below could end this wait, and they do not run before it is over.
        raise RuntimeError(_DEADLOCK)
    credit = min(strand.lag, max(0.0, strand.end - _now()))
    strand.lag -= credit
    strand.end -= credit
    ends = [one.end for one in _stack if one.end is not None] if may_be_left else [strand.end]
    real_sleep(max(0.0, min(ends) - _now()))
    return _now() < strand.end


def _waits_for_work() -> bool:
    """Whether the wait is that of a worker for the next entry of a queue."""
    frame, codes = sys._getframe(2), (queue.Queue.get.__code__, queue._PySimpleQueue.get.__code__)
    for _ in range(12):
        if frame is None:
            return False
        if frame.f_code in codes:
            return True
        frame = frame.f_back
    return False


def sleep(seconds, /):
    """Delay execution for a given number of seconds.  The argument may be
a floating-point number for subsecond precision."""
    strand = _stack[-1]
    if strand is _main:
        if _ready and isinstance(seconds, (int, float)) and seconds > 0:
            end = _now() + seconds
            look()
            seconds = max(0.0, end - _now())
        return real_sleep(seconds)
    if not isinstance(seconds, (int, float)) or not seconds > 0:
        return real_sleep(seconds)
    if strand.vain_looks >= _PATIENCE and _another_could_go_on():
        raise Left
    credit = min(strand.lag, seconds)
    strand.lag -= credit
    return real_sleep(seconds - credit)


def look() -> None:
    """Notes that the main strand looks whether something has happened; if it does so again and again, the others run."""
    global _vain_looks
    if not _ready or _stack[-1] is not _main or _main.held:
        return
    _vain_looks += 1
    if _vain_looks < _PATIENCE:
        return
    _main.holds, _main.end = _never, _now()
    try:
        run_ready()
    finally:
        _main.holds = _main.end = None


def _never() -> bool:
    return False


def look_for_stop() -> None:
    """Notes that a strand asks in vain whether it is to stop."""
    strand = _stack[-1]
    if strand is _main:
        look()
        return
    strand.vain_looks += 1
    if strand.vain_looks >= _PATIENCE and _another_could_go_on():
        raise Left


def is_from_outside(error: BaseException) -> bool:
    """Whether the host raised it, to end the program, and no code of the program did."""
    if type(error) not in (TimeoutError, KeyboardInterrupt) or error.args:
        return False
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    if innermost is None:
        return True
    return innermost.tb_frame.f_code.co_code[innermost.tb_lasti] not in _RAISES
