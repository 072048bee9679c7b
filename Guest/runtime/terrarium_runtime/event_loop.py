# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""asyncio without sockets or waiting.

There is one kind of loop, driven in two ways. `run_ready` runs what can run now and returns: that is how a session's
loop is driven, and in between everything that waits is data. `run_until_complete` and `run_forever`, which a program
may call on a loop of its own, must not return before they are done; when nothing can run, they ask the host to wait.

The clock is `time.monotonic`, which is the host's.
"""

import asyncio
import heapq
import math
import sys
from asyncio import base_events, events

_ASYNCIO_FOLDER = asyncio.__file__.rpartition("/")[0] + "/"


class HostLoop(base_events.BaseEventLoop):
    #: What to do when a blocking run has nothing to do before that time, in nanoseconds of the loop's clock, or at all
    #: (None): a function that returns after something happened. Set once, by `install`.
    wait_for_host = None

    def __init__(self, selector=None) -> None:
        super().__init__()
        #: The future that a blocking run is to complete.
        self.root: asyncio.Future | None = None

    def run_ready(self, future: asyncio.Future | None, max_rounds: int | None = None) -> None:
        """Runs all that can run without waiting, or until the future is done, or for that many rounds."""
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(self._asyncgen_firstiter_hook, self._asyncgen_finalizer_hook)
        outer = events._get_running_loop()
        events._set_running_loop(self)
        try:
            while (future is None or not future.done()) and max_rounds != 0 and self._can_run():
                self._run_once()
                if max_rounds is not None:
                    max_rounds -= 1
        finally:
            events._set_running_loop(outer)
            sys.set_asyncgen_hooks(*hooks)

    @property
    def is_idle(self) -> bool:
        """Whether there is neither a callback nor a timer."""
        return not self._ready and not self._scheduled

    def wake_at(self) -> int | None:
        """When the loop can go on by itself, in nanoseconds of its clock, rounded up."""
        if self._ready:
            return int(self.time() * 1e9)
        return self._earliest_timer()

    def _earliest_timer(self) -> int | None:
        if self._timer_cancelled_count > 100 and self._timer_cancelled_count > len(self._scheduled) // 2:
            # Time-outs that were not needed, mostly; they must not pile up until they would have been due.
            self._scheduled = [timer for timer in self._scheduled if not timer._cancelled]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0
        while self._scheduled and self._scheduled[0]._cancelled:
            # As `_run_once` does; a cancelled timer must wake nobody.
            self._timer_cancelled_count -= 1
            heapq.heappop(self._scheduled)._scheduled = False
        return math.ceil(self._scheduled[0]._when * 1e9) if self._scheduled else None

    def _can_run(self) -> bool:
        if self._ready:
            return True
        return self._earliest_timer() is not None and self._is_due(self._scheduled[0])

    def run_until_complete(self, future):
        future = asyncio.ensure_future(future, loop=self)
        outer, self.root = self.root, future
        try:
            return super().run_until_complete(future)
        finally:
            self.root = outer

    def _run_once(self) -> None:
        """As in `BaseEventLoop`, but for one thing: an exception that the host raises at any moment loses no callback.

        Python looks for such an exception after calls and when it jumps back, so there is neither between the line that
        takes a callback from the queue and the one that runs it.
        """
        timer = self._earliest_timer()
        if not self._ready and not self._stopping and (timer is None or not self._is_due(self._scheduled[0])):
            HostLoop.wait_for_host(self)
        while self._scheduled and self._is_due(self._scheduled[0]):
            handle = heapq.heappop(self._scheduled)
            handle._scheduled = False
            self._ready.append(handle)
        ready = self._ready
        for _ in range(len(ready)):
            handle = ready[0]
            del ready[0]
            if handle._cancelled:
                continue
            try:
                handle._context.run(handle._callback, *handle._args)
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                if isinstance(error, TimeoutError) and _is_from_outside(error):
                    raise
                self.call_exception_handler(
                    {"message": f"Exception in callback {handle!r}", "exception": error, "handle": handle})

    def _is_due(self, handle: asyncio.TimerHandle) -> bool:
        return handle._when < self.time() + self._clock_resolution

    # What `BaseEventLoop` leaves to its subclasses.

    def _write_to_self(self) -> None:
        # Wakes a loop that blocks, for another thread; where threads take turns, one that blocks runs them itself.
        pass

    def call_soon_threadsafe(self, callback, *args, context=None):
        return self.call_soon(callback, *args, context=context)

    async def shutdown_default_executor(self, timeout=None) -> None:
        self._executor_shutdown_called = True
        if self._default_executor is not None:
            self._default_executor.shutdown(wait=True)


def _is_from_outside(error: BaseException) -> bool:
    """Whether the host raised it while asyncio was at work, not the program: then it must not just be logged."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    return innermost is not None and innermost.tb_frame.f_code.co_filename.startswith((_ASYNCIO_FOLDER, __file__))


def install(wait_for_host) -> None:
    """Makes this the loop that `asyncio.run`, `asyncio.Runner` and `asyncio.new_event_loop` use."""
    HostLoop.wait_for_host = staticmethod(wait_for_host)
    get = getattr(events, "_get_event_loop_policy", None) or events.get_event_loop_policy

    # A program may have a policy made anew.
    type(get())._loop_factory = HostLoop
    for module in (asyncio, asyncio.unix_events):
        module.EventLoop = module.SelectorEventLoop = HostLoop
