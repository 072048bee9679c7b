// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// The compiler of the toolchain that runs the tests.
enum SwiftCompiler {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder with the compiled module `Wasmtime`, which what is generated imports.
    private static var modules: URL {
        get throws {
            let scratch = ProcessInfo.processInfo.environment["TERRARIUM_TEST_SCRATCH"] ?? ".build"
            let folder = URL(filePath: scratch, relativeTo: root).appending(path: "debug/Modules")
            guard FileManager.default.fileExists(atPath: folder.appending(path: "Wasmtime.swiftmodule").path) else {
                throw Failure(
                    description: "\(folder.path) has no module Wasmtime; set TERRARIUM_TEST_SCRATCH to the scratch path"
                )
            }
            return folder
        }
    }

    private static var moduleMap: URL {
        get throws { try modules.deletingLastPathComponent().appending(path: "CWasmtime.build/module.modulemap") }
    }

    /// Checks files of one module as strictly as this package is checked, warnings being errors.
    ///
    /// Imports are public unless they say otherwise if `importsAreInternal` is false, as they are without settings.
    static func check(_ sources: [String], importsAreInternal: Bool = true) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bindgen-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for (index, source) in sources.enumerated() {
            let file = folder.appending(path: "file\(index).swift")
            try Data(source.utf8).write(to: file)
            files.append(file.path)
        }
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "swiftc", "-typecheck", "-parse-as-library", "-swift-version", "6", "-warnings-as-errors",
                "-package-name", "app", "-module-name", "Generated", "-I", try modules.path,
                "-Xcc", "-fmodule-map-file=\(try moduleMap.path)",
                "-enable-upcoming-feature", "ExistentialAny", "-enable-upcoming-feature",
                "MemberImportVisibility",
            ] + (importsAreInternal ? ["-enable-upcoming-feature", "InternalImportsByDefault"] : []) + files
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: try Data(contentsOf: output), as: UTF8.self))
        }
    }
}
