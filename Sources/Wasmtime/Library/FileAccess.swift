// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The one question that this module asks of the file system itself.
enum FileAccess {
    /// Returns whether this process may read the file.
    static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }
}
