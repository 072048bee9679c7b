# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`fcntl` where there is one process: locks hold between the open files of a program, and flags of descriptors are few."""

import errno
import os
import threading
import time

FD_CLOEXEC = 1
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_SETOWN, F_GETOWN = range(10)
F_GETLK64, F_SETLK64, F_SETLKW64, F_DUPFD_CLOEXEC = F_GETLK, F_SETLK, F_SETLKW, 1030
F_RDLCK, F_WRLCK, F_UNLCK = range(3)
LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN = 1, 2, 4, 8

# By file (its device and number): the descriptors that hold a lock on it, and whether it is theirs alone.
_locks: dict[tuple[int, int], dict[int, bool]] = {}


def _descriptor(file) -> int:
    if not isinstance(file, int) and not hasattr(file, "fileno"):
        raise TypeError("argument must be an int, or have a fileno() method.")
    if isinstance(number := file if isinstance(file, int) else file.fileno(), int) is False:
        raise TypeError("fileno() returned a non-integer")
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def _identity(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _is_open_there(descriptor: int, file: tuple[int, int]) -> bool:
    try:
        return _identity(descriptor) == file
    except OSError:
        return False


def flock(fd, operation, /):
    """Perform the lock operation on file descriptor fd; it holds until the descriptor is closed."""
    descriptor = _descriptor(fd)
    file, kind = _identity(descriptor), operation & ~LOCK_NB
    if kind not in (LOCK_SH, LOCK_EX, LOCK_UN):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    while True:
        held = {one: alone for one, alone in _locks.pop(file, {}).items() if one != descriptor and _is_open_there(one, file)}
        if is_free := kind == LOCK_UN or not held or kind == LOCK_SH and not any(held.values()):
            held |= {} if kind == LOCK_UN else {descriptor: kind == LOCK_EX}
        if held:
            _locks[file] = held
        if is_free:
            return
        if operation & LOCK_NB:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        if threading.active_count() == 1:
            raise OSError(errno.EDEADLK, "this wait can never end: the program itself holds the lock, by another descriptor")
        time.sleep(0.01)


def lockf(fd, cmd, len=0, start=0, whence=0, /):  # noqa: A002
    """Lock a part of a file against other processes, of which there are none."""
    os.fstat(_descriptor(fd))
    if cmd & ~LOCK_NB not in (LOCK_SH, LOCK_EX, LOCK_UN):
        raise ValueError("unrecognized lockf argument")


def fcntl(fd, cmd, arg=0, /):
    """Perform the operation cmd on file descriptor fd: that of its flags, and of locks against other processes."""
    descriptor = _descriptor(fd)
    os.fstat(descriptor)
    if not isinstance(arg, int):
        data = arg.encode() if isinstance(arg, str) else bytes(arg)
        if cmd in (F_SETLK, F_SETLKW):
            return data
        if cmd == F_GETLK:
            return F_UNLCK.to_bytes(2, "little") + data[2:]
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    if cmd == F_GETFD:
        return FD_CLOEXEC
    if cmd == F_GETFL:
        return os.O_RDWR | (0 if os.get_blocking(descriptor) else os.O_NONBLOCK)
    if cmd == F_SETFL:
        os.set_blocking(descriptor, not arg & os.O_NONBLOCK)
    elif cmd not in (F_SETFD, F_SETLK, F_SETLKW):
        raise OSError(errno.EINVAL, f"{os.strerror(errno.EINVAL)}: a sandbox has no such operation on descriptors")
    return 0


def ioctl(fd, request, arg=0, mutate_flag=True, /):
    """Perform the operation request on file descriptor fd, which is no device."""
    os.fstat(_descriptor(fd))
    raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
