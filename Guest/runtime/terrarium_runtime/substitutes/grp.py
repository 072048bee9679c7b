# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`grp` where there is one user, and a group of that name."""

import operator

from terrarium_runtime import records, users

struct_group = records.make(
    "grp.struct_group", "gr_name gr_passwd gr_gid gr_mem", "grp.struct_group: Results from getgr*() routines.")


def getgrall():
    """Return a list of all available group entries, in arbitrary order."""
    return [struct_group((users.NAME, "x", 0, []))]


def getgrgid(id):  # noqa: A002
    """Return the group database entry for the given numeric group ID."""
    if not -1 <= (gid := operator.index(id)) < 1 << 32:
        raise OverflowError("gid is greater than maximum" if gid > 0 else "gid is less than minimum")
    if gid == 0:
        return getgrall()[0]
    raise KeyError(f"getgrgid(): gid not found: {gid}")


def getgrnam(name):
    """Return the group database entry for the given group name."""
    if not isinstance(name, str):
        raise TypeError(f"getgrnam() argument 'name' must be str, not {type(name).__name__}")
    if "\0" in name:
        raise ValueError("embedded null character")
    name.encode()
    for one in getgrall():
        if one.gr_name == name:
            return one
    raise KeyError(f"getgrnam(): name not found: {name!r}")
