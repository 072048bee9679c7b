// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension HostFunction {
    /// A plain function: the program waits until the closure returns, on the thread that runs it.
    ///
    /// - Parameters:
    ///   - name: The function's name in the program.
    ///   - documentation: What it does, for `help()` and for models.
    ///   - parameters: A description of each parameter, in order; without any, all are positional-only. A wrong number is reported, as
    ///     `.invalidFunction`, by the sandbox that gets the function.
    ///   - returns: The annotation of the result; by default the one for the Swift type.
    ///   - raises: The exceptions that it may raise, beside the built-in ones.
    ///   - body: What it does. A ``PythonException`` that it throws is raised in the program.
    public init<each Argument: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String,
        _ documentation: String = "",
        parameters: Parameter...,
        returns: String? = nil,
        raises: [Raised] = [],
        body: @escaping @Sendable (repeat each Argument) throws -> Output
    ) {
        self.init(
            name,
            documentation,
            given: parameters,
            types: Self.types(repeat (each Argument).self),
            returns: returns,
            result: Output.self,
            raises: raises
        ) { names in
            .plain { arguments in
                var reader = ArgumentReader(arguments, names: names)
                return try PythonValue(encoding: body(repeat try reader.next((each Argument).self)))
            }
        }
    }

    /// A plain function without a result; see ``init(_:_:parameters:returns:raises:body:)-32xjx``.
    public init<each Argument: Decodable & Sendable>(
        _ name: String,
        _ documentation: String = "",
        parameters: Parameter...,
        raises: [Raised] = [],
        body: @escaping @Sendable (repeat each Argument) throws -> Void
    ) {
        self.init(
            name,
            documentation,
            given: parameters,
            types: Self.types(repeat (each Argument).self),
            returns: nil,
            result: Void.self,
            raises: raises
        ) { names in
            .plain { arguments in
                var reader = ArgumentReader(arguments, names: names)
                try body(repeat try reader.next((each Argument).self))
                return .null
            }
        }
    }

    /// An `async def`: the program goes on beside it, and is data while it waits.
    ///
    /// - Parameters:
    ///   - name: The function's name in the program.
    ///   - documentation: What it does, for `help()` and for models.
    ///   - parameters: A description of each parameter, in order; without any, all are positional-only. A wrong number is reported, as
    ///     `.invalidFunction`, by the sandbox that gets the function.
    ///   - returns: The annotation of the result; by default the one for the Swift type.
    ///   - raises: The exceptions that it may raise, beside the built-in ones.
    ///   - body: What it does, in a task that is cancelled when the program no longer waits for it. A
    ///     ``PythonException`` that it throws is raised in the program.
    public init<each Argument: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String,
        _ documentation: String = "",
        parameters: Parameter...,
        returns: String? = nil,
        raises: [Raised] = [],
        body: @escaping @Sendable @concurrent (repeat each Argument) async throws -> Output
    ) {
        self.init(
            name,
            documentation,
            given: parameters,
            types: Self.types(repeat (each Argument).self),
            returns: returns,
            result: Output.self,
            raises: raises
        ) { names in
            .async { arguments in
                var reader = ArgumentReader(arguments, names: names)
                return try PythonValue(encoding: await body(repeat try reader.next((each Argument).self)))
            }
        }
    }

    /// An `async def` without a result; see ``init(_:_:parameters:returns:raises:body:)-6cqz7``.
    public init<each Argument: Decodable & Sendable>(
        _ name: String,
        _ documentation: String = "",
        parameters: Parameter...,
        raises: [Raised] = [],
        body: @escaping @Sendable @concurrent (repeat each Argument) async throws -> Void
    ) {
        self.init(
            name,
            documentation,
            given: parameters,
            types: Self.types(repeat (each Argument).self),
            returns: nil,
            result: Void.self,
            raises: raises
        ) { names in
            .async { arguments in
                var reader = ArgumentReader(arguments, names: names)
                try await body(repeat try reader.next((each Argument).self))
                return .null
            }
        }
    }

    private static func types<each Argument>(_ types: repeat (each Argument).Type) -> [Any.Type] {
        var list: [Any.Type] = []
        repeat list.append(each types)
        return list
    }
}

/// Decodes the arguments of a call, one after the other.
private struct ArgumentReader {
    private let arguments: [PythonValue]
    private let names: [String]
    private var index = 0

    init(_ arguments: [PythonValue], names: [String]) {
        self.arguments = arguments
        self.names = names
    }

    /// The next argument; Python itself checked how many there are, unless the program tampered with it.
    mutating func next<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard arguments.count == names.count else {
            throw PythonException("TypeError", "expected \(names.count) arguments, got \(arguments.count)")
        }
        defer { index += 1 }
        do {
            return try arguments[index].decode(type)
        } catch let error as DecodingError {
            throw PythonException("TypeError", "argument '\(names[index])': \(error.reason)")
        }
    }
}

extension DecodingError {
    /// The reason alone, without Swift's own words around it.
    fileprivate var reason: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.debugDescription
        @unknown default: "not as expected"
        }
    }
}
