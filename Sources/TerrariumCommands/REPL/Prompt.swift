// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Synchronization
import Terrarium

/// Reads inputs and runs them, until the input ends.
final class Prompt {
    private static let maxUndo = 100

    private let image: Image
    private let options: SandboxOptions
    private let isQuiet: Bool
    private let terminal: Terminal
    private let answers: Answers
    private var sandbox: Sandbox
    /// The states before the last inputs.
    private var undo: [Snapshot] = []
    /// The sandboxes that `%fork` left, under their numbers.
    private var others: [Int: (sandbox: Sandbox, undo: [Snapshot])] = [:]
    private var number = 1

    init(image: Image, options: SandboxOptions, isQuiet: Bool, history: HistoryFile?) async throws {
        let terminal = Terminal(history: history)
        let answers = Answers(terminal: terminal)
        self.terminal = terminal
        self.answers = answers
        self.image = image
        self.options = options
        self.isQuiet = isQuiet
        sandbox = try await options.sandbox(image, input: { try await answers.answer($0) })
    }

    /// Runs until the input ends or a program ends the process; answers the exit code.
    func run() async -> ExitCode {
        if !isQuiet, terminal.isInteractive {
            StandardStream.output.print("Python in a sandbox of Terrarium \(TerrariumVersion.current); %help for help.")
        }
        while let input = await read() {
            let words = input.split(separator: " ", maxSplits: 1).map(String.init)
            do {
                if let word = words.first, word.hasPrefix("%") {
                    guard try await command(word, words.dropFirst().first) else { return .success }
                } else if !input.allSatisfy(\.isWhitespace), let code = try await execute(input) {
                    return code
                }
            } catch let error as SandboxError {
                StandardStream.error.print(error.message)
            } catch is CancellationError {
                StandardStream.error.print("KeyboardInterrupt")
            } catch {
                StandardStream.error.print("\(error)")
            }
        }
        return .success
    }

    /// Copies out what the programs wrote, if that was asked for.
    func copyOut() async throws {
        try await options.copyOut(of: sandbox)
    }

    /// Continues a stored sandbox.
    private func load(_ file: String) async throws {
        let snapshot = try await Snapshot(contentsOf: ScriptFile.url(file), image: image)
        let answers = answers
        let restored = try Sandbox(
            restoring: snapshot,
            limits: options.limits,
            input: { try await answers.answer($0) }
        )
        if snapshot.isSuspended { try await restored.abandon() }
        (sandbox, undo) = (restored, [])
    }

    // MARK: - Reading

    /// An input of one or more lines; `nil` at the end.
    private func read() async -> String? {
        var lines: [String] = []
        while true {
            let sandbox = sandbox
            let before = lines
            let mark = number > 1 ? "\(number)" : ""
            let line = await terminal.readLine(prompt: mark + (lines.isEmpty ? ">>> " : "... ")) { text in
                await Self.complete(text, before, sandbox)
            }
            switch line {
            case .ended: return lines.isEmpty ? nil : lines.joined(separator: "\n")
            case .interrupted: lines = []
            case .text(let text):
                lines.append(text)
                let source = lines.joined(separator: "\n")
                if lines.count == 1, text.hasPrefix("%") { return source }
                // Python knows where an input ends; one that it cannot be asked about is run as it is.
                if (try? await sandbox.isIncomplete(source)) != true { return source }
            }
        }
    }

