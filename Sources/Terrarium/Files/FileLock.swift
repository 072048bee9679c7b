// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An exclusive lock on a file; other processes, and other threads here, wait for it.
enum FileLock {
    /// Runs a closure while it holds the lock.
    ///
    /// The file is made if need be and stays behind, empty.
    static func withLock<Result>(path: String, _ body: () throws -> Result) throws -> Result {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SandboxError(.unreadableFile, "The lock file \(path) cannot be made: \(systemErrorMessage()).")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw SandboxError(.unreadableFile, "The lock file \(path) cannot be locked: \(systemErrorMessage()).")
            }
        }
        return try body()
    }
}
