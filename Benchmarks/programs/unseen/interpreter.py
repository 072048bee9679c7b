# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

OPERATIONS = {
    "+": lambda stack: stack.append(stack.pop() + stack.pop()),
    "*": lambda stack: stack.append(stack.pop() * stack.pop() % 1_000_003),
    "dup": lambda stack: stack.append(stack[-1]),
    "swap": lambda stack: stack.append(stack.pop(-2)),
}


def parse(text):
    for word in text.split():
        match word:
            case str() if word.isdigit():
                yield ("push", int(word))
            case "+" | "*" | "dup" | "swap":
                yield ("do", word)
            case _:
                raise ValueError(word)


def run():
    program = list(parse("7 dup * 3 + dup swap 11 * + dup +"))
    total = 0
    for _ in range(3_000):
        stack = []
        for kind, argument in program:
            if kind == "push":
                stack.append(argument)
            else:
                OPERATIONS[argument](stack)
        total += stack[-1]
    assert total > 0
