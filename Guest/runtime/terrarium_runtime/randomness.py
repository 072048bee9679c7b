# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fresh randomness in every sandbox.

The state of `random` is part of the image, so without this module every sandbox would draw the same numbers. The other
sources need no care: `os.urandom`, `secrets` and `uuid.uuid4` ask the host each time, and `tempfile` makes its
generator on first use.
"""

import os
import random

_is_seeded = False


def seed_once() -> None:
    """Seeds `random` from the host, at the first run in a sandbox."""
    global _is_seeded
    if not _is_seeded:
        _is_seeded = True
        random.seed(int.from_bytes(os.urandom(32)))


def skip_seeding(skips: bool) -> None:
    """While the component is built there is no host to ask, and nothing random may become part of the image."""
    global _is_seeded
    _is_seeded = skips
