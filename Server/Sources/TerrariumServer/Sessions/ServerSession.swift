// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import HTTPTypes
import Synchronization
import Terrarium

/// A sandbox that a tenant knows by its name, with its runs.
///
/// It is stored after everything that changes it, before the answer. While nobody uses it, it is only there.
final class ServerSession: Sendable {
    /// The choices of the request that made the session.
    struct Settings: Sendable {
        var timeToLive = Duration.seconds(3_600)
        var metadata: [(name: String, value: String)] = []
        var functions: [DeclaredFunction] = []
        /// The token by which clients of E2B's protocol use the session, if one of them made it.
        var accessToken: String?
        /// A Boolean value that tells whether such a client paused it.
        var isPaused = false
    }

    /// The things that all sessions of a server have in common.
    struct Environment: Sendable {
        let store: SessionStore
        let image: Image
        let limits: Limits
    }

    private struct State: Sendable {
        /// The sandbox, if the session is awake.
        var sandbox: Sandbox?
        var lastRun = 0
        /// The run after which the stored state is.
        var storedRun = 0
        /// The bytes of all its stored states.
        var storedBytes = 0
        var runs: [SessionRun] = []
        var lastUse = ContinuousClock.now
        var settings: Settings
        var isRemoved = false
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
    let limits: Limits
    let queue = TaskQueue(maxCount: maxWaiting)
    private let environment: Environment
    private let state: Mutex<State>

    /// Makes a session that is awake, and not stored yet.
    init(id: String, tenant: Tenant, serial: Int, sandbox: Sandbox, settings: Settings, environment: Environment) {
        self.id = id
        self.tenant = tenant
        self.serial = serial
        self.environment = environment
        limits = sandbox.limits
        createdAt = .now
        state = Mutex(State(sandbox: sandbox, settings: settings))
    }

    /// Makes a session that sleeps in the store.
    ///
    /// - Throws: The errors of reading what is stored of it.
    init(_ record: SessionStore.Record, environment: Environment) throws {
        let settings: SessionRecord.Settings = try SessionRecord.value(record.settings)
        id = record.id
        tenant = Tenant(name: record.tenant)
        serial = record.serial
        self.environment = environment
        limits = settings.limits(environment.limits)
        createdAt = Date(timeIntervalSince1970: record.createdAt)
        var state = State(settings: settings.settings)
        state.lastRun = record.lastRun
        state.storedRun = record.lastRun
        state.storedBytes = record.storedBytes
        if let suspension = record.suspension {
            let suspended: SessionRecord.Suspension = try SessionRecord.value(suspension)
            state.runs = [SessionRun(number: suspended.run, calls: suspended.calls)]
        }
        self.state = Mutex(state)
    }

    var settings: Settings { state.withLock { $0.settings } }
    var runs: [SessionRun] { state.withLock { $0.runs } }
    var lastRun: Int { state.withLock { $0.lastRun } }
    /// The bytes of all its stored states.
    var storedBytes: Int { state.withLock { $0.storedBytes } }
    var functionNames: Set<String> { Set(settings.functions.map(\.name)) }

    // MARK: - Time

    /// Notes that somebody uses the session.
    func touch() { state.withLock { $0.lastUse = .now } }

    /// The time for which nobody has used the session.
    var idleTime: Duration { state.withLock { .now - $0.lastUse } }

    /// The time until nobody has used the session for long enough.
    var timeLeft: Duration { state.withLock { $0.lastUse + $0.settings.timeToLive - .now } }

    var isExpired: Bool { queue.isIdle && timeLeft <= .zero }

    // MARK: - Sleep

    /// The sandbox, if the session is awake.
    var awakeSandbox: Sandbox? { state.withLock { $0.sandbox } }

    /// The sandbox, woken if it sleeps; for tasks of the queue only.
    ///
    /// - Throws: ``ProblemDetails`` if the stored state is of another image.
    func sandbox() async throws -> Sandbox {
        if let sandbox = awakeSandbox { return sandbox }
        let run = state.withLock { $0.storedRun }
        let sandbox = try Sandbox(
            restoring: try await snapshot(after: run).snapshot,
            functions: settings.functions.isEmpty ? [] : [DeclaredFunction.host],
            limits: limits
        )
        state.withLock { $0.sandbox = sandbox }
        return sandbox
    }

    private func snapshot(after run: Int) async throws -> (run: Int, snapshot: Snapshot) {
        guard run >= 0, let found = try await environment.store.snapshot(of: id, after: run) else {
            throw ProblemDetails.noSuchState
        }
        do { return (found.run, try Snapshot(decoding: found.bytes, image: environment.image)) } catch {
            throw ProblemDetails(
                .gone,
                "image-changed",
                "The session cannot go on.",
                detail: "It was made with another image than the server has now."
            )
        }
    }

