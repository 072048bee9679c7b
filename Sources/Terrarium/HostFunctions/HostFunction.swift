// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A function of the application that programs in a session can call.
///
/// It is a Swift closure whose parameters and result are `Codable`; ``PythonValue/init(encoding:)`` says how they are
/// translated. For the program it is a Python function with a signature and a docstring: an `async` closure is an
/// `async def`, which runs beside others under `asyncio.gather`, any other is a plain function.
///
///     HostFunction("fetch_price", "Price of a share in USD.", parameters: "symbol", "day") {
///         (symbol: String, day: Date?) async throws -> Double in
///         try await prices.price(of: symbol, on: day)
///     }
///
/// The closure is called with what a program that you do not trust chose to pass, as often and at once as the limits
/// allow. A plain one runs on the thread of the program, which waits for it. An async one runs on the threads of the
/// image, and gives its own back where it awaits; one that blocks or computes for long takes one of those that programs
/// need, so it should do that elsewhere.
public struct HostFunction: Sendable {
    /// A parameter of a host function, as Python sees it; a string literal is one with just a name.
    public struct Parameter: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The ways in which an argument may be passed.
        public struct Kind: Sendable, Hashable {
            enum Name: String, Sendable {
                case standard, positional, keyword
            }

            let name: Name

            /// By place or by name.
            public static let standard = Kind(name: .standard)
            /// By place only.
            public static let positional = Kind(name: .positional)
            /// By name only.
            public static let keyword = Kind(name: .keyword)
        }

        /// Its name, which must be one in Python.
        public let name: String
        /// The purpose of the parameter, for the docstring.
        public let documentation: String
        /// The way in which it may be passed.
        public let kind: Kind
        /// The value if the program passes none; if `nil`, the program must pass one.
        public internal(set) var defaultValue: PythonValue?

        /// The annotation, if it is not found from the type of the closure.
        public let annotation: String?

        /// The type, found from the closure's.
        var type = PythonType.any

        /// A required parameter.
        ///
        /// Trailing parameters of optional type default to `None`.
        ///
        /// - Parameters:
        ///   - name: Its name, which must be one in Python.
        ///   - documentation: What it is for, for the docstring.
        ///   - kind: How it may be passed.
        ///   - annotation: Its type in Python, such as `list[str]`; by default the one for the Swift type.
        public init(
            _ name: String,
            _ documentation: String = "",
            kind: Kind = .standard,
            annotation: String? = nil
        ) {
            self.name = name
            self.documentation = documentation
            self.kind = kind
            self.annotation = annotation
        }

        /// A parameter with a default.
        ///
        /// - Parameters:
        ///   - name: Its name, which must be one in Python.
        ///   - documentation: What it is for, for the docstring.
        ///   - kind: How it may be passed.
        ///   - annotation: Its type in Python, such as `list[str]`; by default the one for the Swift type.
        ///   - value: What is passed if the program passes nothing.
        public init(
            _ name: String,
            _ documentation: String = "",
            kind: Kind = .standard,
            annotation: String? = nil,
            default value: PythonValue
        ) {
            self.init(name, documentation, kind: kind, annotation: annotation)
            defaultValue = value
        }

        /// A parameter with a name.
        public init(stringLiteral name: String) {
            self.init(name)
        }
    }

    /// A class of exceptions that a host function may raise; a string literal is one with just a name.
    public struct Raised: Sendable, Hashable, ExpressibleByStringLiteral {
        /// Its name, which becomes a name of the program.
        public let type: String
        /// The name of its base class: a built-in exception, or one declared before.
        public let base: String
        /// The case in which it is raised, for the docstring.
        public let documentation: String

        /// A class that derives from another.
        public init(_ type: String, base: String = "Exception", _ documentation: String = "") {
            self.type = type
            self.base = base
            self.documentation = documentation
        }

        /// A class that derives from `Exception`.
        public init(stringLiteral type: String) {
            self.init(type)
        }
    }

    /// The function's name in the program.
    public let name: String
    /// The first lines of its docstring.
    public let documentation: String
    /// Its parameters.
    public let parameters: [Parameter]
    /// The exceptions that it declares.
    public let raises: [Raised]

    enum Body: Sendable {
        case plain(@Sendable ([PythonValue]) throws -> PythonValue)
        case async(@Sendable @concurrent ([PythonValue]) async throws -> PythonValue)
    }

    let body: Body
    let result: PythonType

    /// The mistake in the declaration, if there is one; the sandbox that gets the function throws it.
    let mistake: String?
    let records: [PythonType.Record]

    /// A Boolean value that tells whether the closure is `async`, and with it the Python function.
    public var isAsync: Bool {
        switch body {
        case .plain: false
        case .async: true
        }
    }

    /// Makes a function of descriptions of its parameters, or none at all, and the types of the closure.
    ///
    /// The closure `body` makes the body, given the names of the parameters.
    init(
        _ name: String,
        _ documentation: String,
        given: [Parameter],
        types: [Any.Type],
        returns: String?,
        result: Any.Type,
        raises: [Raised],
        body: ([String]) -> Body
    ) {
        mistake =
            given.isEmpty || given.count == types.count
            ? nil : "\(name) takes \(types.count) arguments in Swift, and \(given.count) parameters are described"
        let registry = PythonType.Registry()
        var parameters =
            mistake == nil && !given.isEmpty
            ? given : types.indices.map { Parameter("argument\($0 + 1)", kind: .positional) }
        for (index, type) in types.enumerated() {
            parameters[index].type = parameters[index].annotation.map { .annotated($0) } ?? registry.type(of: type)
        }
        for (index, type) in types.enumerated().reversed() where parameters[index].defaultValue == nil {
            guard type is any OptionalType.Type else { break }
            parameters[index].defaultValue = PythonValue.null
        }
        self.name = name
        self.documentation = documentation
        self.parameters = parameters
        self.raises = raises
        self.body = body(parameters.map(\.name))
        self.result = returns.map { .annotated($0) } ?? registry.type(of: result)
        records = registry.records
    }
}
