# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`hashlib.pbkdf2_hmac` and `hashlib.scrypt`, which come with OpenSSL: here in Python, as RFC 8018 and RFC 7914 say.

They are slower than OpenSSL's by far, and as slow for the program as for whoever guesses.
"""

import hashlib
import hmac
import struct

_MAX_SCRYPT = 32 * 1024 * 1024


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Password based key derivation function 2 (PKCS #5 v2.0), with HMAC."""
    if not isinstance(hash_name, str):
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {type(hash_name).__name__}")
    password, salt = memoryview(password).tobytes(), memoryview(salt).tobytes()
    size = hashlib.new(hash_name).digest_size
    if dklen is None:
        dklen = size
    for value, what in ((iterations, "iteration value"), (dklen, "key length")):
        if value < 1:
            raise ValueError(f"{what} must be greater than 0.")
        if value > 2**31 - 1:
            raise OverflowError(f"{what} is too great.")
    keyed = hmac.new(password, digestmod=hash_name)
    inner, outer = _halves(password, hash_name)

    def digest(message):
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    made = b""
    for block in range(1, -(-dklen // keyed.digest_size) + 1):
        last = digest(salt + block.to_bytes(4, "big"))
        total = int.from_bytes(last)
        for _ in range(iterations - 1):
            last = digest(last)
            total ^= int.from_bytes(last)
        made += total.to_bytes(size)
    return made[:dklen]


def _halves(password: bytes, hash_name: str):
    """HMAC's two hashes, each of which has read its part of the key already."""
    inner, outer = hashlib.new(hash_name), hashlib.new(hash_name)
    if len(password) > inner.block_size:
        password = hashlib.new(hash_name, password).digest()
    password = password.ljust(inner.block_size, b"\0")
    inner.update(bytes(byte ^ 0x36 for byte in password))
    outer.update(bytes(byte ^ 0x5C for byte in password))
    return inner, outer


def scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
    """scrypt password-based key derivation function."""
    password, salt = memoryview(password).tobytes(), memoryview(salt).tobytes()
    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2.")
    if r < 1 or p < 1 or dklen < 1 or maxmem < 0:
        raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
    if 128 * r * (n + p + 2) > (maxmem or _MAX_SCRYPT):
        # As OpenSSL's words in CPython's error.
        raise ValueError("[digital envelope routines] memory limit exceeded")
    size = 128 * r
    block = pbkdf2_hmac("sha256", password, salt, 1, p * size)
    words = struct.Struct(f"<{size // 4}I")
    mixed = b"".join(words.pack(*_mixed(list(words.unpack_from(block, index * size)), n, r)) for index in range(p))
    return pbkdf2_hmac("sha256", password, mixed, 1, dklen)


def _mixed(x: list, n: int, r: int) -> list:
    kept = []
    for _ in range(n):
        kept.append(x)
        x = _block_mixed(x, r)
    for _ in range(n):
        index = x[(2 * r - 1) * 16] & (n - 1)
        x = _block_mixed([one ^ other for one, other in zip(x, kept[index])], r)
    return x


def _block_mixed(b: list, r: int) -> list:
    x, even, odd = b[-16:], [], []
    for index in range(2 * r):
        x = _salsa([one ^ other for one, other in zip(x, b[index * 16 : index * 16 + 16])])
        (odd if index & 1 else even).extend(x)
    return even + odd


_COLUMNS = ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11))
_ROWS = ((0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14))


def _make_salsa():
    """Salsa20/8, whose additions and rotations are written out: calls would take most of the time."""
    lines = []
    for a, b, c, d in _COLUMNS + _ROWS:
        for target, one, other, bits in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
            lines.append(f"        t = (x{one} + x{other}) & 0xFFFFFFFF; x{target} ^= (t << {bits} & 0xFFFFFFFF) | t >> {32 - bits}")
    names = ", ".join(f"x{number}" for number in range(16))
    source = "\n".join([
        "def salsa(words):", f"    {names} = words", "    for _ in range(4):", *lines,
        f"    return [(one + other) & 0xFFFFFFFF for one, other in zip(({names}), words)]"])
    made: dict = {}
    exec(compile(source, "<terrarium salsa>", "exec"), made)
    return made["salsa"]


_salsa = _make_salsa()


def install() -> None:
    """Adds to `hashlib` those that are missing."""
    for function in (pbkdf2_hmac, scrypt):
        if not hasattr(hashlib, function.__name__):
            function.__module__ = "hashlib"
            setattr(hashlib, function.__name__, function)
            if function.__name__ not in hashlib.__all__:
                hashlib.__all__ = (*hashlib.__all__, function.__name__)
