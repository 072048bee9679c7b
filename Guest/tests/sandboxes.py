# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sandboxes to test: the runtime in a Python of this machine, or the component in an engine."""

import contextlib
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_MAX_SECONDS = 60
MAX_STACK = 64 * 1024 * 1024

_kind = "interpreter"


def use(kind: str) -> None:
    global _kind
    _kind = kind


def is_component() -> bool:
    return _kind == "component"


class Sandbox:
    """One sandbox, and the host's side of it.

    answers: functions by request kind (`call`, `input`, `wait`), from the request to the reply.
    trace: what arrived, in order: `("out", text)`, `("err", text)`, `("event", event)`, `("request", request)`.
    """

    def __init__(self, folder: str | None = None):
        self.answers: dict = {}
        self.trace: list[tuple[str, object]] = []

    def __getattr__(self, name: str):
        """`sandbox.start(code="…")` calls the export `start`."""
        if name not in ("configure", "start", "resume", "cancel", "check", "complete", "inspect", "describe"):
            raise AttributeError(name)

        def call(**request):
            text = self.call(name, json.dumps(request))
            text.encode("utf-8")
            return json.loads(text, parse_constant=_refuse)

        return call

    def run(self, code: str, **request) -> dict:
        """Runs a program that does not wait."""
        outcome = self.start(code=code, **request)
        assert outcome["status"] != "waiting", outcome
        return outcome

    def value(self, code: str, **request):
        outcome = self.run(code, **request)
        assert outcome["status"] == "done", outcome.get("error", {}).get("rendered", outcome)
        return outcome["result"]["value"]

    def error(self, code: str, **request) -> dict:
        outcome = self.run(code, **request)
        assert outcome["status"] == "failed", outcome
        return outcome["error"]

    def output(self, stream: str = "out") -> str:
        return "".join(content for kind, content in self.trace if kind == stream)

    def events(self) -> list:
        return [content for kind, content in self.trace if kind == "event"]

    def requests(self) -> list:
        return [content for kind, content in self.trace if kind == "request"]

    def _ask(self, text: str) -> str:
        request = json.loads(text, parse_constant=_refuse)
        self.trace.append(("request", request))
        return json.dumps(self.answers[request["request"]](request))

    def _note(self, stream: str, text: str) -> None:
        if self.trace and self.trace[-1][0] == stream:
            self.trace[-1] = (stream, self.trace[-1][1] + text)
        elif text:
            self.trace.append((stream, text))


class InterpreterSandbox(Sandbox):
    """A process of this machine's Python; messages go through pipes, output through files that it writes.

    interrupt_after: raises TimeoutError inside that many seconds after a request.
    """

    interrupt_after: float | None = None

    def __init__(self, folder: str | None = None):
        super().__init__()
        self._files = [tempfile.NamedTemporaryFile() for _ in range(2)]
        self._read = [0, 0]
        ours, theirs = os.pipe(), os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", str(ROOT / "Guest/tests/interpreter_process.py"), str(theirs[0]),
             str(ours[1])], stdin=subprocess.DEVNULL, stdout=self._files[0], stderr=self._files[1],
            pass_fds=(theirs[0], ours[1]), cwd=folder)
        os.close(theirs[0])
        os.close(ours[1])
        self._incoming = os.fdopen(ours[0], encoding="utf-8")
        self._outgoing = os.fdopen(theirs[1], "w", encoding="utf-8")

    def call(self, name: str, request: str) -> str:
        interrupt = {} if self.interrupt_after is None else {"interrupt": self.interrupt_after}
        # A program that does not end ends the test instead.
        watchdog = threading.Timer(_MAX_SECONDS, self._process.kill)
        watchdog.start()
        try:
            return self._answer({"call": name, "request": request} | interrupt)
        finally:
            watchdog.cancel()

    def _answer(self, request: dict) -> str:
        self._send(request)
        while line := self._incoming.readline():
            message = json.loads(line)
            self._collect_output()
            if "answer" in message:
                return message["answer"]
            if "error" in message:
                raise GuestError(message["error"])
            if "event" in message:
                self.trace.append(("event", json.loads(message["event"], parse_constant=_refuse)))
                self._send({})
            else:
                self._send({"reply": self._ask(message["ask"])})
        self._process.wait()
        self._collect_output()
        raise AssertionError("the process ended: " + self.output("err"))

    def _send(self, message: dict) -> None:
        self._outgoing.write(json.dumps(message) + "\n")
        self._outgoing.flush()

    def _collect_output(self) -> None:
        for index, stream in enumerate(("out", "err")):
            self._files[index].seek(self._read[index])
            data = self._files[index].read()
            self._read[index] += len(data)
            self._note(stream, data.decode("utf-8", "replace"))

    def close(self) -> None:
        for file in (self._incoming, self._outgoing, *self._files):
            with contextlib.suppress(OSError):
                file.close()
        self._process.kill()
        self._process.wait()


