// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

/// The Python programs of the folder `Harness`, which drive `GuestWASI.wasm` with Wasmtime's Python package.
enum Harness {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Harness")

    /// Runs the tests of a module.
    static func runTests(_ module: String, environment: [String: String] = [:]) async throws {
        try await run(HostPython.program, ["-m", "unittest", "--quiet", module], environment: environment)
    }

    /// Runs a program, which must succeed, in that folder.
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws {
        let result = try await Subprocess.run(
            program,
            arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            workingDirectory: folder
        )
        guard result.exitCode == 0 else {
            let output = (result.outputText + result.errorText).suffix(4000)
            throw HostPython.Failure(
                description: "\(program) \(arguments.joined(separator: " ")) failed: \(output)"
            )
        }
    }
}
