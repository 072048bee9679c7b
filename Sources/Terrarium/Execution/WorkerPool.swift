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
final class WorkerPool: Sendable {
    /// Bytes of stack that WebAssembly code may use; below this CPython raises its own `RecursionError` first.
    static let wasmStackBytes = 64 << 20

    private static let threadStackBytes = wasmStackBytes + (8 << 20)

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var firstWaiting = 0
        var threads = 0
        var idle = 0

        mutating func takeNext() -> (@Sendable () -> Void)? {
            guard firstWaiting < waiting.count else { return nil }
            defer {
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
        let startsThread = state.withLock { state in
            state.waiting.append(body)
            let waiting = state.waiting.count - state.firstWaiting
            guard state.idle < waiting, state.threads < maxThreads else { return false }
            state.threads += 1
            return true
        }
        if startsThread {
            startThread()
        }
        work.signal()
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
        while true {
            state.withLock { $0.idle += 1 }
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
}
