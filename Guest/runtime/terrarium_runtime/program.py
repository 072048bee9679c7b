# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program that runs, in as many steps as it takes."""

import asyncio
import contextvars
import types

from . import suspension, threads
from .event_loop import HostLoop
from .host_calls import HostCallFuture
from .source_code import RESULT, CompiledProgram

_MAX_DEADLOCKS = 3
_DEADLOCK = "deadlock: every task waits for another, and no timer or host call is left to wake one"

_abandoned: list = []


class Program:
    """Driven by `advance`, until it is `ended`: with `error`, or with `result` where `has_result`."""

    def __init__(self, compiled: CompiledProgram, namespace: dict, loop: HostLoop, context: contextvars.Context):
        self.ended = False
        self.error: BaseException | None = None
        self.result: object = None
        self.has_result = False
        self._compiled, self._namespace, self._loop, self._context = compiled, namespace, loop, context
        self._coroutine = None
        self._wait: suspension.Wait | None = None
        self._deadlocks = 0
        self._interrupt: BaseException | None = None

    @property
    def code(self) -> types.CodeType:
        return self._compiled.code

    @property
    def waiting_loop(self) -> HostLoop:
        """The loop without which the program cannot go on."""
        return self._wait.loop if self._wait is not None else self._loop

    def advance(self, is_woken_by_host) -> None:
        """Goes on until the program ends or has to wait.

        is_woken_by_host: a function that tells whether a host call is under way.
        """
        if self._coroutine is None and not self._begin():
            return
        while not self.ended:
            loop, future = self._wait.loop, self._wait.future
            try:
                loop.run_ready(future)
            except BaseException as error:
                # `sys.exit` in some task, or an interrupt that arrived while no task ran.
                self._interrupt = error
                self._proceed(error)
                continue
            if future.done():
                self._proceed()
                continue
            try:
                if threads.run_ready():
                    continue
            except BaseException as error:
                # An interrupt that arrived while a thread ran.
                self._interrupt = error
                self._proceed(error)
                continue
            if threads.wake_at() is None and loop.wake_at() is None and not is_woken_by_host():
                self._end_deadlock()
            else:
                return

    def cancel(self, message: str | None) -> None:
        """Has what the program waits for raise `CancelledError` there."""
        self._wait.future.cancel(message)

    def interrupt(self) -> None:
        """Raises `KeyboardInterrupt` where the program waits."""
        future = self._wait.future
        # From task to task, to the one that waits for something else than a task.
        while (waited := getattr(future, "_fut_waiter", None)) is not None:
            future = waited
            while children := [child for child in getattr(future, "_children", ()) if not child.done()]:
                future = children[0]
        error = KeyboardInterrupt()
        if isinstance(future, asyncio.Task) or future.done():
            # One that could go on, and would at the next step.
            self._interrupt = error
            self._proceed(error)
            return
        if isinstance(future, HostCallFuture):
            future.calls.drop(future.number)
        future.set_exception(error)

    def raise_where_it_waits(self, error: BaseException) -> None:
        """Raises an interrupt that came while none of the program's own code ran."""
        if self.ended:
            return
        self._interrupt = error
        if self._coroutine is None:
            # It has not begun to run.
            self._end(error)
        else:
            self._proceed(error)

    def abandon(self, cleans_up: bool) -> None:
        """Ends the program where it is, and all tasks of its loop.

        cleans_up: `finally` blocks run, but may not await; otherwise none of the program's code runs any more.
        """
        self.ended, self._namespace = True, {}
        tasks = asyncio.all_tasks(self.waiting_loop)
        coroutines, self._coroutine = [self._coroutine, *(task.get_coro() for task in tasks)], None
        for task in tasks:
            # It will not be finished, and that is no news to anybody.
            task._log_destroy_pending = False
        if not cleans_up:
            # Python runs the `finally` blocks of a coroutine that it frees, so these stay.
            _abandoned.extend(coroutines)
            return
        for coroutine in filter(None, coroutines):
            try:
                self._context.run(coroutine.close)
            except BaseException:
                # It awaits in a `finally` block.
                pass

    def _begin(self) -> bool:
        try:
            made = self._context.run(eval, self._compiled.code, self._namespace)
        except BaseException as error:
            self._end(error)
            return False
        if not self._compiled.is_coroutine:
            self._end(value=made)
            return False
        self._coroutine = suspension.in_loop(self._loop, made, self._context) if self._compiled.awaits else made
        self._proceed()
        return not self.ended

    def _proceed(self, error: BaseException | None = None) -> None:
        self._wait = None
        try:
            if error is None:
                self._wait = self._context.run(self._coroutine.send, None)
            else:
                self._wait = self._context.run(self._coroutine.throw, error)
        except StopIteration as end:
            self._end(value=end.value)
        except BaseException as raised:
            self._end(raised)

    def _end(self, error: BaseException | None = None, value: object = None) -> None:
        self.ended, self.error, self._coroutine = True, error, None
        if self._compiled.has_result:
            try:
                value = self._namespace.pop(RESULT, None)
            except BaseException as second:
                # A key of the program's own, which raises when it is compared.
                self.error = error = error or second
        if error is None and (self._compiled.has_result or self._compiled.is_expression):
            self.result, self.has_result = value, True

    def _end_deadlock(self) -> None:
        self._deadlocks += 1
        if self._deadlocks <= _MAX_DEADLOCKS:
            self.cancel(_DEADLOCK)
        else:
            self.abandon(cleans_up=True)
            # An interrupt may have broken what the tasks wait for, and then is what ended the program.
            self.error = self._interrupt or RuntimeError(_DEADLOCK)
