// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Expressions with the module `os` of a sandbox, evaluated on behalf of its clients.
enum SandboxEnvironment {
    /// An expression that sets variables of the environment.
    static func update(_ variables: [(name: String, value: String)]) -> String {
        let items = variables.map { PythonValue.Item(key: PythonString($0.name), value: PythonValue($0.value)) }
        return "os.environ.update(\(PythonValue.dict(items).representation))"
    }

    /// Evaluates an expression with the module `os`, which leaves no name behind.
    ///
    /// - Returns: Its value, `.null` for one that has no such form.
    /// - Throws: The `PythonError` that it raised.
    @discardableResult
    static func evaluate(_ expression: String, in sandbox: Sandbox) async throws -> PythonValue {
        let code = "(lambda os: \(expression))(__import__('os'))"
        let run = try await sandbox.run(Program(code, name: "<environment>", forms: .value))
        if let error = run.error { throw error }
        return run.value ?? .null
    }
}