class ComponentSandbox(Sandbox):
    def __init__(self, folder: str | None = None):
        super().__init__()
        import wasmtime

        engine, linker, component = _component()
        self._store = wasmtime.Store(engine)
        wasi = wasmtime.WasiConfig()
        wasi.stdout_custom = lambda data: self._note("out", data.decode("utf-8", "replace"))
        wasi.stderr_custom = lambda data: self._note("err", data.decode("utf-8", "replace"))
        if folder is not None:
            wasi.preopen_dir(folder, "/")
        self._store.set_wasi(wasi)
        _current.append(self)
        self._instance = linker.instantiate(self._store, component)

    def call(self, name: str, *arguments: str):
        import wasmtime

        function = self._instance.get_func(self._store, name)
        _current.append(self)
        try:
            answer = function(self._store, *arguments)
            function.post_return(self._store)
        finally:
            _current.pop()
        # A result whose two types differ comes as the bare value, one whose types are alike with a tag.
        if name in ("exec", "evaluate") and isinstance(answer, str):
            raise GuestError(answer)
        if isinstance(answer, wasmtime.component.Variant):
            if answer.tag == "err":
                raise GuestError(answer.payload)
            return answer.payload
        return answer

    def close(self) -> None:
        self._store.close()


class GuestError(Exception):
    """The error of `exec`, `eval` or `evaluate`."""


_current: list[ComponentSandbox] = []


@functools.cache
def _component():
    import wasmtime
    from wasmtime import component as model

    setup = [sys.executable, str(ROOT / "Scripts/setup.py")]
    subprocess.run([*setup, "guest"], check=True)
    path = Path(subprocess.run([*setup, "parts"], check=True, capture_output=True, text=True).stdout.strip())
    config = wasmtime.Config()
    # The engine refuses a stack larger than that of async calls, which there are none of here.
    wasmtime._bindings.wasmtime_config_async_stack_size_set(config.ptr(), 2 * MAX_STACK)
    config.max_wasm_stack = MAX_STACK
    engine = wasmtime.Engine(config)
    source, code = path / "python.wasm", path / "python.test-code"
    component = None
    if code.exists() and code.stat().st_mtime >= source.stat().st_mtime:
        # Code of another version of the engine is refused.
        with contextlib.suppress(wasmtime.WasmtimeError):
            component = model.Component.deserialize_file(engine, str(code))
    if component is None:
        component = model.Component.from_file(engine, source)
        code.write_bytes(component.serialize())
    linker = model.Linker(engine)
    linker.add_wasip2()

    def emit(store, event):
        _current[-1].trace.append(("event", json.loads(event, parse_constant=_refuse)))

    with linker.root() as root:
        root.add_func("call-host", lambda store, request: _current[-1]._ask(request))
        root.add_func("emit", emit)
    return engine, linker, component


def make(folder: str | None = None) -> Sandbox:
    sandbox = (ComponentSandbox if is_component() else InterpreterSandbox)(folder)
    # Nobody here reads the sandbox's memory.
    sandbox.configure(buffers="base64")
    return sandbox


def _refuse(constant: str):
    raise AssertionError(f"{constant} is not JSON")


class SandboxTestCase(unittest.TestCase):
    """A test with a fresh sandbox."""

    maxDiff = None

    def setUp(self) -> None:
        self.sandbox = make()
        self.addCleanup(self.sandbox.close)
