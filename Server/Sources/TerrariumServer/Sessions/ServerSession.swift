// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import HTTPTypes
import Synchronization
import Terrarium

/// A sandbox that a tenant knows by its name, with its runs.
final class ServerSession: Sendable {
    /// The choices of the request that made the session.
    struct Settings: Sendable {
        var timeToLive = Duration.seconds(3_600)
        var metadata: [(name: String, value: String)] = []
        var functions: [DeclaredFunction] = []
    }

    /// The state before a run.
    private struct UndoPoint: Sendable {
        let run: Int
        let snapshot: Snapshot
    }

    private struct State: Sendable {
        var lastRun = 0
        var runs: [SessionRun] = []
        var undoPoints: [UndoPoint] = []
        var lastUse = ContinuousClock.now
        var settings: Settings
    }

    /// The number of runs whose answers are kept, and that can be taken back.
    static let maxKeptRuns = 16
    /// The number of requests that wait for a session.
    private static let maxWaiting = 32

    let id: String
    let tenant: Tenant
    /// The place among all sessions, in the order in which they were made.
    let serial: Int
    let createdAt: Date
    let sandbox: Sandbox
    let queue = TaskQueue(maxCount: maxWaiting)
    private let state: Mutex<State>

    init(id: String, tenant: Tenant, serial: Int, sandbox: Sandbox, settings: Settings) {
        self.id = id
        self.tenant = tenant
        self.serial = serial
        self.sandbox = sandbox
        createdAt = .now
        state = Mutex(State(settings: settings))
    }

    var settings: Settings { state.withLock { $0.settings } }
    var runs: [SessionRun] { state.withLock { $0.runs } }
    var lastRun: Int { state.withLock { $0.lastRun } }
    var functionNames: Set<String> { Set(settings.functions.map(\.name)) }

    func update(_ change: (inout Settings) -> Void) {
        state.withLock { change(&$0.settings) }
    }

    // MARK: - Time

    /// Notes that somebody uses the session.
    func touch() {
        state.withLock { $0.lastUse = .now }
    }

    /// The time until nobody has used the session for long enough.
    var timeLeft: Duration { state.withLock { $0.lastUse + $0.settings.timeToLive - .now } }

    var isExpired: Bool { queue.isIdle && timeLeft <= .zero }

    // MARK: - Runs

    /// The run with a number.
    ///
    /// - Throws: ``ProblemDetails`` if there is none, or its answer is no longer kept.
    func run(_ number: String) throws -> SessionRun {
        guard let number = Int(number), let run = runs.first(where: { $0.number == number }) else {
            throw ProblemDetails.notFound
        }
        return run
    }

    /// The run that waits for its client.
    var suspendedRun: SessionRun? { runs.last { !$0.calls.isEmpty } }

    /// The runs that are not over.
    var openRuns: [SessionRun] { runs.filter { $0.answer == nil } }

    /// Counts a run, which has the next number.
    func makeRun() -> SessionRun {
        state.withLock { state in
            state.lastRun += 1
            let run = SessionRun(number: state.lastRun)
            state.runs.append(run)
            if state.runs.count > Self.maxKeptRuns, let index = state.runs.firstIndex(where: { $0.answer != nil }) {
                state.runs.remove(at: index)
            }
            return run
        }
    }

    /// Keeps the state before a run.
    func keepState(before run: SessionRun) async throws {
        let snapshot = try await sandbox.snapshot()
        state.withLock { state in
            state.undoPoints.append(UndoPoint(run: run.number, snapshot: snapshot))
            if state.undoPoints.count > Self.maxKeptRuns { state.undoPoints.removeFirst() }
        }
    }

    /// Goes back to the state after a run; the one before the last if `nil`.
    ///
    /// - Throws: ``ProblemDetails`` if that state is not kept.
    func rollBack(to run: Int?) async throws {
        let (last, points) = state.withLock { ($0.lastRun, $0.undoPoints) }
        let target = run ?? last - 1
        guard target < last, let point = points.first(where: { $0.run == target + 1 }) else {
            var problem = ProblemDetails(.conflict, "no-such-state", "The session has no such state.")
            problem.detail = points.first.map { "It can go back to run \($0.run - 1) at the earliest." }
            throw problem
        }
        try await sandbox.rollback(to: point.snapshot)
        state.withLock { state in
            state.lastRun = target
            state.undoPoints.removeAll { $0.run > target }
            state.runs.removeAll { $0.number > target }
        }
    }

    /// Makes a session in the same state.
    func fork(id: String, serial: Int) async throws -> ServerSession {
        let copy = try await sandbox.fork()
        let session = ServerSession(id: id, tenant: tenant, serial: serial, sandbox: copy, settings: settings)
        let copied = state.withLock { ($0.lastRun, $0.undoPoints) }
        let waiting = suspendedRun.map { SessionRun(copying: $0) }
        session.state.withLock { state in
            (state.lastRun, state.undoPoints) = copied
            state.runs = [waiting].compactMap(\.self)
        }
        return session
    }

    /// Stops everything; nobody can find the session any more.
    func close() {
        for run in openRuns { run.stop(nil, isFinal: true) }
    }

    // MARK: - For clients

    var value: PythonValue {
        let (settings, left, isIdle) = (settings, timeLeft, queue.isIdle)
        let condition = suspendedRun != nil ? "suspended" : isIdle ? "idle" : "running"
        let expiry = Date.now.addingTimeInterval(left.inSeconds)
        return [
            "id": PythonValue(id), "state": PythonValue(condition), "run": PythonValue(lastRun),
            "created_at": PythonValue(createdAt.ISO8601Format()), "expires_at": PythonValue(expiry.ISO8601Format()),
            "ttl_seconds": .float(settings.timeToLive.inSeconds),
            "metadata": .dict(
                settings.metadata.map { .init(key: PythonString($0.name), value: PythonValue($0.value)) }
            ),
            "functions": .list(settings.functions.map { PythonValue($0.name) }),
        ]
    }
}
