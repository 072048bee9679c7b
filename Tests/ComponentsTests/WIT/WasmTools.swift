// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// Runs `wasm-tools` and `componentize-py`, which stand beside the Python that `TERRARIUM_TEST_PYTHON` names.
enum WasmTools {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a program and returns what it wrote; throws what it complained of.
    static func run(_ arguments: [String], tool: String = "wasm-tools") throws -> Data {
        guard let python = ProcessInfo.processInfo.environment["TERRARIUM_TEST_PYTHON"] else {
            throw Failure(
                description:
                    "TERRARIUM_TEST_PYTHON is not set; it names a python3 with wasm-tools and componentize-py beside it"
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
            .appendingPathComponent(tool)
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

    /// The lines of a WIT text but for those that are blank or comments.
    static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n")
            .map { line in line.drop { $0 == " " } }
            .filter { !$0.isEmpty && !$0.hasPrefix("///") }
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
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("terrarium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
