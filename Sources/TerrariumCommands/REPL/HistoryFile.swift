// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

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

/// The lines that were typed at the prompt, in a file that only its user can read.
///
/// It is a convenience: where it cannot be read or written, there is no history.
struct HistoryFile: Sendable {
    /// The number of lines that are kept from one session to the next.
    static let maxLines = 1_000
    /// The size that the file may reach; it is shortened when a session begins.
    static let maxBytes = 1 << 20
    /// Longer lines are not kept.
    static let maxLineBytes = 8 << 10

    let path: String

    /// The file for this environment: in `$XDG_STATE_HOME/terrarium`, by default `~/.local/state/terrarium`; `nil` where
    /// there is no home either.
    ///
    /// See the [XDG Base Directory Specification](https://specifications.freedesktop.org/basedir-spec/latest/).
    init?(environment: [String: String]) {
        // Relative paths are to be ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = "\(state)/terrarium/repl-history"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = "\(home)/.local/state/terrarium/repl-history"
        } else {
            return nil
        }
    }

    /// The last lines; the file is shortened to these if it has many more.
    func load() -> [String] {
        guard let (text, isCut) = contents() else { return [] }
        // The first line may be cut, and the terminal must not be told things by what somebody put there.
        let all = text.split(separator: "\n").dropFirst(isCut ? 1 : 0)
        let lines = all.filter { Self.isKept(String($0)) }.suffix(Self.maxLines).map(String.init)
        if isCut || all.count > 2 * Self.maxLines {
            let shorter = Data((lines.joined(separator: "\n") + "\n").utf8)
            let copy = "\(path).\(getpid())"
            if write(shorter, to: copy, flags: O_EXCL), unsafe rename(copy, path) != 0 { unsafe unlink(copy) }
        }
        return lines
    }

    /// Adds a line.
    func append(_ line: String) {
        guard Self.isKept(line) else { return }
        let folder = URL(filePath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        _ = write(Data("\(line)\n".utf8), to: path, flags: O_APPEND)
    }

    private static func isKept(_ line: String) -> Bool {
        !line.isEmpty && line.utf8.count <= maxLineBytes
            && line.unicodeScalars.allSatisfy { scalar in
                scalar.properties.generalCategory != .control
            }
    }

    /// The end of the file, and whether there is more before it.
    private func contents() -> (text: String, isCut: Bool)? {
        let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let start = max(0, Int(status.st_size) - Self.maxBytes)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) - start)
        let count = unsafe pread(file, &bytes, bytes.count, off_t(start))
        guard count >= 0 else { return nil }
        return (String(decoding: bytes.prefix(count), as: UTF8.self), start > 0)
    }

    private func write(_ data: Data, to path: String, flags: Int32) -> Bool {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        // One call, so that lines of two sessions at once do not mix.
        return unsafe data.withUnsafeBytes { bytes in
            unsafe systemWrite(file, bytes.baseAddress, bytes.count) == bytes.count
        }
    }
}

/// The system's `write`, which a method of the same name hides.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    unsafe Glibc.write(file, bytes, count)
    #elseif canImport(Musl)
    unsafe Musl.write(file, bytes, count)
    #else
    unsafe Darwin.write(file, bytes, count)
    #endif
}
