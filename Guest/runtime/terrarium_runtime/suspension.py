# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that stop in the middle and go on later.

A program with a top-level `await`, or whose top level calls `asyncio.run`, is a coroutine. What it yields is a `Wait`:
a loop, and the future without which it cannot go on. Whoever drives it may then return to the host and go on later.

`asyncio.run` called from a plain function cannot be put aside like this, since the frames between are not coroutines;
it runs to its end in one go, and the host waits (see `event_loop`).
"""

import asyncio
import contextvars
import types
from asyncio import events

from .event_loop import HostLoop


class Wait:
    __slots__ = ("loop", "future")

    def __init__(self, loop: HostLoop, future: asyncio.Future):
        self.loop, self.future = loop, future


@types.coroutine
def _until_done(loop: HostLoop, future: asyncio.Future):
    if not future.done():
        yield Wait(loop, future)
    return future.result()


async def in_loop(loop: HostLoop, coroutine, context: contextvars.Context):
    """Runs a coroutine as a task of a loop that goes on afterwards."""
    task = loop.create_task(coroutine, context=context)
    try:
        return await _until_done(loop, task)
    finally:
        # Something else than the task ended the wait: `sys.exit` in another task, an interrupt inside the loop.
        if not task.done():
            task.cancel()
            await _until_done(loop, asyncio.gather(task, return_exceptions=True))


async def run(function, /, *args, **kwargs):
    """What a call of `asyncio.run` at the top level of a program becomes.

    function: what the program called; if that is not `asyncio.run` after all, it is called as it stands.
    """
    if function is not asyncio.run:
        return function(*args, **kwargs)
    return await _run(*args, **kwargs)


async def _run(main, *, debug=None, loop_factory=None):
    """As `asyncio.run`, but not blocking."""
    if events._get_running_loop() is not None:
        # The program has a top-level `await` as well, so it is a task; `asyncio.run` would refuse.
        return await asyncio.ensure_future(main)
    loop = HostLoop() if loop_factory is None else loop_factory()
    if not isinstance(loop, HostLoop):
        loop.close()
        raise ValueError("asyncio.run: loop_factory must make asyncio.EventLoop, the only kind of loop in a sandbox")
    if debug is not None:
        loop.set_debug(debug)
    events.set_event_loop(loop)
    try:
        if not asyncio.iscoroutine(main):
            # The same complaint, or wrapping, as the original.
            main = _wrapped(main)
        return await _until_done(loop, loop.create_task(main, context=contextvars.copy_context()))
    finally:
        try:
            await _cancel_all_tasks(loop)
            await _until_done(loop, loop.create_task(loop.shutdown_asyncgens()))
            await _until_done(loop, loop.create_task(loop.shutdown_default_executor()))
        finally:
            events.set_event_loop(None)
            loop.close()


def _wrapped(main):
    if not hasattr(type(main), "__await__"):
        raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")

    async def wrapper():
        return await main

    return wrapper()


async def _cancel_all_tasks(loop: HostLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    if not tasks:
        return
    for task in tasks:
        task.cancel()
    # `gather` looks for the running loop unless all that it is given belongs to one.
    await _until_done(loop, asyncio.gather(*tasks, return_exceptions=True))
    for task in tasks:
        if not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler({
                "message": "unhandled exception during asyncio.run() shutdown",
                "exception": task.exception(),
                "task": task,
            })
