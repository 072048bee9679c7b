# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`hashlib.pbkdf2_hmac`, which CPython has from OpenSSL only."""

import hashlib
import hmac


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.

    https://www.rfc-editor.org/rfc/rfc8018#section-5.2
    """
    if not isinstance(hash_name, str):
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {type(hash_name).__name__}")
    password, salt = _bytes(password), _bytes(salt)
    if not isinstance(iterations, int):
        raise TypeError(f"'{type(iterations).__name__}' object cannot be interpreted as an integer")
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    length = hashlib.new(hash_name).digest_size
    if dklen is None:
        dklen = length
    if dklen < 1:
        raise ValueError("key length must be greater than 0.")
    keyed, blocks = hmac.new(password, digestmod=hash_name), []
    for number in range(1, -(-dklen // length) + 1):
        block = _after(keyed, salt + number.to_bytes(4, "big"))
        result = int.from_bytes(block, "big")
        for _ in range(iterations - 1):
            block = _after(keyed, block)
            result ^= int.from_bytes(block, "big")
        blocks.append(result.to_bytes(length, "big"))
    return b"".join(blocks)[:dklen]


def _bytes(data) -> bytes:
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    return bytes(memoryview(data))


def _after(keyed, message: bytes) -> bytes:
    one = keyed.copy()
    one.update(message)
    return one.digest()


def install() -> None:
    if not hasattr(hashlib, "pbkdf2_hmac"):
        pbkdf2_hmac.__module__ = "hashlib"
        hashlib.pbkdf2_hmac = pbkdf2_hmac
