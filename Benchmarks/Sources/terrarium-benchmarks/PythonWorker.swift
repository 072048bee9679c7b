// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// A Python process that measures something each time it is asked to, by the command in a line, and answers the seconds.
final class PythonWorker {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffered = Data()

    /// Starts a Python, that of the tests if no other is named.
    init(script: String, arguments: [String], python: String? = nil) throws {
        process.executableURL = URL(filePath: try python ?? Benchmarks.setting("TERRARIUM_TEST_PYTHON"))
        process.arguments = [Benchmarks.file(script)] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func measure(_ command: String) throws -> Duration {
        try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
        guard let seconds = Double(try readLine()) else { throw BenchmarkFailure("\(command): not a number") }
        return .seconds(seconds)
    }

    /// Asks for a number that is not a time.
    func ask(_ command: String) throws -> Double {
        try measure(command) / .seconds(1)
    }

    private func readLine() throws -> String {
        while true {
            if let end = buffered.firstIndex(of: 0x0A) {
                defer { buffered = Data(buffered[(end + 1)...]) }
                return String(decoding: buffered[..<end], as: UTF8.self)
            }
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchmarkFailure("a worker ended early") }
            buffered += data
        }
    }
}
