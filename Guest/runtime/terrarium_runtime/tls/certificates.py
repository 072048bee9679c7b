# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""X.509 certificates, read as RFC 5280 defines them: what the substitute for `_ssl` says of those that a program loads.

Nothing here verifies a signature.
"""

import base64
import binascii
import ipaddress
import re

# By OID: OpenSSL's number, short name and long name. https://github.com/openssl/openssl/blob/master/include/openssl/obj_mac.h
OBJECTS = {
    "2.5.4.3": (13, "CN", "commonName"), "2.5.4.4": (100, "SN", "surname"),
    "2.5.4.5": (105, "serialNumber", "serialNumber"), "2.5.4.6": (14, "C", "countryName"),
    "2.5.4.7": (15, "L", "localityName"), "2.5.4.8": (16, "ST", "stateOrProvinceName"),
    "2.5.4.9": (660, "street", "streetAddress"), "2.5.4.10": (17, "O", "organizationName"),
    "2.5.4.11": (18, "OU", "organizationalUnitName"), "2.5.4.12": (106, "title", "title"),
    "2.5.4.13": (107, "description", "description"), "2.5.4.15": (860, "businessCategory", "businessCategory"),
    "2.5.4.17": (661, "postalCode", "postalCode"), "2.5.4.41": (173, "name", "name"),
    "2.5.4.42": (99, "GN", "givenName"), "2.5.4.43": (101, "initials", "initials"),
    "2.5.4.46": (174, "dnQualifier", "dnQualifier"), "2.5.4.65": (510, "pseudonym", "pseudonym"),
    "2.5.4.97": (1089, "organizationIdentifier", "organizationIdentifier"),
    "1.2.840.113549.1.9.1": (48, "emailAddress", "emailAddress"),
    "0.9.2342.19200300.100.1.1": (458, "UID", "userId"), "0.9.2342.19200300.100.1.25": (391, "DC", "domainComponent"),
    "1.3.6.1.4.1.311.60.2.1.1": (955, "jurisdictionL", "jurisdictionLocalityName"),
    "1.3.6.1.4.1.311.60.2.1.2": (956, "jurisdictionST", "jurisdictionStateOrProvinceName"),
    "1.3.6.1.4.1.311.60.2.1.3": (957, "jurisdictionC", "jurisdictionCountryName"),
    "1.3.6.1.5.5.7.3.1": (129, "serverAuth", "TLS Web Server Authentication"),
    "1.3.6.1.5.5.7.3.2": (130, "clientAuth", "TLS Web Client Authentication"),
    "1.3.6.1.5.5.7.3.3": (131, "codeSigning", "Code Signing"),
    "1.3.6.1.5.5.7.3.4": (132, "emailProtection", "E-mail Protection"),
    "1.3.6.1.5.5.7.3.8": (133, "timeStamping", "Time Stamping"),
    "1.3.6.1.5.5.7.3.9": (180, "OCSPSigning", "OCSP Signing"),
}

_BASIC_CONSTRAINTS, _ALTERNATIVE_NAMES = "2.5.29.19", "2.5.29.17"
_CRL_POINTS, _AUTHORITY_ACCESS = "2.5.29.31", "1.3.6.1.5.5.7.1.1"
_OCSP, _CA_ISSUERS = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"
_BOOLEAN, _INTEGER, _BIT_STRING, _OBJECT, _UTC_TIME = 0x01, 0x02, 0x03, 0x06, 0x17
_SEQUENCE, _SET = 0x30, 0x31
_ENCODINGS = {0x0C: "utf-8", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s*\n(.*?)-----END \1-----", re.DOTALL)


def pem_blocks(data: bytes) -> list[tuple[str, bytes]]:
    """The blocks of a PEM file: label and contents; `ValueError` if one is not valid."""
    found = []
    for label, text in _BLOCK.findall(data):
        # An encrypted key begins with headers.
        body = text if b":" not in text else re.split(rb"\n\s*\n", text, maxsplit=1)[-1]
        try:
            found.append((label.decode(), base64.b64decode(b"".join(body.split()), validate=True)))
        except binascii.Error as error:
            raise ValueError("bad base64 decode") from error
    return found


def elements(data: bytes):
    """Yields the tag and the contents of each DER element; `ValueError` if one is not whole."""
    at = 0
    while at < len(data):
        tag, contents, at = element(data, at)
        yield tag, contents


def element(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """One DER element: its tag, its contents, and where it ends."""
    if at + 2 > len(data):
        raise ValueError("not enough data")
    tag, length = data[at], data[at + 1]
    at += 2
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or at + count > len(data):
            raise ValueError("invalid length")
        length = int.from_bytes(data[at : at + count])
        at += count
    if at + length > len(data):
        raise ValueError("not enough data")
    return tag, data[at : at + length], at + length


def _contents(data: bytes, wanted: int) -> bytes:
    tag, contents, _ = element(data)
    if tag != wanted:
        raise ValueError("wrong tag")
    return contents


def _identifier(contents: bytes) -> str:
    numbers, number = [], 0
    for byte in contents:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]])) if numbers else ""


class Certificate:
    """A certificate in DER. `ValueError` if it is none."""

    def __init__(self, der: bytes):
        self.der = der
        parts = [part for part in elements(_contents(der, _SEQUENCE))]
        if len(parts) != 3 or parts[0][0] != _SEQUENCE:
            raise ValueError("wrong tag")
        fields = list(elements(parts[0][1]))
        self._version = 1
        if fields and fields[0][0] == 0xA0:
            self._version = int.from_bytes(_contents(fields.pop(0)[1], _INTEGER)) + 1
        if len(fields) < 6 or [tag for tag, _ in fields[1:6]] != [_SEQUENCE] * 5:
            raise ValueError("wrong tag")
        self._serial, _, self.issuer, self._validity, self.subject, self.public_key = (part for _, part in fields[:6])
        self._extensions: dict[str, bytes] = {}
        for tag, contents in fields[6:]:
            if tag == 0xA3:
                for _, extension in elements(_contents(contents, _SEQUENCE)):
                    pieces = list(elements(extension))
                    self._extensions[_identifier(pieces[0][1])] = pieces[-1][1]

    @property
    def is_authority(self) -> bool:
        """A Boolean value that tells whether it may sign other certificates."""
        if (constraints := self._extensions.get(_BASIC_CONSTRAINTS)) is not None:
            return any(tag == _BOOLEAN and any(value) for tag, value in elements(_contents(constraints, _SEQUENCE)))
        # Those of the first version have no extensions, and sign themselves.
        return self._version == 1 and self.issuer == self.subject

    def described(self) -> dict:
        """What `SSLSocket.getpeercert` says of a certificate."""
        serial = self._serial.lstrip(b"\0").hex().upper() or "00"
        not_before, not_after = (_time(tag, text) for tag, text in elements(self._validity))
        made = {"subject": _name(self.subject), "issuer": _name(self.issuer), "version": self._version,
                "serialNumber": serial, "notBefore": not_before, "notAfter": not_after}
        if (names := self._extensions.get(_ALTERNATIVE_NAMES)) is not None:
            made["subjectAltName"] = tuple(_general_name(tag, value) for tag, value in elements(_contents(names, _SEQUENCE)))
        access = self._extensions.get(_AUTHORITY_ACCESS)
        for key, method in ("OCSP", _OCSP), ("caIssuers", _CA_ISSUERS):
            if access is not None and (places := _places(access, method)):
                made[key] = places
        if (points := self._extensions.get(_CRL_POINTS)) is not None and (places := _crl_places(points)):
            made["crlDistributionPoints"] = places
        return made


def _text(tag: int, contents: bytes) -> str:
    return contents.decode(_ENCODINGS.get(tag, "latin-1"), "replace")


def _name(contents: bytes) -> tuple:
    relative = []
    for _, names in elements(contents):
        pairs = []
        for _, pair in elements(names):
            (_, kind), (tag, value) = elements(pair)
            identifier = _identifier(kind)
            pairs.append((OBJECTS[identifier][2] if identifier in OBJECTS else identifier, _text(tag, value)))
        relative.append(tuple(pairs))
    return tuple(relative)


def _time(tag: int, text: bytes) -> str:
    digits = text.decode("ascii").removesuffix("Z")
    if tag == _UTC_TIME:
        digits = ("20" if digits[:2] < "50" else "19") + digits
    if not digits.isdecimal() or len(digits) != 14 or not 1 <= int(digits[4:6]) <= 12:
        raise ValueError("invalid time")
    return (f"{_MONTHS[int(digits[4:6]) - 1]} {int(digits[6:8]):2} {digits[8:10]}:{digits[10:12]}:{digits[12:]} "
            f"{digits[:4]} GMT")


def _general_name(tag: int, value: bytes) -> tuple:
    match tag & 0x1F:
        case 1:
            return "email", value.decode("latin-1")
        case 2:
            return "DNS", value.decode("latin-1")
        case 4:
            return "DirName", _name(_contents(value, _SEQUENCE))
        case 6:
            return "URI", value.decode("latin-1")
        case 7:
            return "IP Address", _address(value)
        case 8:
            return "Registered ID", _identifier(value)
        case kind:
            return {0: "othername", 3: "X400", 5: "EdiPartyName"}.get(kind, "unknown"), "<unsupported>"


def _address(value: bytes) -> str:
    if len(value) == 4:
        return str(ipaddress.IPv4Address(value))
    if len(value) == 16:
        return ":".join(f"{int.from_bytes(value[index : index + 2]):X}" for index in range(0, 16, 2))
    return "<invalid>"


def _places(access: bytes, method: str) -> tuple:
    places = []
    for _, entry in elements(_contents(access, _SEQUENCE)):
        (_, kind), (tag, value) = elements(entry)
        if _identifier(kind) == method and tag & 0x1F == 6:
            places.append(value.decode("utf-8"))
    return tuple(places)


def _crl_places(points: bytes) -> tuple:
    places = []
    for _, point in elements(_contents(points, _SEQUENCE)):
        for tag, name in elements(point):
            if tag != 0xA0 or not name or name[0] != 0xA0:
                continue
            places += [value.decode("utf-8") for kind, value in elements(_contents(name, 0xA0)) if kind & 0x1F == 6]
    return tuple(places)


def fits(certificate: Certificate, label: str, key: bytes) -> bool:
    """Whether a private key belongs to a certificate, as far as that can be told from an RSA or elliptic key."""
    if label == "PRIVATE KEY":
        parts = list(elements(_contents(key, _SEQUENCE)))
        key = parts[2][1]
        label = "RSA PRIVATE KEY" if parts[1][1].startswith(bytes.fromhex("06092a864886f70d010101")) else "EC PRIVATE KEY"
    parts = list(elements(_contents(key, _SEQUENCE)))
    public = list(elements(certificate.public_key))[-1][1][1:]
    if label == "RSA PRIVATE KEY":
        return list(elements(_contents(public, _SEQUENCE)))[0][1] == parts[1][1]
    known = [contents for tag, contents in parts if tag == 0xA1]
    return not known or _contents(known[0], _BIT_STRING)[1:] == public
