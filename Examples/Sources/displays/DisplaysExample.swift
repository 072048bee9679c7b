// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Values of Python's own kinds, and objects that draw themselves as in a notebook.
@main
struct DisplaysExample {
    static func main() async throws {
        let sandbox = Sandbox(try await Image.python())
        let values = try await sandbox.run(
            "import datetime, decimal\n[datetime.date(2026, 1, 31), decimal.Decimal('0.10'), 2 ** 70, {1: b'one'}]"
        )
        print(values.value ?? "")

        let program = Program(
            """
            class Badge:
                def __init__(self, text):
                    self.text = text
                def __repr__(self):
                    return f'Badge({self.text!r})'
                def _repr_svg_(self):
                    return f'<svg xmlns="http://www.w3.org/2000/svg"><text y="15">{self.text}</text></svg>'
            display(Badge('first'))
            Badge('last')
            """,
            forms: [.text, .display]
        )
        let run = try await sandbox.run(program)
        for display in run.displays {
            print(display.text ?? "", "draws itself as", display.text(as: "image/svg+xml") ?? "nothing")
        }
        print("The last value is", run.text ?? "", "and comes as", run.display?.data.keys.sorted() ?? [])
    }
}
