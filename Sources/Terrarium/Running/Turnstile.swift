// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import DequeModule
import Synchronization

/// Lets one task through at a time, the others in the order in which they came.
package final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var lastNumber = 0
        var waiting: Deque<(number: Int, waiter: Waiter)> = []
    }

    private let state: Mutex<State>

    package init() {
        state = Mutex(State(free: 1))
    }

    /// Waits for a place; each is given back with ``leave()``.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits.
    package func enter() async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await waitCancellably { waiter in
            state.withLock { state in
                // A cancellation from here on finds the number in the list.
                if Task.isCancelled { return .failure(CancellationError()) }
                guard state.free == 0 else {
                    state.free -= 1
                    return .success(())
                }
                state.waiting.append((number, waiter))
                return nil
            }
        } remove: {
            state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0).waiter }
            }
        }
    }

    /// A Boolean value that tells whether somebody is inside.
    var isOccupied: Bool { state.withLock { $0.free == 0 } }

    /// Gives a place back.
    package func leave() {
        let next = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return Waiter?.none
            }
            return state.waiting.removeFirst().waiter
        }
        next?.resume()
    }
}
