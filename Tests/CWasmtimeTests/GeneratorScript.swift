// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

/// The script that generates the declarations, run by a Python that has the wheel.
enum GeneratorScript {
    static func run(_ arguments: String...) throws -> String {
        let python = try #require(
            ProcessInfo.processInfo.environment["TERRARIUM_TEST_PYTHON"],
            "TERRARIUM_TEST_PYTHON must name a python3 with the wasmtime wheel: run the tests with `make test`"
        )
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [root.appending(path: "Scripts/generate-wasmtime-declarations.py").path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "the generator failed; its message is above")
        return text
    }
}
