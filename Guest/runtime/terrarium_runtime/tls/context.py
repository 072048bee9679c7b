# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The settings of TLS connections, of which none is made: `_SSLContext` and `_SSLSocket` of `_ssl`."""

import os
import warnings

from . import ciphers, loading
from .constants import *  # noqa: F403
from .constants import NO_TLS, SSLError, failure

PATHS = ("SSL_CERT_FILE", "/usr/lib/ssl/cert.pem", "SSL_CERT_DIR", "/usr/lib/ssl/certs")
_CURVES = ("prime256v1", "secp256r1", "secp384r1", "secp521r1", "X25519", "X448", "secp256k1")
_PROTOCOLS = (PROTOCOL_TLS, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, PROTOCOL_TLSv1, PROTOCOL_TLSv1_1, PROTOCOL_TLSv1_2)
_ONLY_VERSION = {PROTOCOL_TLSv1: PROTO_TLSv1, PROTOCOL_TLSv1_1: PROTO_TLSv1_1, PROTOCOL_TLSv1_2: PROTO_TLSv1_2}
_OLD_NAMES = {PROTO_SSLv3: "SSLv3", PROTO_TLSv1: "TLSv1", PROTO_TLSv1_1: "TLSv1_1"}
_OLD_VERSIONS = OP_NO_SSLv3 | OP_NO_TLSv1 | OP_NO_TLSv1_1 | OP_NO_TLSv1_2 | OP_NO_TLSv1_3
_DEFAULT_OPTIONS = OP_NO_SSLv3 | OP_NO_COMPRESSION | OP_CIPHER_SERVER_PREFERENCE | OP_ENABLE_MIDDLEBOX_COMPAT


class SSLSocket:
    """A connection that is never made."""

    def __init__(self, context, owner, server_side, server_hostname):
        self.context, self.owner = context, owner
        self.server_side, self.server_hostname = bool(server_side), server_hostname
        self.session, self.session_reused = None, False

    def do_handshake(self):
        """Start the handshake, which a sandbox cannot."""
        raise failure("SSL", "NO_TLS", NO_TLS)

    def read(self, size, buffer=None, /):
        """Read what has arrived, which is nothing."""
        self.do_handshake()

    def write(self, b, /):
        """Write, which a sandbox cannot."""
        self.do_handshake()

    def shutdown(self):
        """End the connection that was not made."""
        self.do_handshake()

    def verify_client_post_handshake(self):
        """Ask for the client's certificate, which a sandbox cannot."""
        self.do_handshake()

    def getpeercert(self, binary_mode=False):
        """Return the certificate of the other end, before which there is a handshake."""
        raise ValueError("handshake not done yet")

    def get_channel_binding(self, cb_type="tls-unique"):
        """Return what binds to a connection."""
        if cb_type != "tls-unique":
            raise ValueError(f"'{cb_type}' channel binding type not implemented")

    def _nothing(self):
        return None

    get_verified_chain = get_unverified_chain = cipher = shared_ciphers = _nothing
    selected_alpn_protocol = compression = version = _nothing

    def pending(self):
        """Return the number of bytes that can be read at once."""
        return 0


def _checked(value, kind: type = int):
    if not isinstance(value, kind):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    return kind(value)


