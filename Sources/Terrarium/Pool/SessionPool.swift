// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Sessions for a server: a bounded number at once, each fresh, some of them ready ahead of time.
///
///     let pool = SessionPool(terrarium, functions: functions)
///     let run = try await pool.run(code, tenant: user.id)
///
/// Tenants take turns: one that asks for a thousand runs delays another's single run by one run, not by a thousand. No
/// session is used for two programs, so nothing of one is left for the next.
public final class SessionPool: Sendable {
    /// How much a pool takes.
    public struct Configuration: Sendable, Hashable {
        /// How many sessions are in use at once; default 16.
        ///
        /// Each takes memory up to its limits.
        public var maxSessions = 16
        /// How many requests may wait for a session; default 1,000.
        ///
        /// Those beyond are refused at once.
        public var maxWaiting = 1_000
        /// How many sessions are kept ready, their interpreter alive and told about the functions; default 2.
        public var warmSessions = 2

        /// The default configuration.
        public init() {}
    }

    /// What a pool is doing, and has done since it was made.
    public struct Statistics: Sendable, Hashable {
        /// Sessions that are in use.
        public internal(set) var running = 0
        /// Requests that wait for a session.
        public internal(set) var waiting = 0
        /// Sessions that are ready.
        public internal(set) var warm = 0
        /// Requests that got a session.
        public internal(set) var started = 0
        /// Requests whose closure returned.
        public internal(set) var succeeded = 0
        /// Requests whose closure threw.
        public internal(set) var failed = 0
        /// Requests that were refused, because too many waited or the pool was shut down.
        public internal(set) var refused = 0
        /// How long requests waited for a session, all together.
        public internal(set) var waitingTime = Duration.zero
    }

    /// Something that happened in a pool.
    package enum Event: Sendable {
        /// A request got a session.
        case started(waited: Duration)
        /// The closure of a request returned or threw.
        case ended(Duration, (any Error)?)
        /// A request was refused.
        case refused
        /// One more session is ready.
        case prepared
        case shutDownBegan
        case shutDownEnded
    }

    /// Who is told what happens, with the statistics after it.
    package typealias Observer = @Sendable (Event, Statistics) -> Void

    private struct State {
        var statistics = Statistics()
        var observer: Observer?
        var queue = FairQueue<String, Waiter>()
        var lastNumber = 0
        var ready: [Session] = []
        var refill: Task<Void, Never>?
        var isShutDown = false
        var shutdownWaiters: [CheckedContinuation<Void, Never>] = []
    }

    /// What sessions start from, and their limits.
    public let terrarium: Terrarium
    /// How much the pool takes.
    public let configuration: Configuration
    private let functions: [HostFunction]
    private let state = Mutex(State())

    /// Creates a pool, which makes its first sessions when the first is asked for.
    ///
    /// - Parameters:
    ///   - terrarium: What sessions start from, and their limits.
    ///   - functions: What programs may call.
    ///   - configuration: How much the pool takes.
    public init(_ terrarium: Terrarium, functions: [HostFunction] = [], configuration: Configuration = .init()) {
        precondition(configuration.maxSessions > 0, "a pool has at least one session")
        self.terrarium = terrarium
        self.functions = functions
        self.configuration = configuration
    }

    deinit {
        state.withLock { $0.refill }?.cancel()
    }

    /// What the pool is doing, for metrics.
    public var statistics: Statistics {
        state.withLock { state in
            state.statistics.waiting = state.queue.count
            state.statistics.warm = state.ready.count
            return state.statistics
        }
    }

    /// Has somebody told what happens from now on, on the threads where it happens; there is one observer at most.
    package func observe(_ observer: @escaping Observer) {
        state.withLock { $0.observer = observer }
    }

    private func tell(_ event: Event) {
        guard let observer = state.withLock({ $0.observer }) else { return }
        observer(event, statistics)
    }

    /// Runs a program in a session of its own.
    ///
    /// - Parameters:
    ///   - code: Python source of any length.
    ///   - tenant: Whose turn it takes.
    ///   - inputs: Variables to set before.
    ///   - forms: Which forms of the value are wanted; default its value only.
    /// - Returns: What came of it.
    /// - Throws: As ``withSession(tenant:_:)`` and ``Session/run(_:name:inputs:arguments:standardInput:forms:)``.
    public func run(
        _ code: String,
        tenant: String = "",
        inputs: [String: PythonValue] = [:],
        forms: Run.Forms = .value
    ) async throws -> Run {
        try await withSession(tenant: tenant) { try await $0.run(code, inputs: inputs, forms: forms) }
    }

