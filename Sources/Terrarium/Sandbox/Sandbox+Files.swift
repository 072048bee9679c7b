// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// The files of a sandbox, which live in its memory: they are part of every snapshot, and no file of the host is among them.
extension Sandbox {
    /// An entry of a directory.
    public struct Entry: Sendable, Hashable {
        /// What an entry is.
        public enum Kind: Sendable, Hashable {
            /// A file with contents.
            case file
            /// A directory.
            case directory
            /// A symbolic link.
            case symbolicLink
            /// Something else.
            case other
        }

        /// The entry's name, without the directory's.
        public let name: String
        /// What it is.
        public let kind: Kind
        /// Its size in bytes.
        public let byteCount: UInt64
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file's path; relative ones start at `/`.
    ///   - maxBytes: What may be read at most; default 256 MiB.
    /// - Returns: Its contents.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func read(_ path: String, maxBytes: Int = 256 << 20) async throws -> [UInt8] {
        try await run { guest in
            let files = try GuestFiles(guest)
            return try files.contents(of: path, maxBytes: maxBytes)
        }
    }

    /// Writes a file; directories on the way are made.
    ///
    /// - Parameters:
    ///   - path: The file's path; relative ones start at `/`. A file that is there is replaced.
    ///   - contents: Its bytes.
    /// - Throws: `SandboxError` with the code `.file` and the reason, such as a quota that is used up.
    public func write(_ path: String, _ contents: [UInt8]) async throws {
        try await run { guest in
            try GuestFiles(guest).write(contents, to: path)
        }
    }

    /// Lists a directory.
    ///
    /// - Parameter path: The directory's path; relative ones start at `/`.
    /// - Returns: Its entries, in the directory's own order.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func list(_ path: String = "/") async throws -> [Entry] {
        try await run { try GuestFiles($0).entries(of: path) }
    }

    /// Removes a file, or a directory with everything in it.
    ///
    /// - Parameter path: Its path; relative ones start at `/`.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func remove(_ path: String) async throws {
        try await run { try GuestFiles($0).remove(path) }
    }

    /// Makes a directory, with those on the way; one that is there is no error.
    ///
    /// - Parameter path: Its path; relative ones start at `/`.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func makeDirectory(_ path: String) async throws {
        try await run { try GuestFiles($0).makeDirectory(path) }
    }
}
