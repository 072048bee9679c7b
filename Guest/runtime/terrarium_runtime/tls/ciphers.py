# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The cipher suites that OpenSSL knows, and its language to choose among them, for the substitute for `_ssl`.

https://docs.openssl.org/master/man1/openssl-ciphers/
"""

import re

# Name and number, in the order of OpenSSL's preference, but for suites of PSK and SRP.
_SUITES = """
TLS_AES_256_GCM_SHA384 1302, TLS_CHACHA20_POLY1305_SHA256 1303, TLS_AES_128_GCM_SHA256 1301,
ECDHE-ECDSA-AES256-GCM-SHA384 C02C, ECDHE-RSA-AES256-GCM-SHA384 C030, DHE-RSA-AES256-GCM-SHA384 009F,
ECDHE-ECDSA-CHACHA20-POLY1305 CCA9, ECDHE-RSA-CHACHA20-POLY1305 CCA8, DHE-RSA-CHACHA20-POLY1305 CCAA,
ECDHE-ECDSA-AES128-GCM-SHA256 C02B, ECDHE-RSA-AES128-GCM-SHA256 C02F, DHE-RSA-AES128-GCM-SHA256 009E,
ECDHE-ECDSA-AES256-SHA384 C024, ECDHE-RSA-AES256-SHA384 C028, DHE-RSA-AES256-SHA256 006B,
ECDHE-ECDSA-AES128-SHA256 C023, ECDHE-RSA-AES128-SHA256 C027, DHE-RSA-AES128-SHA256 0067,
ECDHE-ECDSA-AES256-SHA C00A, ECDHE-RSA-AES256-SHA C014, DHE-RSA-AES256-SHA 0039,
ECDHE-ECDSA-AES128-SHA C009, ECDHE-RSA-AES128-SHA C013, DHE-RSA-AES128-SHA 0033,
AES256-GCM-SHA384 009D, AES128-GCM-SHA256 009C, AES256-SHA256 003D, AES128-SHA256 003C, AES256-SHA 0035, AES128-SHA 002F
"""


def _described(name: str, number: int) -> tuple[dict, set[str]]:
    """What `get_ciphers` says of a suite, and the words by which it can be chosen."""
    is_newest = name.startswith("TLS_")
    words = set(re.split("[-_]", name))
    bits = 128 if words & {"AES128", "128"} else 256
    is_stream, is_gcm = "CHACHA20" in words, "GCM" in words
    exchange = "any" if is_newest else "ECDH" if "ECDHE" in words else "DH" if "DHE" in words else "RSA"
    authentication = "any" if is_newest else "ECDSA" if "ECDSA" in words else "RSA"
    digest = None if is_stream or is_gcm else {"SHA": "SHA1"}.get(last := name.rpartition("-")[2], last)
    is_old = digest == "SHA1"
    protocol = "TLSv1.3" if is_newest else "TLSv1.2" if not is_old else "TLSv1.0" if exchange == "ECDH" else "SSLv3"
    encryption = f"CHACHA20/POLY1305({bits})" if is_stream else f"AES{'GCM' if is_gcm else ''}({bits})"
    description = (f"{name:30} {protocol.replace('TLSv1.0', 'TLSv1'):7} Kx={exchange:8} Au={authentication:5} "
                   f"Enc={encryption:22} Mac={digest or 'AEAD'}")
    symmetric = "chacha20-poly1305" if is_stream else f"aes-{bits}-{'gcm' if is_gcm else 'cbc'}"
    kind = exchange.lower() + ("e" if exchange in ("ECDH", "DH") else "")
    made = {"id": 0x3000000 | number, "name": name, "protocol": protocol, "description": description,
            "strength_bits": bits, "alg_bits": bits, "aead": digest is None, "symmetric": symmetric,
            "digest": digest and digest.lower(), "kea": f"kx-{kind}", "auth": f"auth-{authentication.lower()}"}
    words = {name, "ALL", "DEFAULT", "COMPLEMENTOFALL", "HIGH", protocol, digest or "AEAD", f"a{authentication}",
             "CHACHA20" if is_stream else f"AES{bits}"}
    if not is_stream:
        words |= {"AES", "AESGCM"} if is_gcm else {"AES"}
    words |= {"ECDH": {"ECDHE", "EECDH", "kECDHE", "kEECDH", "ECDH"}, "DH": {"DHE", "EDH", "kDHE", "kEDH", "DH"},
              "RSA": {"kRSA", "RSA"}}.get(exchange, set())
    words |= {"ECDSA"} if authentication == "ECDSA" else {"RSA"} if authentication == "RSA" else set()
    words |= {"SHA"} if is_old else set()
    return made, words


ALL = [_described(name, int(number, 16)) for name, number in (one.split() for one in _SUITES.split(","))]
NEWEST = [suite for suite, _ in ALL if suite["protocol"] == "TLSv1.3"]
_OLDER = [(suite, words) for suite, words in ALL if suite["protocol"] != "TLSv1.3"]


def chosen(text: str) -> list[dict]:
    """The suites that a list such as `ECDHE+AESGCM:!aNULL` chooses, and always those of TLS 1.3."""
    made: list[dict] = []
    banned: list[dict] = []
    for word in re.split("[: ,;]+", text):
        sign = word[:1] if word[:1] in ("!", "-", "+") else ""
        wanted = word.removeprefix(sign).partition("@")[0].split("+")
        found = [suite for suite, words in _OLDER if all(one in words for one in wanted)]
        rest = [suite for suite in made if suite not in found]
        if sign == "+":
            made = rest + [suite for suite in made if suite in found]
        elif sign:
            made = rest
            banned += found if sign == "!" else []
        else:
            made += [suite for suite in found if suite not in made and suite not in banned]
    return NEWEST + made if made else []
