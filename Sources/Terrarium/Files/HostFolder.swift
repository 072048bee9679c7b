// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder of the host that is open, whose entries are reached from it by name only.
///
/// No symbolic link is followed, neither when the folder was looked at nor, as names are never looked up twice from the
/// root, when somebody changes the tree meanwhile.
struct HostFolder: ~Copyable {
    /// What a name stands for.
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
        let descriptor = unsafe open(path, flags)
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

    /// Whether a path leads to a folder, through links too.
    static func isFolder(path: String) throws(SandboxError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw failure(path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in the folder, sorted, without `.` and `..`.
    borrowing func names() throws(SandboxError) -> [String] {
        // The stream closes its descriptor.
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw Self.failure(path)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name else {
                throw SandboxError(.unreadableFile, "\(path) has a name that is not UTF-8.")
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// What an entry is.
    borrowing func kind(of name: String) throws(SandboxError) -> Kind {
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw failure(name) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(byteCount: Int(status.st_size))
        case S_IFDIR: return .folder
        case S_IFLNK: return .symbolicLink
        default: return .other
        }
    }

    /// Opens a folder in this one.
    borrowing func folder(_ name: String) throws(SandboxError) -> HostFolder {
        let inner = unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard inner >= 0 else { throw failure(name) }
        return HostFolder(descriptor: inner, path: "\(path)/\(name)")
    }

    /// Opens a folder in this one, and makes it if it is not there.
    borrowing func makeFolder(_ name: String) throws(SandboxError) -> HostFolder {
        guard unsafe mkdirat(descriptor, name, 0o777) == 0 || errno == EEXIST else { throw failure(name) }
        return try folder(name)
    }

    /// Reads a file, of which there may be at most so many bytes; a pipe or device in its place is not read.
    borrowing func contents(of name: String, maxBytes: Int) throws(SandboxError) -> [UInt8] {
        let file = unsafe openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
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
    borrowing func write(_ contents: [UInt8], to name: String) throws(SandboxError) {
        guard unsafe unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else { throw failure(name) }
        let file = unsafe openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
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

    private borrowing func failure(_ name: String) -> SandboxError { Self.failure("\(path)/\(name)") }

    private static func failure(_ path: String) -> SandboxError {
        SandboxError(.unreadableFile, "\(path): \(systemErrorMessage()).")
    }
}

/// The system's `write`, which the method of the same name hides.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(file, bytes, count)
}
