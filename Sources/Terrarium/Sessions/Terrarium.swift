// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The way in: an image with the limits of what runs in it.
///
///     let terrarium = try await Terrarium()
///     let four: Int = try await terrarium.eval("2 + 2")
///
/// It is made once and used from any task, for any number of sessions at once.
public final class Terrarium: Sendable {
    /// What sessions start from.
    public let image: Image

    /// What each run may use, unless a session has limits of its own.
    public let limits: Limits

    /// Uses an image.
    public init(image: Image, limits: Limits = Limits()) {
        self.image = image
        self.limits = limits
    }

    /// Loads the Python image that comes with Terrarium, on a thread of its own: the first time may take seconds.
    ///
    /// - Parameter limits: What each run may use.
    /// - Throws: `SandboxError` with the code `.partsNotFound` or `.engine`.
    public convenience init(limits: Limits = Limits()) async throws {
        let image = try await Image.python()
        self.init(image: image, limits: limits)
    }

    /// Evaluates a program in a sandbox of its own, and decodes the value of its last expression.
    ///
    /// - Parameters:
    ///   - code: Python source that ends with an expression.
    ///   - type: The type to decode; see ``PythonValue/decode(_:)``.
    /// - Returns: The value.
    /// - Throws: As ``Session/eval(_:as:)``.
    public func eval<Value: Decodable & Sendable>(_ code: String, as type: Value.Type = Value.self) async throws
        -> Value
    {
        try await run(code).decode(type)
    }

    /// Runs a program in a sandbox of its own.
    ///
    /// - Parameters:
    ///   - code: Python source of any length.
    ///   - functions: What the program may call.
    ///   - inputs: Variables to set before.
    ///   - forms: Which forms of the value are wanted; default its value only.
    /// - Returns: What came of it.
    /// - Throws: As ``Session/run(_:name:inputs:arguments:standardInput:forms:)``.
    public func run(
        _ code: String,
        functions: [HostFunction] = [],
        inputs: [String: PythonValue] = [:],
        forms: Run.Forms = .value
    ) async throws -> Run {
        try await Session(image, functions: functions, limits: limits).run(code, inputs: inputs, forms: forms)
    }

    /// Creates a session, with the functions checked.
    ///
    /// - Parameters:
    ///   - functions: What programs may call.
    ///   - limits: What each run may use; those of this object if `nil`.
    ///   - input: Answers `input()`; see ``Session/init(_:functions:limits:input:determinism:)``.
    /// - Returns: The session, whose interpreter is alive.
    /// - Throws: `SandboxError` with the code `.invalidFunction` if Python does not allow a name or a signature.
    public func session(
        functions: [HostFunction] = [],
        limits: Limits? = nil,
        input: (@Sendable @concurrent (InputRequest) async throws -> String?)? = nil
    ) async throws -> Session {
        let session = Session(image, functions: functions, limits: limits ?? self.limits, input: input)
        try await session.prepare()
        return session
    }

    /// Creates a session that continues from a snapshot of this image.
    ///
    /// - Parameters:
    ///   - snapshot: The state to continue from.
    ///   - functions: What answers the programs' calls; see
    ///     ``Session/init(restoring:functions:limits:input:sharesRandomness:)``.
    ///   - limits: What each run may use; those of this object if `nil`.
    /// - Returns: The session.
    public func session(
        restoring snapshot: Snapshot,
        functions: [HostFunction] = [],
        limits: Limits? = nil
    ) -> Session {
        Session(restoring: snapshot, functions: functions, limits: limits ?? self.limits)
    }
}
