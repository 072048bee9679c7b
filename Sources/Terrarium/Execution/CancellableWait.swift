// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A continuation that is resumed when a task may go on.
typealias Waiter = CheckedContinuation<Void, any Error>

/// Waits until somebody resumes the waiter.
///
/// - Parameters:
///   - admit: Answers how to go on at once, or keeps the waiter. Under the lock that guards where it is kept it looks
///     whether the task is cancelled: a cancellation before that is not seen by `remove`.
///   - remove: Takes the waiter of the cancelled task out again, unless it was resumed.
/// - Throws: `CancellationError` if the task is cancelled before it may go on, or what `admit` answers.
func waitCancellably(
    admit: (Waiter) -> Result<Void, any Error>?,
    remove: @Sendable () -> Waiter?
) async throws {
    try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { (waiter: Waiter) in
            if let outcome = admit(waiter) { waiter.resume(with: outcome) }
        }
    } onCancel: {
        remove()?.resume(throwing: CancellationError())
    }
}
