// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The sessions of a process, a bounded number of them.
actor SessionStore {
    private struct Entry {
        let session: MCPSession
        var lastUse: Int
    }

    private let base: Sandbox
    nonisolated let maxSessions: Int
    private let maxUndoPoints: Int
    /// True if requests without a handle share a session.
    nonisolated let sharesDefault: Bool
    private var entries: [String: Entry] = [:]
    private var uses = 0
    private var defaultSession: Task<MCPSession, any Error>?
    /// The handle of the default session, which is always made before it can be copied.
    private var standardHandle: String?

    /// Handles of sessions that had to go, so that their users learn why; the last ones only.
    private var dropped: [String] = []
    private static let maxDropped = 1_000

    /// Makes a store, whose sessions start as copies of a sandbox.
    init(base: Sandbox, maxSessions: Int, maxUndoPoints: Int, sharesDefault: Bool = true) {
        self.base = base
        self.sharesDefault = sharesDefault
        self.maxSessions = max(1, maxSessions)
        self.maxUndoPoints = max(1, maxUndoPoints)
    }

    /// All sessions, those used last first.
    var all: [MCPSession] { entries.values.sorted { $0.lastUse > $1.lastUse }.map(\.session) }

    /// The session with a handle, or the default one if there is no handle.
    func session(_ handle: String?) async throws -> MCPSession {
        guard let handle else { return try await standard() }
        if var entry = entries[handle] {
            uses += 1
            entry.lastUse = uses
            entries[handle] = entry
            return entry.session
        }
        guard dropped.contains(handle) else {
            throw ToolFailure("There is no session \(PlainText.name(handle)). Leave `session` out for \(other).")
        }
        throw ToolFailure(
            "Session \(handle) has ended: there can be \(maxSessions) sessions, and it was the one that was not used "
                + "for the longest time. Leave `session` out for \(other)."
        )
    }

    /// The session that a request without a handle gets.
    private var other: String { sharesDefault ? "the default one, or copy it with fork_session" : "a new one" }

    /// Copies a session in its present state.
    func fork(_ session: MCPSession) async throws -> MCPSession {
        let sandbox = try await session.sandbox.fork()
        var state = session.current
        state.users = 0
        return try add(sandbox, state)
    }

    /// The default session, which never goes; a new one if requests do not share one.
    private func standard() async throws -> MCPSession {
        guard sharesDefault else { return try await fresh() }
        if let defaultSession { return try await defaultSession.value }
        let task = Task { try await fresh() }
        defaultSession = task
        do {
            return try await task.value
        } catch {
            defaultSession = nil
            throw error
        }
    }

    private func fresh() async throws -> MCPSession {
        let sandbox = try await base.fork()
        try await sandbox.makeDirectory(SessionFiles.outputFolder)
        return try add(sandbox, MCPSession.State())
    }

    private func add(_ sandbox: Sandbox, _ state: MCPSession.State) throws -> MCPSession {
        while entries.count >= maxSessions { try dropOldest() }
        let session = MCPSession(
            handle: Self.newHandle(),
            sandbox: sandbox,
            maxUndoPoints: maxUndoPoints,
            state: state
        )
        uses += 1
        entries[session.handle] = Entry(session: session, lastUse: uses)
        if sharesDefault { standardHandle = standardHandle ?? session.handle }
        return session
    }

    private func dropOldest() throws {
        let idle = entries.filter { $0.key != standardHandle && $0.value.session.isIdle }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            throw ToolFailure("There are \(maxSessions) sessions, and all of them are in use.")
        }
        entries[oldest.key] = nil
        dropped.append(oldest.key)
        if dropped.count > Self.maxDropped { dropped.removeFirst() }
    }

    /// A handle that nobody can guess: 128 random bits.
    private static func newHandle() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(generator.next(), radix: 16) + "." + String(generator.next(), radix: 16)
        let halves = digits.split(separator: ".").map { String(repeating: "0", count: 16 - $0.count) + $0 }
        return "s_" + halves.joined()
    }
}
