// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package import Foundation

/// The reference tools that the tests compare with.
package struct WasmTools {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    package let python: String

    package init() throws {
        guard let python = ProcessInfo.processInfo.environment["TERRARIUM_TEST_PYTHON"] else {
            throw Failure(
                description: """
                    TERRARIUM_TEST_PYTHON must name a python3 of an environment with wasmtime, componentize-py and \
                    wasm-tools; `make test` sets it
                    """
            )
        }
        self.python = python
    }

    /// The folder of the environment's commands.
    package var bin: String { String(python[..<(python.lastIndex(of: "/") ?? python.startIndex)]) }

    /// Runs a command with input from memory and returns what it prints.
    @discardableResult
    package func run(
        _ command: String,
        _ arguments: [String],
        input: [UInt8] = [],
        directory: URL? = nil
    ) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files instead of pipes: no deadlock whatever the sizes are.
        let files = ["in", "out", "err"].map { folder.appending(path: $0) }
        try Data(input).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: command.hasPrefix("/") ? command : "\(bin)/\(command)")
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        let output = try Data(contentsOf: files[1])
        guard process.terminationStatus == 0 else {
            let text = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
            let printed = String(decoding: output, as: UTF8.self).prefix(2000)
            throw Failure(description: "\(command) \(arguments) failed: \(text) \(printed)")
        }
        return [UInt8](output)
    }

    /// Compiles the text format.
    package func parse(_ text: String) throws -> [UInt8] {
        try run("wasm-tools", ["parse", "-"], input: Array(text.utf8))
    }

    /// A core module with random contents, of which every other one has the compact form of imports.
    package func inventedModule(seed: Int) throws -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(seed) &+ 7)
        let noise = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
        return try run(
            "wasm-tools",
            [
                "smith", "--exceptions-enabled", "true", "--gc-enabled", "true", "--simd-enabled", "true",
                "--relaxed-simd-enabled", "true", "--memory64-enabled", "true", "--threads-enabled", "true",
                "--tail-call-enabled", "true", "--max-memories", "3", "--max-tables", "4",
                "--compact-imports-enabled", "\(seed % 2 == 1)",
            ],
            input: noise
        )
    }

    /// Makes a component of a core module in the text format and of the last world in a WIT document.
    package func component(wit: String, module: String) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(wit.utf8).write(to: folder.appending(path: "world.wit"))
        try Data(try parse(module)).write(to: folder.appending(path: "core.wasm"))
        try run(
            "wasm-tools",
            ["component", "embed", "world.wit", "core.wasm", "-o", "embedded.wasm"],
            directory: folder
        )
        return try run("wasm-tools", ["component", "new", "embedded.wasm"], directory: folder)
    }

    /// Fails unless the binary is valid with every feature the tool knows.
    package func validate(_ binary: [UInt8]) throws {
        try run("wasm-tools", ["validate", "--features", "all", "-"], input: binary)
    }

    /// The text format of a binary.
    package func print(_ binary: [UInt8]) throws -> String {
        String(decoding: try run("wasm-tools", ["print", "-"], input: binary), as: UTF8.self)
    }

    /// The world of a component as WIT.
    package func wit(_ binary: [UInt8]) throws -> String {
        String(decoding: try run("wasm-tools", ["component", "wit", "/dev/stdin"], input: binary), as: UTF8.self)
    }

    /// Runs a Python program with the arguments in `sys.argv` and returns what it prints.
    package func python(_ program: String, _ arguments: [String] = [], directory: URL? = nil) throws -> String {
        String(decoding: try run(python, ["-c", program] + arguments, directory: directory), as: UTF8.self)
    }
}
