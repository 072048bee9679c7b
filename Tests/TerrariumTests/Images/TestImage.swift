// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

@testable import Terrarium

extension Sandbox {
    /// Runs a program that is to end well.
    ///
    /// - Throws: As `run`; the exception that ended the program; and its exit status as an error.
    func execute(_ code: String) async throws {
        let run = try await run(Program(code, forms: []))
        if let error = run.error { throw error }
        if let code = run.exitCode { throw Exit(code: code) }
    }

    /// Describes the value of a program.
    func described(_ code: String) async throws -> String {
        try await evaluate(Program(code), as: PythonValue.self).description
    }
}

/// The end of a program that left its interpreter.
struct Exit: Error {
    let code: Int
}

/// The Python image, loaded once.
enum TestImage {
    private static let loading = Task {
        let image = try await Image.python(parts: Parts(folder: URL(filePath: HostTools.partsFolder)))
        // Tests of optimised code are to test that, and nothing else.
        let tier = ProcessInfo.processInfo.environment["TERRARIUM_TEST_TIER"]
        precondition(tier != "native" || image.runtime.native != nil, "the image is not optimised: `make optimize`")
        return image
    }

    static var python: Image { get async throws { try await loading.value } }

    /// Limits for programs that are to end by themselves, on a machine that may be busy.
    static var patient: Limits {
        var limits = Limits()
        limits.time = .seconds(120)
        return limits
    }
}
