// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Writes the messages to the guest's runtime; Guest/PROTOCOL.md describes them.
enum GuestRequest {
    /// Defines functions and limits.
    static func configure(_ functions: [HostFunction], limits: Limits, answersInput: Bool) throws -> String {
        var records: [PythonType.Record] = []
        for record in functions.flatMap(\.records) where !records.contains(where: { $0.name == record.name }) {
            records.append(record)
        }
        return try MessageWriter.text { writer in
            try writer.object { writer in
                if !records.isEmpty {
                    writer.member("types") { $0.array(records) { $1.write(to: &$0) } }
                }
                if !functions.isEmpty {
                    try writer.member("functions") { writer in
                        try writer.array(functions) { writer, function in try function.write(to: &writer) }
                    }
                }
                writer.member("limits") { writer in
                    writer.object { writer in
                        writer.member("value") { $0.raw(String(limits.valueBytes)) }
                        writer.member("display") { $0.raw(String(min(limits.displayBytes, 64 << 20))) }
                        // A program may have set it, and keeps its own then.
                        if limits.recursionDepth != Limits().recursionDepth {
                            writer.member("recursion") { $0.raw(String(max(1, min(limits.recursionDepth, 1 << 30)))) }
                        }
                        writer.member("arguments") { $0.raw(String(limits.hostCallBytes)) }
                    }
                }
                if answersInput { writer.member("input", "host") }
            }
        }
    }

    /// Starts a program.
    static func start(_ program: Program, answers: [HostCall.Answer], limits: Limits) throws -> String {
        try MessageWriter.text { writer in
            try writer.object { writer in
                switch program.source {
                case .text(let code): writer.member("code", code)
                case .bytes(let bytes): try writer.member("code") { try $0.value(.bytes(bytes)) }
                }
                switch program.kind.name {
                case .cell: break
                case .script: writer.member("kind", "script")
                case .prompt: writer.member("kind", "single")
                }
                if let name = program.name ?? program.kind.defaultName { writer.member("name", name) }
                // What the program before read ahead is of its own input.
                if program.standardInput != nil { writer.member("stdin", "new") }
                if !program.inputs.isEmpty {
                    try writer.member("inputs") { try write(program.inputs, to: &$0) }
                }
                if let arguments = program.arguments {
                    writer.member("arguments") { $0.array(arguments) { $0.string($1) } }
                }
                writer.member("result") { writer in
                    let forms: [(Run.Forms, String)] = [(.value, "value"), (.text, "text"), (.display, "display")]
                    writer.array(forms.filter { program.forms.contains($0.0) }) { $0.string($1.1) }
                }
                if !answers.isEmpty { write(answers, to: &writer, limits: limits) }
            }
        }
    }

    /// Appends the inputs of a program.
    ///
    /// - Throws: `EncodingError` for one that has no form in Python.
    private static func write(_ inputs: [String: PythonValue], to writer: inout MessageWriter) throws {
        do {
            try writer.value(.dict(inputs.items))
        } catch {
            let reason = "An input has no form in Python: \(error.reason)."
            let context = EncodingError.Context(codingPath: [], debugDescription: reason)
            throw EncodingError.invalidValue(inputs, context)
        }
    }

    /// Goes on with a program.
    static func resume(_ answers: [HostCall.Answer], relists: Bool, limits: Limits) -> String {
        MessageWriter.text { writer in
            writer.object { writer in
                write(answers, to: &writer, limits: limits)
                if relists { writer.member("relist") { $0.raw("true") } }
            }
        }
    }

    /// Raises `KeyboardInterrupt` where a program waits.
    static let interrupt = #"{"interrupt":true}"#

    /// Asks about code that is being typed.
    static func inquiry(_ code: String, cursor: Int? = nil, detail: Int? = nil) -> String {
        MessageWriter.text { writer in
            writer.object { writer in
                writer.member("code", code)
                if let cursor { writer.member("cursor") { $0.raw(String(cursor)) } }
                if let detail { writer.member("detail") { $0.raw(String(detail)) } }
            }
        }
    }

    /// Cancels a program.
    static func cancel(_ message: String) -> String {
        MessageWriter.text { writer in writer.object { $0.member("message", message) } }
    }

    /// Ends a program at once.
    static let abandon = #"{"abandon":true}"#

    private static func write(_ answers: [HostCall.Answer], to writer: inout MessageWriter, limits: Limits) {
        writer.member("settled") { writer in
            writer.array(answers) { $1.write(to: &$0, maxBytes: limits.hostCallBytes) }
        }
    }
}

extension Limits {
    /// A Boolean value that tells whether the guest of an image holds these limits without being told.
    var areThoseOfImages: Bool {
        let those = Limits()
        return valueBytes == those.valueBytes && displayBytes == those.displayBytes
            && recursionDepth == those.recursionDepth && hostCallBytes == those.hostCallBytes
    }

    /// A Boolean value that tells whether the file system of an image holds these quotas without being told.
    var areQuotasOfImages: Bool { fileBytes == Limits().fileBytes && fileCount == Limits().fileCount }
}

extension [String: PythonValue] {
    fileprivate var items: [PythonValue.Item] {
        sorted { $0.key < $1.key }.map { .init(key: PythonString($0.key), value: $0.value) }
    }
}
