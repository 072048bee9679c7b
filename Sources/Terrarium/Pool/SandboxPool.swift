// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Sandboxes for a server: a bounded number at once, each fresh, some of them ready ahead of time.
///
///     let pool = SandboxPool(image, functions: functions)
///     let run = try await pool.run("2 + 2", tenant: user.id)
///
/// Tenants take turns: one that asks for a thousand runs delays another's single run by one run, not by a thousand. No
/// sandbox is used for two requests, so nothing of one is left for the next.
public final class SandboxPool: Sendable {
    private struct State {
        var statistics = Statistics()
        var observer: Observer?
        var queue = FairQueue<String, Waiter>()
        var running: [String: Int] = [:]
        var lastNumber = 0
        var ready: [Sandbox] = []
        var refill: Task<Void, Never>?
        var idleTimer: Task<Void, Never>?
        var isShutDown = false
        var shutdownWaiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The image that sandboxes start from.
    public let image: Image
    /// The limits of each run.
    public let limits: Limits
    /// The bounds of the pool.
    public let configuration: Configuration
    private let functions: [HostFunction]
    private let state = Mutex(State())

    /// Creates a pool, which makes its first sandbox when the first is asked for.
    ///
    /// - Parameters:
    ///   - image: The image that sandboxes start from.
    ///   - functions: The functions that programs may call.
    ///   - limits: The limits of each run.
    ///   - configuration: The bounds of the pool; there is at least one sandbox, for each tenant too.
    public init(
        _ image: Image,
        functions: [HostFunction] = [],
        limits: Limits = Limits(),
        configuration: Configuration = .init()
    ) {
        self.image = image
        self.functions = functions
        self.limits = limits
        var configuration = configuration
        configuration.maxSandboxes = max(1, configuration.maxSandboxes)
        configuration.maxSandboxesPerTenant = configuration.maxSandboxesPerTenant.map { max(1, $0) }
        self.configuration = configuration
    }

    deinit {
        state.withLock { state in
            state.refill?.cancel()
            state.idleTimer?.cancel()
        }
    }

    /// The work of the pool at the moment, for metrics.
    public var statistics: Statistics {
        state.withLock { state in
            state.statistics.waiting = state.queue.count
            state.statistics.warm = state.ready.count
            return state.statistics
        }
    }

    /// Sets the observer.
    ///
    /// It is called on arbitrary threads; a second call replaces the first.
    package func observe(_ observer: @escaping Observer) {
        state.withLock { $0.observer = observer }
    }

    private func tell(_ event: Event) {
        guard let observer = state.withLock({ $0.observer }) else { return }
        observer(event, statistics)
    }

    /// Runs a program in a sandbox of its own.
    ///
    /// - Parameters:
    ///   - program: The program; a string literal is one.
    ///   - tenant: The tenant whose turn it takes.
    /// - Returns: Its outcome.
    /// - Throws: As ``withSandbox(tenant:_:)`` and ``Sandbox/run(_:)``.
    public func run(_ program: Program, tenant: String = "") async throws -> Run {
        try await withSandbox(tenant: tenant) { try await $0.run(program) }
    }

    /// Lends a fresh sandbox.
    ///
    /// - Parameters:
    ///   - tenant: The tenant whose turn it takes.
    ///   - body: Uses the sandbox, which is dropped afterwards.
    /// - Returns: The closure's result.
    /// - Throws: The closure's error; `SandboxError` with the code `.overloaded` if too many wait, the wait takes longer
    ///   than ``Configuration/acquireTimeout`` or the pool was shut down; `CancellationError` if the task was cancelled
    ///   while it waited.
    public func withSandbox<Result>(
        tenant: String = "",
        _ body: (Sandbox) async throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        do {
            try await enter(tenant)
        } catch {
            if (error as? SandboxError)?.code == .overloaded { tell(.refused) }
            throw error
        }
        let waited = ContinuousClock.now - start
        let sandbox = state.withLock { state in
            state.statistics.started += 1
            state.statistics.waitingTime += waited
            return state.ready.popLast()
        }
        tell(.started(waited: waited))
        refill()
        let begin = ContinuousClock.now
        do {
            let result = try await body(sandbox ?? makeSandbox())
            leave(tenant, failed: nil, after: ContinuousClock.now - begin)
            return result
        } catch {
            leave(tenant, failed: error, after: ContinuousClock.now - begin)
            throw error
        }
    }

