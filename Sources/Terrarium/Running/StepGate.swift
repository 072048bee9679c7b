// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// Keeps a program's steps and the file operations of its host functions apart.
///
/// A host function may use the files of the sandbox that waits for it, between two steps of the program. While the
/// program's thread blocks inside of a step, the guest's code cannot be entered.
final class StepGate: Sendable {
    private struct State {
        var isStepping = false
        var isBlocked = false
        /// File operations that are under way.
        var operations = 0
        var waitingOperations: [Waiter] = []
        var waitingStep: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Waits until no file operation is under way, and begins a step; one step at a time may wait.
    func beginStep() async {
        let begins = state.withLock { state in
            guard state.operations == 0 else { return false }
            state.isStepping = true
            return true
        }
        if begins { return }
        await withCheckedContinuation { continuation in
            let begins = state.withLock { state in
                guard state.operations == 0 else {
                    state.waitingStep = continuation
                    return false
                }
                state.isStepping = true
                return true
            }
            if begins { continuation.resume() }
        }
    }

    /// Ends a step, and lets file operations in.
    func endStep() {
        let waiting = state.withLock { state in
            state.isStepping = false
            state.operations += state.waitingOperations.count
            defer { state.waitingOperations = [] }
            return state.waitingOperations
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Runs a closure in which the program's thread waits for the host; file operations fail meanwhile.
    func whileBlocked<Result>(_ body: () throws -> Result) rethrows -> Result {
        let waiting = state.withLock { state in
            state.isBlocked = true
            defer { state.waitingOperations = [] }
            return state.waitingOperations
        }
        for waiter in waiting { waiter.resume(throwing: Self.blocked) }
        defer { state.withLock { $0.isBlocked = false } }
        return try body()
    }

    /// Runs a file operation between two steps.
    ///
    /// - Throws: `SandboxError` with the code `.busy` if the program's thread waits inside of a step.
    func betweenSteps<Result>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { (waiter: Waiter) in
            let outcome: Swift.Result<Void, any Error>? = state.withLock { state in
                if state.isBlocked { return .failure(Self.blocked) }
                guard !state.isStepping, state.waitingStep == nil else {
                    state.waitingOperations.append(waiter)
                    return nil
                }
                state.operations += 1
                return .success(())
            }
            if let outcome { waiter.resume(with: outcome) }
        }
        defer { endOperation() }
        return try await body()
    }

    private func endOperation() {
        let step = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.operations -= 1
            guard state.operations == 0, let step = state.waitingStep else { return nil }
            (state.waitingStep, state.isStepping) = (nil, true)
            return step
        }
        step?.resume()
    }

    private static let blocked = SandboxError(
        .busy,
        "The program waits for the host function inside of a plain call, where the sandbox's files cannot be reached. "
            + "They can while a program awaits the function, as `await f()` at its top level does."
    )
}
