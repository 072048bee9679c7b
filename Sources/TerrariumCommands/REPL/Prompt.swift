// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

/// Reads inputs and runs them, until the input ends.
final class Prompt {
    private static let maxUndo = 100

    private let image: Image
    private let limits: Limits
    private let isQuiet: Bool
    private let terminal: Terminal
    private var session: Session
    /// The states before the last inputs.
    private var undo: [Snapshot] = []
    /// The sessions that `%fork` left, under their numbers.
    private var others: [Int: (session: Session, undo: [Snapshot])] = [:]
    private var number = 1

    init(image: Image, limits: Limits, isQuiet: Bool, history: HistoryFile?) {
        terminal = Terminal(history: history)
        self.image = image
        self.limits = limits
        self.isQuiet = isQuiet
        session = Self.session(image, limits, terminal)
    }

    private static func session(_ image: Image, _ limits: Limits, _ terminal: Terminal) -> Session {
        Session(image, limits: limits, input: { try await answer($0, terminal) })
    }

    private static func answer(_ request: InputRequest, _ terminal: Terminal) async throws -> String? {
        switch await terminal.readLine(prompt: request.prompt, isAnswer: true, isSecret: request.isSecret) {
        case .text(let line): return line
        case .interrupted: throw CancellationError()
        case .ended: return nil
        }
    }

    func run() async {
        if !isQuiet, terminal.isInteractive {
            StandardStream.output.print("Python in a sandbox of Terrarium \(TerrariumVersion.current); %help for help.")
        }
        while let input = await read() {
            let words = input.split(separator: " ", maxSplits: 1).map(String.init)
            do {
                if let word = words.first, word.hasPrefix("%") {
                    guard try await command(word, words.dropFirst().first) else { return }
                } else if !input.allSatisfy(\.isWhitespace) {
                    try await execute(input)
                }
            } catch let error as SandboxError {
                StandardStream.error.print(error.message)
            } catch is CancellationError {
                StandardStream.error.print("KeyboardInterrupt")
            } catch {
                StandardStream.error.print("\(error)")
            }
        }
    }

    /// Continues a stored session.
    func load(_ file: String) async throws {
        let snapshot = try Snapshot(contentsOf: ScriptFile.url(file), image: image)
        let terminal = terminal
        session = Session(restoring: snapshot, limits: limits, input: { try await Self.answer($0, terminal) })
        undo = []
        if snapshot.isSuspended { try await session.abandon() }
    }

    // MARK: - Reading

    /// An input of one or more lines; `nil` at the end.
    private func read() async -> String? {
        var lines: [String] = []
        while true {
            let session = session
            let before = lines
            let mark = number > 1 ? "\(number)" : ""
            let line = await terminal.readLine(prompt: mark + (lines.isEmpty ? ">>> " : "... ")) { text in
                await Self.complete(text, before, session)
            }
            switch line {
            case .ended: return lines.isEmpty ? nil : lines.joined(separator: "\n")
            case .interrupted: lines = []
            case .text(let text):
                lines.append(text)
                let source = lines.joined(separator: "\n")
                if lines.count == 1, text.hasPrefix("%") { return source }
                // As at Python's prompt, a block ends with an empty line.
                let isOpen = lines.count > 1 && !text.isEmpty && Self.isBlock(lines)
                if !isOpen, (try? await session.isIncomplete(source)) != true { return source }
            }
        }
    }

    private static func isBlock(_ lines: [String]) -> Bool {
        lines.contains { $0.hasPrefix(" ") || $0.hasPrefix("\t") } || lines[0].hasSuffix(":") || lines[0].hasPrefix("@")
    }

    private static func complete(
        _ text: String,
        _ before: [String],
        _ session: Session
    ) async -> (start: Int, matches: [String]) {
        let earlier = before.map { $0 + "\n" }.joined()
        guard let completions = try? await session.complete(earlier + text) else { return (0, []) }
        let matches = completions.matches.map(\.text).filter { name in
            name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || "._=()[]'\"".unicodeScalars.contains($0) }
        }
        return (completions.start - earlier.unicodeScalars.count, matches)
    }

    // MARK: - Running

    private func execute(_ source: String) async throws {
        let snapshot = try await session.snapshot()
        let session = session
        let isQuiet = isQuiet
        let task = Task { try await InputRun.run(source, session, isQuiet: isQuiet) }
        let interrupts = Interrupts { _ in task.cancel() }
        defer { interrupts.end() }
        try await task.value
        undo.append(snapshot)
        if undo.count > Self.maxUndo { undo.removeFirst() }
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
            try await session.rollback(to: snapshot)
        case "%fork":
            let copy = try await session.fork()
            others[number] = (session, undo)
            number = (others.keys.max() ?? 1) + 1
            session = copy
            StandardStream.output.print("This is session \(number); %switch goes back to another.")
        case "%switch":
            guard let wanted = argument.flatMap({ Int($0) }), let other = others.removeValue(forKey: wanted) else {
                let names = others.keys.sorted().map(String.init).joined(separator: ", ")
                StandardStream.error.print(
                    "%switch needs the number of a session: \(names.isEmpty ? "there are none" : names)."
                )
                break
            }
            others[number] = (session, undo)
            (session, undo, number) = (other.session, other.undo, wanted)
        case "%save":
            guard let argument else {
                StandardStream.error.print("%save needs the name of a file.")
                break
            }
            try await session.snapshot().write(to: ScriptFile.url(argument))
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
        %fork         go on in a copy of the session
        %switch N     go on in session N
        %save FILE    store the session
        %load FILE    go on with a stored session
        %quit         end, as Ctrl-D does
        """
}

/// Runs what was typed, and shows what comes of it.
private enum InputRun {
    static func run(_ source: String, _ session: Session, isQuiet: Bool) async throws {
        var reporter = RunReporter(isQuiet: isQuiet)
        for try await event in session.streamPrompt(source) {
            reporter.show(event)
            if case .finished(let run) = event { show(run) }
        }
    }

    private static func show(_ run: Run) {
        if let error = run.error {
            StandardStream.error.write(error.rendered)
        } else if let text = run.text, text != "None" {
            StandardStream.output.print(text)
        }
        if let code = run.exitCode { TerrariumCommand.finish(.init(Int32(truncatingIfNeeded: code))) }
    }
}
