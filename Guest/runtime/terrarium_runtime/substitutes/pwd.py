# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`pwd` where there is one user, who has all files."""

import operator

from terrarium_runtime import records, users

struct_passwd = records.make(
    "pwd.struct_passwd", "pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell",
    "pwd.struct_passwd: Results from getpw*() routines.")


def getpwall():
    """Return a list of all available password database entries, in arbitrary order."""
    return [struct_passwd((users.NAME, "x", 0, 0, "", users.HOME, "/bin/sh"))]


def getpwuid(uidobj, /):
    """Return the password database entry for the given numeric user ID."""
    if (uid := operator.index(uidobj)) == 0:
        return getpwall()[0]
    raise KeyError(f"getpwuid(): uid not found: {uid}")


def getpwnam(name, /):
    """Return the password database entry for the given user name."""
    if not isinstance(name, str):
        raise TypeError(f"getpwnam() argument must be str, not {type(name).__name__}")
    if "\0" in name:
        raise ValueError("embedded null character")
    name.encode()
    for one in getpwall():
        if one.pw_name == name:
            return one
    raise KeyError(f"getpwnam(): name not found: {name!r}")
