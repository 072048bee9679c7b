// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension HostCall {
    /// Reads a call from a message; one whose arguments are too large is one to refuse.
    static func read(
        _ call: PythonValue,
        memory: GuestMemory,
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
                let reason = (error as? MessageWriter.NoForm).map { ": \($0.reason)" } ?? ""
                let noForm = PythonException("TypeError", "the host's value has no form in Python\(reason)")
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
