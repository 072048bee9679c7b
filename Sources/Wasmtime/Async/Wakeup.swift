// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Tells the task that drives a call that polling it again makes sense.
///
/// One task waits; anybody may wake it. A wake-up that nobody waits for is kept for the next wait.
final class Wakeup: Sendable {
    private enum State {
        case idle
        case signalled
        case waiting(CheckedContinuation<Void, Never>)
    }
    private let state = Mutex(State.idle)

    /// Wakes the waiting task, or the next one to wait.
    func signal() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard case .waiting(let continuation) = state else {
                state = .signalled
                return nil
            }
            state = .idle
            return continuation
        }
        waiter?.resume()
    }

    /// Suspends until ``signal()`` is called, or returns at once if it was.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isSignalled = state.withLock { state in
                switch state {
                case .signalled:
                    state = .idle
                    return true
                case .idle:
                    state = .waiting(continuation)
                    return false
                case .waiting:
                    preconditionFailure("two tasks drive one store")
                }
            }
            if isSignalled { continuation.resume() }
        }
    }
}
