// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Limits on what is copied between a folder of the host and a sandbox.
public struct CopyLimits: Sendable, Hashable {
    /// The bytes of all files together; default 256 MiB.
    public var bytes = 256 << 20
    /// The number of files and folders; default 10,000.
    public var count = 10_000
    /// The number of folders that may lie in each other; default 64.
    public var depth = 64
    /// The time that the copy may take; default 60 seconds, `nil` for no limit.
    public var time: Duration? = .seconds(60)

    /// The default limits.
    public init() {}

    /// Takes a file or folder off the number that is left.
    fileprivate mutating func takeEntry(_ path: String) throws(SandboxError) {
        count -= 1
        guard count >= 0 else { throw Self.exceeded(path) }
    }

    /// Takes bytes off the number that is left.
    fileprivate mutating func take(bytes taken: Int, _ path: String) throws(SandboxError) {
        bytes -= taken
        guard bytes >= 0 else { throw Self.exceeded(path) }
    }

    private static func exceeded(_ path: String) -> SandboxError {
        SandboxError(.file, "\(path): there is more to copy than the limits allow.")
    }

    /// Runs a closure for a folder inside of the one that is copied.
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

/// Copies of folders, from the host into a sandbox and out of it.
enum FolderCopy {
    // MARK: - Into the sandbox

    /// Copies a folder or file of the host to a path in the sandbox.
    static func copyIn(_ source: URL, to path: String, _ files: GuestFiles, _ limits: CopyLimits) throws {
        var limits = limits
        guard try HostFolder.isFolder(path: source.path) else {
            let source = source.resolvingSymlinksInPath()
            let folder = try HostFolder(path: source.deletingLastPathComponent().path, followsLink: true)
            let contents = try folder.contents(of: try name(of: source), maxBytes: limits.bytes)
            try files.write(contents, to: path)
            return
        }
        try files.makeDirectory(path)
        try copyIn(HostFolder(path: source.path, followsLink: true), to: path, files, &limits)
    }

    private static func copyIn(
        _ folder: borrowing HostFolder,
        to path: String,
        _ files: GuestFiles,
        _ limits: inout CopyLimits
    ) throws {
        for name in try folder.names() {
            let kind = try folder.kind(of: name)
            switch kind {
            case .symbolicLink, .other: continue
            case .file, .folder: break
            }
            guard let text = name.text else {
                throw SandboxError(.unreadableFile, "\(path)/\(name) has a name that is not UTF-8.")
            }
            let inner = "\(path)/\(text)"
            try limits.takeEntry(inner)
            if case .file(let byteCount) = kind {
                try limits.take(bytes: byteCount, inner)
                // It may have grown since it was looked at.
                try files.write(folder.contents(of: name, maxBytes: byteCount), to: inner)
            } else {
                try files.makeDirectory(inner)
                let next = try folder.folder(name)
                try limits.descend(inner) { try copyIn(next, to: inner, files, &$0) }
            }
        }
    }

    // MARK: - Out of the sandbox

    /// Copies a folder or file of the sandbox to the host; answers how many files and folders were copied.
    static func copyOut(_ path: String, to destination: URL, _ files: GuestFiles, _ limits: CopyLimits) throws -> Int {
        var rest = limits
        if let entries = try list(path, files, &rest) {
            do {
                try FileManager.default.createDirectory(at: destination, withIntermediateDirectories: true)
            } catch {
                throw SandboxError(.unreadableFile, "\(destination.path): \(fileErrorReason(error)).")
            }
            let folder = try HostFolder(path: destination.path, followsLink: true)
            try copyOut(entries, of: path, to: folder, files, &rest)
        } else {
            try rest.takeEntry(path)
            let contents = try files.contents(of: path, maxBytes: rest.bytes)
            try rest.take(bytes: contents.count, path)
            let folder = try HostFolder(path: destination.deletingLastPathComponent().path, followsLink: true)
            try folder.write(contents, to: try name(of: destination))
        }
        return limits.count - rest.count
    }

    /// Lists what is to be copied of a folder, or answers `nil` for a file.
    ///
    /// The limit counts here, so that no more names than it allows are kept.
    private static func list(
        _ path: String,
        _ files: GuestFiles,
        _ limits: inout CopyLimits
    ) throws -> [GuestFiles.Entry]? {
        var entries: [GuestFiles.Entry] = []
        let isFolder = try files.forEachEntry(of: path) { entry in
            guard entry.kind == .file || entry.kind == .directory else { return }
            try limits.takeEntry(path)
            entries.append(entry)
        }
        return isFolder ? entries : nil
    }

    private static func copyOut(
        _ entries: [GuestFiles.Entry],
        of path: String,
        to folder: borrowing HostFolder,
        _ files: GuestFiles,
        _ limits: inout CopyLimits
    ) throws {
        for entry in entries {
            let inner = "\(path)/\(entry.text)"
            if entry.kind == .directory {
                let next = try folder.makeFolder(entry.name)
                try limits.descend(inner) { limits in
                    try copyOut(list(inner, files, &limits) ?? [], of: inner, to: next, files, &limits)
                }
            } else {
                // The size in the listing is the program's word.
                let contents = try files.contents(of: inner, maxBytes: limits.bytes)
                try limits.take(bytes: contents.count, inner)
                try folder.write(contents, to: entry.name)
            }
        }
    }

    private static func name(of file: URL) throws(SandboxError) -> FileName {
        guard let name = FileName(file.lastPathComponent) else {
            throw SandboxError(.unreadableFile, "\(file.path) is no path of a file.")
        }
        return name
    }
}