    /// Lets go of the sandbox, unless somebody wants it by then.
    func sleep(after time: Duration) async {
        guard awakeSandbox != nil, queue.isIdle, idleTime >= time else { return }
        try? await queue.run { [self] in
            guard idleTime >= time else { return }
            state.withLock { $0.sandbox = nil }
        }
    }

    // MARK: - Storing

    /// Stores the session with its present state; for tasks of the queue only.
    ///
    /// - Parameters:
    ///   - run: The run after which the state is; that of the stored state if `nil`.
    ///   - original: The session that this is a copy of.
    /// - Throws: The errors of the database.
    func store(after run: Int? = nil, copying original: String? = nil) async throws {
        guard let sandbox = awakeSandbox, !state.withLock({ $0.isRemoved }) else { return }
        let run = run ?? state.withLock { $0.storedRun }
        let snapshot = try await sandbox.snapshot()
        let bytes = try await environment.store.save(
            try record(after: run),
            snapshot: snapshot.encoded(),
            copying: original,
            keptRuns: Self.maxKeptRuns
        )
        state.withLock { state in
            state.storedRun = run
            state.storedBytes = bytes
        }
    }

    /// Changes the settings, and stores them.
    func change(_ change: (inout Settings) -> Void) async throws {
        let settings = state.withLock { state in
            change(&state.settings)
            return state.settings
        }
        let data = try SessionRecord.data(SessionRecord.Settings(settings, limits))
        try await environment.store.saveSettings(data, of: id)
    }

    private func record(after run: Int) throws -> SessionStore.Record {
        let suspension = suspendedRun.map { SessionRecord.Suspension(run: $0.number, calls: $0.calls) }
        return SessionStore.Record(
            id: id,
            tenant: tenant.name,
            serial: serial,
            image: environment.image.identity,
            createdAt: createdAt.timeIntervalSince1970,
            settings: try SessionRecord.data(SessionRecord.Settings(settings, limits)),
            lastRun: run,
            suspension: try suspension.map { try SessionRecord.data($0) }
        )
    }

    /// Stops everything, and forgets what is stored; nobody can find the session any more.
    func remove() async throws {
        state.withLock { $0.isRemoved = true }
        for run in openRuns { run.stop(nil, isFinal: true) }
        try await environment.store.remove(id)
        // Once more after all that may have stored it meanwhile.
        _ = try? queue.add(prepare: {}) { [environment, id] in try await environment.store.remove(id) }
    }

    /// Does something in the sandbox when nothing else happens in the session, and it is the tenant's turn; not while the
    /// client is gone.
    ///
    /// - Parameters:
    ///   - runner: The turns of all tenants.
    ///   - isChange: True to store the session afterwards.
    ///   - body: The deed.
    /// - Returns: The closure's result.
    /// - Throws: ``ProblemDetails`` if too many wait, and the closure's errors.
    func inTurn<Result: Sendable>(
        _ runner: ProgramRunner,
        isChange: Bool = false,
        _ body: @escaping @Sendable (Sandbox) async throws -> Result
    ) async throws -> Result {
        try await whileClientIsThere { [self] in
            try await queue.run { [self] in
                try await runner.turn(of: tenant) { _ in
                    let result = try await body(sandbox())
                    if isChange { try await store() }
                    return result
                }
            }
        }
    }

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

    /// Goes back to the state after a run; the one before the last if `nil`.
    ///
    /// It is for tasks of the queue only.
    ///
    /// - Throws: ``ProblemDetails`` if that state is not kept.
    func rollBack(to run: Int?) async throws {
        let stored = state.withLock { $0.storedRun }
        let target = run ?? stored - 1
        guard target < stored else { throw ProblemDetails.noSuchState }
        let sandbox = try await sandbox()
        let found = try await snapshot(after: target)
        try await sandbox.rollback(to: found.snapshot)
        state.withLock { state in
            state.runs.removeAll { $0.number > target && ($0.answer != nil || !$0.calls.isEmpty) }
            // Runs that wait for their turn have their numbers already.
            state.lastRun = max(target, state.runs.map(\.number).max() ?? 0)
        }
        try await store(after: target)
    }

    /// Makes a session in the same state, and stores it; for tasks of the queue only.
    func fork(id: String, serial: Int) async throws -> ServerSession {
        let copy = try await sandbox().fork()
        let session = ServerSession(
            id: id,
            tenant: tenant,
            serial: serial,
            sandbox: copy,
            settings: settings,
            environment: environment
        )
        let run = state.withLock { $0.storedRun }
        let waiting = suspendedRun.map { SessionRun(copying: $0) }
        session.state.withLock { state in
            state.lastRun = run
            state.runs = [waiting].compactMap(\.self)
        }
        try await session.store(after: run, copying: self.id)
        return session
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
            ), "functions": .list(settings.functions.map { PythonValue($0.name) }),
        ]
    }
}

extension ProblemDetails {
    static let noSuchState = ProblemDetails(
        .conflict,
        "no-such-state",
        "The session has no such state.",
        detail: "It can go back to the states before its last \(ServerSession.maxKeptRuns) runs."
    )
}
