// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Machine code of components, kept by content hash, engine version and settings.
///
/// The engine trusts machine code as the operating system trusts an executable, so the cache only loads files that it wrote
/// itself, from folders that nobody else can write to, nor to a folder above them. Beside each file is a record: its
/// SHA-256 and its `stat` identity. If the identity matches, the file is loaded; otherwise it is hashed first. A file is
/// opened once, and what was checked is what is loaded. Code that is damaged, altered or made for another processor is
/// made anew. Files appear under their name only when complete, and of several processes that want the same code one
/// compiles while the others wait.
public struct CodeCache: Sendable {
    /// The folder that code is written to; without one nothing is kept.
    public let folder: URL?

    /// A folder that is looked into first but never written to: the code that came with an installed copy.
    let installed: URL?

    /// The outcome of compiling a component.
    struct Compiled {
        let code: [UInt8]
        let initialMemoryBytes: Int
    }

    /// Code that may be loaded.
    struct Known {
        let code: OpenFile
        let initialMemoryBytes: Int
    }

    /// A component as the cache knows it.
    struct Source {
        /// The SHA-256 of its bytes.
        let digest: String
        /// Its file, for messages and for ``Entry/source``.
        let name: String
    }

    /// A cache in a folder, which is made when the first code is written.
    public init(folder: URL) {
        self.init(folder: folder, installed: nil)
    }

    init(folder: URL?, installed: URL?) {
        self.folder = folder
        self.installed = installed
    }

    /// The user's cache, with the code that came with these parts in front of it.
    ///
    /// If there is no home folder, as under `env -i`, nothing is kept: a folder for temporary files belongs to everybody,
    /// and code must not come from there.
    public static func standard(parts: Parts) -> CodeCache {
        CodeCache(folder: UserCache.folder()?.appending(path: "code"), installed: parts.code)
    }

    /// Loads the machine code of a component from the cache, or compiles it and keeps it.
    ///
    /// - Parameters:
    ///   - source: The component.
    ///   - settings: All else that the code depends on: engine version, target and settings.
    ///   - load: Loads code; answers `nil` if it is of another processor or engine.
    ///   - compile: Makes the code; called at most once, and not at all if there is some that can be loaded.
    /// - Returns: What was loaded.
    /// - Throws: What the closures throw, and `SandboxError` with the code `.engine` if the code cannot be kept.
    func load<Code>(
        _ source: Source,
        settings: String,
        load: (Known) throws -> Code?,
        compile: () throws -> Compiled
    ) throws -> Code {
        let name = Self.name(digest: source.digest, settings: settings)
        // Installed code that does not fit this processor is passed over. It is somebody else's, and fits another.
        for folder in [installed, folder] {
            guard let folder = try? Self.checked(folder), let known = Entry(folder: folder, name: name).known(),
                let code = try load(known)
            else { continue }
            return code
        }
        guard let folder else {
            let compiled = try compile()
            let file = try OpenFile(anonymous: compiled.code)
            return try Self.own(load(Known(code: file, initialMemoryBytes: compiled.initialMemoryBytes)), source)
        }
        try FileTrust.makeFolder(folder)
        guard let folder = try Self.checked(folder) else { throw Self.notThere(folder) }
        removeLeftovers(in: folder)
        return try FileLock.withLock(path: folder.appending(path: "\(name).lock").path) {
            let entry = Entry(folder: folder, name: name)
            if let known = entry.known(), let code = try load(known) { return code }
            try entry.write(compile(), source: source.name)
            guard let known = entry.known() else { throw Self.notThere(entry.code) }
            return try Self.own(load(known), source)
        }
    }

    /// Makes sure that code which was just made can be loaded.
    private static func own<Code>(_ code: Code?, _ source: Source) throws(SandboxError) -> Code {
        guard let code else {
            throw SandboxError(.engine, "The engine does not load the code that it made of \(source.name).")
        }
        return code
    }

    static func notThere(_ file: URL) -> SandboxError {
        SandboxError(.unreadableFile, "\(file.path) is gone right after it was made.")
    }

    static func name(digest: String, settings: String) -> String {
        hexadecimal(SHA256.hash("\(digest) \(settings)".utf8).prefix(20))
    }

    /// Lists the code in the cache, by name.
    public func entries() -> [Entry] {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".cwasm") }.sorted()
            .map { Entry(folder: folder, name: String($0.dropLast(".cwasm".count))) }
    }

    /// Removes all that is in the cache; code that a process is using stays valid there.
    public func clear() throws {
        guard let folder, FileManager.default.fileExists(atPath: folder.path) else { return }
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            throw SandboxError(.unreadableFile, "\(folder.path) could not be cleared: \(fileErrorReason(error)).")
        }
    }

    /// A folder by a path without links; `nil` if it is not there.
    ///
    /// - Throws: `SandboxError` with the code `.unreadableFile` if others can write to it or to a folder above it.
    static func checked(_ folder: URL?) throws(SandboxError) -> URL? {
        guard let folder, let (path, unsafe) = FileTrust.resolve(folder: folder) else { return nil }
        if let unsafe {
            // Whoever can write there can put other code in the place of what was just compiled.
            throw SandboxError(
                .unreadableFile,
                "The folder \(unsafe) can be written to by others, so code in \(folder.path) cannot be trusted: take "
                    + "that permission away, or set XDG_CACHE_HOME."
            )
        }
        return path
    }

    /// Removes what earlier versions left behind: locks that nobody holds, and memos of files that are gone.
    private func removeLeftovers(in folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names {
            let file = folder.appending(path: name)
            if name.hasSuffix(".lock") {
                FileLock.removeIfUnused(path: file.path)
            } else if name.hasSuffix(".source"), !KnownSource.isOfFileThatIsThere(file) {
                try? FileManager.default.removeItem(at: file)
            }
        }
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
