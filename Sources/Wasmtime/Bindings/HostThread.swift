// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// A thread of the operating system that runs a closure, with a stack of a given size.
package enum HostThread {
    /// Starts a thread, which ends when the body returns.
    ///
    /// - Parameters:
    ///   - stackBytes: The size of the stack; rounded up to what the system can provide.
    ///   - body: The thread's work.
    /// - Throws: ``WasmtimeError`` with code `threadUnavailable` if the system has no thread or no room for its stack.
    package static func start(stackBytes: Int, _ body: @escaping @Sendable () -> Void) throws(WasmtimeError) {
        let box = unsafe Unmanaged.passRetained(Body(body))
        let error = unsafe cwasmtime_start_thread(
            max(stackBytes, 0),
            { context in unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() },
            box.toOpaque()
        )
        guard error != 0 else { return }
        unsafe box.release()
        throw WasmtimeError(
            .threadUnavailable,
            "a thread with a stack of \(stackBytes) bytes cannot be started: error \(error)"
        )
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
