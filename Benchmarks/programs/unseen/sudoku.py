# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

PUZZLE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


def candidates(grid, cell):
    row, column = divmod(cell, 9)
    block = row // 3 * 27 + column // 3 * 3
    used = set(grid[row * 9:row * 9 + 9]) | set(grid[column::9])
    for line in range(3):
        used |= set(grid[block + 9 * line:block + 9 * line + 3])
    return [digit for digit in "123456789" if digit not in used]


def solve(grid):
    choices = [(len(found), cell, found) for cell, digit in enumerate(grid) if digit == "."
               for found in [candidates(grid, cell)]]
    if not choices:
        return grid
    _, cell, found = min(choices)
    for digit in found:
        solved = solve(grid[:cell] + [digit] + grid[cell + 1:])
        if solved:
            return solved
    return None


def run():
    for _ in range(3):
        assert "".join(solve(list(PUZZLE))).startswith("534678912")
