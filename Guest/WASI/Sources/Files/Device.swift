// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A file that is no store of bytes, as those in `/dev` are; the number is the contents of its record in a `BaseTree`.
enum Device: UInt32 {
    /// Empty, and takes everything.
    case null = 0
    /// Zeros without end.
    case zero = 1
    /// Random bytes without end.
    case random = 2
    case standardInput = 3
    case standardOutput = 4
    case standardError = 5

    /// The stream of the host that takes what is written; nil if nobody does.
    var hostStream: UInt32? {
        switch self {
        case .standardOutput: 1
        case .standardError: 2
        default: nil
        }
    }
}
