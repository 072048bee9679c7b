// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Dispatch
import Synchronization

/// Threads with big stacks that guest code runs on, a bounded number of them.
///
/// Guest code never runs on Swift's cooperative pool: that is as wide as the machine has cores, so a few programs that
/// sleep would stall the whole application, and its stacks are smaller than what CPython's recursion limit needs.
/// Threads are started when there is work and none is idle, and end after a while without work.
///
/// What runs on one of the threads often ends with the work that it submits, as a program does that awaits a call: the
/// thread goes on with it itself, since waking another takes longer than most of such work. If it does not get to it
/// within a moment, because it goes on with something else, the other threads are woken after all: that is the business of
/// whoever watches the pool, with ``watch()``, and unwatched the pool wakes a thread for everything.
///
/// As a task executor it runs the async code of sessions and their host functions.
final class WorkerPool: TaskExecutor {
    /// Bytes of stack that WebAssembly code may use; below this CPython raises its own `RecursionError` first.
    static let wasmStackBytes = 64 << 20

    private static let threadStackBytes = wasmStackBytes + (8 << 20)

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var firstWaiting = 0
        var threads = 0
        var idle = 0
        /// Of what waits, how much no thread was woken for; one of those that run will take it.
        var unannounced = 0
        var isWatched = false
        var takenCount: UInt64 = 0
        var takenCountAtWatch: UInt64 = 0

        var waitingCount: Int { waiting.count - firstWaiting }

        mutating func takeNext() -> (@Sendable () -> Void)? {
            guard firstWaiting < waiting.count else { return nil }
            defer {
                takenCount &+= 1
                firstWaiting += 1
                if firstWaiting == waiting.count {
                    waiting.removeAll(keepingCapacity: true)
                    firstWaiting = 0
                }
            }
            return waiting[firstWaiting]
        }
    }

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let maxThreads: Int
    private let idleTime: DispatchTimeInterval

    /// - Parameters:
    ///   - maxThreads: How many threads there may be at once; further work waits in order.
    ///   - idleTime: How long a thread without work stays.
    init(maxThreads: Int, idleTime: DispatchTimeInterval = .seconds(10)) {
        precondition(maxThreads > 0, "a pool needs at least one thread")
        self.maxThreads = maxThreads
        self.idleTime = idleTime
    }

    /// How many threads there are at the moment.
    var threadCount: Int { state.withLock { $0.threads } }

    /// Runs a closure on one of the threads, after what was submitted before it.
    func submit(_ body: @escaping @Sendable () -> Void) {
        let isOwnThread = unsafe terrarium_thread_owner() == Unmanaged.passUnretained(self).toOpaque()
        let announcement = state.withLock { state in
            state.waiting.append(body)
            state.unannounced += 1
            return isOwnThread && state.isWatched ? nil : announce(1, &state)
        }
        if let announcement { make(announcement) }
    }

    /// Runs a part of a task.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        submit { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    // MARK: - Waking threads

    /// Threads to wake, and to start.
    private struct Announcement {
        let wakes: Int
        let starts: Int
    }

    /// Notes that threads are woken for work that waits.
    private func announce(_ count: Int, _ state: inout State) -> Announcement {
        state.unannounced -= count
        let starts = max(0, min(state.waitingCount - state.idle, count, maxThreads - state.threads))
        state.threads += starts
        return Announcement(wakes: count, starts: starts)
    }

    private func make(_ announcement: Announcement) {
        for _ in 0..<announcement.starts { startThread() }
        for _ in 0..<announcement.wakes { work.signal() }
    }

    /// Wakes threads for all that waits for this thread, which is about to block; nothing on threads of no pool.
    static func announceBeforeBlocking() {
        guard let owner = unsafe terrarium_thread_owner() else { return }
        let pool = unsafe Unmanaged<WorkerPool>.fromOpaque(owner).takeUnretainedValue()
        pool.announceAll()
    }

    private func announceAll(where holds: (inout State) -> Bool = { _ in true }) {
        let announcement = state.withLock { state in
            holds(&state) && state.unannounced > 0 ? announce(state.unannounced, &state) : nil
        }
        if let announcement { make(announcement) }
    }

    /// Begins a time in which somebody calls ``watch()`` every few moments.
    func beginWatch() {
        state.withLock { $0.isWatched = true }
    }

    /// Wakes threads for all that waits if none of it was begun since the last time.
    func watch() {
        announceAll { state in
            defer { state.takenCountAtWatch = state.takenCount }
            return state.takenCount == state.takenCountAtWatch
        }
    }

    /// Ends that time.
    func endWatch() {
        announceAll { state in
            state.isWatched = false
            return true
        }
    }

    /// Runs a closure on one of the threads and waits for it; not for threads of Swift's cooperative pool.
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

    private func startThread() {
        let pool = unsafe Unmanaged.passRetained(self).toOpaque()
        let error = unsafe terrarium_start_thread(
            Self.threadStackBytes,
            { unsafe Unmanaged<WorkerPool>.fromOpaque($0).takeRetainedValue().runThread() },
            pool
        )
        if error != 0 {
            unsafe Unmanaged<WorkerPool>.fromOpaque(pool).release()
            let remaining = state.withLock { state in
                state.threads -= 1
                return state.threads
            }
            precondition(remaining > 0, "no worker thread can be started: \(systemErrorMessage(error))")
        }
    }

    private func runThread() {
        unsafe terrarium_set_thread_owner(Unmanaged.passUnretained(self).toOpaque())
        while true {
            if let next = takeUnannouncedOrRest() {
                next()
                continue
            }
            let outcome = work.wait(timeout: .now() + idleTime)
            let next: (@Sendable () -> Void)?? = state.withLock { state in
                state.idle -= 1
                let next = state.takeNext()
                // Retiring is decided under the lock, so that work submitted just now finds this thread or starts one.
                if next == nil, outcome == .timedOut {
                    state.threads -= 1
                    return .none
                }
                return .some(next)
            }
            guard let next else { return }
            next?()
        }
    }

    /// What no other thread was woken for; if there is none, this thread counts as idle from now on.
    private func takeUnannouncedOrRest() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.unannounced > 0, let next = state.takeNext() else {
                state.idle += 1
                return nil
            }
            state.unannounced -= 1
            return next
        }
    }
}
