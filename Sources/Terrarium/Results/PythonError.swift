// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An exception that a program raised and did not catch.
///
/// The sandbox goes on. All of it is untrusted: it is the program's own word.
public struct PythonError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// A place that was being executed.
    public struct Frame: Sendable, Hashable, Codable {
        /// The file's name; a program's own if it was not given another.
        public var file: String
        /// The line, counted from 1.
        public var line: Int?
        /// The function's qualified name; `<module>` at the top level.
        public var function: String
        /// The line's text, where it is known.
        public var source: String?
        /// The column in which it begins, in characters counted from 0.
        public var column: Int?
        /// The line in which it ends.
        public var endLine: Int?
        /// The column in that line before which it ends, in characters counted from 0.
        public var endColumn: Int?

        /// Makes a place.
        public init(
            file: String,
            line: Int? = nil,
            function: String,
            source: String? = nil,
            column: Int? = nil,
            endLine: Int? = nil,
            endColumn: Int? = nil
        ) {
            self.file = file
            self.line = line
            self.function = function
            self.source = source
            self.column = column
            self.endLine = endLine
            self.endColumn = endColumn
        }
    }

    /// The place at which Python found a program to be wrong.
    public struct SyntaxPosition: Sendable, Hashable, Codable {
        /// The file's name.
        public var file: String?
        /// The line, counted from 1.
        public var line: Int?
        /// The column in which it begins, in characters counted from 0.
        public var column: Int?
        /// The line in which it ends.
        public var endLine: Int?
        /// The column in that line before which it ends, in characters counted from 0.
        public var endColumn: Int?
        /// The line's text.
        public var source: String?

        /// Makes a place.
        public init(
            file: String? = nil,
            line: Int? = nil,
            column: Int? = nil,
            endLine: Int? = nil,
            endColumn: Int? = nil,
            source: String? = nil
        ) {
            self.file = file
            self.line = line
            self.column = column
            self.endLine = endLine
            self.endColumn = endColumn
            self.source = source
        }
    }

    /// The exception's class, `ZeroDivisionError` for instance; with its module unless it is built in or the program's.
    public var type: String

    /// The text that `str` makes of the exception; may be empty.
    public var message: String

    /// The calls that led there, outermost first; of very many, the first and last.
    public var frames: [Frame] = []

    /// The number of frames that are left out in the middle.
    public var omittedFrames = 0

    /// The notes that were added with `add_note`.
    public var notes: [String] = []

    /// A Boolean value that tells whether ``context`` is not to be shown: `raise … from None`.
    public var suppressesContext = false

    /// The exceptions in an exception group.
    public var exceptions: [PythonError] = []

    /// The number of further exceptions, which are left out.
    public var omittedExceptions = 0

    /// The place of the mistake, if this is a syntax error.
    public var syntax: SyntaxPosition?

    /// The traceback as CPython 3.14 prints it; empty where it is not known.
    public var rendered = ""

    // At most one each: a structure cannot hold itself.
    var causes: [PythonError] = []
    var contexts: [PythonError] = []

    /// The exception that this was raised from, with `raise … from`.
    public var cause: PythonError? {
        get { causes.first }
        set { causes = newValue.map { [$0] } ?? [] }
    }

    /// The exception that was being handled when this was raised.
    public var context: PythonError? {
        get { contexts.first }
        set { contexts = newValue.map { [$0] } ?? [] }
    }

    /// Makes an exception of its class and its message.
    public init(type: String, message: String) {
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
