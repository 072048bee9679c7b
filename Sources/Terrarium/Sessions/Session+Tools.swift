// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Something that is wrong with a program, found without running it.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: Sendable, Hashable {
        /// The program will not run, or that line of it.
        case error
        /// It may be as intended.
        case warning
    }

    /// How bad it is.
    public let severity: Severity
    /// `syntax`, `name` (undefined), `module` (not in the sandbox), `call` (of a host function with arguments that it
    /// does not take), or `await` (missing).
    public let kind: String
    /// What it is.
    public let message: String
    /// The line, counted from 1.
    public let line: Int?
    /// Where in the line it begins, in characters counted from 0.
    public let column: Int?

    /// The place and what is wrong there.
    public var description: String {
        let place = line.map { line in "line \(line)" + (column.map { ", column \($0)" } ?? "") + ": " } ?? ""
        return place + message
    }
}

/// What a text could go on with.
public struct Completions: Sendable, Hashable {
    /// A way to go on.
    public struct Match: Sendable, Hashable {
        /// What would stand from ``Completions/start`` on.
        public let text: String
        /// `function`, `class`, `module`, `value`, `keyword`, `property`, `attribute` or `parameter`.
        public let kind: String
    }

    /// Where the matches begin, in characters.
    public let start: Int
    /// The ways to go on.
    public let matches: [Match]
}

extension Session {
    private static let maxAnswerBytes = 16 << 20

    /// Finds mistakes in a program without running it, against the names and host functions that the session has now.
    ///
    /// A program may be wrong in ways that are not found.
    public func check(_ code: String) async throws -> [Problem] {
        try await turnstile.run {
            try await configureIfNeeded()
            return try await sandbox.ask(.check, Self.request(code)) { answer in
                try MessageReader(answer, maxBytes: Self.maxAnswerBytes).list("problems").map { try Problem($0) }
            }
        }
    }

    /// Whether a text that was typed at a prompt could go on with a further line.
    public func isIncomplete(_ code: String) async throws -> Bool {
        try await turnstile.run {
            try await sandbox.ask(.check, Self.request(code)) { answer in
                try MessageReader(answer, maxBytes: Self.maxAnswerBytes).flag("incomplete")
            }
        }
    }

    /// Completes what is being typed.
    ///
    /// Looking up attributes may run code of the program's own objects, under the session's limits.
    ///
    /// - Parameters:
    ///   - code: The text.
    ///   - cursor: Where in it one is typing, in Unicode scalars; its end if `nil`.
    /// - Returns: What could stand there.
    /// - Throws: As ``Sandbox/exec(_:)``.
    public func complete(_ code: String, cursor: Int? = nil) async throws -> Completions {
        let request = MessageWriter.text { writer in
            writer.object { writer in
                writer.member("code", code)
                if let cursor { writer.member("cursor") { $0.raw(String(cursor)) } }
            }
        }
        return try await turnstile.run {
            try await configureIfNeeded()
            return try await sandbox.ask(.complete, request) { answer in
                let answer = try MessageReader(answer, maxBytes: Self.maxAnswerBytes)
                return Completions(
                    start: try answer.number("start"),
                    matches: try answer.list("matches").map { match in
                        let match = try MessageReader(match)
                        return Completions.Match(text: try match.text("text"), kind: try match.text("kind"))
                    }
                )
            }
        }
    }

    /// The host functions as Python source with types and docstrings but without bodies, ready for a model's prompt.
    public func toolDescription() async throws -> String {
        try await turnstile.run {
            try await configureIfNeeded()
            return try await sandbox.ask(.describe, "{}") { answer in
                try MessageReader(answer, maxBytes: Self.maxAnswerBytes).text("text")
            }
        }
    }

    private static func request(_ code: String) -> String {
        MessageWriter.text { writer in writer.object { $0.member("code", code) } }
    }
}

extension Problem {
    fileprivate init(_ problem: PythonValue) throws {
        let problem = try MessageReader(problem)
        severity = try problem.text("severity") == "error" ? .error : .warning
        kind = try problem.text("kind")
        message = try problem.text("message")
        line = try problem.optionalNumber("line")
        column = try problem.optionalNumber("column")
    }
}
