# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

class Shape:
    def __init__(self, size):
        self.size = size

    def area(self):
        raise NotImplementedError

    def scaled(self, factor):
        return type(self)(self.size * factor)


class Square(Shape):
    def area(self):
        return self.size * self.size


class Circle(Shape):
    @property
    def radius(self):
        return self.size / 2

    def area(self):
        return 3 * self.radius * self.radius


def run():
    shapes = [Square(i % 9 + 1) if i % 2 else Circle(i % 7 + 1) for i in range(500)]
    total = 0
    for round in range(40):
        total += sum(shape.scaled(2).area() for shape in shapes)
    assert total > 0
