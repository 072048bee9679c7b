// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import HTTPTypes
import Synchronization

/// Tasks that run one after the other, in the order in which they were added.
final class TaskQueue: Sendable {
    private struct State {
        var last: Task<Void, Never>?
        var count = 0
    }

    private let state = Mutex(State())
    private let maxCount: Int

    init(maxCount: Int) {
        self.maxCount = maxCount
    }

    /// A Boolean value that tells whether nothing runs and nothing waits.
    var isIdle: Bool { state.withLock { $0.count == 0 } }

    /// Adds a task.
    ///
    /// One that is cancelled before its turn is run all the same, and has to look.
    ///
    /// - Parameters:
    ///   - prepare: Is called at once, while nothing else is added, if there is a place.
    ///   - body: Is run when it is its turn, with what `prepare` returned.
    /// - Returns: What `prepare` returned, and the task.
    /// - Throws: ``ProblemDetails`` if too many tasks wait.
    func add<Value: Sendable, Result: Sendable>(
        prepare: () -> Value,
        _ body: @escaping @Sendable (Value) async throws -> Result
    ) throws -> (Value, Task<Result, any Error>) {
        try state.withLock { state in
            guard state.count < maxCount else { throw ProblemDetails.busy }
            let value = prepare()
            state.count += 1
            let previous = state.last
            let task = Task {
                await previous?.value
                defer { self.state.withLock { $0.count -= 1 } }
                return try await body(value)
            }
            state.last = Task { _ = await task.result }
            return (value, task)
        }
    }

    /// Does something when it is its turn; cancelling the caller's task cancels it.
    ///
    /// - Throws: ``ProblemDetails`` if too many wait.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let (_, task) = try add(prepare: {}) {
            try Task.checkCancellation()
            return try await body()
        }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

extension ProblemDetails {
    static let busy: ProblemDetails = {
        var problem = ProblemDetails(.conflict, "busy", "Too many requests wait for the session.")
        problem.retryAfter = 1
        return problem
    }()
}
