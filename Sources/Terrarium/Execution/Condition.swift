// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization

/// Something that a worker thread can wait for, until a time.
///
/// Only for threads of a `WorkerPool`: a thread of Swift's cooperative pool must not be blocked.
final class Condition: Sendable {
    private let waiting = Mutex(0)
    private let semaphore = DispatchSemaphore(value: 0)

    /// Waits until a time, or until the condition was signalled and holds.
    func wait(until end: ContinuousClock.Instant, unless holds: () -> Bool) {
        WorkerPool.whileBlocking { waitOnThisThread(until: end, unless: holds) }
    }

    private func waitOnThisThread(until end: ContinuousClock.Instant, unless holds: () -> Bool) {
        while true {
            // Counted before it looks, so that a signal that comes in between is not missed.
            waiting.withLock { $0 += 1 }
            let rest = ContinuousClock.now.duration(to: end)
            let isOver = rest <= .zero || holds()
            let nanoseconds = Int(min(rest / .nanoseconds(1), 1e15))
            if isOver || semaphore.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .timedOut {
                // A signal that was already on its way is taken by the next wait, which looks again and goes on.
                waiting.withLock { $0 = max(0, $0 - 1) }
            }
            if isOver { return }
        }
    }

    /// Wakes all that wait.
    func signalAll() {
        let count = waiting.withLock { waiting in
            defer { waiting = 0 }
            return waiting
        }
        for _ in 0..<count { semaphore.signal() }
    }
}
