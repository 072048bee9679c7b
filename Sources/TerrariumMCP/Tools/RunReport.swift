// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes an answer of a run: text, pictures and files for the model, and the same as an object.
struct RunReport {
    private static let maxTextCharacters = 20_000
    private static let maxStreamCharacters = 100_000
    private static let maxValueBytes = 100_000
    private static let maxPictureBytes = 5 << 20
    private static let maxDocumentBytes = 64 << 10
    private static let pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"]
    private static let documents = ["image/svg+xml", "text/html", "text/markdown", "text/csv", "application/json"]

    let session: String
    let number: Int
    let outcome: SessionRun.Outcome
    /// The files below `/out` and those that the client wrote.
    let files: [SessionFiles.File]
    /// Those of them that earlier answers did not tell of.
    let newFiles: [SessionFiles.File]
    /// True if the text names the session, since a call that does not name it gets another.
    var namesSession = false

    private var run: Run { outcome.run }

    /// The way in which the run ended.
    var status: String {
        if !outcome.calls.isEmpty { return "needs_results" }
        if outcome.isOutOfTime { return "timeout" }
        if outcome.failure != nil { return "error" }
        if run.exitCode != nil { return "exited" }
        guard let error = run.error else { return "ok" }
        return error.type == "MemoryError" ? "memory" : "error"
    }

    var result: ToolResult {
        var content = [ToolResult.text(text)]
        let shown = run.displays + [run.display].compactMap(\.self)
        for (index, display) in shown.enumerated() {
            content += blocks(of: display, uri: "terrarium://sessions/\(session)/runs/\(number)/displays/\(index + 1)")
        }
        content += newFiles.map(\.link)
        return ToolResult(
            content: content,
            structured: structured,
            isError: !["ok", "needs_results"].contains(status) && !(status == "exited" && run.exitCode == 0)
        )
    }

    // MARK: - Text

    private var text: String {
        var parts: [String] = []
        func add(_ text: String) {
            let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
            if !text.isEmpty { parts.append(text) }
        }
        add(run.output)
        if !run.errorOutput.isEmpty { add("[stderr]\n" + run.errorOutput) }
        for display in run.displays {
            if let text = display.text, !display.hasPicture { add(text) }
        }
        if let text = run.text, run.value != .null { add("=> " + text) }
        if let error = run.error, !run.isErrorShown {
            add(error.rendered.isEmpty ? error.description : error.rendered)
            if let place = error.place, let source = place.source {
                add("Line \(place.line): \(source.trimmedBlanks)")
            }
        }
        if let failure = outcome.failure {
            add(failure.message + (outcome.isReverted ? " The session is as it was before this run." : ""))
        }
        if let code = run.exitCode { add("The program ended itself with exit code \(code).") }
        hints.forEach { add("Hint: " + $0) }
        for call in outcome.calls {
            add("Waits for call \(call.id): \(call.toolName)(\(JSONText.value(call.toolArguments) ?? "{}"))")
        }
        if !outcome.calls.isEmpty { add("Answer with resume_python.") }
        if parts.isEmpty { add("(no output)") }
        if namesSession { add("[session \(session)]") }
        let whole = PlainText.clean(parts.joined(separator: "\n"))
        return Self.shortened(whole, to: Self.maxTextCharacters)
    }

    private var hints: [String] {
        var hints: [String] = []
        if outcome.isOutOfTime {
            hints.append("The time limit was reached. Do less at once, or keep results in variables between calls.")
        }
        for breach in run.breaches where run.error != nil && breach.limit != .time && breach.limit != .processorTime {
            hints.append("A limit was reached: \(breach).")
        }
        return hints
    }

    /// The beginning and the end of a text that is too long.
    private static func shortened(_ text: String, to count: Int) -> String {
        guard text.unicodeScalars.count > count else { return text }
        let scalars = text.unicodeScalars
        let left = scalars.count - count
        return String(String.UnicodeScalarView(scalars.prefix(count * 3 / 4)))
            + "\n[… \(left) characters are left out; print less, or write to a file below /out …]\n"
            + String(String.UnicodeScalarView(scalars.suffix(count / 4)))
    }

    // MARK: - Object

