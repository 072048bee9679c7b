# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A session: a namespace in which statements and expressions run one after the other."""

import json
import sys
import types

from . import host, json_text, randomness
from .numeric_arrays import python_form
from .text import valid_unicode

RESULT_FILE = "/result.npy"
_MAX_ELEMENTS = 100_000


class SessionError(Exception):
    """The program raised: `message` is `Type: message`, always valid Unicode."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class Session:
    def __init__(self) -> None:
        # A module of its own, registered as `__main__`, so that classes defined in a session pickle and `__main__`
        # means to the program what it means in a script.
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.namespace = module.__dict__

    def execute(self, statements: str) -> None:
        self._run(statements, "exec")

    def evaluate(self, expression: str, arrays_as_lists: bool = False) -> tuple[str, bool]:
        """The value of `expression` as JSON, or its `repr` where it has no such form, and which of the two it is.

        A scalar of NumPy's is a number, text or `true`; an array has a form if it may be a list.
        """
        # `compile` in the mode `eval` takes no leading blanks, which the built-in `eval` strips.
        value = self._run(expression.lstrip(" \t"), "eval")
        try:
            try:
                return (_encode_with_lists if arrays_as_lists else _encode)(value), True
            except (TypeError, ValueError, RecursionError):
                if arrays_as_lists:
                    name = type.__dict__["__name__"].__get__(type(value))
                    raise SessionError(f"TypeError: the value, of type {name}, has no JSON form") from None
                return valid_unicode(repr(value)), False
        except SessionError:
            raise
        except BaseException as error:
            # The value's own methods raised, or there is no memory left for its text.
            raise SessionError(describe(error)) from None

    def report(self, expression: str) -> dict:
        """What can be said of the value of `expression` in JSON, for programs to read; called by an expression itself.

        `text` is what is printed of it, `value` the value with arrays as lists, None where JSON cannot say it. For an array
        there are `dtype` and `shape`; a large one has no `value` and is in the `file`, as `numpy.save` writes it.
        """
        value = eval(compile(expression.lstrip(" \t"), "<eval>", "eval", dont_inherit=True), self.namespace)
        try:
            plain = json.loads(_encode(value))
            return {"value": plain, "text": plain if isinstance(plain, str) else repr(plain)}
        except (TypeError, ValueError, RecursionError):
            answer = {"value": None, "text": repr(value)}
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(value, numpy.ndarray):
            answer |= {"dtype": str(value.dtype), "shape": value.shape}
            if value.size > _MAX_ELEMENTS:
                numpy.save(RESULT_FILE, value)
                return answer | {"file": RESULT_FILE}
        try:
            return answer | {"value": json.loads(_encode_with_lists(value))}
        except (TypeError, ValueError, RecursionError):
            return answer

    def _run(self, source: str, mode: str) -> object:
        randomness.seed_once()
        # componentize-py sets the arguments to none at all, but CPython always has a name of the program.
        if getattr(sys, "argv", None) == []:
            sys.argv.append("")
        try:
            code = compile(source, f"<{mode}>", mode, dont_inherit=True)
            return eval(code, self.namespace)
        except BaseException as error:
            # SystemExit and KeyboardInterrupt too: a program cannot end the session that it runs in.
            raise SessionError(describe(error)) from None
        finally:
            host.flush_at_the_end()


def _form(value: object) -> object:
    if (form := python_form(value)) is value:
        raise TypeError
    return form


def _form_of_scalar(value: object) -> object:
    if hasattr(value, "__len__"):
        raise TypeError
    return _form(value)


_encode, _encode_with_lists = json_text.encoder(_form_of_scalar), json_text.encoder(_form)


def describe(error: BaseException) -> str:
    """`Type: message`; never raises."""
    try:
        # The name of the class itself, past whatever its metaclass defines.
        name = type.__dict__["__name__"].__get__(type(error))
        message = str.__str__(str(error))
        return valid_unicode(f"{name}: {message}" if message else name)
    except BaseException:
        # The exception's own `__str__` raised, or there is no memory left to ask it.
        try:
            return valid_unicode(type.__dict__["__name__"].__get__(type(error)))
        except BaseException:
            return "MemoryError"
