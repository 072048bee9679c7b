// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How much may be copied between a folder of the host and a sandbox.
public struct CopyLimits: Sendable, Hashable {
    /// The bytes of all files together; default 256 MiB.
    public var bytes = 256 << 20
    /// The number of files and folders; default 10,000.
    public var count = 10_000
    /// How deep folders may lie in each other; default 64.
    public var depth = 64

    /// The default limits.
    public init() {}

    /// Takes a file or folder off what is left.
    fileprivate mutating func take(bytes taken: Int, _ path: String) throws(SandboxError) {
        count -= 1
        bytes -= taken
        guard count >= 0, bytes >= 0 else {
            throw SandboxError(.file, "\(path): there is more to copy than the limits allow.")
        }
    }

    /// What is left one folder further down.
    fileprivate mutating func descend<Result>(
        _ path: String,
        _ body: (inout CopyLimits) throws -> Result
    ) throws -> Result {
        guard depth > 0 else { throw SandboxError(.file, "\(path): folders lie too deep in each other.") }
        depth -= 1
        defer { depth += 1 }
        return try body(&self)
    }
}

extension Sandbox {
    /// Copies a folder of the host, or a file, into the sandbox.
    ///
    /// What the program does with the copy changes nothing in the folder. Symbolic links are neither followed nor copied,
    /// so nothing outside of the folder is read; pipes, sockets and devices are left out too.
    ///
    /// - Parameters:
    ///   - source: The folder or file, which may itself be named by a link.
    ///   - path: Where it is to be in the sandbox; relative paths start at `/`. What is there stays, but for files of
    ///     the same name.
    ///   - limits: How much may be copied.
    /// - Throws: `SandboxError` with the code `.unreadableFile` if something cannot be read, `.file` if a limit or the
    ///   sandbox's own quota is used up.
    public func copy(_ source: URL, to path: String, limits: CopyLimits = CopyLimits()) throws {
        try copying { files in
            var limits = limits
            guard try HostFolder.isFolder(path: source.path) else {
                let source = source.resolvingSymlinksInPath()
                let folder = try HostFolder(path: source.deletingLastPathComponent().path, followsLink: true)
                let contents = try folder.contents(of: source.lastPathComponent, maxBytes: limits.bytes)
                try files.write(contents, to: path)
                return
            }
            try files.makeDirectory(path)
            try Self.copyIn(HostFolder(path: source.path, followsLink: true), to: path, files, &limits)
        }
    }

    private static func copyIn(
        _ folder: borrowing HostFolder,
        to path: String,
        _ files: GuestFiles,
        _ limits: inout CopyLimits
    ) throws {
        for name in try folder.names() {
            let inner = "\(path)/\(name)"
            switch try folder.kind(of: name) {
            case .file(let byteCount):
                try limits.take(bytes: byteCount, inner)
                // It may have grown since it was looked at.
                try files.write(folder.contents(of: name, maxBytes: byteCount), to: inner)
            case .folder:
                try limits.take(bytes: 0, inner)
                try files.makeDirectory(inner)
                let next = try folder.folder(name)
                try limits.descend(inner) { try copyIn(next, to: inner, files, &$0) }
            case .symbolicLink, .other: continue
            }
        }
    }

    /// Copies a folder of the sandbox, or a file, out to the host.
    ///
    /// What a program wrote can be anything: treat the copy like a download. Symbolic links in the sandbox are left out,
    /// and links in the folder on the host are not followed but replaced, so nothing outside of it is written.
    ///
    /// - Parameters:
    ///   - path: The folder or file in the sandbox; relative paths start at `/`.
    ///   - destination: Where to; a folder is made if it is not there, and files of the same name are replaced.
    ///   - limits: How much may be copied.
    /// - Returns: How many files and folders were copied.
    /// - Throws: `SandboxError` with the code `.file` if something is not there or a limit is used up, `.unreadableFile` if
    ///   something cannot be written.
    @discardableResult
    public func copy(_ path: String, to destination: URL, limits: CopyLimits = CopyLimits()) throws -> Int {
        try copying { files in
            var rest = limits
            if let entries = try? files.entries(of: path) {
                do {
                    try FileManager.default.createDirectory(at: destination, withIntermediateDirectories: true)
                } catch {
                    throw SandboxError(.unreadableFile, "\(destination.path): \(fileErrorReason(error)).")
                }
                let folder = try HostFolder(path: destination.path, followsLink: true)
                try Self.copyOut(entries, of: path, to: folder, files, &rest)
            } else {
                let contents = try files.contents(of: path, maxBytes: rest.bytes)
                try rest.take(bytes: contents.count, path)
                let folder = try HostFolder(path: destination.deletingLastPathComponent().path, followsLink: true)
                try folder.write(contents, to: destination.lastPathComponent)
            }
            return limits.count - rest.count
        }
    }

    private static func copyOut(
        _ entries: [Entry],
        of path: String,
        to folder: borrowing HostFolder,
        _ files: GuestFiles,
        _ limits: inout CopyLimits
    ) throws {
        for entry in entries {
            let inner = "\(path)/\(entry.name)"
            switch entry.kind {
            case .file:
                // The size in the listing is the program's word.
                let contents = try files.contents(of: inner, maxBytes: limits.bytes)
                try limits.take(bytes: contents.count, inner)
                try folder.write(contents, to: entry.name)
            case .directory:
                try limits.take(bytes: 0, inner)
                let next = try folder.makeFolder(entry.name)
                let entries = try files.entries(of: inner)
                try limits.descend(inner) { try copyOut(entries, of: inner, to: next, files, &$0) }
            case .symbolicLink, .other: continue
            }
        }
    }

    /// Works on the files without a limit on time: how long it takes is the host's own doing.
    private func copying<Result>(_ body: (GuestFiles) throws -> Result) throws -> Result {
        var limits = limits
        limits.time = nil
        limits.processorTime = nil
        return try runNow(limits: limits) { try body(GuestFiles($0)) }
    }
}

extension Session {
    /// Copies a folder of the host, or a file, into the session; see ``Sandbox/copy(_:to:limits:)-(URL,_,_)``.
    public func copy(_ source: URL, to path: String, limits: CopyLimits = CopyLimits()) async throws {
        try await turnstile.run { try await sandbox.copy(source, to: path, limits: limits) }
    }

    /// Copies a folder of the session, or a file, out to the host; see ``Sandbox/copy(_:to:limits:)-(String,_,_)``.
    @discardableResult
    public func copy(_ path: String, to destination: URL, limits: CopyLimits = CopyLimits()) async throws -> Int {
        try await turnstile.run { try await sandbox.copy(path, to: destination, limits: limits) }
    }
}
