// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

/// A thread for one piece of work that blocks: reading files, waiting for a lock, compiling.
///
/// Swift's cooperative pool has as many threads as the machine has cores; work that blocks one of them holds up the whole
/// application.
enum OwnThread {
    private static let stackBytes = 16 << 20

    /// Runs a closure on a thread of its own and waits for it without blocking one.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let work = Work { continuation.resume(with: Swift.Result { try body() }) }
            let context = unsafe Unmanaged.passRetained(work).toOpaque()
            let error = unsafe terrarium_start_thread(
                stackBytes,
                { unsafe Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() },
                context
            )
            guard error != 0 else { return }
            unsafe Unmanaged<Work>.fromOpaque(context).release()
            continuation.resume(
                throwing: SandboxError(.engine, "No thread can be started: \(systemErrorMessage(error)).")
            )
        }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
