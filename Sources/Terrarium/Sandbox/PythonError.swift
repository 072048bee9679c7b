// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An exception that a program raised and did not catch.
///
/// The sandbox goes on. What a session reports has all that CPython would print; of what ``Sandbox/exec(_:)`` and
/// ``Sandbox/eval(_:)`` throw, only ``type`` and ``message`` are known. All of it is the program's own word.
public struct PythonError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A place that was being executed.
    public struct Frame: Sendable, Hashable {
        /// The file's name; a program's own if it was not given another.
        public let file: String
        /// The line, counted from 1.
        public let line: Int?
        /// The function's qualified name; `<module>` at the top level.
        public let function: String
        /// The line's text, where it is known.
        public let source: String?
        /// Where in the line it begins, in characters counted from 0.
        public let column: Int?
        /// The line in which it ends.
        public let endLine: Int?
        /// Where in that line it ends; the character there is not part of it.
        public let endColumn: Int?
    }

    /// Where Python found a program to be wrong.
    public struct SyntaxPosition: Sendable, Hashable {
        /// The file's name.
        public let file: String?
        /// The line, counted from 1.
        public let line: Int?
        /// Where in the line it begins, in characters counted from 0.
        public let column: Int?
        /// The line in which it ends.
        public let endLine: Int?
        /// Where in that line it ends; the character there is not part of it.
        public let endColumn: Int?
        /// The line's text.
        public let source: String?
    }

    /// The exception's class, `ZeroDivisionError` for instance; with its module unless it is built in or the program's.
    public let type: String

    /// What `str` of the exception says; may be empty.
    public let message: String

    /// The calls that led there, outermost first; of very many, the first and last.
    public internal(set) var frames: [Frame] = []

    /// How many frames are left out in the middle.
    public internal(set) var omittedFrames = 0

    /// What was added with `add_note`.
    public internal(set) var notes: [String] = []

    /// Whether ``context`` is not to be shown: `raise … from None`.
    public internal(set) var suppressesContext = false

    /// The exceptions in an exception group.
    public internal(set) var exceptions: [PythonError] = []

    /// How many more there are.
    public internal(set) var omittedExceptions = 0

    /// Where the mistake is, if this is a syntax error.
    public internal(set) var syntax: SyntaxPosition?

    /// The traceback as CPython 3.14 prints it; empty where it is not known.
    public internal(set) var rendered = ""

    // At most one each: a structure cannot hold itself.
    var causes: [PythonError] = []
    var contexts: [PythonError] = []

    /// The exception that this was raised from, with `raise … from`.
    public var cause: PythonError? { causes.first }

    /// The exception that was being handled when this was raised.
    public var context: PythonError? { contexts.first }

    init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    /// Takes apart what a guest reports: `Type` or `Type: message`.
    init(report: String) {
        guard let separator = report.firstRange(of: ": ") else {
            self.init(type: report, message: "")
            return
        }
        self.init(
            type: String(report[..<separator.lowerBound]),
            message: String(report[separator.upperBound...])
        )
    }

    /// `Type: message`, as the last line of a Python traceback.
    public var description: String { message.isEmpty ? type : "\(type): \(message)" }
}
