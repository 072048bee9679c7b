// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Where what a program prints goes.
public struct Output: Sendable {
    /// One of the two streams that a program writes to.
    public enum Stream: Sendable, Hashable {
        /// What `print` writes to.
        case standardOutput
        /// Warnings and what the program writes to `sys.stderr`.
        case standardError
    }

    let write: @Sendable (Stream, [UInt8]) -> Void

    /// Nowhere.
    public static let discard = Output { _, _ in }

    /// To a closure, which gets the bytes as the program flushes them: at the end of each line.
    ///
    /// It is called on the thread that runs the program, which waits for it.
    public init(_ write: @escaping @Sendable (_ stream: Stream, _ bytes: [UInt8]) -> Void) {
        self.write = write
    }
}
