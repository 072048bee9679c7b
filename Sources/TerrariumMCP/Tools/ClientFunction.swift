// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A function of the client that a program may await; whoever resumes the program answers its calls.
struct ClientFunction: Sendable, Hashable {
    /// The client's own name for it.
    let name: String
    /// The name in the program, which Python must allow.
    let pythonName: String
    let documentation: String
    /// The names of its parameters, so that arguments can be given by position.
    let parameters: [String]

    /// The function of the host behind all of them.
    static let host = HostFunction(
        "__terrarium_call_tool",
        "Calls a tool of the client.",
        parameters: "name",
        "arguments",
        raises: ["ToolError"]
    ) { (_: String, _: PythonValue) async throws -> PythonValue in
        throw PythonException("ToolError", "The client has declared no tools.")
    }

    /// Reads a declaration: a name, or an object with `name`, `description` and `input_schema`.
    init(_ declaration: PythonValue) throws {
        guard let name = declaration.string ?? declaration["name"]?.string else {
            throw ToolFailure("An element of `tools` is a name, or an object with `name`.")
        }
        let scalars = name.unicodeScalars.map { scalar -> Character in
            let isAllowed = scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
            return isAllowed ? Character(scalar) : "_"
        }
        let pythonName = String(scalars)
        guard (1...64).contains(pythonName.count), pythonName.first?.isLetter == true else {
            throw ToolFailure("The name of a tool starts with a letter and has at most 64 characters.")
        }
        self.name = name
        self.pythonName = Self.keywords.contains(pythonName) ? pythonName + "_" : pythonName
        documentation = String((declaration["description"]?.string ?? "").prefix(4_000))
        let schema = declaration["input_schema"] ?? declaration["inputSchema"]
        var parameters: [String] = []
        if case .dict(let properties)? = schema?["properties"] {
            parameters = properties.prefix(100).map(\.key.text)
        }
        self.parameters = parameters
    }

    /// A program that makes functions which pass their calls on.
    static func program(declaring functions: [ClientFunction]) -> Program {
        let declarations = functions.map { function -> PythonValue in
            [
                PythonValue(function.pythonName), PythonValue(function.name), PythonValue(function.documentation),
                .list(function.parameters.map { PythonValue($0) }),
            ]
        }
        return Program(source + "_declare(\(PythonValue.list(declarations).representation))\ndel _declare\n", forms: [])
    }

    private static let source = """
        def _declare(declarations, call=__terrarium_call_tool):
            def make(name, tool_name, documentation, parameters):
                async def function(*args, **kwargs):
                    if len(args) > len(parameters):
                        raise TypeError(f"{name}() takes {len(parameters)} arguments by position; name the others")
                    arguments = dict(zip(parameters, args))
                    for key in kwargs:
                        if key in arguments:
                            raise TypeError(f"{name}() got multiple values for argument {key!r}")
                    return await call(tool_name, arguments | kwargs)
                function.__name__ = function.__qualname__ = name
                function.__doc__ = documentation
                return function
            for declaration in declarations:
                globals()[declaration[0]] = make(*declaration)

        """

    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]
}
