// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

/// Runs the tests of `GuestWASI.wasm`, which are Python programs that drive it with Wasmtime's Python package.
struct GuestWASITests {
    @Test("Files, directories and streams behave like those of an operating system")
    func files() throws { try Harness.runTests("test_files") }

    @Test("Clocks, randomness, surroundings, quotas and the functions for the host do what the ABI says")
    func system() throws { try Harness.runTests("test_system") }

    @Test("Hostile guests end at most themselves")
    func hostile() throws { try Harness.runTests("test_hostile") }

    @Test("Random operations give the same results and errors as on a real file system", arguments: 1...4)
    func model(seed: Int) throws {
        try Harness.run(Harness.python(), ["model.py", "\(seed)", "4000"])
    }

    @Test("The committed module is what its sources give")
    func rebuild() throws {
        try Harness.run("/bin/sh", ["../../../Guest/WASI/build.sh", "--check"])
    }
}

/// Starts programs in the folder of the Python tests.
enum Harness {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Harness")

    struct MissingPython: Error, CustomStringConvertible {
        var description: String {
            "set TERRARIUM_TEST_PYTHON to the python3 of an environment with wasmtime, componentize-py and wasm-tools"
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func python() throws -> String {
        guard let path = ProcessInfo.processInfo.environment["TERRARIUM_TEST_PYTHON"] else { throw MissingPython() }
        return path
    }

    /// A command that is installed beside Python.
    static func tool(_ name: String) throws -> String {
        try URL(filePath: python()).deletingLastPathComponent().appending(path: name).path()
    }

    static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "guestwasi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func runTests(_ module: String) throws {
        try run(python(), ["-m", "unittest", "--quiet", module])
    }

    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")) failed: \(output.suffix(4000))")
        }
    }
}
