# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Unpack what componentize-py carries inside its own extension module.

    unpack_runtime.py COMPONENTIZE_PY.abi3.so OUT

It embeds, as zstd frames, the shared libraries of the guest (libc, libc++, libpython, ...) and CPython's standard
library. They have no names there: a library is recognised by a symbol that only it exports. Written to OUT: `lib/*.so`
to link against, `python/`, the standard library, and from there `_sysconfigdata__wasi_wasm32-wasi.py`, CPython's record
of how it was configured.
"""

import io
import sys
import tarfile
from pathlib import Path

import zstandard

sys.path.insert(0, str(Path(__file__).parent))
import wasm_module

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
SYSCONFIG = "_sysconfigdata__wasi_wasm32-wasi.py"

# Order matters: the libwasi-emulated-* are only looked at once the bigger ones are ruled out.
MARKERS = [
    ("libpython3.14.so", "Py_IsInitialized"),
    ("libc.so", "fopen"),
    ("libc++abi.so", "__cxa_demangle"),
    ("libc++.so", "_ZNSt3__26__sortIRNS_6__lessIccEEPcEEvT0_S5_T_"),
    ("libwasi-emulated-mman.so", "munmap"),
    ("libwasi-emulated-process-clocks.so", "__clock"),
    ("libwasi-emulated-getpid.so", "getpid"),
    ("libwasi-emulated-signal.so", "__SIG_IGN"),
]


def frames(data):
    """Every complete zstd frame in `data`, unpacked."""
    at = data.find(ZSTD_MAGIC)
    while at >= 0:
        try:
            decompressor = zstandard.ZstdDecompressor().decompressobj()
            content = decompressor.decompress(data[at:])
            if decompressor.eof and len(content) > 64:
                yield content
                at = len(data) - len(decompressor.unused_data) - 1
        except zstandard.ZstdError:
            pass  # the magic number by chance
        at = data.find(ZSTD_MAGIC, at + 1)


def main(source, out):
    out = Path(out)
    libraries = out / "lib"
    libraries.mkdir(parents=True, exist_ok=True)
    wanted = dict(MARKERS)
    for content in frames(Path(source).read_bytes()):
        if content[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                if any(name.removeprefix("./") == SYSCONFIG for name in archive.getnames()):
                    archive.extractall(out / "python", filter="data")
                    (out / SYSCONFIG).write_bytes((out / "python" / SYSCONFIG).read_bytes())
        elif content[:8] == b"\0asm\1\0\0\0":
            candidate = libraries / "candidate"
            candidate.write_bytes(content)
            names = wasm_module.parse(candidate).export_names
            name = next((name for name, marker in MARKERS if marker in names and name in wanted), None)
            if name and not any(n.startswith("PyInit_componentize") for n in names):
                candidate.rename(libraries / name)
                del wanted[name]
            else:
                candidate.unlink()
    missing = sorted(wanted) + ([] if (out / SYSCONFIG).exists() else [SYSCONFIG])
    if missing:
        sys.exit(f"{source} has no {', '.join(missing)}: is this componentize-py 0.25.1?")


if __name__ == "__main__":
    main(*sys.argv[1:])
