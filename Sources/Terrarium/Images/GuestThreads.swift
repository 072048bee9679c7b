// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The threads of this process that run guest code, shared by all images.
///
/// Threads are started when programs run and none is idle, and end after a few seconds without work. An image or a sandbox
/// that is idle holds none. Each has a stack of 72 MiB, of which only what is used takes memory.
public enum GuestThreads {
    private struct State {
        var maximum: Int?
        var pool: WorkerPool?
    }

    private static let state = Mutex(State())

    /// Sets the maximum number of threads; once, before the first image is loaded.
    ///
    /// Without it the maximum is four for each processor, and at least 16. More programs than that can run at once only if
    /// some of them wait; the others wait for a thread.
    ///
    /// - Parameter maximum: The number of threads, at least 1.
    /// - Throws: `SandboxError` with the code `.unsupported` if the number is not positive, or if an image was loaded or the
    ///   maximum was set before.
    public static func setMaximum(_ maximum: Int) throws(SandboxError) {
        guard maximum > 0 else {
            throw SandboxError(.unsupported, "Guest code needs at least one thread, and \(maximum) were allowed.")
        }
        try state.withLock { state throws(SandboxError) in
            guard state.pool == nil, state.maximum == nil else {
                throw SandboxError(
                    .unsupported,
                    "The number of guest threads can be set once, and only before the first image is loaded."
                )
            }
            state.maximum = maximum
        }
    }

    /// The pool of the threads, made when it is first asked for.
    static var pool: WorkerPool {
        state.withLock { state in
            if let pool = state.pool { return pool }
            let standard = max(16, 4 * ProcessInfo.processInfo.activeProcessorCount)
            let pool = WorkerPool(maxThreads: state.maximum ?? standard)
            state.pool = pool
            return pool
        }
    }
}
