// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// The built server as a process: the environment variable `TERRARIUM_TEST_SERVER`, which `make test-server` sets.
final class ServerProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A process that ended.
    struct End {
        /// The exit code; of a process that a signal ended, the negative signal.
        let code: Int32
        let log: String
    }

    let port: Int
    private let process: Process
    private let lines: LineReader

    private static var path: String {
        get throws {
            guard let path = ProcessInfo.processInfo.environment["TERRARIUM_TEST_SERVER"], !path.isEmpty else {
                throw Failure(description: "TERRARIUM_TEST_SERVER is not set; run the tests with `make test-server`.")
            }
            return path
        }
    }

    private static func process(_ arguments: [String], _ variables: [String: String]) throws -> (Process, LineReader) {
        let process = Process()
        process.executableURL = URL(filePath: try path)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TERRARIUM_SERVE_") }
        environment["TERRARIUM_TOKEN"] = nil
        process.environment = environment.merging(variables) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        return (process, LineReader(pipe.fileHandleForReading))
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String], variables: [String: String] = [:]) async throws -> End {
        let (process, lines) = try process(arguments, variables)
        let log = await lines.rest()
        process.waitUntilExit()
        return End(code: code(of: process), log: log)
    }

    /// Starts a server on any port, and waits until clients can connect.
    init(_ arguments: [String] = [], variables: [String: String] = [:]) async throws {
        let (process, lines) = try Self.process(["--port", "0"] + arguments, variables)
        self.process = process
        self.lines = lines
        var log: [String] = []
        while let line = await lines.next() {
            log.append(line)
            let entry = try? PythonValue(json: Array(line.utf8))
            guard entry?["message"] == "listening", let port = entry?["port"]?.string.flatMap(Int.init) else {
                continue
            }
            self.port = port
            return
        }
        process.waitUntilExit()
        throw Failure(description: "The server did not start: \(log.joined(separator: "\n"))")
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for the end of the process.
    func end() async -> End {
        let log = await lines.rest()
        process.waitUntilExit()
        return End(code: Self.code(of: process), log: log)
    }

    private static func code(of process: Process) -> Int32 {
        process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }
}

/// Reads lines of a pipe on a thread of its own.
private final class LineReader: Sendable {
    private let stream: AsyncStream<String>

    init(_ handle: FileHandle) {
        let (stream, continuation) = AsyncStream<String>.makeStream()
        self.stream = stream
        Thread.detachNewThread {
            var rest = Data()
            while case let data = handle.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            if !rest.isEmpty { continuation.yield(String(decoding: rest, as: UTF8.self)) }
            continuation.finish()
        }
    }

    func next() async -> String? {
        for await line in stream { return line }
        return nil
    }

    func rest() async -> String {
        var lines: [String] = []
        for await line in stream { lines.append(line) }
        return lines.joined(separator: "\n")
    }
}
