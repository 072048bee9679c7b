// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Crypto

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Machine code of components, kept by content hash, engine version and settings.
///
/// The engine trusts machine code as the operating system trusts an executable, so nothing is used that this cache did
/// not write: each file has a record beside it with its SHA-256 and what the file system said of it when it was
/// written. While that still holds the file is used at once; else it is hashed, and a file that is damaged, altered or
/// writable by others is made anew. Files appear under their name only when complete, and of several processes that
/// want the same code one compiles while the others wait.
public struct CodeCache: Sendable {
    /// The folder that code is written to.
    public let folder: URL

    /// A folder that is looked into first but never written to: the code that came with an installed copy.
    private let installed: URL?

    /// What compiling a component yields.
    struct Compiled {
        let code: Data
        let initialMemoryBytes: Int
    }

    /// What is kept of it.
    struct Known {
        let code: URL
        let initialMemoryBytes: Int
    }

    /// A cache in a folder, which is made when the first code is written.
    public init(folder: URL) {
        self.init(folder: folder, installed: nil)
    }

    init(folder: URL, installed: URL?) {
        self.folder = folder
        self.installed = installed
    }

    /// The user's cache, with the code that came with these parts in front of it.
    ///
    /// Where there is no home folder, as under `env -i`, it is a folder beside other temporary files.
    public static func standard(parts: Parts) -> CodeCache {
        let user = UserCache.folder() ?? FileManager.default.temporaryDirectory.appending(path: "terrarium-cache")
        return CodeCache(folder: user.appending(path: "code"), installed: parts.code)
    }

    /// The machine code of a component, with what else is known of it.
    ///
    /// `settings` is whatever else the code depends on: engine version, target and settings. `compile` is called with
    /// the component's bytes, at most once, and not at all where the code is there.
    func code(of component: URL, settings: String, compile: (Data) throws -> Compiled) throws -> Known {
        let digest = try contentDigest(of: component)
        let name = Self.name(digest: digest, settings: settings)
        for folder in [installed, folder].compactMap(\.self) {
            let entry = Entry(folder: folder, name: name)
            if let known = entry.known() { return known }
        }
        try makeFolder()
        return try FileLock.withLock(path: folder.appending(path: "\(name).lock").path) {
            let entry = Entry(folder: folder, name: name)
            if let known = entry.known() { return known }
            let bytes = try read(component)
            guard Self.hexadecimal(SHA256.hash(data: bytes)) == digest else {
                throw SandboxError(.unreadableFile, "\(component.path) changed while it was read; try again.")
            }
            let compiled = try compile(bytes)
            try entry.write(compiled, source: component.path)
            return Known(code: entry.code, initialMemoryBytes: compiled.initialMemoryBytes)
        }
    }

    /// Drops the machine code of a component, because the engine cannot use it.
    func forget(_ component: URL, settings: String) throws {
        let name = try Self.name(digest: contentDigest(of: component), settings: settings)
        for folder in [installed, folder].compactMap(\.self) {
            Entry(folder: folder, name: name).remove()
        }
    }

    private static func name(digest: String, settings: String) -> String {
        hexadecimal(SHA256.hash(data: Data("\(digest) \(settings)".utf8)).prefix(20))
    }

    /// What is in the cache, by name.
    public func entries() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".cwasm") }.sorted()
            .map { Entry(folder: folder, name: String($0.dropLast(".cwasm".count))) }
    }

    /// Removes all that is in the cache; code that a process is using stays valid there.
    public func clear() throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            throw SandboxError(.unreadableFile, "\(folder.path) could not be cleared: \(fileErrorReason(error)).")
        }
    }

    /// The SHA-256 of a file, remembered with the file's identity so that it is read only when it changed.
    func contentDigest(of file: URL) throws -> String {
        guard let identity = FileIdentity(path: file.path) else {
            throw SandboxError(.unreadableFile, "\(file.path) is not there or is not a file.")
        }
        let name = Self.hexadecimal(SHA256.hash(data: Data(file.standardizedFileURL.path.utf8)).prefix(20))
        for folder in [installed, folder].compactMap(\.self) {
            let memo = folder.appending(path: "\(name).source")
            guard FileIdentity.isTrusted(path: memo.path), let data = try? Data(contentsOf: memo),
                let known = try? JSONDecoder().decode(KnownSource.self, from: data), known.identity == identity
            else { continue }
            return known.digest
        }
        let digest = Self.hexadecimal(SHA256.hash(data: try read(file)))
        // Without the memo the file is hashed again next time, so a folder that cannot be written is no error here.
        let source = KnownSource(identity: identity, digest: digest)
        if (try? makeFolder()) != nil, let memo = try? JSONEncoder().encode(source) {
            try? memo.write(to: folder.appending(path: "\(name).source"), options: .atomic)
        }
        return digest
    }

    private struct KnownSource: Codable {
        let identity: FileIdentity
        let digest: String
    }

    private func read(_ file: URL) throws(SandboxError) -> Data {
        do {
            return try Data(contentsOf: file, options: .mappedIfSafe)
        } catch {
            throw SandboxError(.unreadableFile, "\(file.path) cannot be read: \(fileErrorReason(error)).")
        }
    }

    private func makeFolder() throws(SandboxError) {
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SandboxError(
                .unreadableFile,
                "The cache folder \(folder.path) cannot be made: \(fileErrorReason(error)). Set XDG_CACHE_HOME to a folder "
                    + "that can be written to."
            )
        }
        // Whoever can write to the folder can put other code in the place of what was just compiled.
        guard FileIdentity.isTrusted(path: folder.path) else {
            throw SandboxError(
                .unreadableFile,
                "The cache folder \(folder.path) can be written to by others, so code in it cannot be trusted: "
                    + "remove it, or set XDG_CACHE_HOME."
            )
        }
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
