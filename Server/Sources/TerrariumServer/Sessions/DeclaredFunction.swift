// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A function that a client declared: programs may await it, and the client answers its calls.
struct DeclaredFunction: Sendable, Hashable, Codable {
    let name: String
    let documentation: String
    /// The names of its parameters, so that arguments can be given by position.
    let parameters: [String]

    private static let maxParameters = 100
    private static let maxDocumentationBytes = 4_000
    static let maxCount = 100

    /// The function of the host behind all of them.
    static let host = HostFunction(
        "__terrarium_call_function",
        "Calls a function of the client.",
        parameters: "name",
        "arguments",
        raises: ["FunctionError"]
    ) { (_: String, _: PythonValue) async throws -> PythonValue in
        throw PythonException("FunctionError", "The client has declared no functions.")
    }

    /// Reads the member `functions`.
    static func list(_ object: inout JSONObject) -> [DeclaredFunction] {
        var functions: [DeclaredFunction] = []
        for var declaration in object.objects("functions", maxCount: maxCount) ?? [] {
            let name = declaration.text("name") ?? ""
            let documentation = declaration.text("description", maxBytes: maxDocumentationBytes) ?? ""
            let parameters = declaration.texts("parameters", maxCount: maxParameters) ?? []
            if !isName(name) || functions.contains(where: { $0.name == name }) {
                declaration.fault("name", "It must be a name in Python that no other function has.")
            }
            if !parameters.allSatisfy(isName) || Set(parameters).count != parameters.count {
                declaration.fault("parameters", "They must be names in Python.")
            }
            object.add(declaration)
            functions.append(.init(name: name, documentation: documentation, parameters: parameters))
        }
        return functions
    }

    /// Makes the functions names of a sandbox's programs.
    static func declare(_ functions: [DeclaredFunction], in sandbox: Sandbox) async throws {
        guard !functions.isEmpty else { return }
        try await sandbox.define([host])
        let declarations = functions.map { function -> PythonValue in
            [
                PythonValue(function.name), PythonValue(function.documentation),
                .list(function.parameters.map { PythonValue($0) }),
            ]
        }
        let code = source + "_declare(\(PythonValue.list(declarations).representation))\ndel _declare\n"
        _ = try await sandbox.run(Program(code, name: "<functions>", forms: []))
    }

    /// Returns whether a text is a name that programs may use, and that stands for nothing of Python's own.
    private static func isName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), !text.hasPrefix("__"), !keywords.contains(text) else { return false }
        return text.utf8.enumerated().allSatisfy { index, byte in
            (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
                || index > 0 && (0x30...0x39).contains(byte)
        }
    }

    private static let source = """
        def _declare(declarations, call=__terrarium_call_function):
            def make(name, documentation, parameters):
                async def function(*args, **kwargs):
                    if len(args) > len(parameters):
                        raise TypeError(f"{name}() takes {len(parameters)} arguments by position; name the others")
                    arguments = dict(zip(parameters, args))
                    for key in kwargs:
                        if key in arguments:
                            raise TypeError(f"{name}() got multiple values for argument {key!r}")
                    return await call(name, arguments | kwargs)
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

extension HostCall {
    /// The name and the arguments of a call of one of these functions; `nil` for a call that no declaration makes.
    func call(ofOneOf names: Set<String>) -> (name: String, arguments: PythonValue)? {
        guard function == DeclaredFunction.host.name, arguments.count == 2, case .dict = arguments[1],
            let name = arguments[0].string, names.contains(name)
        else { return nil }
        return (name, arguments[1])
    }

    /// The call for its client.
    var value: PythonValue {
        ["id": PythonValue(id), "name": arguments.first ?? .null, "arguments": arguments.last ?? .null]
    }
}
