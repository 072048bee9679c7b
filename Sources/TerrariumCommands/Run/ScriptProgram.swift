// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A Python script that is run in a session of its own.
struct ScriptProgram {
    /// The folder in the sandbox that is copied out.
    static let outputFolder = "/out"

    let file: String
    let arguments: [String]
    /// Environment variables.
    let environment: [(name: String, value: String)]
    /// Files and folders of the host that are copied into the sandbox's root.
    let files: [String]
    /// The folder of the host that gets what the script wrote to ``outputFolder``.
    let output: String?
    /// What the script reads from standard input.
    let standardInput: [UInt8]
    let limits: Limits
    let isQuiet: Bool

    /// Runs the script; answers the process's exit code.
    func run() async throws -> ExitCode {
        let source = try ScriptFile.read(file)
        let notes = ProgressNotes(isQuiet: isQuiet)
        let session = Session(try Image.python(progress: notes.note), limits: limits)
        notes.finish()
        for path in files {
            let source = ScriptFile.url(path)
            try await session.copy(source, to: "/" + source.standardizedFileURL.lastPathComponent)
        }
        if output != nil { try await session.makeDirectory(Self.outputFolder) }
        if !environment.isEmpty {
            let variables = environment.map {
                PythonValue.Item(key: PythonString($0.name), value: .init(stringLiteral: $0.value))
            }
            _ = try await session.run("__import__('os').environ.update(\(PythonValue.dict(variables).representation))")
        }
        let code = try await show(
            session.stream(source, name: file, arguments: arguments, standardInput: standardInput, forms: [])
        )
        if let output {
            try await session.copy(Self.outputFolder, to: ScriptFile.url(output))
        }
        return code
    }

    private func show(_ events: RunStream) async throws -> ExitCode {
        var reporter = RunReporter(isQuiet: isQuiet)
        for try await event in events {
            reporter.show(event)
            guard case .finished(let run) = event else { continue }
            if let error = run.error {
                StandardStream.error.write(error.rendered)
                return run.breaches.contains { $0.limit == .time } ? .timeLimit : .pythonError
            }
            return ExitCode(Int32(truncatingIfNeeded: run.exitCode ?? 0))
        }
        return .success
    }
}
