# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The step protocol: starts a program, and resumes or cancels it, each time until it ends or has to wait.

Every message and answer is described in PROTOCOL.md.
"""

import builtins
import contextvars
import sys
import time

from . import completion, displays, error_reports, event_loop, host, inspection, installed, json_text, process, randomness
from . import results, source_lines, static_check, suspension, threads, tool_stubs, user_input, value_decoding
from .answers import Misuse
from .host_calls import HostCalls
from .host_functions import HostFunctions
from .program import Program
from .source_code import INSTALL, RUN, as_from_file, compile_interactive, compile_program, text_of
from .value_encoding import Buffers

# While a program waits on a loop of its own, what earlier programs left running gets this many rounds a step.
_BACKGROUND_ROUNDS = 100
_KINDS = ("program", "script", "single")
_NOTHING_NEW = '"calls":[],"dropped":[]'


class Stepper:
    def __init__(self, namespace: dict, inputs: dict):
        self._namespace, self._inputs = namespace, inputs
        self._calls, self._buffers = HostCalls(), Buffers()
        self.functions = HostFunctions(self._calls, self._buffers)
        self._loop, self._context = event_loop.HostLoop(), contextvars.copy_context()
        self._program: Program | None = None
        self._name = ""
        self._forms: results.ResultForms | None = None
        self._kind, self._remembers, self._is_final = "program", False, False
        self._script: process.Script | None = None
        self._shown: list = []
        self._limits: dict = {}
        self._future_features = 0
        self._program_count = 0
        event_loop.install(self._wait_for_host)
        setattr(builtins, RUN, suspension.run)
        setattr(builtins, INSTALL, installed.say_how_to_install)
        builtins.display = displays.display
        user_input.keep_open()
        process.install()

    # What the host asks.

    def configure(self, request: dict) -> str:
        """Defines host functions and sets limits, for all programs from now on."""
        functions = self.functions
        if "types" in request or "functions" in request:
            functions.define_all(request.get("types", []), request.get("functions", []), self._namespace)
        limits = request.get("limits", {})
        functions.configure(limits.get("arguments"), {"address": True, "base64": False}.get(request.get("buffers")))
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
        source, kind, name = request["code"], request.get("kind", "program"), request.get("name")
        if type(source) is not str and (type(source) is not bytes or kind == "single"):
            raise TypeError("the code has to be a text, or bytes where it is no line of a prompt")
        if kind not in _KINDS or (kind == "script" and type(name) is not str):
            raise ValueError("the kind has to be program, single, or script with the name of a file")
        if "configure" in request:
            self.configure(request["configure"])
        randomness.seed_once()
        if settled := request.get("settled"):
            self.functions.settle(settled)
        if name is None:
            name = f"<python-input-{self._program_count}>"
            self._program_count += 1
        if inputs := request.get("inputs"):
            self._inputs.update(inputs)
            self._namespace.update(inputs)
        if (arguments := request.get("arguments")) is not None or kind == "script":
            sys.argv = [request.get("program", name), *(arguments or ())]
        elif getattr(sys, "argv", None) == []:
            # componentize-py sets the arguments to none at all, but CPython always has a name of the program.
            sys.argv.append("")
        if request.get("stdin") == "new":
            process.make_input_anew()
        self._kind = kind
        self._remembers = kind == "single" or bool(request.get("remember"))
        self._is_final = bool(request.get("final", kind == "script"))
        limits = self._limits | request["limits"] if "limits" in request else self._limits
        self._forms = results.ResultForms(
            request.get("result", ("value",) if kind == "program" else ()), bool(request.get("exact")), limits,
            self._buffers if self.functions.uses_buffers else None)
        try:
            return self._begin(source, name, inputs)
        except BaseException as error:
            self._drop_program()
            return self._failed(error)

    def _begin(self, source: str | bytes, name: str, inputs: dict | None) -> str:
        """Compiles a program and runs it until it ends or has to wait."""
        source_lines.remember(name, source if type(source) is str else text_of(source))
        namespace, flags = self._namespace, self._future_features if self._remembers else 0
        if self._kind == "single":
            compiled = compile_interactive(source, name, namespace, flags)
            if self._forms.any and sys.displayhook is sys.__displayhook__:
                self._shown = []
                sys.displayhook = self._show
        elif self._kind == "script":
            # A file says itself which features from `__future__` it wants.
            try:
                compiled = compile_program(source, name, {}, has_value=self._forms.any)
            except SyntaxError as error:
                if type(source) is bytes:
                    as_from_file(error, source, name)
                raise
            self._script = process.Script(name, self.functions.errors | self.functions.functions | (inputs or {}))
            namespace = self._script.namespace
        else:
            compiled = compile_program(source, name, namespace, self._future_features, has_value=self._forms.any)
        if self._remembers:
            self._future_features |= compiled.future_features
        self._program, self._name = Program(compiled, namespace, self._loop, self._context), name
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
            threads.drop_all()
            self._calls.drop_all()
            self._loop = event_loop.HostLoop()
            self._program = None
            self._leave()
            return self._idle()
        if request.get("interrupt"):
            program.interrupt()
        else:
            program.cancel(request.get("message"))
        return self._advance()

    def check(self, request: dict) -> str:
        name = request.get("name", "<check>")
        return json_text.encode(static_check.check(request["code"], name, self._namespace, self.functions))

    def complete(self, request: dict) -> str:
        return json_text.encode(completion.complete(request["code"], _cursor(request), self._namespace))

    def inspect(self, request: dict) -> str:
        return json_text.encode(inspection.describe(
            request["code"], _cursor(request), request.get("detail", 0), self._namespace))

    def describe(self, request: dict) -> str:
        return json_text.encode(tool_stubs.describe(self.functions))

    def emergency(self, error: BaseException, ends_program: bool = True) -> str:
        """What is left to say when a step itself failed: an interrupt that came between the program's own code.

        ends_program: the program was to go on; otherwise it still waits, and knows nothing of this.
        """
        if ends_program:
            self._drop_program()
            return self._failed(error)
        limit = self._limits.get("error", error_reports.DEFAULT_LIMIT)
        return results.failed(error, limit, _NOTHING_NEW)

    # Steps.

    def _advance(self, relists: bool = False) -> str:
        self._buffers.forget()
        program = self._program
        if program is None or program.waiting_loop is not self._loop:
            self._loop.run_ready(None, _BACKGROUND_ROUNDS)
        if program is None:
            threads.run_ready()
            return self._idle(relists)
        try:
            waiting = self._step(program, relists)
        except BaseException as error:
            if not threads.is_interrupt(error):
                raise
            # It came while none of the program's own code ran, and may have broken off the list of what it waits for.
            program.raise_where_it_waits(error)
            waiting = self._step(program, relists=True)
        if waiting is not None:
            return waiting
        self._program = None
        if program.error is not None:
            return self._failed(program.error)
        if self._kind != "script":
            try:
                threads.finish(waits=self._kind == "program")
            except BaseException as error:
                return self._failed(error)
        source_lines.forget_unless_needed(self._name, program.code)
        try:
            return self._done(program)
        except BaseException as error:
            # The value's own `__repr__` and the like.
            return self._failed(error)

    def _step(self, program: Program, relists: bool) -> str | None:
        """Goes on until the program waits, and answers that; None if it has ended."""
        program.advance(self._has_calls)
        return None if program.ended else f'{{"status":"waiting",{self._rest(relists, program.waiting_loop)}}}'

    def _drop_program(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.abandon(cleans_up=True)

    def _done(self, program: Program) -> str:
        value, has_result = program.result, program.has_result
        if self._kind == "single":
            value, has_result = (self._shown[-1], True) if self._shown else (None, False)
        elif has_result and self._remembers and value is not None:
            self._namespace["_"] = value
        result = self._forms.encode(value) if has_result else None
        if self._is_final:
            self._end()
        if self._kind != "program":
            self._leave()
        return results.done(result, self._rest())

    def _show(self, value: object) -> None:
        """The hook that shows values at a prompt, where the host wants the last one besides."""
        sys.__displayhook__(value)
        if value is not None:
            self._shown = [value]

    def _failed(self, error: BaseException) -> str:
        """Ends a program that raised, as CPython ends a process where it is to: with the exception first."""
        limit = self._limits.get("error", error_reports.DEFAULT_LIMIT)
        code = process.exit_code(error) if issubclass(type(error), SystemExit) else None
        was_shown = code is None and self._kind == "script"
        if was_shown:
            code = process.show_exception(error, limit)
        elif self._remembers and code is None:
            # For `pdb.pm()` and such, as in CPython's own prompt.
            sys.last_exc = error
        if self._is_final:
            self._end(error)
        elif isinstance(error, TimeoutError) and threads.is_interrupt(error):
            # Its time was that of its threads, too; the next program does not wait for them.
            threads.drop_all()
        self._leave()
        if code is not None:
            return results.exited(code, self._rest())
        return results.failed(error, limit, self._rest(), was_shown)

    def _end(self, error: BaseException | None = None) -> None:
        self._is_final = False
        # What was stopped from outside is to end soon.
        process.end(self._script, waits=not isinstance(error, (KeyboardInterrupt, TimeoutError)))

    def _leave(self) -> None:
        """Gives the session its surroundings back."""
        script, self._script, self._kind = self._script, None, "program"
        if script is not None:
            script.leave()
        if self._shown or getattr(sys.displayhook, "__func__", None) is Stepper._show:
            self._shown = []
            sys.displayhook = sys.__displayhook__

    def _idle(self, relists: bool = False) -> str:
        return f'{{"status":"idle",{self._rest(relists)}}}'

    def _rest(self, relists: bool = False, other_loop: event_loop.HostLoop | None = None) -> str:
        """The part of an outcome that does not depend on its status."""
        if other_loop is None and not relists and self._calls.are_all_known and self._loop.is_idle and not threads.are_there():
            return _NOTHING_NEW
        calls, dropped = self._calls.unsent(relists)
        wake_at = _earliest(self._loop.wake_at(), threads.wake_at_nanoseconds())
        if other_loop is not None and other_loop is not self._loop:
            wake_at = _earliest(wake_at, other_loop.wake_at())
        clock = "" if wake_at is None else f',"wake_at":{wake_at},"clock":{time.monotonic_ns()}'
        return f'"calls":{calls},"dropped":{dropped}{clock}'

    def _has_calls(self) -> bool:
        return len(self._calls) > 0

    def _wait_for_host(self, loop: event_loop.HostLoop) -> None:
        """Blocks in the host, for `asyncio.run` within a plain function: until a call is settled or a timer is due."""
        if threads.run_ready():
            return
        wake_at = _earliest(loop.wake_at(), threads.wake_at_nanoseconds())
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


def _earliest(*times: int | None) -> int | None:
    return min((when for when in times if when is not None), default=None)


def _cursor(request: dict) -> int:
    """The position of the cursor in the code; one outside of it is at its end or its start."""
    end = len(request["code"])
    return min(max(request.get("cursor", end), 0), end)
