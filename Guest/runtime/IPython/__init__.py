# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part of IPython that programs for notebooks use to show things: `IPython.display`."""

from . import display

__all__ = ["display", "get_ipython"]


def get_ipython():
    """None: there is no shell of IPython's around the program."""
    return None
