# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

"""The resources of the interface `guest`."""

class Box:
    alive = 0

    def __init__(self, text):
        self.text = text
        Box.alive += 1

    def __del__(self):
        Box.alive -= 1

    def get(self):
        return self.text

    @classmethod
    def merge(cls, left, right):
        return Box(left.text + right.text)
