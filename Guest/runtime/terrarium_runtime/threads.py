# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`threading`, `queue` and `time.sleep` over strands."""

import _thread
import _threading_local
import itertools
import queue
import sys
import threading
import time

from . import error_reports, strands
from .thread_pool import ThreadPoolExecutor


class Lock:
    """A lock object is a synchronization primitive. It can be acquired by a thread, and released by any other."""

    __slots__ = ("_holder", "__weakref__")
    __module__, __qualname__ = "_thread", "lock"

    def __init__(self):
        self._holder = None

    def acquire(self, blocking=True, timeout=-1):
        """Lock the lock; answers whether it was locked within that time."""
        if timeout != -1:
            if not blocking:
                raise ValueError("can't specify a timeout for a non-blocking call")
            if timeout < 0:
                raise ValueError("timeout value must be a non-negative number")
            if timeout > threading.TIMEOUT_MAX:
                raise OverflowError("timestamp out of range for platform time_t")
        if self._holder is not None and not strands.wait_until(
                self._is_free, (None if timeout == -1 else timeout) if blocking else 0):
            return False
        self._take()
        return True

    def _is_free(self):
        return self._holder is None

    def _take(self):
        self._holder = strand = strands.current()
        strand.held += 1

    def release(self):
        """Release the lock, which some thread holds."""
        if (holder := self._holder) is None:
            raise RuntimeError("release unlocked lock")
        self._holder = None
        holder.held -= 1

    def locked(self):
        """Return whether the lock is locked."""
        return self._holder is not None

    def __enter__(self):
        if self._holder is not None:
            strands.wait_until(self._is_free)
        self._take()
        return True

    def __exit__(self, *_):
        self.release()

    def __repr__(self):
        state = "unlocked" if self._holder is None else "locked"
        return f"<{state} _thread.lock object at {id(self):#x}>"

    def __reduce__(self):
        raise TypeError("cannot pickle '_thread.lock' object")

    def _at_fork_reinit(self):
        self._holder = None

    acquire_lock, release_lock, locked_lock = acquire, release, locked


class _Waiter(Lock):
    """The lock that a condition's waiter waits for, which it never gives back."""

    __slots__ = ()

    def _take(self):
        self._holder = _NOBODY


_NOBODY = strands.Strand(None)


def _start(self):
    """Start the thread's activity: it runs, to its end, once another one waits."""
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    delay = getattr(self, "interval", 0.0) if isinstance(self, threading.Timer) else 0.0
    self._strand = strand = strands.Strand(lambda: _run(self), self.daemon, delay)
    self._ident = strand.ident
    if hasattr(self, "_native_id"):
        self._native_id = strand.ident
    threading._active[strand.ident] = self
    self._started.set()
    strands.start(strand)


def _run(thread) -> None:
    try:
        thread.run()
    except strands.Left:
        raise
    except BaseException as error:
        if strands.is_from_outside(error):
            raise
        error_reports.drop_runtime_frames(error)
        thread._invoke_excepthook(thread)
    finally:
        thread._is_stopped = True
        threading._active.pop(thread._ident, None)


def _join(self, timeout=None):
    """Wait until the thread terminates."""
    if not self._initialized:
        raise RuntimeError("Thread.__init__() not called")
    if not self._started.is_set():
        raise RuntimeError("cannot join thread before it is started")
    if self is threading.current_thread():
        raise RuntimeError("cannot join current thread")
    strand = getattr(self, "_strand", None)
    if strand is None:
        raise RuntimeError("cannot join the main thread: it waits for this one")
    strands.wait_until(lambda: strand.is_done, timeout)


def _is_alive(self):
    """Return whether the thread is alive."""
    assert self._initialized, "Thread.__init__() not called"
    if (strand := getattr(self, "_strand", None)) is None:
        return self._started.is_set()
    if strand.is_ready:
        strands.look()
    return not strand.is_done


def _is_set(self):
    """Return true if and only if the internal flag is true."""
    if not self._flag:
        strands.look_for_stop()
    return self._flag


def _get_ident():
    """Return a non-zero integer that uniquely identifies the current thread amongst other threads that exist
    simultaneously."""
    return strands.current().ident


def _start_new_thread(function, args, kwargs=None, /):
    """Start a new thread and return its identifier; it runs, to its end, once another one waits."""
    if not callable(function):
        raise TypeError("first arg must be callable")
    if not isinstance(args, tuple):
        raise TypeError("2nd arg must be a tuple")
    if kwargs is not None and not isinstance(kwargs, dict):
        raise TypeError("optional 3rd arg must be a dictionary")

    def body():
        try:
            function(*args, **kwargs or {})
        except (SystemExit, strands.Left):
            pass
        except BaseException as error:
            if strands.is_from_outside(error):
                raise
            print(f"Exception ignored in thread started by: {function!r}", file=sys.stderr)
            sys.__excepthook__(type(error), error, error.__traceback__)

    strand = strands.Strand(body, is_daemon=True)
    strands.start(strand)
    return strand.ident


_put_where_there_is_room = queue.Queue.put


def _put(self, item, block=True, timeout=None):
    """Put an item into the queue; a bound is only kept where nobody could make room."""
    if not block or self.maxsize <= 0 or strands.is_alone() or getattr(self, "is_shutdown", False):
        return _put_where_there_is_room(self, item, block, timeout)
    bound, self.maxsize = self.maxsize, 0
    try:
        return _put_where_there_is_room(self, item)
    finally:
        self.maxsize = bound


def begin_script() -> None:
    """Names new threads as in a process that has just begun."""
    threading._counter = itertools.count(1).__next__
    ThreadPoolExecutor._counter = itertools.count().__next__


def end_program() -> BaseException | None:
    """Runs the threads for which a program waits at its end; answers what the host raised meanwhile."""
    try:
        strands.run_ready()
    except BaseException as error:
        return error
    return None


def install() -> None:
    """Has the modules of the standard library use strands."""
    strands.set_main_ident(_thread.get_ident())
    for function, name in ((_start, "start"), (_join, "join"), (_is_alive, "is_alive"), (_is_set, "is_set"),
                           (_put, "put"), (strands.sleep, "sleep")):
        function.__name__ = function.__qualname__ = name
    _get_ident.__name__ = "get_ident"
    thread = threading.Thread
    thread.start, thread.join, thread.is_alive = _start, _join, _is_alive
    threading.Event.is_set = _is_set
    threading.get_ident = _thread.get_ident = _get_ident
    threading.Lock = threading._Lock = _thread.lock = _thread.LockType = _thread.allocate_lock = _thread.allocate = Lock
    threading._allocate_lock = _Waiter
    threading.local = _thread._local = _threading_local.local
    _thread.start_new_thread = _thread.start_new = _start_new_thread
    queue.Queue.put, queue.SimpleQueue = _put, queue._PySimpleQueue
    time.sleep = strands.sleep
    strands.sleep.__module__ = "time"
    ThreadPoolExecutor.install()
