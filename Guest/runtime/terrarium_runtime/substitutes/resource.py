# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`resource` where the host sets the limits: those that a program sets are kept, and limit nothing."""

import operator
import time

from terrarium_runtime import records

RLIM_INFINITY = -1
RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC, RLIMIT_NOFILE = range(8)
RLIMIT_MEMLOCK, RLIMIT_AS, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_RTPRIO, RLIMIT_RTTIME = 8, 9, *range(11, 16)
RLIMIT_OFILE = RLIMIT_NOFILE
RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD = 0, -1, 1
error = OSError

struct_rusage = records.make(
    "resource.struct_rusage",
    "ru_utime ru_stime ru_maxrss ru_ixrss ru_idrss ru_isrss ru_minflt ru_majflt ru_nswap ru_inblock ru_oublock ru_msgsnd "
    "ru_msgrcv ru_nsignals ru_nvcsw ru_nivcsw",
    "struct_rusage: Result from getrusage.")

_limits: dict[int, tuple[int, int]] = {}
_highest = 0


def getrusage(who, /):
    """Return the time that the program took, and about how much memory: the highest address that this call has seen.

    The host knows better; of what is not counted here the record has zeros.
    """
    global _highest
    if _number(who) not in (RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD):
        raise ValueError("invalid who parameter")
    if who == RUSAGE_CHILDREN:
        return struct_rusage((0.0, 0.0, *[0] * 14))
    _highest = max(_highest, id(block := bytearray(1 << 16)) + len(block))
    return struct_rusage((time.process_time(), 0.0, _highest >> 10, *[0] * 13))


def getrlimit(resource, /):
    """Return a tuple (soft, hard) with the limits that the program set."""
    return _limits.get(_checked(resource), (RLIM_INFINITY, RLIM_INFINITY))


def setrlimit(resource, limits, /):
    """Keep the limits, which limit nothing: those of a sandbox are its host's."""
    number, (_, highest) = _checked(resource), getrlimit(resource)
    pair = tuple(limits)
    if len(pair) != 2:
        raise ValueError("expected a tuple of 2 integers")
    soft, hard = (RLIM_INFINITY if one in (RLIM_INFINITY, (1 << 64) - 1) else one for one in map(_size, pair))
    if hard != RLIM_INFINITY and (soft == RLIM_INFINITY or soft > hard):
        raise ValueError("current limit exceeds maximum limit")
    if highest != RLIM_INFINITY and (hard == RLIM_INFINITY or hard > highest):
        raise ValueError("not allowed to raise maximum limit")
    _limits[number] = soft, hard


def prlimit(pid, resource, limits=None, /):
    """Get or set the limits of this process, the only one."""
    if pid not in (0, 42):
        raise ProcessLookupError(71, "No such process")
    before = getrlimit(resource)
    if limits is not None:
        setrlimit(resource, limits)
    return before


def getpagesize():
    """Return the number of bytes in a page of memory."""
    return 4096


def _number(value) -> int:
    number = operator.index(value)
    if not -(1 << 31) <= number < 1 << 31:
        raise OverflowError("Python int too large to convert to C int")
    return number


def _checked(resource) -> int:
    number = _number(resource)
    if not 0 <= number <= RLIMIT_RTTIME:
        raise ValueError("invalid resource specified")
    return number


def _size(value) -> int:
    number = operator.index(value)
    if number < -1:
        raise ValueError("Cannot convert negative int")
    if number >= 1 << 64:
        raise OverflowError("Python int too large to convert to C rlim_t")
    return number
