# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`_ssl` without OpenSSL: what CPython's `ssl` needs of it, so that programs can set up contexts and read certificates.

No connection is made: there is no network to make it over, and `do_handshake` says so.
"""

import os

from terrarium_runtime.tls import certificates, loading
from terrarium_runtime.tls.constants import *  # noqa: F403
from terrarium_runtime.tls.constants import SSLError, failure
from terrarium_runtime.tls.context import PATHS, SSLContext as _SSLContext, SSLSocket as _SSLSocket

for _class, _name in ((_SSLContext, "_SSLContext"), (_SSLSocket, "_SSLSocket")):
    _class.__module__, _class.__name__, _class.__qualname__ = "_ssl", _name, _name

OPENSSL_VERSION = "OpenSSL 3.0.0 (none: a sandbox speaks no TLS)"
OPENSSL_VERSION_INFO = _OPENSSL_API_VERSION = (3, 0, 0, 0, 0)
OPENSSL_VERSION_NUMBER = 0x30000000
_DEFAULT_CIPHERS = "DEFAULT"


def RAND_bytes(n, /):
    """Generate n cryptographically strong pseudo-random bytes."""
    if n < 0:
        raise ValueError("num must be positive")
    return os.urandom(n)


def RAND_status():
    """Returns True if the OpenSSL PRNG has been seeded with enough data and False if not."""
    return True


def RAND_add(string, entropy, /):
    """Mix string into the OpenSSL PRNG state; here it is the host's, and needs no more."""
    string.encode() if isinstance(string, str) else memoryview(string)
    float(entropy)


def get_default_verify_paths():
    """Return search paths and environment vars that are used by SSLContext's set_default_verify_paths() to load CAs."""
    return PATHS


def txt2obj(txt, name=False):
    """Lookup NID, short name, long name and OID of an ASN1_OBJECT."""
    for oid, (number, short, long) in certificates.OBJECTS.items():
        if txt == oid or name and txt in (short, long):
            return number, short, long, oid
    raise ValueError(f"unknown object '{txt[:100]}'")


def nid2obj(nid, /):
    """Lookup NID, short name, long name and OID of an ASN1_OBJECT by NID."""
    if nid < 0:
        raise ValueError("NID must be positive.")
    for oid, (number, short, long) in certificates.OBJECTS.items():
        if number == nid:
            return number, short, long, oid
    raise ValueError(f"unknown NID {nid}")


def _test_decode_cert(path, /):
    with open(path, "rb") as file:
        blocks = loading.blocks(file.read(), "CERTIFICATE")
    if not blocks:
        raise failure("PEM", "NO_START_LINE", "Error decoding PEM-encoded file")
    return loading.certificate(blocks[0]).described()


class Certificate:
    """A certificate of a connection; there are none."""

    def __new__(cls, *arguments, **named):
        raise TypeError("cannot create '_ssl.Certificate' instances")


class SSLSession:
    """A session of a connection; there are none."""

    def __new__(cls, *arguments, **named):
        raise TypeError("cannot create '_ssl.SSLSession' instances")


class MemoryBIO:
    """Bytes that are written at one end and read at the other."""

    def __init__(self):
        self._data, self._is_ended = bytearray(), False

    @property
    def pending(self):
        """The number of bytes pending in the memory BIO."""
        return len(self._data)

    @property
    def eof(self):
        """Whether the memory BIO is at EOF."""
        return self._is_ended and not self._data

    def read(self, size=-1, /):
        """Read up to size bytes from the memory BIO."""
        count = len(self._data) if size < 0 else min(size, len(self._data))
        made = bytes(self._data[:count])
        del self._data[:count]
        return made

    def write(self, b, /):
        """Writes the bytes b into the memory BIO."""
        view = memoryview(b)
        if not view.c_contiguous:
            raise BufferError("memoryview: underlying buffer is not C-contiguous")
        if self._is_ended:
            raise SSLError("cannot write() after write_eof()")
        self._data += view
        return view.nbytes

    def write_eof(self):
        """Write an EOF marker to the memory BIO."""
        self._is_ended = True
