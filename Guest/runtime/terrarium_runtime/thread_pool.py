# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`concurrent.futures.ThreadPoolExecutor` over strands, of which each runs one call."""

import concurrent.futures
import itertools
import os
import threading
import time
from concurrent.futures import _base
from concurrent.futures import thread as _original

from . import strands

_now = time.monotonic


class _Worker:
    """The thread that calls find themselves in."""

    def __init__(self, name: str):
        self.thread = threading.Thread(name=name)
        self.ident = strands.Strand(None).ident
        self.thread._ident = self.ident
        self.thread._started.set()
        #: When it would have ended what it was given so far, if all workers ran side by side.
        self.free_at = 0.0
        self.is_initialized = False


class ThreadPoolExecutor(_base.Executor):
    """An executor whose calls run, in the order of their submission, once a thread waits."""

    __module__ = "concurrent.futures.thread"
    _counter = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **_):
        if max_workers is None:
            max_workers = min(32, (os.cpu_count() or 1) + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._thread_name_prefix = thread_name_prefix or f"ThreadPoolExecutor-{self._counter()}"
        self._initializer, self._initargs = initializer, initargs
        self._shutdown, self._broken = False, False
        self._workers: list[_Worker] = []
        #: The calls that have not ended, with their futures.
        self._calls: dict[strands.Strand, _base.Future] = {}

    def submit(self, fn, /, *args, **kwargs):
        if self._broken:
            raise _original.BrokenThreadPool(self._broken)
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = _base.Future()
        strand = strands.Strand(lambda: self._call(strand, future, fn, args, kwargs))
        future._strand = strand
        self._calls[strand] = future
        strands.start(strand)
        return future

    def _call(self, strand, future, fn, args, kwargs) -> None:
        worker = self._worker_for(strand)
        # It would have begun when the worker was free.
        strand.lag = max(0.0, _now() - max(strand.started_at, worker.free_at))
        strand.ident = worker.ident
        threading._active[worker.ident] = worker.thread
        try:
            if self._broken or not self._initialize(worker):
                future.set_exception(_original.BrokenThreadPool(self._broken))
            elif future.set_running_or_notify_cancel():
                try:
                    result = fn(*args, **kwargs)
                except BaseException as error:
                    future.set_exception(error)
                    if strands.is_from_outside(error):
                        raise
                else:
                    future.set_result(result)
        finally:
            worker.free_at = _now() - strand.lag
            threading._active.pop(worker.ident, None)
            self._calls.pop(strand, None)

    def _worker_for(self, strand) -> _Worker:
        free = min(self._workers, key=lambda one: one.free_at, default=None)
        if free is None or free.free_at > strand.started_at and len(self._workers) < self._max_workers:
            free = _Worker(f"{self._thread_name_prefix}_{len(self._workers)}")
            self._workers.append(free)
        return free

    def _initialize(self, worker: _Worker) -> bool:
        if self._initializer is not None and not worker.is_initialized:
            try:
                self._initializer(*self._initargs)
            except BaseException as error:
                if isinstance(error, strands.Left) or strands.is_from_outside(error):
                    raise
                _base.LOGGER.critical("Exception in initializer:", exc_info=True)
                self._broken = "A thread initializer failed, the thread pool is not usable anymore"
                return False
        worker.is_initialized = True
        return True

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shutdown = True
        if cancel_futures:
            for future in list(self._calls.values()):
                future.cancel()
        if wait:
            strands.wait_until(lambda: not self._calls)

    @classmethod
    def install(cls) -> None:
        for name in ("submit", "shutdown"):
            getattr(cls, name).__doc__ = getattr(_base.Executor, name).__doc__
        concurrent.futures.ThreadPoolExecutor = _original.ThreadPoolExecutor = cls
        for name in ("done", "running"):
            setattr(_base.Future, name, _looking(getattr(_base.Future, name)))


def _looking(method):
    def look(self):
        if (strand := getattr(self, "_strand", None)) is not None and strand.is_ready:
            strands.look()
        return method(self)

    look.__name__, look.__qualname__, look.__doc__ = method.__name__, method.__qualname__, method.__doc__
    return look
