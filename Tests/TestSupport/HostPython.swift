// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// The Python that tests compare with: the environment variable `TERRARIUM_TEST_PYTHON`, which `make test` sets.
package enum HostPython {
    /// Why there is nothing to compare with.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// The program, which sees wasmtime-py and componentize-py; `wasm-tools` is beside it.
    package static var program: String { get throws { try TestEnvironment.value(of: "TERRARIUM_TEST_PYTHON") } }

    /// Runs Python source and returns what it prints.
    package static func run(_ source: String, _ arguments: [String] = [], input: String = "") async throws -> String {
        let command = ["-X", "utf8", "-c", source] + arguments
        let result = try await Subprocess.run(program, command, input: Data(input.utf8))
        guard result.exitCode == 0 else {
            throw Failure(description: "Python failed: \(result.errorText)")
        }
        return result.outputText
    }

    /// The text as a JSON string.
    package static func quote(_ text: String) -> String {
        let data = try? JSONEncoder().encode([text])
        return String(String(decoding: data ?? Data(), as: UTF8.self).dropFirst().dropLast())
    }
}
