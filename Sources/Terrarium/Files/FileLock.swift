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
    /// Runs a closure while it holds the lock; the file is there only as long as somebody holds it.
    ///
    /// Waits as long as it takes: for threads that may block.
    static func withLock<Result>(path: String, _ body: () throws -> Result) throws -> Result {
        let descriptor = try lock(path)
        defer {
            // While the lock is held, so that nobody else holds one on a file that is gone.
            unsafe unlink(path)
            close(descriptor)
        }
        return try body()
    }

    private static func lock(_ path: String) throws(SandboxError) -> Int32 {
        while true {
            let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else {
                throw SandboxError(.unreadableFile, "The lock file \(path) cannot be made: \(systemErrorMessage()).")
            }
            while flock(descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else {
                    let reason = systemErrorMessage()
                    close(descriptor)
                    throw SandboxError(.unreadableFile, "The lock file \(path) cannot be locked: \(reason).")
                }
            }
            // Whoever held the lock before removed the file; then the lock is one on a file that nobody else finds.
            var (own, named) = (stat(), stat())
            if unsafe fstat(descriptor, &own) == 0, unsafe lstat(path, &named) == 0, own.st_ino == named.st_ino,
                own.st_dev == named.st_dev
            {
                return descriptor
            }
            close(descriptor)
        }
    }

    /// Removes a lock file that nobody holds, as earlier versions left them.
    static func removeIfUnused(path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unsafe unlink(path) }
        close(descriptor)
    }
}
