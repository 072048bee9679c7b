# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of hosts where there is no network to ask: the sandbox's own, `localhost`, and addresses in numbers."""

import socket


def gethostbyname(host, /):
    """Return the IP address (a string of the form '255.255.255.255') for a host."""
    name = host if isinstance(host, str) else bytes(host).decode("ascii")
    if name in ("localhost", socket.gethostname()):
        return "127.0.0.1"
    try:
        # Numbers may be left out, as in 127.1.
        return socket.inet_ntoa(socket.inet_aton(name or "0.0.0.0"))
    except OSError:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None


def install() -> None:
    """Has `socket` answer what it can without a network."""
    gethostbyname.__module__ = "_socket"
    socket.gethostbyname = gethostbyname
