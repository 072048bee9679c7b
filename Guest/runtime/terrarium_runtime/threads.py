# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Threads that take turns: `threading` and what builds on it, where the system has no threads.

A thread is a generator that goes on until it has to wait, and then yields what it waits for (`Wait`). `steps` makes such
generators of ordinary functions. Whoever waits, the program's own code included, lets the other threads go on
meanwhile. Nothing else switches from one thread to another, so between two waits a thread is alone.

A function of which no generator can be made (it is written in C, or its source is not known) waits inside the call in
which it was entered: threads that were entered before it go on only after it. Where such a wait cannot end, it raises
`RuntimeError`.
"""

import _thread
import _threading_local
import asyncio.events
import contextvars
import linecache
import math
import opcode
import queue
import sys
import threading
import time
import types

from . import error_reports, steps

_sleep, _now = time.sleep, time.monotonic
_MAIN = _thread.get_ident()
# After that many seconds, asking whether something has happened yet lets other threads go on.
_TURN = 0.005
_MAX_ROUNDS = 100
# Waits within waits: each takes a part of the stack.
_MAX_DEPTH = 20
_ALONE = "this wait can never end: there is no other thread"
_ALL_WAIT = "this wait can never end: every other thread waits, too"
_COVERED = (
    "this wait can never end: the threads of a sandbox take turns, and one that could go on was entered before this one, "
    "whose code cannot be suspended here (C code, a generator, a comprehension, or a function without its source); wait "
    "in a plain function, or use asyncio's tasks")


class Wait:
    """What a thread waits for: that `is_ready` answers true, or that the time (of `time.monotonic`) has come."""

    __slots__ = ("is_ready", "deadline")

    def __init__(self, is_ready, deadline: float | None = None):
        self.is_ready, self.deadline = is_ready, deadline

    def is_over(self) -> bool:
        return self.is_ready() or self.deadline is not None and _now() >= self.deadline


class _Strand:
    """A thread that was started and has not ended."""

    def __init__(self, ident: int, generator, handle: "Handle", is_daemon: bool):
        self.ident, self.generator, self.handle, self.is_daemon = ident, generator, handle, is_daemon
        self.wait: Wait | None = None
        self.is_entered = False
        self.context = contextvars.Context()


_strands: list[_Strand] = []
_running = _MAIN
_last_ident = _MAIN
_depth = 0
_switched_at = 0.0
_interrupt: BaseException | None = None
# Threads that will never go on: Python would run the `finally` blocks of a generator that it frees.
_dropped: list = []


def get_ident() -> int:
    """Return a non-zero integer that uniquely identifies the current thread."""
    return _running


def are_there() -> bool:
    return bool(_strands)


# Letting others go on.


def _enter(strand: _Strand) -> None:
    """Lets a thread go on until it waits or ends."""
    global _running, _switched_at, _interrupt, _depth
    outer, loop = _running, asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    _running, strand.is_entered, strand.wait, _depth = strand.ident, True, None, _depth + 1
    _switched_at = _now()
    try:
        strand.wait = strand.context.run(strand.generator.send, None)
    except StopIteration:
        _end(strand)
    except BaseException:
        _end(strand)
        raise
    finally:
        _running, strand.is_entered, _depth = outer, False, _depth - 1
        _switched_at = _now()
        asyncio.events._set_running_loop(loop)
    if _interrupt is not None and outer == _MAIN:
        # As in a process, an interrupt is the main thread's to deal with.
        error, _interrupt = _interrupt, None
        raise error


def _end(strand: _Strand) -> None:
    strand.handle._set_done()
    if strand in _strands:
        _strands.remove(strand)
        if not _strands:
            steps.forget_functions()


def run_ready() -> bool:
    """Lets each thread that can go on do so once; answers whether there was one."""
    did_run = False
    if _depth < _MAX_DEPTH:
        for strand in list(_strands):
            if not strand.is_entered and not strand.handle.is_done() and (strand.wait is None or strand.wait.is_over()):
                _enter(strand)
                did_run = True
    return did_run


def wake_at() -> float | None:
    """When the first of the threads that wait can go on by itself, in seconds of `time.monotonic`."""
    return min((one.wait.deadline for one in _strands
                if not one.is_entered and one.wait is not None and one.wait.deadline is not None), default=None)


def wake_at_nanoseconds() -> int | None:
    return None if (when := wake_at()) is None else math.ceil(when * 1e9)


def wait(is_ready, deadline: float | None = None) -> bool:
    """Waits in the midst of a call; the other threads go on. Answers whether it became ready."""
    while not is_ready():
        if deadline is not None and _now() >= deadline:
            return False
        if run_ready():
            continue
        times = [when for when in (deadline, wake_at() if _depth < _MAX_DEPTH else None) if when is not None]
        if not times:
            raise RuntimeError(_ALONE if not _strands else _COVERED if _running != _MAIN else _ALL_WAIT)
        _sleep(max(0.0, min(times) - _now()))
    return True


def poll() -> None:
    """Called where a program asks whether something has happened yet: in a loop, it may have to happen first."""
    if _strands and _now() - _switched_at > _TURN:
        run_ready()


def _poll_steps():
    if _now() - _switched_at > _TURN:
        yield Wait(_always)


def _always() -> bool:
    return True


def _never() -> bool:
    return False


def _deadline(timeout) -> float | None:
    return None if timeout is None or timeout < 0 else _now() + timeout


# What threads wait for: a lock, the end of another, a time. All else is made of these.


class Lock:
    """A lock object is a synchronization primitive: threads take turns to hold it."""

    __slots__ = ("_is_locked", "__weakref__")

    def __init__(self):
        self._is_locked = False

    def acquire(self, blocking=True, timeout=-1):
        """Lock the lock; answers whether that was done."""
        if timeout != -1 or not blocking:
            _check(blocking, timeout)
        if self._is_locked:
            if not blocking or timeout == 0 or not wait(self._is_free, _deadline(timeout)):
                return False
        self._is_locked = True
        return True

    def release(self):
        """Release the lock, which need not be held by the same thread."""
        if not self._is_locked:
            raise RuntimeError("release unlocked lock")
        self._is_locked = False

    def locked(self):
        """Return whether the lock is held."""
        return self._is_locked

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()

    acquire_lock, release_lock, locked_lock = acquire, release, locked

    def __repr__(self):
        return f"<{'locked' if self._is_locked else 'unlocked'} _thread.lock object at {id(self):#x}>"

    def _is_free(self) -> bool:
        return not self._is_locked

    def _at_fork_reinit(self):
        self._is_locked = False


Lock.__name__ = Lock.__qualname__ = "lock"
Lock.__module__ = "_thread"


def _check(blocking, timeout) -> None:
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be a non-negative number")
    if timeout > _thread.TIMEOUT_MAX:
        raise OverflowError("timestamp out of range for platform time_t")


def _acquire_again(self, blocking=True, timeout=-1):
    """Acquire a lock, blocking or non-blocking; the thread that holds it may do so again."""
    if self._owner == _running:
        self._count += 1
        return True
    if not self._block.acquire(blocking, timeout):
        return False
    self._owner, self._count = _running, 1
    return True


def _acquire_again_steps(self, blocking=True, timeout=-1):
    if self._owner != _running and not (yield from _acquire_steps(self._block, blocking, timeout)):
        return False
    self._owner, self._count = _running, self._count + 1
    return True


def _acquire_steps(lock, blocking=True, timeout=-1):
    if lock._is_locked and blocking and timeout != 0:
        _check(blocking, timeout)
        ends_at = _deadline(timeout)
        yield Wait(lock._is_free, ends_at)
        while lock._is_locked and (ends_at is None or _now() < ends_at):
            yield Wait(lock._is_free, ends_at)
        blocking, timeout = False, -1
    return lock.acquire(blocking, timeout)


class Handle:
    """The end of a thread."""

    def __init__(self, ident: int | None = None):
        self.ident, self._is_done = ident, False

    def is_done(self) -> bool:
        return self._is_done

    def _set_done(self) -> None:
        self._is_done = True

    def join(self, timeout=None) -> None:
        if self.ident == _running:
            raise RuntimeError("Cannot join current thread")
        wait(self.is_done, _deadline(timeout))


def _join_steps(handle, timeout=None):
    ends_at = _deadline(timeout)
    while not handle._is_done and (ends_at is None or _now() < ends_at):
        yield Wait(handle.is_done, ends_at)


def sleep(seconds, /):
    """Delay execution for a given number of seconds; other threads go on meanwhile."""
    if _strands and seconds >= 0:
        wait(_never, _now() + seconds)
        if seconds == 0:
            run_ready()
    else:
        _sleep(seconds)


def _sleep_steps(seconds, /):
    if not seconds >= 0:
        return _sleep(seconds)
    ends_at = _now() + seconds
    yield Wait(_never, ends_at)
    while _now() < ends_at:
        yield Wait(_never, ends_at)


sleep.__module__ = "time"


def _ready_steps(manager):
    """Waits until `with manager:` would not wait; answers the manager."""
    kind = type(manager)
    enter = getattr(kind, "__enter__", None)
    lock = manager
    if enter is threading.Condition.__enter__:
        lock = manager._lock
        kind = type(lock)
    if kind is threading.RLock:
        if lock._owner == _running:
            return manager
        lock = lock._block
        kind = Lock
    if kind is Lock:
        while lock._is_locked:
            yield Wait(lock._is_free)
    elif enter is threading.Semaphore.__enter__:
        while manager._value == 0:
            yield Wait(lambda: manager._value > 0)
    return manager


# Threads begin and end.


def _start(generator, handle: Handle, is_daemon: bool, begins: bool) -> None:
    global _last_ident
    _last_ident += 16
    handle.ident = _last_ident
    strand = _Strand(_last_ident, generator, handle, is_daemon)
    _strands.append(strand)
    # Of what cannot be suspended the end is awaited where another thread waits: by then there may be all that it needs.
    if begins:
        _enter(strand)


def start_joinable_thread(function, handle=None, daemon=True):
    """Start a thread that can be joined."""
    handle = Handle() if handle is None else handle
    thread = getattr(function, "__self__", None)
    body, made = function, _unjoined_steps
    if isinstance(thread, threading.Thread):
        # It deals with what its target raises.
        made = _steps_of
        # It is under way from now on, though its code may not be yet.
        body = thread._target if steps.function_of(thread.run) is threading.Thread.run else thread.run
    try:
        _start(made(function, (), {}), handle, daemon, begins=steps.is_known(body))
    except Exception:
        # The time limit struck in the thread. `Thread.start` takes it for one that never was, and forgets it once more.
        threading._limbo[thread] = thread
        raise
    return handle


def start_new_thread(function, args, kwargs=types.MappingProxyType({}), /):
    """Start a new thread and return its identifier."""
    if not callable(function):
        raise TypeError("first arg must be callable")
    if not isinstance(args, tuple):
        raise TypeError("2nd arg must be a tuple")
    handle = Handle()
    _start(_unjoined_steps(function, args, kwargs), handle, True, begins=steps.is_known(function))
    return handle.ident


def _steps_of(function, args, kwargs):
    made = steps.resolve(function)(*args, **kwargs)
    return (yield from made) if steps.is_steps(made) else made


def _unjoined_steps(function, args, kwargs):
    try:
        yield from _steps_of(function, args, kwargs)
    except SystemExit:
        pass
    except BaseException as error:
        _tell_of_ignored(error, f"Exception ignored in thread started by {function!r}")


def _tell_of_ignored(error, message: str) -> None:
    """Calls `sys.unraisablehook`, or does what it does by default, for which its arguments would have to be made in C."""
    if sys.unraisablehook is sys.__unraisablehook__:
        error_reports.drop_runtime_frames(error)
        print(f"{message}:\n{error_reports.report(error, 1 << 20)['rendered']}", end="", file=sys.stderr)
    else:
        sys.unraisablehook(types.SimpleNamespace(
            exc_type=type(error), exc_value=error, exc_traceback=error.__traceback__, err_msg=message, object=None))


def _in_context_steps(context, function, /, *args, **kwargs):
    """`context.run(function, …)`, each step of which runs in the context."""
    made = context.run(steps.resolve(function), *args, **kwargs)
    if not steps.is_steps(made):
        return made
    send, argument = made.send, None
    while True:
        try:
            wanted = context.run(send, argument)
        except StopIteration as end:
            return end.value
        try:
            argument, send = (yield wanted), made.send
        except BaseException as error:
            argument, send = error, made.throw


def is_interrupt(error: BaseException) -> bool:
    """Whether the host raised it to end the program: a `KeyboardInterrupt`, or a `TimeoutError` that no code raised."""
    if isinstance(error, KeyboardInterrupt):
        return True
    innermost = error.__traceback__
    if type(error) is not TimeoutError or error.args or innermost is None:
        return False
    while innermost.tb_next is not None:
        innermost = innermost.tb_next
    return innermost.tb_frame.f_code.co_code[innermost.tb_lasti] != opcode.opmap["RAISE_VARARGS"]


def _make_invoke_excepthook():
    invoke = _original_make_invoke_excepthook()

    def invoke_excepthook(thread):
        global _interrupt
        if is_interrupt(error := sys.exception()):
            _interrupt = error
        else:
            error_reports.drop_runtime_frames(error, everywhere=True)
            invoke(thread)

    return invoke_excepthook


def finish(waits: bool = True) -> None:
    """What a process does before it ends: goes on with the threads that are not daemons until they have ended.

    waits: also for a time to come; otherwise only what can go on now does, and not for ever.
    """
    rounds = 0
    while any(not one.is_daemon for one in _strands) and (waits or rounds < _MAX_ROUNDS):
        rounds += 1
        if run_ready():
            continue
        if not waits or (when := wake_at()) is None:
            return
        _sleep(max(0.0, when - _now()))


def end_pools() -> None:
    """Ends the workers of executors that nobody shut down, as the end of a process does."""
    pools = sys.modules.get("concurrent.futures.thread")
    if pools is not None and _strands:
        for thread, queue in list(pools._threads_queues.items()):
            queue.put(None)
            pools._shutdown = True
        try:
            finish()
        finally:
            pools._shutdown = False


def drop_all() -> None:
    """Ends all threads where they are, without running any of their code."""
    for strand in list(_strands):
        _dropped.append(strand)
        threading._active.pop(strand.ident, None)
        _end(strand)


# The functions of the standard library that wait, by module.
_WAITING = {
    "threading": (
        "Thread._bootstrap", "Thread._bootstrap_inner", "Thread.run", "Thread.join", "Timer.run", "Event.wait",
        "Condition.wait", "Condition.wait_for", "Semaphore.acquire", "Barrier.wait", "Barrier._enter", "Barrier._wait"),
    "queue": ("Queue.get", "Queue.put", "Queue.join", "_PySimpleQueue.get"),
    "concurrent.futures._base": ("Future.result", "Future.exception", "wait"),
    "concurrent.futures.thread": (
        "_worker", "_WorkItem.run", "WorkerContext.run", "ThreadPoolExecutor.shutdown"),
    "multiprocessing.pool": (
        "worker", "Pool._handle_workers", "Pool._handle_tasks", "Pool._handle_results", "Pool.join", "ApplyResult.wait",
        "ApplyResult.get"),
    "logging.handlers": ("QueueListener._monitor", "QueueListener.dequeue", "QueueListener.stop"),
    "sched": ("scheduler.run",),
}


def install() -> None:
    """Puts these in the place of what cannot be started here; before other modules take them from `threading`."""
    _replace_primitives()
    import concurrent.futures.thread
    import logging.handlers
    import multiprocessing.pool
    import sched

    class Notifier(queue.SimpleQueue):
        """What the threads of a pool tell each other by, which would be a pipe."""

        _reader = None

    class Context:
        SimpleQueue = Notifier

    def make_pool(self, processes=None, initializer=None, initargs=()):
        multiprocessing.pool.Pool.__init__(self, processes, initializer, initargs, context=Context)

    multiprocessing.pool.ThreadPool.__init__ = make_pool
    multiprocessing.pool.Pool._wait_for_updates = staticmethod(_wait_for_updates)
    steps.define(_wait_for_updates_steps, _wait_for_updates)
    for method, answer in ((threading.Event, "is_set"), (threading.Thread, "is_alive"),
                           (concurrent.futures.Future, "done"), (queue.Queue, "empty"), (queue.Queue, "qsize")):
        _make_polling(method, answer)
    steps.define(_acquire_steps, Lock.acquire)
    steps.define(_acquire_again_steps, _acquire_again)
    steps.define(_join_steps, Handle.join)
    steps.define(_sleep_steps, sleep)
    steps.define_for_contexts(_in_context_steps)
    steps.define_ready(_ready_steps)
    for module, names in _WAITING.items():
        for name in names:
            function = sys.modules[module]
            for part in name.split("."):
                function = getattr(function, part, None)
            if function is not None:
                steps.prepare(function)
    # There are no sources of the standard library in a sandbox, though it was read here.
    linecache.clearcache()
    steps.forget_sources()


def _replace_primitives() -> None:
    global _original_make_invoke_excepthook
    _original_make_invoke_excepthook = threading._make_invoke_excepthook
    threading._make_invoke_excepthook = _make_invoke_excepthook
    for name, value in (("allocate_lock", Lock), ("allocate", Lock), ("lock", Lock), ("LockType", Lock),
                        ("get_ident", get_ident), ("start_joinable_thread", start_joinable_thread),
                        ("start_new_thread", start_new_thread), ("start_new", start_new_thread),
                        ("_ThreadHandle", Handle), ("_make_thread_handle", Handle), ("_count", lambda: len(_strands)),
                        ("_local", _threading_local.local), ("RLock", threading._PyRLock)):
        setattr(_thread, name, value)
        for here in (name, "_" + name):
            if hasattr(threading, here) and here != "_count":
                setattr(threading, here, value)
    threading.Lock = threading._LockType = Lock
    # CPython's of Python answers 1 where the one of C, which programs know, answers True.
    threading._PyRLock.acquire = threading._PyRLock.__enter__ = _acquire_again
    threading._CRLock = None
    threading.local = _threading_local.local
    _threading_local.RLock = threading._PyRLock
    queue.SimpleQueue = sys.modules["_queue"].SimpleQueue = queue._PySimpleQueue
    time.sleep, sleep.__self__ = sleep, time


def _wait_for_updates(sentinels, notifier, timeout=None):
    """Waits for the news that a pool of threads has for the thread that keeps it."""
    wait(lambda: not notifier.empty(), _deadline(timeout))
    while not notifier.empty():
        notifier.get()


def _wait_for_updates_steps(sentinels, notifier, timeout=None):
    yield Wait(lambda: not notifier.empty(), _deadline(timeout))
    while not notifier.empty():
        notifier.get()


def _make_polling(kind: type, name: str) -> None:
    original = getattr(kind, name)

    def polling(self):
        if _strands:
            poll()
        return original(self)

    def polling_steps(self):
        yield from _poll_steps()
        return original(self)

    polling.__name__, polling.__qualname__, polling.__doc__ = name, original.__qualname__, original.__doc__
    polling.__module__ = original.__module__
    setattr(kind, name, polling)
    steps.define(polling_steps, polling)
