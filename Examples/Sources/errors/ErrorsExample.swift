// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// What is known of an exception that a program did not catch.
@main
struct ErrorsExample {
    static func main() async throws {
        let sandbox = Sandbox(try await Image.python())
        let program = Program(
            """
            import json
            def load(text):
                try:
                    return json.loads(text)
                except ValueError as error:
                    raise LookupError('no settings') from error
            load('{"a": }')
            """,
            name: "settings.py"
        )
        let run = try await sandbox.run(program)
        guard let error = run.error else { return }
        print(error.type, "says", error.message)
        for frame in error.frames { print(frame.file, frame.line ?? 0, frame.function) }
        print("because of", error.cause?.type ?? "nothing")

        let mistaken = try await sandbox.run(Program("for x in range(3) print(x)", name: "loop.py"))
        print(mistaken.error?.rendered ?? "")

        // `evaluate` throws the exception, since there is no value then.
        do {
            let _: Int = try await sandbox.evaluate("1 // 0")
        } catch let error as PythonError {
            print("thrown:", error.type)
        }
    }
}
