// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Dispatch
import Synchronization

/// The host functions that a call of a component waits for, so that they can be told when the call is cancelled.
final class RunningCall: Sendable {
    private struct State {
        var isCancelled = false
        var task: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func begin() { state.withLock { $0 = State() } }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    /// Returns whether the call was cancelled; cancels a task that comes too late to hear of it.
    func waits(for task: Task<Void, Never>?) {
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task?.cancel() }
    }
}

extension LinkerInstance {
    /// Defines an asynchronous function for components that run as a ``ComponentInstance``, whose thread waits for it.
    ///
    /// - Parameters:
    ///   - name: The function's name in the component's type.
    ///   - function: The function. Its task is cancelled with the one that called the component. An error that it throws
    ///     stops the guest, and the call that led here throws it.
    /// - Throws: ``WasmtimeError`` with code `linking` if the name is taken.
    public borrowing func define(_ name: String, _ function: @escaping AsyncFunction) throws(WasmtimeError) {
        let waiting: Function = { caller, arguments in
            let call = caller.state(as: RunningCall.self)
            let outcome = OutcomeBox()
            let isDone = DispatchSemaphore(value: 0)
            let task = Task {
                let result: Result<ComponentValue?, any Error>
                do {
                    result = .success(try await function(arguments))
                } catch {
                    result = .failure(error)
                }
                outcome.result.withLock { $0 = result }
                isDone.signal()
            }
            call?.waits(for: task)
            isDone.wait()
            call?.waits(for: nil)
            return try outcome.result.withLock(\.self)?.get()
        }
        try define(name, waiting)
    }

    private final class OutcomeBox: Sendable {
        let result = Mutex<Result<ComponentValue?, any Error>?>(nil)
    }
}
