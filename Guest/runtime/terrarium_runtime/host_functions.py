# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The host's functions as Python functions, made from their descriptions.

Each is compiled from a line of source, so that Python itself binds the arguments and complains about wrong ones as for
any function, and `help` and `inspect` see the real signature.
"""

import builtins
import keyword
import sys
import types

from . import host, json_text, value_decoding
from .annotations import evaluate, record_type
from .error_reports import GENERATED_CODE_PREFIX
from .host_calls import HostCalls
from .user_input import raise_interruption
from .value_encoding import Buffers, NoForm, TooLarge, ValueEncoder

DEFAULT_ARGUMENT_LIMIT = 16 * 1024 * 1024
#: How the reply to a call begins that has a value.
_VALUE = '{"value":'
#: The module that the functions say they are from.
MODULE = "terrarium.functions"


class HostError(RuntimeError):
    """A host function failed for a reason that it does not tell."""


HostError.__module__ = "terrarium"


class HostFunctions:
    def __init__(self, calls: HostCalls, buffers: Buffers):
        self.descriptions: dict[str, dict] = {}
        self.functions: dict[str, types.FunctionType] = {}
        self.errors: dict[str, type[Exception]] = {}
        self.type_descriptions: dict[str, dict] = {}
        self._types: dict[str, object] = {}
        self.uses_buffers = True
        self._calls, self._buffers = calls, buffers
        self._module = types.ModuleType(MODULE, "The functions that the host offers.")
        self._set_encoder(DEFAULT_ARGUMENT_LIMIT)

    def _set_encoder(self, limit: int) -> None:
        keep = self._buffers.keep if self.uses_buffers else None
        self._encoder = ValueEncoder(limit, strict=True, buffer=keep)

    def configure(self, argument_limit: int | None, uses_buffers: bool | None) -> None:
        if uses_buffers is not None:
            self.uses_buffers = uses_buffers
        if argument_limit is not None or uses_buffers is not None:
            self._set_encoder(argument_limit or DEFAULT_ARGUMENT_LIMIT)

    def define_all(self, types_: list[dict], functions: list[dict], namespace: dict) -> None:
        """Makes or replaces record types and functions, all of them or none, and puts them into the namespace."""
        changed = (self.descriptions, self.functions, self.errors, self.type_descriptions, self._types,
                   self._module.__dict__)
        before, made = [dict(one) for one in changed], {}
        try:
            for description in types_:
                self.define_type(description)
            for description in functions:
                self.define(description, made)
        except BaseException:
            for one, contents in zip(changed, before):
                one.clear()
                one.update(contents)
            raise
        namespace.update(made)

    def define(self, description: dict, namespace: dict) -> None:
        """Makes or replaces a function, and puts it into the program's namespace."""
        name = _identifier(description["name"])
        for error in description.get("raises", ()):
            namespace[error["type"]] = self.define_error(error)
        function = self._function(name, description)
        self.descriptions[name], self.functions[name] = description, function
        sys.modules[MODULE] = self._module
        if (package := sys.modules.get("terrarium")) is not None:
            package.functions = self._module
        namespace[name] = self._module.__dict__[name] = function

    def define_type(self, description: dict) -> None:
        """Makes or replaces a record type, for use in annotations."""
        name = _identifier(description["name"])
        self._types[name] = self._module.__dict__[name] = record_type(description, self._types)
        self.type_descriptions[name] = description

    def define_error(self, description: dict) -> type[Exception]:
        name = _identifier(description["type"])
        if (known := self.errors.get(name) or _builtin_error(name)) is not None:
            return known
        base = self.errors.get(description.get("base", "")) or _builtin_error(description.get("base", "")) or Exception
        made = type(name, (base,), {"__module__": MODULE, "__doc__": description.get("doc")})
        self.errors[name] = self._module.__dict__[name] = made
        return made

    def _function(self, name: str, description: dict) -> types.FunctionType:
        parameters = description.get("parameters", [])
        names = [_identifier(parameter["name"]) for parameter in parameters]
        defaults = {f"_default_{index}": parameter["default"]
                    for index, parameter in enumerate(parameters) if "default" in parameter}
        is_async = bool(description.get("async"))
        call = "await _call" if is_async else "_call"
        source = (f"def _make(_call, _name, {', '.join(defaults)}):\n"
                  f" {'async ' if is_async else ''}def {name}({_parameter_list(parameters)}):\n"
                  f"  return {call}(_name, ({''.join(one + ', ' for one in names)}))\n"
                  f" return {name}\n")
        made: dict = {"__name__": MODULE}
        try:
            code = compile(source, f"{GENERATED_CODE_PREFIX}{name}>", "exec", dont_inherit=True)
        except SyntaxError as error:
            raise ValueError(f"{name} has parameters that Python does not allow: {error.msg}") from None
        exec(code, made)
        quoted = json_text.encode(name)
        function = made["_make"](self._make_call if is_async else self._call, quoted, *defaults.values())
        function.__qualname__, function.__doc__ = name, _docstring(description)
        annotated = [(parameter["name"], parameter["type"]) for parameter in parameters if "type" in parameter]
        if "returns" in description:
            annotated.append(("return", description["returns"]))
        function.__annotations__ = {target: evaluate(text, self._types) for target, text in annotated}
        return function

    def _make_call(self, name: str, arguments: tuple):
        return self._calls.make(name, self._encoded(arguments))

    def _call(self, name: str, arguments: tuple):
        text = host.ask(f'{{"request":"call","function":{name},"arguments":{self._encoded(arguments)}}}')
        if self.uses_buffers:
            self._buffers.forget()
        if text.startswith(_VALUE):
            # As a rule without blanks and with nothing else, and then there is no need to make a dict of it.
            try:
                value, end = value_decoding.decode_from(text, len(_VALUE))
                if text[end:] == "}":
                    return value
            except StopIteration:
                pass
        reply = value_decoding.decode(text)
        if "value" in reply:
            return reply["value"]
        if "error" in reply:
            raise self.error(reply["error"])
        raise_interruption(reply)
        raise HostError("the host gave no answer")

    def _encoded(self, arguments: tuple) -> str:
        try:
            return self._encoder.encode_list(arguments)
        except TooLarge as error:
            raise ValueError(f"the arguments take {error.used} bytes or more, and {error.limit} are allowed") from None
        except NoForm as error:
            raise TypeError(str(error)) from None

    def error(self, description: dict) -> BaseException:
        """The exception that a failed call raises: of a declared or built-in type, else a `HostError`."""
        name, message = description.get("type", ""), description.get("message", "")
        kind = self.errors.get(name) or _builtin_error(name) or HostError
        try:
            return kind(message) if message else kind()
        except TypeError:
            # Some built-in exceptions want more than a message.
            return HostError(f"{name}: {message}")

    def settle(self, settled: list[dict]) -> None:
        """Ends calls as the host says: each has an `id`, and a `value` or an `error`."""
        for one in settled:
            if "error" in one:
                self._calls.settle(one["id"], error=self.error(one["error"]))
            else:
                self._calls.settle(one["id"], one.get("value"))


