# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Turn one platform's CPython headers into the target's.

    write_headers.py PYCONFIG_OF_OTHER_PLATFORM SYSCONFIGDATA INCLUDE

Of CPython's headers only two depend on the build:

- `pyconfig.h`: the other platform's is taken as the list of macro names; the values are those that the target's
  CPython recorded about itself.
- `patchlevel.h`: set to the target's exact version. The headers may come from a later patch release (the C API
  does not change within 3.14), and no version of theirs should reach the compiled code.
"""

import re
import runpy
import sys
from pathlib import Path

# The version of CPython that componentize-py 0.25.1 bundles (`sys.version_info` in a guest).
VERSION = (3, 14, 0)

# Defined by CPython's configure for this target, but not through a recorded substitution.
EXTRA = {
    "_GNU_SOURCE": 1,
    "_WASI_EMULATED_SIGNAL": 1,
    "_WASI_EMULATED_GETPID": 1,
    "_WASI_EMULATED_PROCESS_CLOCKS": 1,
    "_Py_STACK_GROWS_DOWN": 1,
}


def pyconfig(template, values):
    names = re.findall(r"^(?:\s*#\s*define\s+(\w+)\b|/\*\s*#undef\s+(\w+)\s*\*/)", template, re.M)
    names = list(dict.fromkeys(a or b for a, b in names))
    names.remove("Py_PYCONFIG_H")
    known = {name: values[name] for name in names if name in values} | EXTRA
    lines = ["#ifndef Py_PYCONFIG_H", "#define Py_PYCONFIG_H"]
    for name, value in known.items():
        if value in (0, ""):
            lines.append(f"/* #undef {name} */")
        else:
            lines += [f"#ifndef {name}", f"#define {name} {value}", "#endif"]
    return "\n".join(lines + ["#endif", ""])


def patchlevel(text):
    major, minor, micro = VERSION
    for macro, value in {
        "PY_MAJOR_VERSION": major,
        "PY_MINOR_VERSION": minor,
        "PY_MICRO_VERSION": micro,
        "PY_RELEASE_LEVEL": "PY_RELEASE_LEVEL_FINAL",
        "PY_RELEASE_SERIAL": 0,
        "PY_VERSION": '"%d.%d.%d"' % VERSION,
    }.items():
        text, count = re.subn(rf"^(#define {macro}\s+).*$", rf"\g<1>{value}", text, flags=re.M)
        if count != 1:
            sys.exit(f"patchlevel.h has {count} definitions of {macro}")
    return text


def main(template, sysconfigdata, include):
    include = Path(include)
    values = runpy.run_path(sysconfigdata)["build_time_vars"]
    (include / "pyconfig.h").write_text(pyconfig(Path(template).read_text(), values))
    level = include / "patchlevel.h"
    level.write_text(patchlevel(level.read_text()))


if __name__ == "__main__":
    main(*sys.argv[1:])
