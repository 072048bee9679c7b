// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension Session {
    /// Copies the state of the session: variables, files, and a program that is suspended.
    ///
    /// Host functions are Swift closures and not part of it; a session that is made of it is given them again.
    ///
    /// - Returns: The state between two runs or steps, which can be stored with ``Snapshot/write(to:)``.
    /// - Throws: `SandboxError` with the code `.unsupported` if the image is a plain component.
    public func snapshot() async throws -> Snapshot {
        try await turnstile.run {
            var snapshot = try await sandbox.snapshot()
            snapshot.isSession = isConfigured
            snapshot.isSuspended = suspended != nil
            return snapshot
        }
    }

    /// Creates a second session in the same state, with the same host functions; from then on each goes its own way.
    ///
    /// A program that is suspended is so in both, and its calls can be answered in different ways.
    ///
    /// - Parameter sharesRandomness: Whether `random` goes on with the same sequence in both; by default it is seeded
    ///   afresh in the new one.
    /// - Returns: The new session.
    /// - Throws: As ``snapshot()``.
    public func fork(sharesRandomness: Bool = false) async throws -> Session {
        Session(
            restoring: try await snapshot(),
            functions: host.functions,
            limits: limits,
            input: host.inputHandler,
            sharesRandomness: sharesRandomness
        )
    }

    /// Puts the session back into a state.
    ///
    /// - Parameter snapshot: A snapshot of a session with the same image and host functions.
    /// - Throws: `SandboxError` with the code `.invalidSnapshot` if it belongs to another image.
    public func rollback(to snapshot: Snapshot) async throws {
        try await turnstile.run {
            try await sandbox.rollback(to: snapshot)
            host.calls.dropAll()
            isConfigured = snapshot.isSession
            suspended = snapshot.isSuspended ? SuspendedProgram(isRestored: true) : nil
        }
    }

    /// Reads a file of the session; see ``Sandbox/read(_:maxBytes:)``.
    public func read(_ path: String, maxBytes: Int = 256 << 20) async throws -> [UInt8] {
        try await turnstile.run { try await sandbox.read(path, maxBytes: maxBytes) }
    }

    /// Writes a file of the session; see ``Sandbox/write(_:_:)``.
    public func write(_ path: String, _ contents: [UInt8]) async throws {
        try await turnstile.run { try await sandbox.write(path, contents) }
    }

    /// Lists a directory of the session; see ``Sandbox/list(_:)``.
    public func list(_ path: String = "/") async throws -> [Sandbox.Entry] {
        try await turnstile.run { try await sandbox.list(path) }
    }

    /// Removes a file or directory of the session; see ``Sandbox/remove(_:)``.
    public func remove(_ path: String) async throws {
        try await turnstile.run { try await sandbox.remove(path) }
    }

    /// Makes a directory of the session; see ``Sandbox/makeDirectory(_:)``.
    public func makeDirectory(_ path: String) async throws {
        try await turnstile.run { try await sandbox.makeDirectory(path) }
    }
}
