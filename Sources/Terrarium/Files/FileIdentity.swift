// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The metadata of a file by which one that was not touched since is recognised without reading it.
///
/// The time of the last change of the inode is part of it: nothing but the kernel sets that, so a file whose contents
/// were altered and whose modification time was set back is still noticed.
struct FileIdentity: Codable, Hashable {
    private let device: UInt64
    private let inode: UInt64
    let byteCount: Int
    private let modifiedNanoseconds: Int64
    private let changedNanoseconds: Int64

    /// The identity of a file, or `nil` where there is none or it cannot be looked at.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The identity of a regular file, or `nil` for anything else.
    init?(_ status: stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int(status.st_size)
        #if canImport(Darwin)
        modifiedNanoseconds = Self.nanoseconds(status.st_mtimespec)
        changedNanoseconds = Self.nanoseconds(status.st_ctimespec)
        #else
        modifiedNanoseconds = Self.nanoseconds(status.st_mtim)
        changedNanoseconds = Self.nanoseconds(status.st_ctim)
        #endif
    }

    /// Returns whether nobody wrote to the file in between; it may have been renamed or removed.
    func hasContents(of other: FileIdentity) -> Bool {
        device == other.device && inode == other.inode && byteCount == other.byteCount
            && modifiedNanoseconds == other.modifiedNanoseconds
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
