# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where older versions of IPython had what is in `IPython.display`."""

from IPython.display import *  # noqa: F403
