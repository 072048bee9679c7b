// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard input as a place to type: a terminal whose keys are read one by one, or lines from a pipe.
final class Terminal: Sendable {
    /// What was typed.
    enum Line: Equatable {
        case text(String)
        case interrupted
        case ended
    }

    /// Completes the text before the cursor: where the matches begin, and what they are.
    typealias Completer = @Sendable (String) async -> (start: Int, matches: [String])

    let isInteractive: Bool
    private let queue = DispatchQueue(label: "terrarium.terminal")
    private let history: Mutex<[String]>
    private let file: HistoryFile?

    /// - Parameter file: Where what is typed at the prompt is kept.
    init(history file: HistoryFile? = nil) {
        isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        self.file = isInteractive ? file : nil
        history = Mutex(self.file?.load() ?? [])
    }

    /// Reads a line, on a thread of its own: a terminal blocks.
    ///
    /// An answer to a program is not kept in the file, and a secret not even in the history.
    func readLine(
        prompt: String,
        isAnswer: Bool = false,
        isSecret: Bool = false,
        complete: Completer? = nil
    ) async -> Line {
        guard isInteractive else {
            return await onQueue { Swift.readLine(strippingNewline: true).map { .text($0) } ?? .ended }
        }
        guard let raw = RawMode() else { return .ended }
        defer { raw.end() }
        var editor = LineEditor(history: isSecret ? [] : history.withLock { $0 })
        draw(editor, prompt: prompt, isSecret: isSecret)
        while true {
            guard let byte = await onQueue({ Self.readByte() }) else { return .ended }
            switch editor.take(byte) {
            case nil: continue
            case .edited: break
            case .complete: await self.complete(&editor, complete)
            case .entered:
                StandardStream.output.write("\r\n")
                let line = editor.line
                if !isSecret, !line.isEmpty { remember(line, isAnswer: isAnswer) }
                return .text(line)
            case .interrupted:
                StandardStream.output.write("\r\n")
                return .interrupted
            case .ended:
                StandardStream.output.write("\r\n")
                return .ended
            }
            draw(editor, prompt: prompt, isSecret: isSecret)
        }
    }

    private func remember(_ line: String, isAnswer: Bool) {
        let isNew = history.withLock { history in
            guard history.last != line else { return false }
            history.append(line)
            return true
        }
        if isNew, !isAnswer { file?.append(line) }
    }

    private func complete(_ editor: inout LineEditor, _ complete: Completer?) async {
        guard let complete else { return }
        let before = String(editor.text[..<editor.cursor])
        let (start, matches) = await complete(before)
        guard let first = matches.first else { return }
        let common = matches.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        if common.count > before.count - start {
            editor.replace(from: start, with: common)
        } else if matches.count > 1 {
            // What a program called its attributes goes to the terminal: only what can be a name does.
            let shown = matches.prefix(50).joined(separator: "  ") + (matches.count > 50 ? "  …" : "")
            StandardStream.output.write("\r\n\(shown)\r\n")
        }
    }

    private func draw(_ editor: LineEditor, prompt: String, isSecret: Bool) {
        let shown = isSecret ? "" : editor.line
        let back = isSecret ? 0 : editor.text.count - editor.cursor
        StandardStream.output.write("\r\u{1B}[K\(prompt)\(shown)" + (back > 0 ? "\u{1B}[\(back)D" : ""))
    }

    private func onQueue<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }

    private static func readByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = unsafe read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            if count < 0, errno == EINTR { continue }
            return nil
        }
    }

    /// A terminal that passes on each key, and signals none.
    private struct RawMode {
        private let before: termios

        init?() {
            var settings = termios()
            guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
            before = settings
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
            settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
            guard unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0 else { return nil }
        }

        func end() {
            var settings = before
            _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        }
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
