# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The runtime in an ordinary Python: reads requests from one file descriptor, writes answers to another."""

import ctypes
import json
import os
import sys
import threading
import types
from pathlib import Path

incoming = os.fdopen(int(sys.argv[1]), encoding="utf-8")
outgoing = os.fdopen(int(sys.argv[2]), "w", encoding="utf-8", errors="surrogatepass")
write, flush, loads, dumps = outgoing.write, outgoing.flush, json.loads, json.dumps


# Held while a message is under way, so that no interrupt cuts one in two.
exchange = threading.Lock()


def send(message: dict) -> None:
    write(dumps(message) + "\n")
    flush()


def call_host(request: str) -> str:
    request.encode("utf-8")
    with exchange:
        int()  # An interrupt that came before the lock was taken arrives here, before anything is sent.
        send({"ask": request})
        return loads(incoming.readline())["reply"]


def emit(event: str) -> None:
    event.encode("utf-8")
    with exchange:
        int()
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

from terrarium_runtime import heap, numpy_library, standard_library  # noqa: E402

# These are for when a component is built.
standard_library.import_all = numpy_library.import_all = heap.settle = lambda: None
import guest  # noqa: E402

exports = guest.WitWorld()
sys.argv = [""]
main_thread = threading.get_ident()


requests = 0


def interrupt(seconds: float) -> None:
    """Raises TimeoutError in the main thread after a while, as the host does at a soft time limit.

    Python drops an exception that is raised while it runs a finaliser or a weak reference's callback, so the host
    raises another where the program goes on.
    """
    number = requests

    def raise_there():
        with exchange:
            if requests == number:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main_thread), ctypes.py_object(TimeoutError))
                later(0.2)

    def later(seconds: float) -> None:
        timer = threading.Timer(seconds, raise_there)
        timer.daemon = True
        timer.start()

    later(seconds)


exchange.acquire()
while line := incoming.readline():
    message = loads(line)
    export, request = getattr(exports, message["call"]), message["request"]
    if "interrupt" in message:
        interrupt(message["interrupt"])
    try:
        exchange.release()
        answer = {"answer": export(request)}
    except component_types.Err as error:
        answer = {"error": error.args[0]}
    except TimeoutError:
        answer = {"error": "an interrupt escaped"}
    exchange.acquire()
    requests += 1
    send(answer)
