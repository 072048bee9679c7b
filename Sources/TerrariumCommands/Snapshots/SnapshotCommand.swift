// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

/// `terrarium snapshot`: keeps a sandbox on disk, for `--restore`.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Run statements and store the sandbox; `terrarium --restore` continues it.",
        usage: "terrarium snapshot [<options>] -o <file> [<statements> ...]"
    )

    @Argument(help: "Statements to run before the sandbox is stored.")
    var statements: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to store the sandbox.", valueName: "file"))
    var output: String

    @OptionGroup
    var input: InputOptions

    @OptionGroup(title: "The sandbox")
    var sandbox: SandboxOptions

    @Flag(name: .shortAndLong, help: "Print no notes.")
    var quiet = false

    func run() async throws {
        let image = try await sandbox.loadImage(ProgressNotes(isQuiet: quiet))
        let sandbox = try await sandbox.sandbox(image)
        let reporter = TextReporter(isQuiet: quiet)
        for (index, text) in statements.enumerated() {
            let program = EvaluationProgram(source: text, number: index + 1, phase: .statements)
                .program(index == 0 ? input.standardInput : nil)
            let run = try await ProgramRunner.run(program, in: sandbox, reporter.show)
            if let error = run.error { StandardStream.error.write(error.rendered) }
            reporter.hint(ProgramHints.texts(for: run))
            guard run.error == nil, run.exitCode == nil, !run.isOutOfTime else {
                StandardStream.error.print("terrarium: The sandbox was not stored.")
                TerrariumCommand.finish(run.processExitCode)
            }
        }
        try await self.sandbox.copyOut(of: sandbox)
        try await sandbox.snapshot().write(to: ScriptFile.url(output))
        if !quiet, let image = self.sandbox.image {
            StandardStream.error.print("note: --restore \(output) goes with --image \(image).")
        }
    }
}
