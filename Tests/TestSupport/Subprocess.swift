// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import Foundation

/// A program that has run to its end.
package struct Subprocess: Sendable {
    package let exitCode: Int32
    package let output: Data
    package let error: Data

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: error, as: UTF8.self) }

    /// Runs a program to its end; `environment` is all that it gets, the test's own if `nil`.
    package static func run(
        _ program: String,
        _ arguments: [String],
        input: Data = Data(),
        environment: [String: String]? = nil,
        workingDirectory: URL? = nil
    ) async throws -> Subprocess {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        if let workingDirectory { process.currentDirectoryURL = workingDirectory }
        let (inputPipe, outputPipe, errorPipe) = (Pipe(), Pipe(), Pipe())
        process.standardInput = inputPipe
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        try process.run()
        // All three pipes at once, so that neither side waits for the other when one is full.
        async let output = Self.readAll(outputPipe.fileHandleForReading)
        async let error = Self.readAll(errorPipe.fileHandleForReading)
        async let written: Void = Self.writeAll(input, to: inputPipe.fileHandleForWriting)
        let (outputData, errorData, _) = await (output, error, written)
        process.waitUntilExit()
        let isSignalled = process.terminationReason == .uncaughtSignal
        return Subprocess(
            exitCode: isSignalled ? -process.terminationStatus : process.terminationStatus,
            output: outputData,
            error: errorData
        )
    }

    @concurrent private static func readAll(_ handle: FileHandle) async -> Data {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: (try? handle.readToEnd()) ?? Data()) }
        }
    }

    @concurrent private static func writeAll(_ data: Data, to handle: FileHandle) async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                // A program that ends without reading its input closes the pipe, which is no failure of the test. The
                // signal of that is this thread's, and goes with it.
                var signals = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                try? handle.write(contentsOf: data)
                try? handle.close()
                continuation.resume()
            }
        }
    }
}
