// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A program of `Clients/`, in a Python that has the packages of one client.
enum ClientProgram {
    struct Result: Sendable {
        let code: Int32
        let output: String
        let error: String
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - variable: The environment variable that names the folder of Pythons, which `make test-server` sets.
    ///   - python: The Python.
    ///   - script: The program's name.
    ///   - arguments: Its arguments.
    /// - Returns: Its end.
    /// - Throws: ``ServerProcess/Failure`` if the variable is not set.
    static func run(
        _ variable: String,
        _ python: String,
        _ script: String,
        _ arguments: [String]
    ) async throws -> Result {
        guard let folder = ProcessInfo.processInfo.environment[variable] else {
            throw ServerProcess.Failure(description: "\(variable) is not set; run the tests with `make test-server`.")
        }
        let process = Process()
        process.executableURL = URL(filePath: "\(folder)/\(python)")
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Clients/\(script)")
        process.arguments = [file.path] + arguments
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        async let outputText = text(of: output)
        async let errorText = text(of: error)
        let (printed, failed) = await (outputText, errorText)
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: printed, error: failed)
    }

    @concurrent private static func text(of pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}
