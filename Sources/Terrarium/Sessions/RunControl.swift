// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Cancels a run from outside.
///
/// A program that computes is stopped. One that waits gets a `CancelledError` where it waits, and the time of grace.
final class RunControl: Sendable {
    private struct State {
        var isCancelled = false
        /// Whether a thread of the program waits for the host.
        var isBlocked = false
    }

    private let state = Mutex(State())
    private let deadline: CallDeadline
    private let calls: HostCalls

    init(deadline: CallDeadline, calls: HostCalls) {
        self.deadline = deadline
        self.calls = calls
    }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Cancels the run; may be called from any thread.
    func cancel() {
        let isBlocked = state.withLock { state in
            state.isCancelled = true
            return state.isBlocked
        }
        if isBlocked {
            deadline.beginGrace()
        } else {
            deadline.cancel()
        }
        calls.wake()
    }

    /// Lets the program's thread wait, unless the run is cancelled.
    func whileBlocked(_ body: () throws -> Void) rethrows {
        let mayWait = state.withLock { state in
            state.isBlocked = !state.isCancelled
            return state.isBlocked
        }
        guard mayWait else { return }
        defer { state.withLock { $0.isBlocked = false } }
        try body()
    }
}
