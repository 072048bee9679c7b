# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import os

import wit_world


class WitWorld(wit_world.WitWorld):
    def read_file(self, path, count):
        for _ in range(count):
            file = os.open(path, os.O_RDONLY)
            size = 0
            while chunk := os.read(file, 1 << 20):
                size += len(chunk)
            os.close(file)
        return size

    def stat_file(self, path, count):
        for _ in range(count):
            os.stat(path)

    def open_file(self, path, count):
        for _ in range(count):
            os.close(os.open(path, os.O_RDONLY))
