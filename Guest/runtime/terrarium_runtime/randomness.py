# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fresh randomness in every sandbox.

The states of `random` and `numpy.random` are part of the image, so without this module every sandbox would draw the same
numbers. The other sources need no care: `os.urandom`, `secrets` and `uuid.uuid4` ask the host each time, `tempfile` makes its generator on
first use, and componentize-py seeds `random` at the first call in an instance of the component.
"""

import os
import random

from . import numpy_library

# Until an image is derived, the first call in a sandbox is the first in an instance of the component.
_is_seeded = True


def seed_once() -> None:
    """Seeds `random` from the host, at the first run in a sandbox of a derived image."""
    global _is_seeded
    if not _is_seeded:
        _is_seeded = True
        seed_again()


def seed_again() -> None:
    """Seeds `random` from the host: the sandbox is a copy of one that goes on drawing."""
    try:
        random.seed(int.from_bytes(os.urandom(32)))
        numpy_library.forget_random_state()
    except (KeyboardInterrupt, TimeoutError):
        # What the host interrupts a program with: it must not get lost here.
        raise
    except BaseException:
        # The program put something else in their place, which is its own affair.
        pass


def forget_seed() -> None:
    """Has the next run seed `random`: sandboxes will start as this one is now."""
    global _is_seeded
    _is_seeded = False
    numpy_library.forget_random_state()
