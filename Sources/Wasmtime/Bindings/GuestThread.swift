// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization

/// A thread with a stack that is large enough for a guest, as the executor of one actor.
///
/// It ends when the executor goes.
final class GuestThread: SerialExecutor {
    private let queue = Queue()

    private final class Queue: Sendable {
        struct State {
            var jobs: [@Sendable () -> Void] = []
            var isClosed = false
        }

        let state = Mutex(State())
        let signal = DispatchSemaphore(value: 0)

        /// Runs jobs until there will be no more.
        func run() {
            while true {
                signal.wait()
                let next: (@Sendable () -> Void)?? = state.withLock { state in
                    if !state.jobs.isEmpty { return .some(state.jobs.removeFirst()) }
                    return state.isClosed ? .none : .some(nil)
                }
                guard let next else { return }
                next?()
            }
        }
    }

    /// Starts the thread.
    ///
    /// - Throws: ``WasmtimeError`` with code `threadUnavailable`.
    init(stackBytes: Int) throws(WasmtimeError) {
        let queue = queue
        try HostThread.start(stackBytes: stackBytes) { queue.run() }
    }

    deinit {
        queue.state.withLock { $0.isClosed = true }
        queue.signal.signal()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job holds the executor, so that the thread never runs one for an executor that has gone.
        queue.state.withLock { state in
            state.jobs.append { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }
        queue.signal.signal()
    }
}
