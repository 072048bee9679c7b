# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The step protocol: starts a program, and resumes or cancels it, each time until it ends or has to wait.

Every message and answer is described in PROTOCOL.md.
"""

import builtins
import contextvars
import sys
import time

from . import completion, displays, error_reports, event_loop, host, json_text, randomness, results, source_lines
from . import static_check, suspension, tool_stubs, user_input, value_decoding
from .host_calls import HostCalls
from .host_functions import HostFunctions
from .program import Program
from .source_code import RUN, compile_program
from .value_encoding import Buffers

# While a program waits on a loop of its own, what earlier programs left running gets this many rounds a step.
_BACKGROUND_ROUNDS = 100


class Misuse(Exception):
    """The host asked for something that the state of the session does not allow."""


class Stepper:
    def __init__(self, namespace: dict, inputs: dict):
        self._namespace, self._inputs = namespace, inputs
        self._calls, self._buffers = HostCalls(), Buffers()
        self.functions = HostFunctions(self._calls, self._buffers)
        self._loop, self._context = event_loop.HostLoop(), contextvars.copy_context()
        self._program: Program | None = None
        self._forms: results.ResultForms | None = None
        self._remembers = False
        self._limits: dict = {}
        self._future_features = 0
        self._program_count = 0
        event_loop.install(self._wait_for_host)
        setattr(builtins, RUN, suspension.run)
        builtins.display = displays.display
        user_input.keep_open()

    # What the host asks.

    def configure(self, request: dict) -> str:
        """Defines host functions and sets limits, for all programs from now on."""
        functions = self.functions
        for description in request.get("types", ()):
            functions.define_type(description)
        limits = request.get("limits", {})
        functions.configure(limits.get("arguments"), {"address": True, "base64": False}.get(request.get("buffers")))
        for description in request.get("functions", ()):
            functions.define(description, self._namespace)
        if "recursion" in limits:
            sys.setrecursionlimit(limits["recursion"])
        self._limits.update(limits)
        displays.limit = self._limits.get("display", displays.limit)
        if request.get("input") == "host":
            user_input.ask_host()
        return '{"status":"idle"}'

    def start(self, request: dict) -> str:
        if self._program is not None:
            raise Misuse("a program is waiting: resume or cancel it first")
        randomness.seed_once()
        self.functions.settle(request.get("settled", ()))
        name = request.get("name")
        if name is None:
            name = f"<python-input-{self._program_count}>"
            self._program_count += 1
        if (arguments := request.get("arguments")) is not None:
            sys.argv = [name, *arguments]
        if inputs := request.get("inputs"):
            self._inputs.update(inputs)
            self._namespace.update(inputs)
        self._remembers = bool(request.get("remember"))
        self._forms = results.ResultForms(
            request, self._limits | request.get("limits", {}), self._buffers if self.functions.uses_buffers else None)
        source = request["code"]
        source_lines.remember(name, source)
        try:
            compiled = compile_program(source, name, self._namespace, self._future_features)
        except BaseException as error:
            return self._failed(error)
        if self._remembers:
            self._future_features |= compiled.future_features
        self._program = Program(compiled, self._namespace, self._loop, self._context)
        return self._advance()

    def resume(self, request: dict) -> str:
        """Goes on after calls were settled or time has passed; without a program, what programs left behind goes on."""
        self.functions.settle(request.get("settled", ()))
        return self._advance(bool(request.get("relist")))

    def cancel(self, request: dict) -> str:
        program = self._program
        if program is None:
            return self._idle()
        if request.get("abandon"):
            program.abandon(cleans_up=False)
            self._calls.drop_all()
            self._loop = event_loop.HostLoop()
            self._program = None
            return self._idle()
        program.cancel(request.get("message"))
        return self._advance()

    def check(self, request: dict) -> str:
        name = request.get("name", "<check>")
        return json_text.encode(static_check.check(request["code"], name, self._namespace, self.functions))

    def complete(self, request: dict) -> str:
        source = request["code"]
        return json_text.encode(completion.complete(source, request.get("cursor", len(source)), self._namespace))

    def describe(self, request: dict) -> str:
        return json_text.encode(tool_stubs.describe(self.functions))

    def emergency(self, error: BaseException) -> str:
        """What is left to say when a step itself failed: an interrupt that came between the program's own code."""
        program, self._program = self._program, None
        if program is not None:
            program.abandon(cleans_up=True)
        return self._failed(error)

    # Steps.

    def _advance(self, relists: bool = False) -> str:
        self._buffers.forget()
        program = self._program
        if program is None or program.waiting_loop is not self._loop:
            self._loop.run_ready(None, _BACKGROUND_ROUNDS)
        if program is None:
            return self._idle(relists)
        program.advance(self._has_calls)
        if not program.ended:
            return f'{{"status":"waiting",{self._rest(relists, program.waiting_loop)}}}'
        self._program = None
        if program.error is not None:
            return self._failed(program.error)
        result = None
        if program.has_result:
            if self._remembers and program.result is not None:
                self._namespace["_"] = program.result
            try:
                result = self._forms.encode(program.result)
            except BaseException as error:
                return self._failed(error)
        return results.done(result, self._rest(relists))

    def _failed(self, error: BaseException) -> str:
        if self._remembers:
            # For `pdb.pm()` and such, as in CPython's own prompt.
            sys.last_exc = error
        limit = self._limits.get("error", error_reports.DEFAULT_LIMIT)
        return results.failed(error, limit, self._rest())

    def _idle(self, relists: bool = False) -> str:
        return f'{{"status":"idle",{self._rest(relists)}}}'

    def _rest(self, relists: bool = False, other_loop: event_loop.HostLoop | None = None) -> str:
        """The part of an outcome that does not depend on its status."""
        calls, dropped = self._calls.unsent(relists)
        wake_at = self._loop.wake_at()
        if other_loop is not None and other_loop is not self._loop:
            times = [when for when in (wake_at, other_loop.wake_at()) if when is not None]
            wake_at = min(times, default=None)
        clock = "" if wake_at is None else f',"wake_at":{wake_at},"clock":{time.monotonic_ns()}'
        return f'"calls":{calls},"dropped":{dropped}{clock}'

    def _has_calls(self) -> bool:
        return len(self._calls) > 0

    def _wait_for_host(self, loop: event_loop.HostLoop) -> None:
        """Blocks in the host, for `asyncio.run` within a plain function: until a call is settled or a timer is due."""
        wake_at = loop.wake_at()
        if wake_at is None and not self._calls:
            raise RuntimeError("deadlock: every task waits for another, and no timer or host call is left to wake one")
        calls, dropped = self._calls.unsent()
        clock = "" if wake_at is None else f',"wake_at":{wake_at},"clock":{time.monotonic_ns()}'
        reply = value_decoding.decode(host.ask(f'{{"request":"wait","calls":{calls},"dropped":{dropped}{clock}}}'))
        self._buffers.forget()
        if "settled" in reply:
            self.functions.settle(reply["settled"])
        if "cancel" in reply and loop.root is not None:
            loop.root.cancel(reply["cancel"])
        else:
            user_input.raise_interruption(reply)


def answer(stepper: Stepper, body, request: str) -> str:
    """Runs one request; whatever happens, the answer is JSON."""
    try:
        try:
            text = body(value_decoding.decode(request))
        except Misuse as error:
            text = json_text.encode({"status": "invalid", "message": str(error)})
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            text = json_text.encode({"status": "invalid", "message": f"{type(error).__name__}: {error}"})
        text = json_text.transportable(text)
        host.flush_at_the_end()
        return text
    except BaseException as error:
        # An interrupt that came when no code of the program ran, or no memory left.
        try:
            text = json_text.transportable(stepper.emergency(error))
            host.flush_at_the_end()
            return text
        except BaseException as second:
            return json_text.encode(
                {"status": "failed", "error": error_reports.last_resort(error, second), "calls": [], "dropped": []})
