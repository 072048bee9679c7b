# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arranges the heap while the component is built: each page that a sandbox writes to is one that it cannot share."""

import gc
import sys

_fillers: list[bytes] = []
_POOL = 4_096
_MAX_FILLERS = 200_000
_SMALLEST, _LARGEST, _STEP = 24, 512, 8  # The sizes of blocks that a `bytes` object can have, of all that there are.


def settle() -> None:
    """Leaves the heap so that a sandbox writes to few of its pages.

    The garbage collector is to leave alone all that there is now, since looking at an object writes to its page. Free
    blocks between objects that stay are taken, so that a sandbox's own objects come to lie together, in pages of their
    own.
    """
    gc.collect()
    gc.freeze()
    header = sys.getsizeof(b"")
    for size in range(_LARGEST, _SMALLEST - 1, -_STEP):
        payload, in_a_row, last = size - header, 0, 0
        # Blocks that follow each other for several pools in a row are new memory: nothing is left to fill.
        for _ in range(_MAX_FILLERS):
            if in_a_row >= 24 * (_POOL // size):
                break
            filler = bytes(payload)
            in_a_row = in_a_row + 1 if 0 < id(filler) - last < 2 * size + 64 else 0
            last = id(filler)
            _fillers.append(filler)
        # Those are for whoever comes next.
        del _fillers[len(_fillers) - in_a_row :]
