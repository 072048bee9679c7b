// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A Python script that is run as `python FILE` runs it, in a sandbox of its own.
struct ScriptProgram {
    /// The script's file on the host; `-` for standard input.
    let file: String
    /// The contents of that file.
    let contents: [UInt8]
    let arguments: [String]
    let options: SandboxOptions
    let standardInput: StandardInput
    let isQuiet: Bool

    /// Runs the script; answers the process's exit code.
    func run() async throws -> ExitCode {
        let image = try await options.loadImage(ProgressNotes(isQuiet: isQuiet))
        let sandbox = try await options.sandbox(image)
        let isFile = file != ScriptFile.standardInput
        let path = isFile ? "/" + ScriptFile.url(file).lastPathComponent : "<stdin>"
        // A script may read itself, and be imported.
        if isFile { try await sandbox.write(path, contents) }
        let program = Program(
            script: contents,
            path: path,
            arguments: arguments,
            standardInput: isFile ? standardInput : []
        )
        var reporter = RunReporter(isQuiet: isQuiet)
        let run = try await ProgramRunner.run(program, in: sandbox) { reporter.show($0) }
        if let error = run.error, !run.isErrorShown { StandardStream.error.write(error.rendered) }
        if !isQuiet {
            for text in ProgramHints.texts(for: run, script: file) { StandardStream.error.print("hint: \(text)") }
        }
        try await options.copyOut(of: sandbox)
        return run.processExitCode
    }
}
