// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that was opened once for reading; all that is asked about it and read of it is of the same file.
///
/// Two questions by path may be answered about two files.
final class OpenFile: Sendable {
    /// The path that it was opened by, for messages.
    let path: String
    /// The identity at the time of opening.
    let identity: FileIdentity
    /// A Boolean value that tells whether nobody but this user and the superuser can write to the file.
    let isTrusted: Bool

    private let descriptor: Int32

    /// Opens a regular file.
    ///
    /// - Throws: `SandboxError` with the code `.unreadableFile`.
    convenience init(_ file: URL, followsLink: Bool = true) throws(SandboxError) {
        // Non-blocking, so that a pipe in the place of a file does not wait for a writer.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW)
        let descriptor = unsafe open(file.path, flags)
        guard descriptor >= 0 else {
            throw SandboxError(.unreadableFile, "\(file.path) cannot be read: \(systemErrorMessage()).")
        }
        try self.init(descriptor: descriptor, path: file.path)
    }

    /// A file without a name that has the given bytes.
    convenience init(anonymous bytes: [UInt8]) throws(SandboxError) {
        let descriptor = unsafe terrarium_anonymous_file(bytes, bytes.count)
        guard descriptor >= 0 else {
            throw SandboxError(.engine, "A file in memory cannot be made: \(systemErrorMessage(-descriptor)).")
        }
        try self.init(descriptor: descriptor, path: "a file in memory")
    }

    private init(descriptor: Int32, path: String) throws(SandboxError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, let identity = FileIdentity(status) else {
            close(descriptor)
            throw SandboxError(.unreadableFile, "\(path) is not a file.")
        }
        self.descriptor = descriptor
        self.path = path
        self.identity = identity
        isTrusted = FileTrust.isTrusted(status)
    }

    deinit {
        close(descriptor)
    }

    /// The size at the time of opening, in bytes.
    var byteCount: Int { identity.byteCount }

    /// A Boolean value that tells whether the file is still as it was when it was opened.
    var isUnchanged: Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && FileIdentity(status) == identity
    }

    /// A Boolean value that tells whether nobody wrote to the file since it was opened; it may have been renamed or removed.
    var hasSameContents: Bool {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, let now = FileIdentity(status) else { return false }
        return now.hasContents(of: identity)
    }

    /// A path that leads to this open file, whatever has happened to its name since.
    var descriptorPath: String {
        #if os(Linux)
        let path = "/proc/self/fd/\(descriptor)"
        #else
        let path = "/dev/fd/\(descriptor)"
        #endif
        // Where there is no such file system, the name is all that there is.
        return unsafe access(path, R_OK) == 0 ? path : self.path
    }

    /// A descriptor of the caller's own for the same file.
    func duplicatedDescriptor() throws(SandboxError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            throw SandboxError(.unreadableFile, "\(path) cannot be opened again: \(systemErrorMessage()).")
        }
        return copy
    }

    /// Reads the file from its beginning to its end.
    func contents() throws(SandboxError) -> [UInt8] {
        var contents: [UInt8] = []
        contents.reserveCapacity(byteCount)
        try unsafe forEachPiece { unsafe contents.append(contentsOf: $0) }
        return contents
    }

    /// Reads the file piece by piece.
    ///
    /// A file that is mapped and shortened meanwhile ends the process with a signal; one that is read does not.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Void) throws(SandboxError) {
        let capacity = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
        defer { unsafe buffer.deallocate() }
        var offset: off_t = 0
        while true {
            let count = unsafe pread(descriptor, buffer.baseAddress, capacity, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw SandboxError(.unreadableFile, "\(path) cannot be read: \(systemErrorMessage()).")
            }
            if count == 0 { return }
            unsafe body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += off_t(count)
        }
    }
}
