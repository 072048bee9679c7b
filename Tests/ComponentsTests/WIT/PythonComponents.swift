// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// Components made of Python by componentize-py, built once for all tests that ask.
enum PythonComponents {
    /// A component that exports two functions, and imports what the Python interpreter needs of WASI.
    static let plain = Result {
        try build(
            wit: """
                package local:sandbox;
                world sandbox {
                  export eval: func(expression: string) -> result<string, string>;
                  export exec: func(statements: string) -> result<_, string>;
                }
                """,
            world: "sandbox",
            app: """
                import wit_world
                class WitWorld(wit_world.WitWorld):
                    def eval(self, expression: str) -> str:
                        return str(eval(expression))
                    def exec(self, statements: str) -> None:
                        exec(statements)
                """
        )
    }

    /// Builds a component; the folder lives as long as the value.
    private static func build(wit: String, world: String, app: String) throws -> (folder: TemporaryFolder, url: URL) {
        let folder = try TemporaryFolder()
        try Data(wit.utf8).write(to: folder.url.appendingPathComponent("world.wit"))
        try Data(app.utf8).write(to: folder.url.appendingPathComponent("app.py"))
        let output = folder.url.appendingPathComponent("app.wasm")
        _ = try WasmTools.run(
            [
                "-d", folder.url.appendingPathComponent("world.wit").path, "-w", world, "componentize", "app",
                "-p", folder.url.path, "-o", output.path,
            ],
            tool: "componentize-py"
        )
        return (folder, output)
    }
}
