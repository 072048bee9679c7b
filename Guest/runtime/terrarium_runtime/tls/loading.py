# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the files and the text that certificates and keys are in, with OpenSSL's errors."""

import os

from . import certificates
from .constants import SSLError, failure


def blocks(data: bytes, *labels: str) -> list[bytes]:
    try:
        return [contents for label, contents in certificates.pem_blocks(data) if label in labels]
    except ValueError:
        raise failure("SSL", None, "PEM lib") from None


def certificate(der: bytes) -> certificates.Certificate:
    try:
        return certificates.Certificate(der)
    except (ValueError, IndexError):
        raise failure("ASN1", "NOT_ENOUGH_DATA", "not enough data") from None


def path_of(path, name: str) -> str:
    try:
        return os.fsdecode(path)
    except TypeError:
        raise TypeError(f"{name} should be a valid filesystem path") from None


def chain_and_key(certfile, keyfile, password) -> None:
    """Checks the files of a certificate and of its private key."""
    if keyfile is not None:
        keyfile = path_of(keyfile, "keyfile")
    with open(path_of(certfile, "certfile"), "rb") as file:
        chain = blocks(data := file.read(), "CERTIFICATE")
    if keyfile is not None:
        with open(keyfile, "rb") as file:
            data = file.read()
    if not chain:
        raise failure("SSL", None, "PEM lib")
    first = certificate(chain[0])
    keys = [(label, key) for label, key in certificates.pem_blocks(data) if label.endswith("PRIVATE KEY")]
    if not keys:
        raise failure("SSL", None, "PEM lib")
    label, key = keys[0]
    if label.startswith("ENCRYPTED") or b"ENCRYPTED" in data:
        _check_password(password)
        raise failure("SSL", None, "the private key is encrypted, and a sandbox has no OpenSSL to decrypt it")
    try:
        fits = certificates.fits(first, label, key)
    except (ValueError, IndexError):
        raise failure("SSL", None, "PEM lib") from None
    if not fits:
        raise failure("X509", "KEY_VALUES_MISMATCH", "key values mismatch")


def authorities_of(cadata) -> list[bytes]:
    """The certificates in text or in bytes that a program has."""
    if isinstance(cadata, str):
        if not cadata.isascii():
            raise TypeError("cadata should be an ASCII string or a bytes-like object")
        return _needed(cadata, blocks(cadata.encode(), "CERTIFICATE", "TRUSTED CERTIFICATE"), "no start line")
    try:
        data = bytes(memoryview(cadata))
    except TypeError:
        raise TypeError("cadata should be an ASCII string or a bytes-like object") from None
    return _needed(data, _in_a_row(data), "not enough data")


def _in_a_row(data: bytes) -> list[bytes]:
    found, at = [], 0
    try:
        while at < len(data):
            _, _, end = certificates.element(data, at)
            found.append(data[at:end])
            at = end
    except ValueError:
        if found:
            raise failure("ASN1", "NOT_ENOUGH_DATA", "not enough data") from None
    return found


def _needed(data, found: list[bytes], reason: str) -> list[bytes]:
    if not data:
        raise ValueError("Empty certificate data")
    if not found:
        raise SSLError(f"{reason}: cadata does not contain a certificate")
    return found


def _check_password(password) -> None:
    if callable(password):
        password = password()
        if not isinstance(password, (str, bytes, bytearray)):
            raise TypeError("password callback must return a string")
    elif password is not None and not isinstance(password, (str, bytes, bytearray)):
        raise TypeError("password should be a string or callable")
    if password is not None and len(password) > 1023:
        raise ValueError("password cannot be longer than 1023 bytes")
