// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// The files of a sandbox, which live in its memory: they are part of every snapshot, and no file of the host is among them.
///
/// A host function that a program awaits may use the files of the sandbox that waits for it.
extension Sandbox {
    /// An entry of a directory.
    public struct Entry: Sendable, Hashable, Codable {
        /// The kind of an entry.
        public struct Kind: NamedChoice {
            /// The kind's name.
            public let name: String

            /// Makes a kind of its name.
            public init(_ name: String) { self.name = name }

            /// A file with contents.
            public static let file = Kind("file")
            /// A directory.
            public static let directory = Kind("directory")
            /// A symbolic link.
            public static let symbolicLink = Kind("symbolicLink")
            /// Something else.
            public static let other = Kind("other")
        }

        /// The entry's name, without the directory's.
        public var name: String
        /// The entry's kind.
        public var kind: Kind
        /// The size in bytes.
        public var byteCount: UInt64

        /// Makes an entry.
        public init(name: String, kind: Kind, byteCount: UInt64) {
            self.name = name
            self.kind = kind
            self.byteCount = byteCount
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file's path; relative ones start at `/`.
    ///   - maxBytes: What may be read at most; default 256 MiB.
    /// - Returns: Its contents.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func read(_ path: String, maxBytes: Int = 256 << 20) async throws -> [UInt8] {
        try await fileOperation { guest in
            try GuestFiles(guest).contents(of: path, maxBytes: maxBytes)
        }
    }

    /// Writes a file; directories on the way are made.
    ///
    /// - Parameters:
    ///   - path: The file's path; relative ones start at `/`. A file that is there is replaced.
    ///   - contents: Its bytes.
    /// - Throws: `SandboxError` with the code `.file` and the reason, such as a quota that is used up.
    public func write(_ path: String, _ contents: [UInt8]) async throws {
        try await fileOperation { guest in
            try GuestFiles(guest).write(contents, to: path)
        }
    }

    /// Lists a directory.
    ///
    /// - Parameter path: The directory's path; relative ones start at `/`.
    /// - Returns: Its entries, in the directory's own order.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func list(_ path: String = "/") async throws -> [Entry] {
        try await fileOperation { try GuestFiles($0).entries(of: path) }
    }

    /// Removes a file, or a directory with everything in it.
    ///
    /// - Parameter path: Its path; relative ones start at `/`.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func remove(_ path: String) async throws {
        try await fileOperation { try GuestFiles($0).remove(path) }
    }

    /// Makes a directory, with those on the way; one that is there is no error.
    ///
    /// - Parameter path: Its path; relative ones start at `/`.
    /// - Throws: `SandboxError` with the code `.file` and the reason.
    public func makeDirectory(_ path: String) async throws {
        try await fileOperation { try GuestFiles($0).makeDirectory(path) }
    }

    /// Works on the files, under the sandbox's limits unless others are given.
    func fileOperation<Result: Sendable>(
        limits: Limits? = nil,
        _ body: (GuestInstance) throws -> Result
    ) async throws -> Result {
        guard HostCallScope.isInside(self) else {
            return try await operation { try interpreter.call(limits: limits, body) }
        }
        // Part of the run that waits for the caller: a failure of that run takes it back as well.
        return try await context.host.gate.betweenSteps {
            try interpreter.call(limits: limits, continues: true, body)
        }
    }
}
