// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A component made by componentize-py, built once per run of the tests.
package enum PythonComponent {
    package static let wit = """
        package local:sandbox;
        world sandbox {
          export eval: func(expression: string) -> result<string, string>;
          export exec: func(statements: string) -> result<_, string>;
        }
        """
    package static let source = """
        import wit_world, json, os, sys, time, decimal, random
        from componentize_py_types import Err

        class WitWorld(wit_world.WitWorld):
            def eval(self, expression):
                try:
                    return json.dumps(eval(expression, globals()))
                except Exception as e:
                    raise Err(type(e).__name__ + ": " + str(e))
            def exec(self, statements):
                try:
                    exec(statements, globals())
                except Exception as e:
                    raise Err(type(e).__name__ + ": " + str(e))
        """

    /// Calls that touch much of what Python and WASI do.
    package static let calls: [ComponentRunner.Call] = [
        .init("eval", "2 + 2"),
        .init("eval", "str(decimal.Decimal(1) / 7)"),
        .init("eval", "json.dumps({'a': [1, 2.5, None]})"),
        .init("eval", "1 / 0"),
        .init("exec", "global x\nx = [n ** 2 for n in range(10)]"),
        .init("eval", "sum(x)"),
        .init("eval", "__import__('re').findall('a+', 'aabaaa')"),
        .init("eval", "len(os.urandom(8))"),
        .init("eval", "time.time() > 1e9"),
        .init("eval", "open('/nope')"),
        .init("exec", "import no_such_module"),
        .init("eval", "[].no_such_attribute"),
        .init("eval", "[bytearray(100_000) for _ in range(100)][5][:3].hex()"),
        .init("exec", "print('printed')"),
    ]

    /// What the component answers to the calls before anything is done to it.
    package static let answers = Result { () throws -> [String] in
        try ComponentRunner(tools: try WasmTools()).run(try shared.get(), calls)
    }

    package static let shared = Result { () throws -> [UInt8] in
        let tools = try WasmTools()
        let folder = FileManager.default.temporaryDirectory.appending(path: "components-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(wit.utf8).write(to: folder.appending(path: "sandbox.wit"))
        try Data(source.utf8).write(to: folder.appending(path: "app.py"))
        try tools.run(
            "componentize-py",
            ["-d", "sandbox.wit", "-w", "sandbox", "componentize", "app", "-o", "out.wasm"],
            directory: folder
        )
        return [UInt8](try Data(contentsOf: folder.appending(path: "out.wasm")))
    }
}
