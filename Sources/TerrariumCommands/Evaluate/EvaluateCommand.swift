// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

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

    @Option(name: [.short, .customLong("file")], help: ArgumentHelp("Run a script first.", valueName: "script"))
    var file: String?

    @Option(help: ArgumentHelp("How long all of it may take: 2.5, 500ms, 2min.", valueName: "time"))
    var timeLimit = TimeSpan(seconds: 5)

    @Option(help: ArgumentHelp("Memory on top of the image's own: 20MB, 64MiB.", valueName: "bytes"))
    var memoryLimit = ByteCount(bytes: 64 << 20)

    @Option(help: ArgumentHelp("A component that exports exec and eval, instead of Python's.", valueName: "wasm"))
    var component: String?

    @Option(help: ArgumentHelp("An image to run in, instead of Terrarium's own Python.", valueName: "image"))
    var image: String?

    @Option(help: ArgumentHelp("Continue a session that `terrarium snapshot` stored.", valueName: "file"))
    var restore: String?

    @Flag(help: "Give that component standard output, clocks and random numbers.")
    var wasi = false

    @Flag(name: .shortAndLong, help: "Print the value alone, and no notes on what takes time.")
    var quiet = false

    @Flag(help: "Print one JSON object with the value or error, and all output, for programs to read.")
    var json = false

    mutating func validate() throws {
        if file != nil && code.first == "-" {
            throw ValidationError("Give either a script file or - for standard input.")
        }
        if file == nil && code.isEmpty {
            throw ValidationError("There is nothing to run: give an expression, -f SCRIPT, or - for standard input.")
        }
        if wasi && component == nil {
            throw ValidationError("--wasi goes with --component; Terrarium's own guest has what it needs.")
        }
        if component != nil && (image != nil || restore != nil) {
            throw ValidationError("--component goes with neither --image nor --restore.")
        }
        if timeLimit.seconds <= 0 {
            throw ValidationError("The time limit must be more than 0.")
        }
    }

    func run() async throws {
        let (scripts, expression) = try sources()
        let reporter: any Reporter = json ? JSONReporter() : TextReporter(isQuiet: quiet)
        let image = try loadImage()
        var limits = Limits()
        limits.memoryBytes = memoryLimit.bytes
        limits.time = nil
        let watchdog = Watchdog(limit: timeLimit, reporter: reporter)
        let code = try await evaluate(scripts, expression, in: image, limits: limits, watchdog, reporter)
        TerrariumCommand.finish(code)
    }

    /// The statements to run, and the expression to evaluate if there is one.
    private func sources() throws -> (statements: [String], expression: String?) {
        var words = code[...]
        var statements: [String] = []
        if let file {
            statements.append(try ScriptFile.read(file))
        } else if words.first == "-" {
            words = words.dropFirst()
            statements.append(try ScriptFile.readStandardInput())
        }
        let expression = words.popLast()
        return (statements + words, expression)
    }

    private func loadImage() throws -> Image {
        let notes = ProgressNotes(isQuiet: quiet || json)
        defer { notes.finish() }
        if let image {
            return try Image(contentsOf: ScriptFile.url(image), progress: notes.note)
        }
        guard let component else { return try Image.python(progress: notes.note) }
        return try Image(
            component: ScriptFile.url(component),
            grants: wasi ? .standardStreams : .none,
            progress: notes.note
        )
    }

    private func evaluate(
        _ statements: [String],
        _ expression: String?,
        in image: Image,
        limits: Limits,
        _ watchdog: Watchdog,
        _ reporter: any Reporter
    ) async throws -> ExitCode {
        let output = Output { stream, bytes in reporter.program(wrote: bytes, to: stream) }
        watchdog.start()
        do {
            let sandbox =
                try restore.map { file in
                    let snapshot = try Snapshot(contentsOf: ScriptFile.url(file), image: image)
                    return Sandbox(restoring: snapshot, limits: limits, output: output)
                } ?? Sandbox(image, limits: limits, output: output)
            for text in statements {
                do {
                    try await sandbox.exec(text)
                } catch let error as PythonError {
                    reporter.failed(error, in: .statements)
                    return .pythonError
                }
            }
            guard let expression else {
                reporter.finished()
                return .success
            }
            do {
                if json, let report = try await EvaluationReport(of: expression, in: sandbox) {
                    reporter.finished(with: report)
                } else {
                    reporter.finished(with: try await sandbox.eval(expression))
                }
                return .success
            } catch let error as PythonError {
                reporter.failed(error, in: .expression)
                return .pythonError
            }
        } catch let error as SandboxError {
            // Only the component itself is at fault here, and there is a way to let it have its way.
            if component != nil, !wasi, error.message.contains("wasi:") {
                ProgressNotes(isQuiet: quiet || json).hint("--wasi grants standard output, clocks and random numbers.")
            }
            reporter.failed(error)
            return error.exitCode
        }
    }
}
