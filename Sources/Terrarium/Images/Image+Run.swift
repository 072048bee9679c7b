// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Image {
    /// Runs a program in a sandbox of its own, which is dropped afterwards.
    ///
    ///     let four = try await image.run("2 + 2").value
    ///
    /// - Parameters:
    ///   - program: The program; a string literal is one.
    ///   - functions: The functions that it may call.
    ///   - limits: Its limits.
    /// - Returns: Its outcome.
    /// - Throws: As ``Sandbox/run(_:)``.
    public func run(
        _ program: Program,
        functions: [HostFunction] = [],
        limits: Limits = Limits()
    ) async throws -> Run {
        try await Sandbox(self, functions: functions, limits: limits).run(program)
    }

    /// Runs a program in a sandbox of its own, and decodes the value of its last expression.
    ///
    /// - Parameters:
    ///   - program: The program, which ends with an expression.
    ///   - type: The type to decode; see ``PythonValue/decode(_:)``.
    ///   - functions: The functions that it may call.
    ///   - limits: Its limits.
    /// - Returns: The value.
    /// - Throws: As ``Sandbox/evaluate(_:as:)``.
    public func evaluate<Value: Decodable & Sendable>(
        _ program: Program,
        as type: Value.Type = Value.self,
        functions: [HostFunction] = [],
        limits: Limits = Limits()
    ) async throws -> Value {
        try await run(program, functions: functions, limits: limits).decode(type)
    }
}