    private static func complete(
        _ text: String,
        _ before: [String],
        _ sandbox: Sandbox
    ) async -> (start: Int, matches: [String]) {
        let earlier = before.map { $0 + "\n" }.joined()
        guard let completions = try? await sandbox.complete(earlier + text) else { return (0, []) }
        let matches = completions.matches.map(\.text).filter { name in
            name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || "._=()[]'\"".unicodeScalars.contains($0) }
        }
        return (completions.start - earlier.unicodeScalars.count, matches)
    }

    // MARK: - Running

    /// Runs an input; answers the exit code if a program ended the process.
    private func execute(_ source: String) async throws -> ExitCode? {
        let snapshot = try await sandbox.snapshot()
        let (sandbox, isQuiet) = (sandbox, isQuiet)
        answers.sandbox = sandbox
        let task = Task { () throws -> Run in
            var reporter = RunReporter(isQuiet: isQuiet)
            var outcome = Run()
            for try await event in sandbox.stream(Program(source, kind: .prompt, forms: [])) {
                reporter.show(event)
                if case .finished(let run) = event { outcome = run }
            }
            return outcome
        }
        // A program that does not heed Ctrl-C is stopped by the next one, and leaves nothing behind.
        let interrupts = Interrupts { isUrgent in
            if isUrgent { task.cancel() } else { sandbox.interrupt() }
        }
        defer { interrupts.end() }
        let run = try await task.value
        undo.append(snapshot)
        if undo.count > Self.maxUndo { undo.removeFirst() }
        if let error = run.error, !run.isErrorShown { StandardStream.error.write(error.rendered) }
        if !isQuiet {
            for text in ProgramHints.texts(for: run) { StandardStream.error.print("hint: \(text)") }
        }
        return run.exitCode.map { ExitCode(Int32(truncatingIfNeeded: $0 & 0xFF)) }
    }

    // MARK: - Commands

    /// Carries out a command; answers whether to go on.
    private func command(_ name: String, _ argument: String?) async throws -> Bool {
        switch name {
        case "%quit", "%exit": return false
        case "%undo":
            guard let snapshot = undo.popLast() else {
                StandardStream.error.print("There is nothing to undo.")
                break
            }
            try await sandbox.rollback(to: snapshot)
        case "%fork":
            let copy = try await sandbox.fork()
            others[number] = (sandbox, undo)
            number = (others.keys.max() ?? 1) + 1
            sandbox = copy
            StandardStream.output.print("This is sandbox \(number); %switch goes back to another.")
        case "%switch":
            guard let wanted = argument.flatMap({ Int($0) }), let other = others.removeValue(forKey: wanted) else {
                let names = others.keys.sorted().map(String.init).joined(separator: ", ")
                StandardStream.error.print(
                    "%switch needs the number of a sandbox: \(names.isEmpty ? "there are none" : names)."
                )
                break
            }
            others[number] = (sandbox, undo)
            (sandbox, undo, number) = (other.sandbox, other.undo, wanted)
        case "%save":
            guard let argument else {
                StandardStream.error.print("%save needs the name of a file.")
                break
            }
            try await sandbox.snapshot().write(to: ScriptFile.url(argument))
        case "%load":
            guard let argument else {
                StandardStream.error.print("%load needs the name of a file.")
                break
            }
            try await load(argument)
        case "%help": StandardStream.output.print(Self.help)
        default: StandardStream.error.print("There is no \(name); %help lists what there is.")
        }
        return true
    }

    private static let help = """
        %undo         take back what the last input did
        %fork         go on in a copy of the sandbox
        %switch N     go on in sandbox N
        %save FILE    store the sandbox
        %load FILE    go on with a stored sandbox
        %quit         end, as Ctrl-D does
        """
}

/// Answers `input()` at the terminal.
private final class Answers: Sendable {
    private let terminal: Terminal
    private let asking = Mutex<Sandbox?>(nil)

    init(terminal: Terminal) {
        self.terminal = terminal
    }

    /// The sandbox whose program runs.
    var sandbox: Sandbox? {
        get { asking.withLock { $0 } }
        set { asking.withLock { $0 = newValue } }
    }

    @concurrent
    func answer(_ request: InputRequest) async throws -> String? {
        switch await terminal.readLine(prompt: request.prompt, isAnswer: true, isSecret: request.isSecret) {
        case .text(let line): return line
        case .interrupted:
            // The keys are read one by one here, so that Ctrl-C is one of them and no signal.
            sandbox?.interrupt()
            throw CancellationError()
        case .ended: return nil
        }
    }
}