    /// Refuses all further requests, and waits until those that were made before have been served.
    public func shutDown() async {
        state.withLock { state in
            state.isShutDown = true
            state.refill?.cancel()
            state.idleTimer?.cancel()
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

    private func makeSandbox() -> Sandbox {
        Sandbox(image, functions: functions, limits: limits)
    }

    // MARK: - Turns

    private func enter(_ tenant: String) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let timer = configuration.acquireTimeout.map { timeout in
            Task { [weak self] in
                guard (try? await Task.sleep(for: timeout)) != nil else { return }
                self?.refuse(number, of: tenant, after: timeout)
            }
        }
        defer { timer?.cancel() }
        try await waitCancellably {
            admit($0, number, tenant)
        } remove: {
            state.withLock { $0.queue.remove(number: number, of: tenant) }
        }
    }

    private func refuse(_ number: Int, of tenant: String, after timeout: Duration) {
        let waiter = state.withLock { state in
            let waiter = state.queue.remove(number: number, of: tenant)
            if waiter != nil { state.statistics.refused += 1 }
            return waiter
        }
        let message = "No sandbox became free within \(timeout.shortText); try again later."
        waiter?.resume(throwing: SandboxError(.overloaded, message))
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
            if state.statistics.running < configuration.maxSandboxes, mayRun(tenant, state) {
                start(tenant, &state)
                return .success(())
            }
            guard state.queue.count < configuration.maxWaiting else {
                state.statistics.refused += 1
                let message = "\(state.queue.count) requests wait for a sandbox; try again later."
                return .failure(SandboxError(.overloaded, message))
            }
            state.queue.append(waiter, number: number, of: tenant)
            return nil
        }
    }

    private func mayRun(_ tenant: String, _ state: borrowing State) -> Bool {
        configuration.maxSandboxesPerTenant.map { state.running[tenant, default: 0] < $0 } ?? true
    }

    private func start(_ tenant: String, _ state: inout State) {
        state.statistics.running += 1
        state.running[tenant, default: 0] += 1
        state.idleTimer?.cancel()
        state.idleTimer = nil
    }

    private func leave(_ tenant: String, failed error: (any Error)?, after time: Duration) {
        let (next, waiters) = state.withLock { state in
            if error == nil { state.statistics.succeeded += 1 } else { state.statistics.failed += 1 }
            state.statistics.running -= 1
            let running = state.running[tenant, default: 0] - 1
            state.running[tenant] = running > 0 ? running : nil
            let counts = state.running
            let next = state.queue.popFirst { tenant in
                configuration.maxSandboxesPerTenant.map { counts[tenant, default: 0] < $0 } ?? true
            }
            if let next {
                start(next.tenant, &state)
                return (Waiter?.some(next.element), [CheckedContinuation<Void, Never>]())
            }
            if state.statistics.running == 0 { startIdleTimer(&state) }
            guard state.isShutDown, state.statistics.running == 0 else { return (nil, []) }
            defer { state.shutdownWaiters = [] }
            return (nil, state.shutdownWaiters)
        }
        next?.resume()
        tell(.ended(time, error))
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - Ready sandboxes

    private func startIdleTimer(_ state: inout State) {
        guard let timeout = configuration.idleTimeout, !state.isShutDown else { return }
        state.idleTimer = Task { [weak self] in
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            self?.dropReady()
        }
    }

    private func dropReady() {
        // Freed outside of the lock.
        let dropped = state.withLock { state -> [Sandbox] in
            guard state.statistics.running == 0, !Task.isCancelled else { return [] }
            state.refill?.cancel()
            defer { state.ready = [] }
            return state.ready
        }
        _ = dropped
    }

    /// Makes sandboxes ready, one at a time, until there are enough.
    private func refill() {
        state.withLock { state in
            guard state.refill == nil, !state.isShutDown, state.ready.count < configuration.warmSandboxes else {
                return
            }
            state.refill = Task { [weak self] in
                while let sandbox = self?.sandboxToPrepare() {
                    // One whose functions Python does not allow is refused to whoever runs it.
                    try? await sandbox.prepare()
                    self?.keep(sandbox)
                }
            }
        }
    }

    private func sandboxToPrepare() -> Sandbox? {
        let isWanted = state.withLock { state in
            let isWanted = state.ready.count < configuration.warmSandboxes && !state.isShutDown && !Task.isCancelled
            if !isWanted { state.refill = nil }
            return isWanted
        }
        return isWanted ? makeSandbox() : nil
    }

    private func keep(_ sandbox: Sandbox) {
        state.withLock { state in
            if !state.isShutDown, !Task.isCancelled { state.ready.append(sandbox) }
        }
        tell(.prepared)
    }
}
