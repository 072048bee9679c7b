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
    /// The end of reading a line.
    enum Line: Equatable {
        case text(String)
        case interrupted
        case ended
    }

    /// Completes the text before the cursor: answers where the matches begin, and the matches.
    typealias Completer = @Sendable (String) async -> (start: Int, matches: [String])

    let isInteractive: Bool
    private let queue = DispatchQueue(label: "terrarium.terminal")
    private let history: Mutex<[String]>
    private let file: HistoryFile?
    /// Bytes that were typed, or pasted, before anybody asked for them.
    private let typed = Mutex<[UInt8]>([])

    /// - Parameter file: The file for the lines that are typed at the prompt.
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
        guard isInteractive else { return await onQueue { self.readPlainLine() } }
        guard RawMode.begin() else { return .ended }
        defer { RawMode.end() }
        var editor = LineEditor(history: isSecret ? [] : history.withLock { $0 })
        var display = LineDisplay()
        draw(editor, in: &display, prompt: prompt, isSecret: isSecret)
        while true {
            // Of keys that came together, as when text is pasted, only the last one changes the screen.
            guard let byte = await nextByte() else { return .ended }
            let action = editor.take(byte)
            if action == .complete { await self.complete(&editor, in: &display, complete) }
            if action == .edited || action == .complete {
                if !hasTyped { draw(editor, in: &display, prompt: prompt, isSecret: isSecret) }
                continue
            }
            guard let action else { continue }
            draw(editor, in: &display, prompt: prompt, isSecret: isSecret)
            StandardStream.output.write(display.leave())
            switch action {
            case .interrupted:
                typed.withLock { $0 = [] }
                return .interrupted
            case .ended: return .ended
            default:
                let line = editor.line
                if !isSecret, !line.isEmpty { remember(line, isAnswer: isAnswer) }
                return .text(line)
            }
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

    private func complete(_ editor: inout LineEditor, in display: inout LineDisplay, _ complete: Completer?) async {
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
            StandardStream.output.write("\(display.leave())\(shown)\r\n")
        }
    }

    private func draw(_ editor: LineEditor, in display: inout LineDisplay, prompt: String, isSecret: Bool) {
        StandardStream.output.write(
            display.draw(
                prompt: prompt,
                text: isSecret ? [] : editor.text,
                cursor: isSecret ? 0 : editor.cursor,
                columns: Self.columns
            )
        )
    }

    /// The terminal's width, which changes with its window.
    private static var columns: Int {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    // MARK: - Reading

    private func onQueue<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }

    private var hasTyped: Bool { typed.withLock { !$0.isEmpty } }

    private func takeByte() -> UInt8? { typed.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    private func nextByte() async -> UInt8? {
        if let byte = takeByte() { return byte }
        return await onQueue {
            self.typed.withLock { $0 += HostInput.read(maxCount: 4096) }
            return self.takeByte()
        }
    }

    /// A line of a pipe, as text; bytes that are not UTF-8 become replacement characters.
    private func readPlainLine() -> Line {
        var line: [UInt8] = []
        while true {
            if !hasTyped { typed.withLock { $0 = HostInput.read(maxCount: 64 << 10) } }
            let (part, isWhole) = typed.withLock { typed in
                let part = Array(typed.prefix { $0 != 0x0A })
                let isWhole = part.count < typed.count
                typed.removeFirst(part.count + (isWhole ? 1 : 0))
                return (part, isWhole)
            }
            line += part
            if !isWhole, !part.isEmpty { continue }
            guard isWhole || !line.isEmpty else { return .ended }
            if line.last == 0x0D { line.removeLast() }
            return .text(String(decoding: line, as: UTF8.self))
        }
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
