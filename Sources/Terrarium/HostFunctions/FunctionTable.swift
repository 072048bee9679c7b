// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The host functions that a sandbox's programs may call, by name.
struct FunctionTable: Sendable {
    private var functions: [String: HostFunction]

    /// Makes a table; of functions with the same name the last counts.
    init(_ functions: [HostFunction]) {
        self.functions = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// All functions, by name.
    var all: [HostFunction] { functions.values.sorted { $0.name < $1.name } }

    var isEmpty: Bool { functions.isEmpty }

    subscript(name: String) -> HostFunction? { functions[name] }

    /// Adds functions, which replace those of the same name.
    func adding(_ added: [HostFunction]) -> FunctionTable {
        var table = self
        for function in added { table.functions[function.name] = function }
        return table
    }

    /// The work of a call, if there is an async function of that name.
    func body(of call: HostCall) -> (@Sendable @concurrent () async throws -> PythonValue)? {
        guard case .async(let body)? = functions[call.function]?.body else { return nil }
        return { try await body(call.arguments) }
    }

    /// The exception of a call of a function that does not exist.
    static let unknown = PythonException("HostError", "there is no such host function")
}
