# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules in Python in the place of those in C that need a system: `ssl`, `mmap`, `resource` and the like."""

import tempfile
import unittest

import sandboxes
from sandboxes import SandboxTestCase

# `openssl req -x509 -subj /C=DE/O=Terrarium/CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`, of an
# elliptic key that is thrown away.
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIByjCCAXGgAwIBAgICEjQwCgYIKoZIzj0EAwIwNTELMAkGA1UEBhMCREUxEjAQ
BgNVBAoMCVRlcnJhcml1bTESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzA4
MDUzNFoYDzIxMjYxMTAzMDgwNTM0WjA1MQswCQYDVQQGEwJERTESMBAGA1UECgwJ
VGVycmFyaXVtMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASK+q0WRWFOahOXeb3CN7Z3TNjj/CzuRiqwl6KmtwOxxBzykCsXzEIO
phdWTdLgoJaJPo4wYGXJyatTl1vyGLuoo28wbTAdBgNVHQ4EFgQUQ6aX/quX7kyI
h2iAv0vA+skakGwwHwYDVR0jBBgwFoAUQ6aX/quX7kyIh2iAv0vA+skakGwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgKjOzdoUoYCBaI33G4UgwD4BAaAzeGvDrnsrwvRBQJ/kCIB7U
rVpw16s23oPlOKroBNYchHW0HLtRJz6bMT67UZON
-----END CERTIFICATE-----
"""

# Each gives the same with CPython on Linux, which the runs in this machine's interpreter show.
PROGRAMS = {
    "contexts": (
        "import ssl\nc = ssl.create_default_context()\n"
        "[c.check_hostname, c.verify_mode.name, c.protocol.name, c.minimum_version.name != '', c.cert_store_stats()['crl']]",
        [True, "CERT_REQUIRED", "PROTOCOL_TLS_CLIENT", True, 0]),
    "certificates": (
        f"import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\nc.load_verify_locations(cadata={CERTIFICATE!r})\n"
        "d, = c.get_ca_certs()\n[d['subject'], d['notBefore'], d['notAfter'], d['serialNumber'], d['version'],"
        " d['subjectAltName'], c.cert_store_stats()]",
        [[[["countryName", "DE"]], [["organizationName", "Terrarium"]], [["commonName", "localhost"]]],
         "Nov 27 08:05:34 2026 GMT", "Nov  3 08:05:34 2126 GMT", "1234", 3,
         [["DNS", "localhost"], ["IP Address", "127.0.0.1"]], {"x509": 1, "crl": 0, "x509_ca": 1}]),
    "a certificate that is none": (
        "import ssl\ntry: ssl.create_default_context(cadata='none')\nexcept ssl.SSLError as error: print(error.strerror)",
        None),
    "cipher suites": (
        "import ssl\nc = ssl.create_default_context()\nc.set_ciphers('ECDHE+AESGCM:!aNULL')\n"
        "[d['name'] for d in c.get_ciphers() if d['protocol'] != 'TLSv1.3'][:2]",
        ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"]),
    "a memory BIO": (
        "import ssl\nb = ssl.MemoryBIO()\nb.write(b'abc')\nb.write_eof()\n[b.read(2).decode(), b.eof, b.pending, b.read().decode(), b.eof]",
        ["ab", False, 1, "c", True]),
    "hosts over HTTPS": (
        "import urllib.request\ntry: urllib.request.urlopen('https://host.invalid/')\n"
        "except urllib.error.URLError: print('no such host')", None),
    "names of hosts": (
        "import socket\ntry: socket.gethostbyname('host.invalid')\nexcept socket.gaierror: print('no such host')\n"
        "[socket.gethostbyname(name) for name in ('localhost', '127.1', '')]", ["127.0.0.1", "127.0.0.1", "0.0.0.0"]),
    "a terminal": (
        "import termios, os\ntry: termios.tcgetattr(os.open('file', os.O_RDWR))\nexcept termios.error as error:"
        " print(type(error).__name__)", None),
    "limits": (
        "import resource\nbefore = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "try: resource.setrlimit(resource.RLIMIT_CPU, (7, 3))\nexcept ValueError as error: print(error)\n"
        "resource.getrlimit(resource.RLIMIT_CPU) == before and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 1_000",
        True),
    "locks on files": (
        "import fcntl\na, b = open('file'), open('file')\nfcntl.flock(a, fcntl.LOCK_EX)\n"
        "try: fcntl.flock(b, fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept BlockingIOError: print('held')\n"
        "a.close()\nfcntl.flock(b, fcntl.LOCK_EX | fcntl.LOCK_NB)\nfcntl.fcntl(b, fcntl.F_GETFD)", 1),
    "users": (
        "import os, pwd, grp\nme = pwd.getpwuid(os.getuid())\ntry: pwd.getpwnam('nobody-there')\n"
        "except KeyError as error: print(error)\n[me.pw_uid == os.stat('file').st_uid, pwd.getpwnam(me.pw_name) == me,"
        " grp.getgrgid(os.getgid()).gr_gid == me.pw_gid]", [True, True, True]),
    "what processes share": (
        "import multiprocessing as m\nv = m.Value('i', 3)\nwith v.get_lock(): v.value += 1\na = m.Array('d', [1, 2])\n"
        "a[0] = 5\nq = m.Queue()\nq.put(1)\ne = m.Event()\ne.set()\n[v.value, a[:], len(a), q.get(), m.Lock().acquire(), e.is_set()]",
        [4, [5.0, 2.0], 2, 1, True, True]),
    "a mapped file": (
        "import mmap, re\nwith open('file', 'r+b') as f: m = mmap.mmap(f.fileno(), 0)\n"
        "m[0:3] = b'ABC'\nm.seek(4)\nm.write(b'!')\nprint(open('file').read(), re.search(b'[d-f]+', m), m.find(b'g'))\n"
        "view = memoryview(m)\nview[-1] = 0x7A\nprint(m[-3:])\ntry: m.close()\nexcept BufferError as error: print(error)\n"
        "view.release()\nm.close()\nopen('file').read()", "ABCd!fgz"),
    "maps that are not of a file": (
        "import mmap\nm = mmap.mmap(-1, 10)\nm.write(b'abc\\nd')\nm.seek(0)\nprint(m.readline(), len(m), m[9])\n"
        "f = open('file', 'rb')\nc = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)\n"
        "try: c[0] = 1\nexcept TypeError as error: print(error)\nm.closed", False),
}


class Substitutes(SandboxTestCase):
    def test_programs(self):
        for name, (code, value) in PROGRAMS.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                with open(f"{folder}/file", "w") as file:
                    file.write("abcdefgh")
                sandbox = sandboxes.make(folder)
                try:
                    outcome = sandbox.run("import os\nos.chdir('/' if os.path.exists('/file') else '.')\n" + code)
                    self.assertEqual(outcome["status"], "done", outcome)
                    # Text is printed where it is CPython's; this machine's may be of another version.
                    self.assertEqual(outcome.get("result", {}).get("value"), value)
                finally:
                    sandbox.close()

    def test_what_a_sandbox_has_not_says_so(self):
        if not sandboxes.is_component():
            self.skipTest("this machine's Python connects")
        error = self.sandbox.error("import ssl\nc = ssl.create_default_context()\n"
                                   "c.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname='a').do_handshake()")
        self.assertEqual(error["type"], "ssl.SSLError")
        for code, hint in (("import os\nos.system('ls')", "A sandbox has no os.system: it has no processes."),
                           ("import multiprocessing.shared_memory", "A sandbox has no processes; threads take their place"),
                           ("import multiprocessing\nmultiprocessing.Pool(2)", "ThreadPool")):
            self.assertIn(hint, self.sandbox.error(code)["rendered"])
        self.assertIn("a sandbox speaks no TLS", error["message"])


if __name__ == "__main__":
    unittest.main()
