# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`multiprocessing` where there are no processes: its locks and queues are those of threads, and what would start a process
says what to use instead.
"""

import array
import concurrent.futures.process
import errno
import multiprocessing
import multiprocessing.context
import multiprocessing.dummy
import multiprocessing.process
import threading

_NONE = ("a sandbox has no processes; threads take their place: concurrent.futures.ThreadPoolExecutor, "
         "multiprocessing.pool.ThreadPool, threading.Thread")
_OF_THREADS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier", "Queue", "JoinableQueue",
               "Pipe")


def refuse(*arguments, **named):
    """Says that there are no processes."""
    raise OSError(errno.ENOSYS, _NONE)


class _Shared:
    """What a value or an array that processes share has besides its contents."""

    def _protect(self, lock):
        self._lock = threading.RLock() if lock is True or lock is None else lock

    def get_lock(self):
        return self._lock

    def get_obj(self):
        return self

    def acquire(self, *arguments, **named):
        return self._lock.acquire(*arguments, **named)

    def release(self):
        self._lock.release()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *error):
        return self._lock.__exit__(*error)


class Value(_Shared):
    """A number that threads share."""

    def __init__(self, typecode_or_type, *args, lock=True):
        self._contents = array.array(_code(typecode_or_type), args or (0,))
        self._protect(lock)

    @property
    def value(self):
        return self._contents[0]

    @value.setter
    def value(self, value):
        self._contents[0] = value

    def __repr__(self):
        return f"<Synchronized wrapper for {self.value!r}>"


class Array(_Shared, array.array):
    """Numbers that threads share."""

    def __new__(cls, typecode_or_type, size_or_initializer, *, lock=True):
        contents = size_or_initializer if not isinstance(size_or_initializer, int) else [0] * size_or_initializer
        return super().__new__(cls, _code(typecode_or_type), contents)

    def __init__(self, typecode_or_type, size_or_initializer, *, lock=True):
        self._protect(lock)

    def __getitem__(self, key):
        found = super().__getitem__(key)
        return list(found) if isinstance(key, slice) else found


def _code(kind) -> str:
    if not isinstance(kind, str):
        raise TypeError("a sandbox has no ctypes: say the type by its code, 'i' or 'd' for instance")
    return kind


def install() -> None:
    """Changes `multiprocessing` and the executor of `concurrent.futures` that has processes."""
    kind = multiprocessing.context.BaseContext
    for name in _OF_THREADS:
        setattr(kind, name, _method(getattr(multiprocessing.dummy, name)))
    kind.SimpleQueue = _method(multiprocessing.dummy.Queue)
    for name, made in (("Value", Value), ("Array", Array), ("RawValue", Value), ("RawArray", Array)):
        setattr(kind, name, _method(made))
    kind.Pool, kind.Manager = refuse, refuse
    multiprocessing.process.BaseProcess.start = refuse
    concurrent.futures.process._check_system_limits = refuse
    for name in multiprocessing.__all__:
        if hasattr(kind, name):
            setattr(multiprocessing, name, getattr(multiprocessing.context._default_context, name))


def _method(function):
    def method(self, *arguments, **named):
        return function(*arguments, **named)

    method.__name__ = method.__qualname__ = getattr(function, "__name__", "method")
    method.__doc__ = function.__doc__
    return method
