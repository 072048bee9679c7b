// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Wasmtime

/// When the call that runs in a sandbox has to end; read by the engine's epoch callback while the call runs.
final class CallDeadline: Sendable {
    private struct State {
        var limit: Duration?
        var end: ContinuousClock.Instant?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Begins the time of a call; `nil` is no limit.
    func start(limit: Duration?) {
        state.withLock { $0 = State(limit: limit, end: limit.map { .now + $0 }) }
    }

    /// Ends the call at the next check; may be called from any thread.
    func cancel() {
        state.withLock { $0.isCancelled = true }
    }

    /// Lets the call go on, or throws the reason to end it.
    func check() throws -> Store.DeadlineAction {
        let state = state.withLock(\.self)
        if state.isCancelled {
            throw CancellationError()
        }
        if let limit = state.limit, let end = state.end, .now >= end {
            throw SandboxError(.timeLimit, "The program ran longer than its time limit of \(limit).")
        }
        return .continue(epochs: 1)
    }
}
