// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A mistake in a program that was found without running it.
public struct Problem: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The severity of a mistake.
    public struct Severity: NamedChoice {
        /// The severity's name.
        public let name: String

        /// Makes a severity of its name.
        public init(_ name: String) { self.name = name }

        /// The program will not run, or that line of it.
        public static let error = Severity("error")
        /// The code may be as intended.
        public static let warning = Severity("warning")
    }

    /// The kind of a mistake.
    public struct Kind: NamedChoice {
        /// The kind's name.
        public let name: String

        /// Makes a kind of its name.
        public init(_ name: String) { self.name = name }

        /// An error of syntax.
        public static let syntax = Kind("syntax")
        /// A name that is not defined.
        public static let undefinedName = Kind("name")
        /// A module that is not in the sandbox.
        public static let missingModule = Kind("module")
        /// A call of a host function with arguments that it does not take.
        public static let call = Kind("call")
        /// An `await` that is missing.
        public static let missingAwait = Kind("await")
    }

    /// The severity.
    public var severity: Severity
    /// The kind.
    public var kind: Kind
    /// The description, for people.
    public var message: String
    /// The line, counted from 1.
    public var line: Int?
    /// The column at which it begins, in characters counted from 0.
    public var column: Int?

    /// Makes a mistake.
    public init(severity: Severity, kind: Kind, message: String, line: Int? = nil, column: Int? = nil) {
        self.severity = severity
        self.kind = kind
        self.message = message
        self.line = line
        self.column = column
    }

    /// The place and the description.
    public var description: String {
        let place = line.map { line in "line \(line)" + (column.map { ", column \($0)" } ?? "") + ": " } ?? ""
        return place + message
    }
}

extension Problem {
    init(_ problem: PythonValue) throws {
        let problem = try MessageReader(problem)
        self.init(
            severity: Severity(try problem.text("severity")),
            kind: Kind(try problem.text("kind")),
            message: try problem.text("message"),
            line: try problem.optionalNumber("line"),
            column: try problem.optionalNumber("column")
        )
    }
}
