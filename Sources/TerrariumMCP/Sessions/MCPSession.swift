// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// A sandbox that a client knows by its handle, with what is needed to take runs back.
final class MCPSession: Sendable {
    /// The state before a run.
    struct UndoPoint: Sendable {
        /// The number of the run.
        let run: Int
        let snapshot: Snapshot
    }

    struct State: Sendable {
        /// The number of the last run; 0 if there was none.
        var run = 0
        /// The states before the last runs, oldest first.
        var undoPoints: [UndoPoint] = []
        /// The functions of the client that programs may await.
        var functions: [ClientFunction] = []
        /// The numbers of the calls that a suspended program waits for.
        var pendingCalls: Set<Int> = []
        /// The files that the client wrote.
        var writtenPaths: [String] = []
        /// The files that answers have told of, with their sizes.
        var knownFiles: [String: UInt64] = [:]
        /// The number of requests that wait for their turn or have it.
        var users = 0
    }

    /// The largest number of requests that wait for one session.
    private static let maxUsers = 32

    let handle: String
    let sandbox: Sandbox
    private let state: Mutex<State>
    private let turnstile = Turnstile()
    private let maxUndoPoints: Int

    init(handle: String, sandbox: Sandbox, maxUndoPoints: Int, state: State = State()) {
        self.handle = handle
        self.sandbox = sandbox
        self.maxUndoPoints = maxUndoPoints
        self.state = Mutex(state)
    }

    /// The state; for reading.
    var current: State { state.withLock { $0 } }

    func update<Result>(_ body: (inout sending State) -> sending Result) -> sending Result {
        state.withLock { body(&$0) }
    }

    /// True while no request uses the session.
    var isIdle: Bool { state.withLock { $0.users == 0 } }

    /// Does something while nothing else happens in the session; others wait, in the order in which they came.
    func exclusively<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let isAdmitted = state.withLock { state in
            guard state.users < Self.maxUsers else { return false }
            state.users += 1
            return true
        }
        guard isAdmitted else {
            throw ToolFailure("Too many calls wait for session \(handle); wait for their answers.")
        }
        defer { state.withLock { $0.users -= 1 } }
        try await turnstile.enter()
        defer { turnstile.leave() }
        return try await body()
    }

    /// Counts a run that is about to begin, and keeps the state before it.
    func beginRun() async throws -> Int {
        let snapshot = try await sandbox.snapshot()
        return state.withLock { state in
            state.run += 1
            state.undoPoints.append(UndoPoint(run: state.run, snapshot: snapshot))
            if state.undoPoints.count > maxUndoPoints { state.undoPoints.removeFirst() }
            return state.run
        }
    }

    /// Puts the session back into the state after a run.
    ///
    /// - Parameter run: The run's number; the one before the last if `nil`.
    /// - Returns: The number.
    /// - Throws: `ToolFailure` if there is no such run, or its state is not kept.
    func undo(to run: Int?) async throws -> Int {
        let state = current
        let last = state.run
        guard last > 0 else { throw ToolFailure("There is no run in session \(handle) to take back.") }
        let target = run ?? last - 1
        guard target < last else {
            throw ToolFailure("The last run of session \(handle) is run \(last); `to_run` must be an earlier one.")
        }
        guard target >= 0, let point = state.undoPoints.first(where: { $0.run == target + 1 }) else {
            let earliest = (state.undoPoints.first?.run ?? last) - 1
            throw ToolFailure("Session \(handle) can go back to run \(earliest) at the earliest.")
        }
        try await sandbox.rollback(to: point.snapshot)
        self.state.withLock { state in
            state.run = target
            state.undoPoints.removeAll { $0.run > target }
            state.pendingCalls = []
            state.knownFiles = [:]
        }
        return target
    }
}
