# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The one user of a sandbox, to whom all files belong: the functions of `os` that ask about users, and give files away.

The numbers are 0, as those that `os.stat` gives.
"""

import errno
import operator
import os
import sys

from . import built_ins

NAME, HOME = "user", "/home/user"


def getuid():
    """Return the current process's user id."""
    return 0


def geteuid():
    """Return the current process's effective user id."""
    return 0


def getgid():
    """Return the current process's group id."""
    return 0


def getegid():
    """Return the current process's effective group id."""
    return 0


def getgroups():
    """Return list of supplemental group IDs for the process."""
    return [0]


def getppid():
    """Return the parent's process id; it is not the sandbox's to know."""
    return 0


def getlogin():
    """Return the actual login name; nobody logged in."""
    raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))


def chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True):
    """Change the owner and group id of path to the numeric uid and gid; here, check that there is such a file."""
    os.stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
    for value, name in ((uid, "uid"), (gid, "gid")):
        number = operator.index(value)
        if number < -1:
            raise OverflowError(f"{name} is less than minimum")
        if number >= 1 << 32:
            raise OverflowError(f"{name} is greater than maximum")


def lchown(path, uid, gid):
    """Change the owner and group id of path, if it is a symbolic link of the link."""
    chown(path, uid, gid, follow_symlinks=False)


def fchown(fd, uid, gid):
    """Change the owner and group id of the file specified by file descriptor."""
    chown(operator.index(fd), uid, gid)


def install() -> None:
    """Adds the functions to `os`."""
    posix = sys.modules["posix"]
    for function in (getuid, geteuid, getgid, getegid, getgroups, getppid, getlogin, chown, lchown, fchown):
        if not hasattr(os, function.__name__):
            os.__all__.append(function.__name__)
            made = built_ins.Function(function)
            for module in (os, posix):
                setattr(module, function.__name__, made)
    os.supports_fd.add(os.chown)
    os.supports_dir_fd.add(os.chown)
    os.supports_follow_symlinks.add(os.chown)