    /// Lends a fresh session.
    ///
    /// - Parameters:
    ///   - tenant: Whose turn it takes.
    ///   - body: Uses the session, which is thrown away afterwards.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws; `SandboxError` with the code `.overloaded` if too many wait or the pool was shut
    ///   down, `CancellationError` if the task was cancelled while it waited.
    public func withSession<Result>(
        tenant: String = "",
        _ body: (Session) async throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        do {
            try await enter(tenant)
        } catch {
            if (error as? SandboxError)?.code == .overloaded { tell(.refused) }
            throw error
        }
        let waited = ContinuousClock.now - start
        let session = state.withLock { state in
            state.statistics.started += 1
            state.statistics.waitingTime += waited
            return state.ready.popLast()
        }
        tell(.started(waited: waited))
        refill()
        let begin = ContinuousClock.now
        do {
            let result = try await body(session ?? makeSession())
            leave(failed: nil, after: ContinuousClock.now - begin)
            return result
        } catch {
            leave(failed: error, after: ContinuousClock.now - begin)
            throw error
        }
    }

    /// Refuses all further requests, and waits until those that have a session are done and those that wait have been
    /// served.
    public func shutDown() async {
        state.withLock { state in
            state.isShutDown = true
            state.refill?.cancel()
        }
        tell(.shutDownBegan)
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard state.statistics.running > 0 || state.queue.count > 0 else { return true }
                state.shutdownWaiters.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
        state.withLock { $0.ready = [] }
        tell(.shutDownEnded)
    }

    private func makeSession() -> Session {
        Session(terrarium.image, functions: functions, limits: terrarium.limits)
    }

    private func enter(_ tenant: String) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await waitCancellably {
            admit($0, number, tenant)
        } remove: {
            state.withLock { $0.queue.remove(number: number, of: tenant) }
        }
    }

    /// Lets a request in, refuses it, or has it wait.
    private func admit(
        _ waiter: Waiter,
        _ number: Int,
        _ tenant: String
    ) -> Result<Void, any Error>? {
        state.withLock { state in
            // A cancellation from here on finds the number in the queue.
            if Task.isCancelled { return .failure(CancellationError()) }
            guard !state.isShutDown else {
                state.statistics.refused += 1
                return .failure(SandboxError(.overloaded, "The pool was shut down."))
            }
            guard state.statistics.running >= configuration.maxSessions else {
                state.statistics.running += 1
                return .success(())
            }
            guard state.queue.count < configuration.maxWaiting else {
                state.statistics.refused += 1
                let message = "\(state.queue.count) requests wait for a session; try again later."
                return .failure(SandboxError(.overloaded, message))
            }
            state.queue.append(waiter, number: number, of: tenant)
            return nil
        }
    }

    private func leave(failed error: (any Error)?, after time: Duration) {
        let (next, waiters) = state.withLock { state in
            if error == nil { state.statistics.succeeded += 1 } else { state.statistics.failed += 1 }
            if let next = state.queue.popFirst() {
                return (Waiter?.some(next), [CheckedContinuation<Void, Never>]())
            }
            state.statistics.running -= 1
            guard state.isShutDown, state.statistics.running == 0 else { return (nil, []) }
            defer { state.shutdownWaiters = [] }
            return (nil, state.shutdownWaiters)
        }
        next?.resume()
        tell(.ended(time, error))
        for waiter in waiters { waiter.resume() }
    }

    /// Makes sessions ready, one at a time, until there are enough.
    private func refill() {
        state.withLock { state in
            guard state.refill == nil, !state.isShutDown, state.ready.count < configuration.warmSessions else { return }
            state.refill = Task { [weak self] in
                while let session = self?.sessionToPrepare() {
                    // One whose functions Python does not allow is refused to whoever runs it.
                    try? await session.prepare()
                    self?.keep(session)
                }
            }
        }
    }

    private func sessionToPrepare() -> Session? {
        let isWanted = state.withLock { state in
            let isWanted = state.ready.count < configuration.warmSessions && !state.isShutDown && !Task.isCancelled
            if !isWanted { state.refill = nil }
            return isWanted
        }
        return isWanted ? makeSession() : nil
    }

    private func keep(_ session: Session) {
        state.withLock { state in
            if !state.isShutDown { state.ready.append(session) }
        }
        tell(.prepared)
    }
}
