// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// Runs the tests of `GuestWASI.wasm`, which are Python programs that drive it with Wasmtime's Python package.
struct GuestWASITests {
    @Test("Files, directories and streams behave like those of an operating system")
    func files() async throws { try await Harness.runTests("test_files") }

    @Test("Clocks, randomness, surroundings, quotas and the functions for the host do what the ABI says")
    func system() async throws { try await Harness.runTests("test_system") }

    @Test("Hostile guests end at most themselves")
    func hostile() async throws { try await Harness.runTests("test_hostile") }

    @Test("Random operations give the same results and errors as on a real file system", arguments: 1...4)
    func model(seed: Int) async throws {
        try await Harness.run(Harness.python(), ["model.py", "\(seed)", "4000"])
    }

    @Test("The committed module is what its sources give")
    func rebuild() async throws {
        try await Harness.run("/bin/sh", ["../../../Guest/WASI/build.sh", "--check"])
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

    static func runTests(_ module: String) async throws {
        try await run(python(), ["-m", "unittest", "--quiet", module])
    }

    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws {
        let result = try await Subprocess.run(
            program,
            arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            workingDirectory: folder
        )
        guard result.exitCode == 0 else {
            let output = (result.outputText + result.errorText).suffix(4000)
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")) failed: \(output)")
        }
    }
}
