// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder of the host that is open.
///
/// Its entries are reached by `FileName` only, so none of them lies outside of it.
///
/// No symbolic link is followed: not one that was there when the folder was listed, and, because names are never looked
/// up from the root again, not one that somebody puts there meanwhile.
struct HostFolder: ~Copyable {
    /// The kind of an entry.
    enum Kind {
        case file(byteCount: Int)
        case folder
        case symbolicLink
        case other
    }

    private let descriptor: Int32
    private let path: String

    /// Opens a folder; the last part of the path may not be a link, unless the caller means what it leads to.
    init(path: String, followsLink: Bool = false) throws(SandboxError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW)
        let descriptor = openPath(path, flags)
        guard descriptor >= 0 else { throw Self.failure(path) }
        self.init(descriptor: descriptor, path: path)
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Returns whether a path leads to a folder, through links too.
    static func isFolder(path: String) throws(SandboxError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw failure(path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Lists the names in the folder, sorted by their bytes, without `.` and `..`.
    borrowing func names() throws(SandboxError) -> [FileName] {
        // The stream closes its descriptor.
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw Self.failure(path)
        }
        defer { unsafe closedir(stream) }
        var names: [FileName] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe FileName(Array(bytes.prefix { $0 != 0 }))
            }
            // Only `.` and `..` are none.
            if let name { names.append(name) }
        }
        return names.sorted()
    }

    /// Finds out the kind of an entry.
    borrowing func kind(of name: FileName) throws(SandboxError) -> Kind {
        var status = stat()
        let result = unsafe name.withCString { unsafe fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }
        guard result == 0 else { throw failure(name) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(byteCount: Int(status.st_size))
        case S_IFDIR: return .folder
        case S_IFLNK: return .symbolicLink
        default: return .other
        }
    }

    /// Opens a folder in this one.
    ///
    /// A folder that turns out to be this one or its parent is refused, whatever its name.
    borrowing func folder(_ name: FileName) throws(SandboxError) -> HostFolder {
        let inner = open(name, O_RDONLY | O_DIRECTORY)
        guard inner >= 0 else { throw failure(name) }
        let folder = HostFolder(descriptor: inner, path: "\(path)/\(name)")
        guard let identity = Self.identity(inner, nil), identity != Self.identity(descriptor, nil),
            identity != Self.identity(descriptor, "..")
        else {
            throw SandboxError(.unreadableFile, "\(path)/\(name) is not a folder inside of \(path).")
        }
        return folder
    }

    /// Opens a folder in this one, and makes it if it is not there.
    borrowing func makeFolder(_ name: FileName) throws(SandboxError) -> HostFolder {
        let result = unsafe name.withCString { unsafe mkdirat(descriptor, $0, 0o777) }
        // What is there must be a folder, which opening it finds out.
        guard result == 0 || errno == EEXIST else { throw failure(name) }
        return try folder(name)
    }

    /// The device and inode of an open folder, or of what a path leads to from there.
    private static func identity(_ descriptor: Int32, _ path: String?) -> [UInt64]? {
        var status = stat()
        let result =
            if let path { unsafe fstatat(descriptor, path, &status, AT_SYMLINK_NOFOLLOW) } else {
                unsafe fstat(descriptor, &status)
            }
        guard result == 0 else { return nil }
        return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino)]
    }

    private borrowing func open(_ name: FileName, _ flags: Int32, mode: mode_t = 0) -> Int32 {
        unsafe name.withCString { unsafe terrarium_open_beneath(descriptor, $0, flags, mode) }
    }

    /// Reads a file, of which there may be at most so many bytes; a pipe or device in its place is not read.
    borrowing func contents(of name: FileName, maxBytes: Int) throws(SandboxError) -> [UInt8] {
        let file = open(name, O_RDONLY | O_NONBLOCK)
        guard file >= 0 else { throw failure(name) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SandboxError(.unreadableFile, "\(path)/\(name) is not a file.")
        }
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(name) }
            if count == 0 { return contents }
            contents += piece[..<count]
            guard contents.count <= maxBytes else {
                throw SandboxError(
                    .unreadableFile,
                    "\(path)/\(name) is larger than the \(maxBytes) bytes that are left."
                )
            }
        }
    }

    /// Writes a new file in the place of what is there, unless that is a folder.
    borrowing func write(_ contents: [UInt8], to name: FileName) throws(SandboxError) {
        let removed = unsafe name.withCString { unsafe unlinkat(descriptor, $0, 0) }
        guard removed == 0 || errno == ENOENT else { throw failure(name) }
        let file = open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        guard file >= 0 else { throw failure(name) }
        defer { close(file) }
        var written = 0
        while written < contents.count {
            let count = unsafe contents.withUnsafeBytes { bytes in
                unsafe writeBytes(file, bytes.baseAddress.map { unsafe $0 + written }, contents.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(name) }
            written += count
        }
    }

    private borrowing func failure(_ name: FileName) -> SandboxError { Self.failure("\(path)/\(name)") }

    private static func failure(_ path: String) -> SandboxError {
        SandboxError(.unreadableFile, "\(path): \(systemErrorMessage()).")
    }
}

/// The system's `open`, which the method of the same name hides.
private func openPath(_ path: String, _ flags: Int32) -> Int32 {
    unsafe open(path, flags)
}

/// The system's `write`, which the method of the same name hides.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(file, bytes, count)
}