    private var structured: PythonValue {
        var items: [PythonValue.Item] = [
            .init(key: "session", value: PythonValue(session)), .init(key: "run", value: PythonValue(number)),
            .init(key: "status", value: PythonValue(status)),
        ]
        var isTruncated = false
        func stream(_ name: PythonString, _ text: String) {
            let clean = PlainText.clean(text)
            let short = Self.shortened(clean, to: Self.maxStreamCharacters)
            isTruncated = isTruncated || short.utf8.count != clean.utf8.count
            items.append(.init(key: name, value: PythonValue(short)))
        }
        stream("stdout", run.output)
        stream("stderr", run.errorOutput)
        if let value = JSONForm.exact(run.value, maxBytes: Self.maxValueBytes) {
            items.append(.init(key: "value", value: value))
        }
        if let text = run.text { stream("text", text) }
        if let error = errorObject { items.append(.init(key: "error", value: error)) }
        if let code = run.exitCode { items.append(.init(key: "exit_code", value: PythonValue(code))) }
        if !outcome.calls.isEmpty {
            let calls = outcome.calls.map { call -> PythonValue in
                ["id": PythonValue(call.id), "name": PythonValue(call.toolName), "arguments": call.toolArguments]
            }
            items.append(.init(key: "calls", value: .list(calls)))
        }
        items.append(.init(key: "files", value: .list(files.map(\.object))))
        items.append(.init(key: "truncated", value: .bool(isTruncated)))
        return .dict(items)
    }

    private var errorObject: PythonValue? {
        if let failure = outcome.failure {
            return ["type": PythonValue("\(failure.code)"), "message": PythonValue(failure.message)]
        }
        guard let error = run.error else { return nil }
        var items: [PythonValue.Item] = [
            .init(key: "type", value: PythonValue(PlainText.clean(error.type))),
            .init(
                key: "message",
                value: PythonValue(Self.shortened(PlainText.clean(error.message), to: Self.maxTextCharacters))
            ),
            .init(
                key: "traceback",
                value: PythonValue(Self.shortened(PlainText.clean(error.rendered), to: Self.maxTextCharacters))
            ),
        ]
        if let line = error.place?.line { items.append(.init(key: "line", value: PythonValue(line))) }
        let hint = (error.notes + hints).joined(separator: " ")
        if !hint.isEmpty {
            items.append(.init(key: "hint", value: PythonValue(String(PlainText.clean(hint).prefix(2_000)))))
        }
        return .dict(items)
    }

    // MARK: - Displays

    /// The best form of a display, as a block of its own; its text is in the text already.
    private func blocks(of display: Display, uri: String) -> [PythonValue] {
        for type in Self.pictures {
            guard let bytes = display.bytes(as: type) else { continue }
            guard bytes.count <= Self.maxPictureBytes else {
                return [ToolResult.text("A picture of \(bytes.count) bytes is left out: it is too large.")]
            }
            let data = Data(bytes).base64EncodedString()
            return [["type": "image", "data": PythonValue(data), "mimeType": PythonValue(type)]]
        }
        for type in Self.documents {
            let text = display.text(as: type) ?? (type == "application/json" ? display.json(as: type) : nil)
            guard let text else { continue }
            guard text.utf8.count <= Self.maxDocumentBytes else {
                return [ToolResult.text("A display of the type \(type) is left out: it is too large.")]
            }
            return [
                [
                    "type": "resource",
                    "resource": ["uri": PythonValue(uri), "mimeType": PythonValue(type), "text": PythonValue(text)],
                ]
            ]
        }
        return []
    }
}

extension Display {
    /// True for a display with a form that is a picture, so that its text only says what kind of object it is.
    fileprivate var hasPicture: Bool { data.keys.contains { $0.hasPrefix("image/") } }

    fileprivate func json(as type: String) -> String? { data[type].flatMap { JSONText.value($0) } }
}

extension HostCall {
    /// The tool of the client that is called.
    fileprivate var toolName: String { arguments.first?.string ?? "" }
    /// The arguments of the tool.
    fileprivate var toolArguments: PythonValue { arguments.count == 2 ? JSONForm.arguments(arguments[1]) : [:] }
}

extension PythonError {
    /// The last line of the program itself that led to the error.
    fileprivate var place: (line: Int, source: String?)? {
        if let syntax, let line = syntax.line { return (line, syntax.source) }
        let own = frames.last { $0.file.hasPrefix("<") && $0.line != nil } ?? frames.last { $0.line != nil }
        return own.flatMap { frame in frame.line.map { ($0, frame.source) } }
    }
}

extension String {
    fileprivate var trimmedBlanks: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
