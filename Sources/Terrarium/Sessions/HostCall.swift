// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A call of an async host function that a suspended program waits for.
public struct HostCall: Sendable, Hashable {
    /// Its number, by which it is answered; the same in a snapshot and all its copies.
    public let id: Int
    /// The function's name.
    public let function: String
    /// All arguments, in the order of the parameters; the program's own word.
    public let arguments: [PythonValue]

    /// What a call came to.
    public struct Answer: Sendable, Hashable {
        /// The call's number.
        public let id: Int
        let result: Result<PythonValue, PythonException>

        init(id: Int, result: Result<PythonValue, PythonException>) {
            self.id = id
            self.result = result
        }

        /// The value that the call returns.
        public init(_ id: Int, value: PythonValue) {
            self.id = id
            result = .success(value)
        }

        /// The exception that the call raises.
        public init(_ id: Int, error: PythonException) {
            self.id = id
            result = .failure(error)
        }
    }

    /// An answer with a value.
    ///
    /// - Throws: What ``PythonValue/init(encoding:)`` throws.
    public func answered(with value: some Encodable) throws -> Answer {
        Answer(id, value: try PythonValue(encoding: value))
    }

    /// An answer with an exception.
    public func failed(with error: PythonException) -> Answer {
        Answer(id, error: error)
    }
}

extension HostCall {
    /// Reads a call from a message; one whose arguments are too large is one to refuse.
    static func read(
        _ call: PythonValue,
        memory: GuestMemory?,
        maxBytes: Int
    ) throws -> (call: HostCall, refusal: PythonException?) {
        let call = try MessageReader(call)
        let (id, function) = (try call.number("id"), try call.text("function"))
        var reader = MessageValueReader(memory: memory, maxBytes: maxBytes)
        do {
            let arguments = try reader.values(call.list("arguments"))
            return (HostCall(id: id, function: function, arguments: arguments), nil)
        } catch let tooLarge as BuffersTooLarge {
            return (HostCall(id: id, function: function, arguments: []), PythonException(tooLarge))
        }
    }
}

extension PythonException {
    init(_ tooLarge: BuffersTooLarge) {
        self.init(
            "ValueError",
            "the arguments take \(tooLarge.used) bytes or more, and \(tooLarge.allowed) are allowed"
        )
    }
}

extension HostCall.Answer {
    /// Appends the answer as a message has it; one that cannot be sent, or is larger than allowed, becomes an
    /// exception.
    func write(to writer: inout MessageWriter, maxBytes: Int) {
        writer.object { writer in
            writer.member("id") { $0.raw(String(id)) }
            result.write(to: &writer, maxBytes: maxBytes)
        }
    }
}

extension Result<PythonValue, PythonException> {
    /// Appends the members `value` or `error`.
    func write(to writer: inout MessageWriter, maxBytes: Int) {
        switch self {
        case .success(let value):
            let start = writer.utf8.count
            var count = 0
            do {
                try writer.member("value") { writer in
                    let start = writer.utf8.count
                    try writer.value(value)
                    count = writer.utf8.count - start
                }
                guard count > maxBytes else { return }
                throw PythonException("ValueError", "the result takes \(count) bytes, and \(maxBytes) are allowed")
            } catch {
                writer.takeBack(to: start)
                let noForm = PythonException("TypeError", "the host's value has no form in Python")
                Self.failure(error as? PythonException ?? noForm).write(to: &writer, maxBytes: maxBytes)
            }
        case .failure(let error):
            writer.member("error") { writer in
                writer.object { writer in
                    writer.member("type", error.type)
                    writer.member("message", error.message)
                }
            }
        }
    }
}
