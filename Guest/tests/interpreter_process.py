# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The runtime in an ordinary Python: reads requests from one file descriptor, writes answers to another."""

import json
import os
import sys
import types
from pathlib import Path

incoming = os.fdopen(int(sys.argv[1]), encoding="utf-8")
outgoing = os.fdopen(int(sys.argv[2]), "w", encoding="utf-8", errors="surrogatepass")
write, flush, loads, dumps = outgoing.write, outgoing.flush, json.loads, json.dumps


def send(message: dict) -> None:
    write(dumps(message) + "\n")
    flush()


def call_host(request: str) -> str:
    request.encode("utf-8")
    send({"ask": request})
    return loads(incoming.readline())["reply"]


def emit(event: str) -> None:
    event.encode("utf-8")
    send({"event": event})
    # The other side looks at the output so far before it answers.
    incoming.readline()


# What componentize-py generates for the world.
world = types.ModuleType("wit_world")
world.WitWorld, world.call_host, world.emit = object, call_host, emit
world.Value = object
world.Value_Json = world.Value_Repr = lambda payload: payload
component_types = types.ModuleType("componentize_py_types")
component_types.Err = type("Err", (Exception,), {})
sys.modules |= {"wit_world": world, "componentize_py_types": component_types}
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "runtime"))

from terrarium_runtime import standard_library  # noqa: E402

# Importing all of the standard library is for when a component is built.
standard_library.import_all = lambda: None
import guest  # noqa: E402

exports = guest.WitWorld()
sys.argv = [""]
while line := incoming.readline():
    message = loads(line)
    try:
        send({"answer": getattr(exports, message["call"])(message["request"])})
    except component_types.Err as error:
        send({"error": error.args[0]})
