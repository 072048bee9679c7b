// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

/// The built program: the environment variable `TERRARIUM_TEST_BINARY`, which `make test` sets.
enum TerrariumBinary {
    static var path: String { get throws { try TestEnvironment.value(of: "TERRARIUM_TEST_BINARY") } }

    /// Runs the program; variables are added to the test's own environment.
    static func run(
        _ arguments: [String],
        input: String = "",
        variables: [String: String] = [:]
    ) async throws -> Subprocess {
        try await Subprocess.run(
            path,
            arguments,
            input: Data(input.utf8),
            environment: ProcessInfo.processInfo.environment.merging(variables) { $1 }
        )
    }

    /// Runs a line of the shell, in which `$T` is the program.
    static func shell(_ line: String, input: String = "") async throws -> Subprocess {
        try await Subprocess.run(
            "/bin/sh",
            ["-c", line],
            input: Data(input.utf8),
            environment: ProcessInfo.processInfo.environment.merging(["T": try path]) { $1 }
        )
    }
}
