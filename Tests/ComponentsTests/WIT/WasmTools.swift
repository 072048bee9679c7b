// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// Runs `wasm-tools`, which stands beside the Python that `TERRARIUM_TEST_PYTHON` names.
enum WasmTools {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a program and returns what it wrote; throws what it complained of.
    static func run(_ arguments: [String], input: Data? = nil) throws -> Data {
        guard let python = ProcessInfo.processInfo.environment["TERRARIUM_TEST_PYTHON"] else {
            throw Failure(
                description: "TERRARIUM_TEST_PYTHON is not set; it names a python3 whose environment has wasm-tools"
            )
        }
        let folder = try TemporaryFolder()
        let output = folder.url.appendingPathComponent("out")
        let errors = folder.url.appendingPathComponent("err")
        for file in [output, errors] {
            try Data().write(to: file)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python).deletingLastPathComponent()
            .appendingPathComponent("wasm-tools")
        process.arguments = arguments
        // Files and not pipes: nothing to deadlock on.
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
        }
        return try Data(contentsOf: output)
    }

    /// What `wasm-tools component wit` prints of a file or folder.
    static func wit(of url: URL, _ options: String...) throws -> String {
        String(decoding: try run(["component", "wit", url.path] + options), as: UTF8.self)
    }

    /// What `wasm-tools component wit` prints of a text.
    static func wit(ofText text: String, _ options: String...) throws -> String {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("input.wit")
        try Data(text.utf8).write(to: file)
        return String(decoding: try run(["component", "wit", file.path] + options), as: UTF8.self)
    }
}

/// A folder that lasts as long as this object.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("terrarium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
