// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The steps that make an image of another one.
struct ImageRecipe {
    /// A set-up script, whose names are those that programs of the image find.
    struct Script {
        let name: String
        let source: [UInt8]
    }

    /// The packages to add; if any has native code, the guest is built anew, whatever image it was to start from.
    var packages: FoundPackages?
    var folders: [FolderAddition] = []
    /// The modules to import ahead, before the scripts run.
    var modules: [String] = []
    var scripts: [Script] = []
    /// The limits of each import and script.
    var limits = Limits.forSetUp
    let notes: ProgressNotes

    /// Makes the image.
    ///
    /// - Parameters:
    ///   - base: The image to start from.
    ///   - folder: Where to write the new one.
    /// - Throws: `CommandFailure` with the Python error of a module or a script.
    func make(of base: Image, to folder: URL) async throws {
        var base = base
        if let packages, packages.areNative {
            base = try await GuestPackages.buildGuest(with: packages, beside: folder, notes)
        }
        let image = try await base.derived(limits: limits) { sandbox in
            if let packages, !packages.packages.isEmpty {
                notes.begin("Adding \(packages.summary)")
                try await GuestPackages.add(packages, to: sandbox)
            }
            for addition in folders {
                notes.begin("Adding \(addition.source.lastPathComponent)")
                try await addition.copy(to: sandbox)
            }
            for module in modules {
                notes.begin("Importing \(module)")
                try await GuestPackages.importAhead(module, in: sandbox)
            }
            for script in scripts {
                notes.begin("Running \(script.name)")
                try await run(script, in: sandbox)
            }
            if !modules.isEmpty { try await GuestPackages.settle(in: sandbox) }
        }
        notes.begin("Writing \(folder.lastPathComponent)")
        try await image.write(to: folder)
    }

    private func run(_ script: Script, in sandbox: Sandbox) async throws {
        var program = Program(script: script.source, path: script.name)
        program.kind = .cell
        var reporter = RunReporter(isQuiet: notes.isQuiet)
        let run = try await ProgramRunner.run(program, in: sandbox) { reporter.show($0) }
        if let error = run.error {
            StandardStream.error.write(error.rendered)
            for text in ProgramHints.texts(for: run) { StandardStream.error.print("hint: \(text)") }
            throw CommandFailure(message: "\(script.name) raised \(error)", exitCode: run.processExitCode)
        }
        if let code = run.exitCode, code != 0 {
            throw CommandFailure(message: "\(script.name) ended with the exit code \(code).", exitCode: .pythonError)
        }
    }
}