def _identifier(name: str) -> str:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} cannot be a name in Python")
    return name


def _builtin_error(name: str) -> type[Exception] | None:
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else None


def _parameter_list(parameters: list[dict]) -> str:
    parts, kinds = [], [parameter.get("kind", "standard") for parameter in parameters]
    if sorted(kinds, key=["positional", "standard", "keyword"].index) != kinds:
        raise ValueError("parameters come in the order positional, standard, keyword")
    for index, (parameter, kind) in enumerate(zip(parameters, kinds)):
        if kind == "keyword" and "keyword" not in kinds[:index]:
            parts.append("*")
        parts.append(parameter["name"] + (f"=_default_{index}" if "default" in parameter else ""))
        if kind == "positional" and kinds[index + 1 : index + 2] != ["positional"]:
            parts.append("/")
    return ", ".join(parts)


def _docstring(description: dict) -> str | None:
    explained = [(parameter["name"], parameter["doc"])
                 for parameter in description.get("parameters", ()) if parameter.get("doc")]
    sections = [description.get("doc") or ""]
    if explained:
        sections.append("Parameters:\n" + "\n".join(f"    {name}: {text}" for name, text in explained))
    if raised := description.get("raises"):
        sections.append("Raises:\n" + "\n".join(
            f"    {error['type']}" + (f": {error['doc']}" if error.get("doc") else "") for error in raised))
    return "\n\n".join(filter(None, sections)) or None
