// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `terrarium eval`, and what `terrarium` does without a subcommand: the interface of the original demo.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Runs statements, then prints the value of an expression (default).",
        discussion: """
            All arguments but the last are statements; the last is an expression, whose value is printed. Names persist \
            from one to the next. With `-f`, or `-` for standard input, a script is run first, and the arguments are \
            optional.
            """
    )

    @Argument(
        help: ArgumentHelp("Statements, then an expression; `-` for a script on standard input.", valueName: "code")
    )
    var code: [String] = []

    @Option(name: [.customShort("f"), .long], help: ArgumentHelp("Run a script first.", valueName: "script"))
    var script: String?

    @Option(help: ArgumentHelp("A component that exports exec and eval, instead of Python's.", valueName: "wasm"))
    var component: String?

    @Flag(help: "Give that component standard output, clocks and random numbers.")
    var wasi = false

    @OptionGroup
    var input: InputOptions

    @OptionGroup(title: "The sandbox")
    var sandbox: SandboxOptions

    @Flag(name: .shortAndLong, help: "Print the value alone, and no notes.")
    var quiet = false

    @Flag(help: "Print one JSON object with the value or error, and all output, for programs to read.")
    var json = false

    mutating func validate() throws {
        if script != nil && code.first == ScriptFile.standardInput {
            throw ValidationError("Give either a script file or - for standard input.")
        }
        if script == nil && code.isEmpty {
            throw ValidationError("There is nothing to run: give an expression, -f SCRIPT, or - for standard input.")
        }
        if wasi && component == nil {
            throw ValidationError("--wasi goes with --component; Terrarium's own guest has what it needs.")
        }
        if component != nil && (sandbox.isUsedForSandbox || !sandbox.env.isEmpty || !sandbox.inheritEnv.isEmpty) {
            throw ValidationError("Of the options of a sandbox, --component goes with --time-limit and --memory-limit.")
        }
    }

    func run() async throws {
        let reporter: any Reporter = json ? JSONReporter() : TextReporter(isQuiet: quiet)
        do {
            TerrariumCommand.finish(try await run(reporter))
        } catch let failure as CommandFailure {
            reporter.failed(failure)
            TerrariumCommand.finish(failure.exitCode)
        } catch let error as SandboxError {
            reporter.failed(error)
            TerrariumCommand.finish(error.exitCode)
        }
    }

    private func run(_ reporter: any Reporter) async throws -> ExitCode {
        let programs = try programs()
        if let component {
            return try await PlainEvaluation(programs: programs, limits: sandbox.limits, grantsWASI: wasi, reporter)
                .run(component, notes)
        }
        return try await evaluate(programs, reporter)
    }

    private var notes: ProgressNotes { ProgressNotes(isQuiet: quiet || json) }

    /// The programs to run, of which the last may be an expression.
    private func programs() throws -> [EvaluationProgram] {
        var words = code[...]
        var programs: [EvaluationProgram] = []
        if let script {
            programs.append(EvaluationProgram(script: try ScriptFile.read(script), name: script))
        } else if words.first == ScriptFile.standardInput {
            words = words.dropFirst()
            programs.append(EvaluationProgram(script: try ScriptFile.read(ScriptFile.standardInput), name: "<stdin>"))
        }
        for (index, word) in words.enumerated() {
            let phase: Phase = index + 1 == words.count ? .expression : .statements
            programs.append(EvaluationProgram(source: word, number: index + 1, phase: phase))
        }
        return programs
    }

    private func evaluate(_ programs: [EvaluationProgram], _ reporter: any Reporter) async throws -> ExitCode {
        let image = try await sandbox.loadImage(notes)
        do {
            let sandbox = try await sandbox.sandbox(image)
            if let time = sandbox.limits.time {
                // The limit is on all programs together, and each of them has the time of grace.
                Watchdog(time: time + sandbox.limits.grace, reporter: reporter).start()
            }
            let code = try await run(programs, in: sandbox, reporter)
            try await self.sandbox.copyOut(of: sandbox)
            return code
        } catch let error as SandboxError where error.code == .timeLimit {
            reporter.ranOutOfTime(nil)
            return .timeLimit
        } catch let error as SandboxError {
            reporter.failed(error)
            return error.exitCode
        }
    }

    private func run(
        _ programs: [EvaluationProgram],
        in sandbox: Sandbox,
        _ reporter: any Reporter
    ) async throws -> ExitCode {
        var report: EvaluationReport?
        for (index, program) in programs.enumerated() {
            // The later programs go on with what the first left of standard input.
            let standardInput = index == 0 ? input.standardInput : nil
            let run = try await ProgramRunner.run(program.program(standardInput), in: sandbox, reporter.show)
            if let code = tell(run, program.phase, reporter) { return code }
            report = EvaluationReport(run)
        }
        guard let report else {
            reporter.finished()
            return .success
        }
        reporter.finished(with: report, file: json ? try await write(report, in: sandbox) : nil)
        return .success
    }

    /// Reports a program that did not go on to its end; answers the exit code.
    private func tell(_ run: Run, _ phase: Phase, _ reporter: any Reporter) -> ExitCode? {
        defer { reporter.hint(hints(for: run)) }
        if run.isOutOfTime {
            reporter.ranOutOfTime(run.error)
        } else if let error = run.error {
            reporter.failed(error, in: phase)
        } else if run.exitCode != nil {
            reporter.exited(with: run.processExitCode.rawValue)
        } else {
            return nil
        }
        return run.processExitCode
    }

    private func hints(for run: Run) -> [String] {
        var texts = ProgramHints.texts(for: run, script: script)
        if run.error != nil, script == nil, let word = code.first, word.hasSuffix(".py"),
            FileManager.default.fileExists(atPath: word)
        {
            texts.append("\(word) is a file: `terrarium run \(word)` runs it.")
        }
        return texts
    }

    private static let maxElements = 100_000

    /// Writes an array that is too large for JSON into a file of the sandbox, and answers its path.
    private func write(_ report: EvaluationReport, in sandbox: Sandbox) async throws -> String? {
        guard case .array(let array)? = report.value, array.shape.reduce(1, *) > Self.maxElements else { return nil }
        let path = (self.sandbox.out == nil ? "" : SandboxOptions.outputFolder) + "/result.npy"
        try await sandbox.write(path, array.fileContents)
        return path
    }
}
