// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A call of an async host function that a suspended program waits for.
public struct HostCall: Sendable, Hashable, Codable {
    /// The number by which it is answered; the same in a snapshot and all its copies.
    public var id: Int
    /// The function's name.
    public var function: String
    /// All arguments, in the order of the parameters; they are untrusted.
    public var arguments: [PythonValue]

    /// Makes a call.
    public init(id: Int, function: String, arguments: [PythonValue]) {
        self.id = id
        self.function = function
        self.arguments = arguments
    }

    /// The outcome of a call.
    public struct Answer: Sendable, Hashable {
        /// The call's number.
        public var id: Int
        /// The value that the call returns, or the exception that it raises.
        public var result: Result<PythonValue, PythonException>

        /// Makes an answer.
        public init(id: Int, result: Result<PythonValue, PythonException>) {
            self.id = id
            self.result = result
        }

        /// Makes an answer with the value that the call returns.
        public init(_ id: Int, value: PythonValue) {
            self.init(id: id, result: .success(value))
        }

        /// Makes an answer with the exception that the call raises.
        public init(_ id: Int, error: PythonException) {
            self.init(id: id, result: .failure(error))
        }
    }

    /// Makes an answer with a value.
    ///
    /// - Throws: What ``PythonValue/init(encoding:)`` throws.
    public func answered(with value: some Encodable) throws -> Answer {
        Answer(id, value: try PythonValue(encoding: value))
    }

    /// Makes an answer with an exception.
    public func failed(with error: PythonException) -> Answer {
        Answer(id, error: error)
    }
}

extension HostCall.Answer: Codable {
    private enum Key: String, CodingKey {
        case id, value, error
    }

    /// Decodes an answer: `id` with either `value` or `error`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        id = try container.decode(Int.self, forKey: .id)
        if container.contains(.error) {
            result = .failure(try container.decode(PythonException.self, forKey: .error))
        } else {
            result = .success(try container.decode(PythonValue.self, forKey: .value))
        }
    }

    /// Encodes the answer: `id` with either `value` or `error`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        switch result {
        case .success(let value): try container.encode(value, forKey: .value)
        case .failure(let error): try container.encode(error, forKey: .error)
        }
    }
}
