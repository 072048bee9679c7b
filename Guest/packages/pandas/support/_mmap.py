# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What pandas takes of `mmap`, where files cannot be mapped: a copy of the file's contents in its place."""

import os
from io import BytesIO

ACCESS_READ = 1


class mmap(BytesIO):
    def __init__(self, fileno, length, access=None) -> None:
        size = length or os.fstat(fileno).st_size
        if size == 0:
            raise ValueError("cannot mmap an empty file")
        super().__init__(os.pread(fileno, size, 0))
