# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions in Python that behave as those in C whose place they take: they are no methods where they are attributes of
a class, and tell where they belong.
"""

import sys


class Function:
    """A function of a module in C. Subclasses do what it does in `__call__`."""

    def __init__(self, function, module: str = "posix"):
        self._act = self.__wrapped__ = function
        self.__name__ = self.__qualname__ = function.__name__
        self.__doc__, self.__module__ = function.__doc__, module
        self.__text_signature__ = getattr(function, "__text_signature__", None)

    def __call__(self, *arguments, **named):
        return self._act(*arguments, **named)

    @property
    def __self__(self):
        return sys.modules[self.__module__]

    def __repr__(self):
        return f"<built-in function {self.__name__}>"

    def __reduce__(self):
        return self.__name__
