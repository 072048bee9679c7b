// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TerrariumBindgen

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

/// Reads scripts of the host, whose encoding is Python's business.
enum ScriptFile {
    /// The name that stands for standard input.
    static let standardInput = "-"

    static func url(_ path: String) -> URL {
        URL(filePath: path)
    }

    /// Reads a script, or standard input to its end if its name is `-`.
    ///
    /// A pipe is a script as well, as in `terrarium run <(make-script)`.
    static func read(_ path: String) throws -> [UInt8] {
        try open(path) { file in
            guard let bytes = HostInput.readToEnd(file) else { try fail(path) }
            return bytes
        }
    }

    /// Reads a file that may be WebAssembly, of which only the beginning is read.
    static func readUnlessWebAssembly(_ path: String) throws -> [UInt8] {
        try open(path) { file in
            var bytes: [UInt8] = []
            while bytes.count < headerBytes {
                guard let more = HostInput.read(file, maxCount: headerBytes - bytes.count) else { try fail(path) }
                guard !more.isEmpty else { return bytes }
                bytes += more
            }
            guard !WITInput.isWebAssembly(bytes) else { return bytes }
            guard let rest = HostInput.readToEnd(file) else { try fail(path) }
            return bytes + rest
        }
    }

    /// The number of bytes that say what kind of WebAssembly a file is.
    private static let headerBytes = 8

    private static func open<Result>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
        guard path != standardInput else { return try body(STDIN_FILENO) }
        let file = systemOpen(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { try fail(path) }
        defer { close(file) }
        return try body(file)
    }

    private static func fail(_ path: String) throws -> Never {
        let reason = unsafe String(cString: strerror(errno))
        throw CommandFailure.usage("\(path) cannot be read: \(reason).")
    }
}

/// The system's `open`, which a method of the same name hides.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Glibc)
    unsafe Glibc.open(path, flags)
    #elseif canImport(Musl)
    unsafe Musl.open(path, flags)
    #else
    unsafe Darwin.open(path, flags)
    #endif
}
