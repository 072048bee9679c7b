// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// A connection of a client, which may go away while its request is being answered.
final class Connection: Sendable {
    private struct State {
        var isGone = false
        var lastNumber = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    /// The connection whose request the current task answers.
    @TaskLocal static var current: Connection?

    /// The address of the client, without its port.
    let clientAddress: String
    private let state = Mutex(State())

    init(clientAddress: String) {
        self.clientAddress = clientAddress
    }

    /// A Boolean value that tells whether the client went away.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// Notes that the client went away, and cancels what was done for it.
    func clientIsGone() {
        let handlers = state.withLock { state in
            state.isGone = true
            defer { state.handlers = [:] }
            return state.handlers.values
        }
        for handler in handlers { handler() }
    }

    /// Has something done when the client goes away, or at once if it has.
    ///
    /// - Returns: A number for ``forget(_:)``.
    func onGone(_ handler: @escaping @Sendable () -> Void) -> Int {
        let (number, isGone) = state.withLock { state in
            state.lastNumber += 1
            if !state.isGone { state.handlers[state.lastNumber] = handler }
            return (state.lastNumber, state.isGone)
        }
        if isGone { handler() }
        return number
    }

    func forget(_ number: Int) {
        state.withLock { $0.handlers[number] = nil }
    }

    /// Does something for the client, in a task that is cancelled when the client goes away.
    func whileClientIsThere<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        let number = onGone { task.cancel() }
        defer { forget(number) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

/// Does something for the client of the current task, which is cancelled when the client goes away.
func whileClientIsThere<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    guard let connection = Connection.current else { return try await body() }
    return try await connection.whileClientIsThere(body)
}
