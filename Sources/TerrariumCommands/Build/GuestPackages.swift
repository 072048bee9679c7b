// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Puts packages into the image that is being prepared, by the guest's module `terrarium_runtime.packages`.
enum GuestPackages {
    private static let archive = "/tmp/terrarium-packages.zip"

    /// Adds the files of packages.
    static func add(_ found: FoundPackages, to sandbox: Sandbox) async throws {
        try await sandbox.write(archive, Array(Data(contentsOf: found.archive)))
        try await perform("unpack('\(archive)')", in: sandbox)
    }

    /// Imports modules ahead.
    ///
    /// - Throws: `CommandFailure` with the error that a module raised.
    static func importAhead(_ module: String, in sandbox: Sandbox) async throws {
        // The name is part of source code.
        guard module.unicodeScalars.allSatisfy({ $0.properties.isXIDContinue || $0 == "." }) else {
            throw CommandFailure.usage("--import takes the name of a module, and this is \(module).")
        }
        do {
            try await perform("import_ahead('\(module)')", in: sandbox)
        } catch let error as PythonError {
            StandardStream.error.write(error.rendered)
            throw CommandFailure(message: "importing \(module) raised \(error)", exitCode: .pythonError)
        }
    }

    /// Has what is there now shared by all sandboxes of the image.
    static func settle(in sandbox: Sandbox) async throws {
        try await perform("settle()", in: sandbox)
    }

    private static func perform(_ text: String, in sandbox: Sandbox) async throws {
        let run = try await sandbox.run(Program(call(text), forms: []))
        if let error = run.error { throw error }
    }

    /// An expression that leaves no name behind in the sandbox.
    static func call(_ call: String) -> String {
        "__import__('terrarium_runtime.packages').packages.\(call)"
    }

    /// Builds the guest anew, with the native code of packages linked in.
    ///
    /// - Parameters:
    ///   - found: The packages.
    ///   - folder: Where the image is to be in the end, beside which what is made on the way is kept until it is removed.
    ///   - notes: Told of the steps.
    /// - Returns: The image, whose modules are not imported yet.
    /// - Throws: `CommandFailure` if componentize-py cannot build it, `SandboxError`.
    static func buildGuest(with found: FoundPackages, beside folder: URL, _ notes: ProgressNotes) async throws -> Image
    {
        let parts = try Parts.locate()
        let temporary = folder.deletingLastPathComponent()
            .appending(path: ".\(folder.lastPathComponent).\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: temporary) }
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let component = temporary.appending(path: "python.wasm")
        notes.begin("Building the guest with \(found.summary)")
        try ComponentizePy.build(
            parts.guestSource.appending(path: "guest.py"),
            wit: parts.sandboxWorld,
            world: "session",
            packages: [found.nativeFolder],
            to: component
        )
        let image = temporary.appending(path: "guest.terrarium")
        return try await Image.build(component: component, to: image, progress: notes.note)
    }
}