class SSLContext:
    """The settings of connections, of which none is made."""

    def __new__(cls, protocol):
        if protocol not in _PROTOCOLS:
            raise ValueError("invalid or unsupported protocol version")
        self = super().__new__(cls)
        is_client = protocol == PROTOCOL_TLS_CLIENT
        self._protocol, self._is_client = int(protocol), is_client
        self._verify_mode, self._check_hostname = (CERT_REQUIRED, True) if is_client else (CERT_NONE, False)
        self._options, self._verify_flags = OP_ALL | _DEFAULT_OPTIONS, VERIFY_X509_TRUSTED_FIRST
        only = _ONLY_VERSION.get(protocol)
        self._minimum, self._maximum = (only, only) if only else (PROTO_MINIMUM_SUPPORTED, PROTO_MAXIMUM_SUPPORTED)
        self._ciphers = ciphers.chosen("DEFAULT")
        self._authorities: dict = {}
        self._revocations: set[bytes] = set()
        self._sni_callback = self._message_callback = self._keylog = None
        self._tickets, self._host_flags, self.post_handshake_auth = 2, HOSTFLAG_NO_PARTIAL_WILDCARDS, False
        if protocol == PROTOCOL_TLS or only:
            name = next(name for name, value in globals().items() if name.startswith("PROTOCOL_") and value == protocol
                        and name != "PROTOCOL_SSLv23")
            warnings.warn(f"ssl.{name} is deprecated", DeprecationWarning, stacklevel=3)
        return self

    def __init__(self, *arguments, **named):
        pass

    protocol = property(lambda self: self._protocol)
    security_level = property(lambda self: 2)

    @property
    def options(self):
        return self._options

    @options.setter
    def options(self, value):
        number = _checked(value)
        if number < 0:
            raise ValueError("value must be positive")
        if number >= 1 << 64:
            raise OverflowError("Python int too large to convert to C unsigned long")
        if number & ~self._options & _OLD_VERSIONS:
            warnings.warn("ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated", DeprecationWarning, stacklevel=3)
        self._options = number

    @property
    def verify_flags(self):
        return self._verify_flags

    @verify_flags.setter
    def verify_flags(self, value):
        self._verify_flags = _checked(value)

    @property
    def verify_mode(self):
        return self._verify_mode

    @verify_mode.setter
    def verify_mode(self, value):
        number = _checked(value)
        if number not in (CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED):
            raise ValueError("invalid value for verify_mode")
        if number == CERT_NONE and self._check_hostname:
            raise ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
        self._verify_mode = number

    @property
    def check_hostname(self):
        return self._check_hostname

    @check_hostname.setter
    def check_hostname(self, value):
        self._check_hostname = bool(value)
        if value and self._verify_mode == CERT_NONE:
            self._verify_mode = CERT_REQUIRED

    def _check_version(self, value, limit: int) -> int:
        number = _checked(value)
        if self._protocol not in (PROTOCOL_TLS, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER):
            raise ValueError("The context's protocol doesn't support modification of highest and lowest version.")
        if number in _OLD_NAMES:
            warnings.warn(f"ssl.TLSVersion.{_OLD_NAMES[number]} is deprecated", DeprecationWarning, stacklevel=4)
        if number in (PROTO_MINIMUM_SUPPORTED, PROTO_MAXIMUM_SUPPORTED):
            return number if number == limit else PROTO_TLSv1 if number == PROTO_MINIMUM_SUPPORTED else PROTO_TLSv1_3
        if number not in (*_OLD_NAMES, PROTO_TLSv1_2, PROTO_TLSv1_3):
            raise ValueError(f"Unsupported TLS/SSL version 0x{number & 0xFFFFFFFF:x}")
        return number

    @property
    def minimum_version(self):
        return self._minimum

    @minimum_version.setter
    def minimum_version(self, value):
        self._minimum = self._check_version(value, PROTO_MINIMUM_SUPPORTED)

    @property
    def maximum_version(self):
        return self._maximum

    @maximum_version.setter
    def maximum_version(self, value):
        self._maximum = self._check_version(value, PROTO_MAXIMUM_SUPPORTED)

    @property
    def num_tickets(self):
        return self._tickets

    @num_tickets.setter
    def num_tickets(self, value):
        number = _checked(value)
        if number < 0:
            raise ValueError("value must be non-negative")
        if self._is_client:
            raise ValueError("SSLContext is not a server context.")
        self._tickets = number

    @property
    def sni_callback(self):
        return self._sni_callback

    @sni_callback.setter
    def sni_callback(self, value):
        if self._is_client:
            raise ValueError("sni_callback cannot be set on TLS_CLIENT context")
        if value is not None and not callable(value):
            raise TypeError("not a callable object")
        self._sni_callback = value

    @property
    def _msg_callback(self):
        return self._message_callback

    @_msg_callback.setter
    def _msg_callback(self, value):
        _check_callback(value)
        self._message_callback = value

    @property
    def keylog_filename(self):
        return self._keylog

    @keylog_filename.setter
    def keylog_filename(self, value):
        if value is not None:
            # As OpenSSL does, which writes a line of its own when the file is new.
            with open(value, "a") as file:
                if not file.tell():
                    file.write("# TLS secrets log file, generated by OpenSSL / Python\n")
        self._keylog = value

    def set_ciphers(self, cipherlist, /):
        """Set the list of available ciphers."""
        if not isinstance(cipherlist, str):
            raise TypeError(f"set_ciphers() argument must be str, not {type(cipherlist).__name__}")
        if not (made := ciphers.chosen(cipherlist)):
            raise SSLError("No cipher can be selected.")
        self._ciphers = made

    def get_ciphers(self):
        """Return the list of available ciphers."""
        return [dict(suite) for suite in self._ciphers]

    def _set_alpn_protocols(self, protos, /):
        self._alpn_protocols = bytes(protos)

    def set_ecdh_curve(self, name, /):
        """Set the curve for ECDH."""
        text = os.fsdecode(name)
        if text not in _CURVES:
            raise ValueError(f"unknown elliptic curve name {name!r}")

    def set_psk_client_callback(self, callback):
        """Set the callback for a key that was shared before."""
        if not self._is_client and self._protocol == PROTOCOL_TLS_SERVER:
            raise SSLError("Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context")
        _check_callback(callback)

    def set_psk_server_callback(self, callback, identity_hint=None):
        """Set the callback for a key that was shared before."""
        if self._is_client:
            raise SSLError("Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context")
        _check_callback(callback)

    def session_stats(self):
        """Return how many sessions there were."""
        return dict.fromkeys(("number", "connect", "connect_good", "connect_renegotiate", "accept", "accept_good",
                              "accept_renegotiate", "hits", "misses", "timeouts", "cache_full"), 0)

    def load_dh_params(self, path, /):
        """Load the parameters for Diffie-Hellman."""
        with open(loading.path_of(path, "path"), "rb") as file:
            if not loading.blocks(file.read(), "DH PARAMETERS", "X9.42 DH PARAMETERS"):
                raise failure("PEM", "NO_START_LINE", "no start line")

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        """Load a certificate and its private key."""
        loading.chain_and_key(certfile, keyfile, password)

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        """Load the certificates of authorities."""
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        if cadata is not None:
            self._add(loading.authorities_of(cadata))
        if capath is not None:
            loading.path_of(capath, "capath")
        if cafile is not None:
            with open(loading.path_of(cafile, "cafile"), "rb") as file:
                data = file.read()
            found = loading.blocks(data, "CERTIFICATE", "TRUSTED CERTIFICATE")
            revocations = loading.blocks(data, "X509 CRL")
            if not found and not revocations:
                raise failure("X509", "NO_CERTIFICATE_OR_CRL_FOUND", "no certificate or crl found")
            self._add(found)
            self._revocations.update(revocations)

    def set_default_verify_paths(self):
        """Load the authorities that the environment names; a sandbox has none of its own."""
        path = os.environ.get(PATHS[0], PATHS[1])
        if os.path.isfile(path):
            self.load_verify_locations(path)

    def _add(self, found: list[bytes]) -> None:
        for der in found:
            self._authorities.setdefault(der, loading.certificate(der))

    def cert_store_stats(self):
        """Returns quantities of loaded X.509 certificates."""
        authorities = sum(one.is_authority for one in self._authorities.values())
        return {"x509": len(self._authorities), "crl": len(self._revocations), "x509_ca": authorities}

    def get_ca_certs(self, binary_form=False):
        """Returns a list of dicts with information of loaded CA certs."""
        found = [one for one in self._authorities.values() if one.is_authority]
        return [one.der if binary_form else one.described() for one in found]

    def _wrap_socket(self, sock, server_side, server_hostname=None, *, owner=None, session=None):
        return SSLSocket(self, owner, server_side, _host(server_hostname))

    def _wrap_bio(self, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None):
        return SSLSocket(self, owner, server_side, _host(server_hostname))


def _host(name):
    if name is None:
        return None
    if not name or name.startswith("."):
        raise ValueError("server_hostname cannot be an empty string or start with a leading dot.")
    if "\0" in name:
        raise TypeError("_wrap_bio() argument 'server_hostname' must be encoded string without null bytes")
    return name


def _check_callback(callback) -> None:
    if callback is not None and not callable(callback):
        raise TypeError(f"{callback} is not callable.")
