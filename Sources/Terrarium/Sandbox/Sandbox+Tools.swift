// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Sandbox {
    private static let maxAnswerBytes = 16 << 20

    /// Finds mistakes in a program without running it, against the names and host functions that the sandbox has now.
    ///
    /// A program may be wrong in ways that are not found.
    ///
    /// - Parameter code: The program's source.
    /// - Returns: The mistakes, in the order of their lines.
    /// - Throws: As ``run(_:)``.
    public func check(_ code: String) async throws -> [Problem] {
        try await ask(.check, GuestRequest.inquiry(code)) { answer in
            try answer.list("problems").map { try Problem($0) }
        }
    }

    /// Returns whether a text that was typed at a prompt needs a further line, as Python's own prompt decides it.
    ///
    /// - Parameter code: The text.
    /// - Returns: `true` if a further line is needed.
    /// - Throws: As ``run(_:)``.
    public func isIncomplete(_ code: String) async throws -> Bool {
        try await ask(.check, GuestRequest.inquiry(code)) { $0.flag("incomplete") }
    }

    /// Completes code that is being typed.
    ///
    /// Looking up attributes may run code of the program's own objects, under the sandbox's limits.
    ///
    /// - Parameters:
    ///   - code: The text.
    ///   - cursor: The position of the cursor in Unicode scalars; the end of the text if `nil`.
    /// - Returns: The texts that could stand there.
    /// - Throws: As ``run(_:)``.
    public func complete(_ code: String, cursor: Int? = nil) async throws -> Completions {
        try await ask(.complete, GuestRequest.inquiry(code, cursor: cursor)) { answer in
            Completions(
                start: try answer.number("start"),
                matches: try answer.list("matches").map { match in
                    let match = try MessageReader(match)
                    return Completions.Match(
                        text: try match.text("text"),
                        kind: Completions.Match.Kind(try match.text("kind"))
                    )
                }
            )
        }
    }

    /// Describes the object at the cursor, as `help` and Jupyter's inspection do.
    ///
    /// - Parameters:
    ///   - code: The text.
    ///   - cursor: The position of the cursor in Unicode scalars; the end of the text if `nil`.
    ///   - includesSource: Whether the source of a function is wanted, where it is known.
    /// - Returns: The description; `nil` if there is no such object.
    /// - Throws: As ``run(_:)``.
    public func inspect(_ code: String, cursor: Int? = nil, includesSource: Bool = false) async throws -> Inspection? {
        let request = GuestRequest.inquiry(code, cursor: cursor, detail: includesSource ? 1 : 0)
        return try await ask(.inspect, request) { answer in
            guard answer.flag("found") else { return nil }
            return Inspection(
                name: try answer.optionalText("name") ?? "",
                type: try answer.optionalText("type") ?? "",
                signature: try answer.optionalText("signature"),
                documentation: try answer.optionalText("doc"),
                source: try answer.optionalText("source"),
                text: try answer.optionalText("text") ?? ""
            )
        }
    }

    /// The host functions as Python source with types and docstrings but without bodies, ready for a model's prompt.
    ///
    /// - Throws: As ``run(_:)``.
    public func toolDescription() async throws -> String {
        try await ask(.describe, "{}") { try $0.text("text") }
    }

    /// Sends the guest a message that runs no program, and reads the answer.
    private func ask<Answer: Sendable>(
        _ function: GuestFunction,
        _ request: String,
        _ read: (MessageReader) throws -> Answer
    ) async throws -> Answer {
        try await operation {
            let configuration = try configuration()
            return try interpreter.call { guest in
                try interpreter.configure(configuration, guest)
                let answer = try guest.ask(function, request)
                // Interrupted, the guest answers otherwise than asked.
                if let breach = context.deadline.breach {
                    throw SandboxError(.timeLimit, "The sandbox's limit was reached: \(breach).", breach: breach)
                }
                return try read(MessageReader(answer, maxBytes: Self.maxAnswerBytes))
            }
        }
    }
}
