// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import DequeModule
import Dispatch
import Synchronization

/// Threads with big stacks that guest code runs on, a bounded number of them.
///
/// Guest code never runs on Swift's cooperative pool: that is as wide as the machine has cores, so a few programs that
/// sleep would stall the whole application, and its stacks are smaller than what CPython's recursion limit needs.
/// Threads are started when there is work and none is idle, and end after a while without work.
///
/// A thread that blocks, because its program waits for the host, gives its place to another: see ``whileBlocking(_:)``.
/// Nothing but guest code runs here, so no work that a blocked program waits for ever waits for a thread of the pool.
final class WorkerPool: Sendable {
    /// Bytes of stack that WebAssembly code may use; below this CPython raises its own `RecursionError` first.
    static let wasmStackBytes = 64 << 20

    private static let threadStackBytes = wasmStackBytes + (8 << 20)

    /// A thread without work looks for some this long before it goes to sleep: waking it takes longer than most runs.
    private static let nanosecondsBeforeSleep: UInt64 = 25_000

    /// The time after which a thread is tried to be started again if the system refused one.
    private static let retryInterval = DispatchTimeInterval.milliseconds(20)

    private struct State {
        var work: Deque<@Sendable () -> Void> = []
        var threads = 0
        /// Threads that sleep until they are signalled, and were not signalled yet.
        var sleeping = 0
        /// Threads whose program waits for the host.
        var blocked = 0
        var isRetrying = false
    }

    private let state = Mutex(State())
    /// A Boolean value that tells whether a thread looks for work without sleeping; there is one at most.
    private let isLooking = Atomic(false)
    /// The number of waiting closures, for the thread that looks.
    private let waitingCount = Atomic(0)
    private let wakeUp = DispatchSemaphore(value: 0)
    private let maxThreads: Int
    private let maxBlockedThreads: Int
    private let idleTime: DispatchTimeInterval

    /// - Parameters:
    ///   - maxThreads: The number of threads that run at once; further work waits in order.
    ///   - maxBlockedThreads: The number of blocked threads that others are started for.
    ///   - idleTime: The time after which a thread without work ends.
    init(maxThreads: Int, maxBlockedThreads: Int = 1_000, idleTime: DispatchTimeInterval = .seconds(10)) {
        precondition(maxThreads > 0, "a pool needs at least one thread")
        self.maxThreads = maxThreads
        self.maxBlockedThreads = maxBlockedThreads
        self.idleTime = idleTime
    }

    /// The number of threads at the moment.
    var threadCount: Int { state.withLock { $0.threads } }

    /// Runs a closure on one of the threads, after what was submitted before it.
    func submit(_ body: @escaping @Sendable () -> Void) {
        let action = state.withLock { state in
            state.work.append(body)
            waitingCount.store(state.work.count, ordering: .sequentiallyConsistent)
            return isLooking.load(ordering: .sequentiallyConsistent) ? .none : wakeOrStart(&state)
        }
        perform(action)
    }

    /// Runs a closure that blocks this thread; another takes its place meanwhile.
    ///
    /// On a thread of no pool it runs the closure.
    static func whileBlocking<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let owner = unsafe terrarium_thread_owner() else { return try body() }
        let pool = unsafe Unmanaged<WorkerPool>.fromOpaque(owner).takeUnretainedValue()
        let action = pool.state.withLock { state in
            state.blocked += 1
            return state.work.isEmpty ? .none : pool.wakeOrStart(&state)
        }
        pool.perform(action)
        defer { pool.state.withLock { $0.blocked -= 1 } }
        return try body()
    }

    /// Runs a closure on one of the threads and waits for it.
    @available(*, noasync, message: "blocks the thread")
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
        let isDone = DispatchSemaphore(value: 0)
        let box = OutcomeBox<Result>()
        submit {
            box.outcome.withLock { $0 = Swift.Result { try body() } }
            isDone.signal()
        }
        isDone.wait()
        guard let result = box.outcome.withLock(\.self) else { preconditionFailure("the work has no outcome") }
        return try result.get()
    }

    private final class OutcomeBox<Result: Sendable>: Sendable {
        let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    }

    // MARK: - Threads

    private enum Action: Sendable {
        case none, wake, start
    }

    /// Finds a thread for work that waits, under the lock.
    private func wakeOrStart(_ state: inout State) -> Action {
        if state.sleeping > 0 {
            state.sleeping -= 1
            return .wake
        }
        guard state.threads < maxThreads + min(state.blocked, maxBlockedThreads) else { return .none }
        state.threads += 1
        return .start
    }

    private func perform(_ action: Action) {
        switch action {
        case .none: return
        case .wake: wakeUp.signal()
        case .start: startThread()
        }
    }

    private func startThread() {
        let pool = unsafe Unmanaged.passRetained(self).toOpaque()
        let error = unsafe terrarium_start_thread(
            Self.threadStackBytes,
            { unsafe Unmanaged<WorkerPool>.fromOpaque($0).takeRetainedValue().runThread() },
            pool
        )
        guard error != 0 else { return }
        unsafe Unmanaged<WorkerPool>.fromOpaque(pool).release()
        // The system has no thread left, which may pass. The threads that there are take the work meanwhile.
        let retries = state.withLock { state in
            state.threads -= 1
            defer { state.isRetrying = true }
            return !state.isRetrying
        }
        guard retries else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.retryInterval) {
            let action = self.state.withLock { state in
                state.isRetrying = false
                return state.work.isEmpty ? .none : self.wakeOrStart(&state)
            }
            self.perform(action)
        }
    }

    private func runThread() {
        unsafe terrarium_set_thread_owner(Unmanaged.passUnretained(self).toOpaque())
        while true {
            if let next = takeNext() ?? lookForWork() {
                next()
                continue
            }
            let mayEnd = state.withLock { state in
                guard state.work.isEmpty else { return false }
                state.sleeping += 1
                return true
            }
            guard mayEnd else { continue }
            guard wakeUp.wait(timeout: .now() + idleTime) == .timedOut else { continue }
            // Ending is decided under the lock, so that work submitted just now finds this thread or starts one.
            let (isSignalled, ends) = state.withLock { state in
                guard state.sleeping > 0 else { return (true, false) }
                state.sleeping -= 1
                guard state.work.isEmpty else { return (false, false) }
                state.threads -= 1
                return (false, true)
            }
            if ends { return }
            // Each signal is taken by one thread, so that the number of those that sleep is right.
            if isSignalled { wakeUp.wait() }
        }
    }

    private func takeNext() -> (@Sendable () -> Void)? {
        state.withLock { state in
            let next = state.work.popFirst()
            waitingCount.store(state.work.count, ordering: .sequentiallyConsistent)
            return next
        }
    }

    /// Looks for work for some microseconds, if no other thread does.
    private func lookForWork() -> (@Sendable () -> Void)? {
        guard isLooking.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged
        else { return nil }
        let end = HostClock.nanoseconds(isWallClock: false) + Self.nanosecondsBeforeSleep
        while waitingCount.load(ordering: .relaxed) == 0, HostClock.nanoseconds(isWallClock: false) < end {
            for _ in 0..<8 { terrarium_pause() }
        }
        let next = state.withLock { state in
            // Under the lock: whoever submits from now on does not count on this thread.
            isLooking.store(false, ordering: .sequentiallyConsistent)
            let next = state.work.popFirst()
            waitingCount.store(state.work.count, ordering: .sequentiallyConsistent)
            return (next, state.work.isEmpty || next == nil ? Action.none : wakeOrStart(&state))
        }
        perform(next.1)
        return next.0
    }
}
