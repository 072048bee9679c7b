# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Text that leaves the sandbox: valid, and not longer than agreed."""


def valid_unicode(text: str) -> str:
    """`text` with lone surrogates, which UTF-8 cannot carry, written as escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def shortened(text: str, limit: int) -> str:
    """`text`, cut to `limit` characters with a remark that says so."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… [{len(text) - limit} characters left out]"


def safe_repr(value: object, limit: int) -> str:
    """`repr` of a value that may raise when asked; never longer than `limit` and a remark."""
    try:
        text = repr(value)
    except (KeyboardInterrupt, TimeoutError):
        # The host's way to stop a `repr` that takes for ever.
        raise
    except BaseException as error:
        text = f"<{qualified_name(type(value))} object, whose repr raised {qualified_name(type(error))}>"
    return shortened(text, limit)


def qualified_name(cls: type) -> str:
    """The name of a class as tracebacks have it: with its module, unless that is `builtins` or `__main__`."""
    name = type.__dict__["__qualname__"].__get__(cls)
    try:
        module = cls.__module__
    except BaseException:
        module = None
    if module in ("__main__", "builtins") or not isinstance(module, str):
        return name
    return f"{module}.{name}"
