// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension NativeCode {
    /// The guest of an image that may be given to a compiler.
    ///
    /// A compiler is not made for hostile input as the engine is, so it gets nothing but Terrarium's own guest.
    package struct Guest: Sendable {
        /// The SHA-256 of the image's component.
        package let digest: String

        private let file: OpenFile

        /// Opens the guest of an image.
        ///
        /// - Throws: `SandboxError` with the code `.unsupported` if the guest is somebody else's, or as reading it does.
        package init(ofImage folder: URL, parts: Parts, cache: CodeCache) throws(SandboxError) {
            file = try OpenFile(ImageFolder.component(folder))
            digest = try CodeCache.digest(of: file)
            let own = try? OpenFile(ImageFolder.component(parts.pythonImage))
            let isStandard = own.map { $0.isTrusted && (try? CodeCache.digest(of: $0)) == digest } ?? false
            guard isStandard || cache.isOwnGuest(digest) else {
                throw SandboxError(
                    .unsupported,
                    "\(folder.path) was not made of Terrarium's own guest by `terrarium build` on this machine, so it is not "
                        + "given to a compiler; it runs on the engine's code."
                )
            }
        }

        /// Reads the component.
        package func component() throws(SandboxError) -> [UInt8] {
            let bytes = try file.contents()
            guard CodeCache.digest(bytes) == digest else {
                throw SandboxError(.unreadableFile, "\(file.path) changed while it was read; try again.")
            }
            return bytes
        }

        fileprivate var source: CodeCache.Source { CodeCache.Source(digest: digest, name: file.path) }
    }

    /// The words in which the code of a guest that is kept describes itself; `nil` if there is none.
    package static func description(of guest: Guest, in cache: CodeCache) -> String? {
        guard let known = cache.find(guest.source, settings: settings) else { return nil }
        return try? NativeCode.load(known.code).description
    }

    /// A folder of the cache for what is not finished yet.
    package static func workFolder(for guest: Guest, in cache: CodeCache) throws(SandboxError) -> URL {
        guard let folder = cache.folder else {
            throw SandboxError(.unsupported, "There is no cache folder: neither HOME nor XDG_CACHE_HOME is set.")
        }
        let work = folder.appending(path: "optimising/\(guest.digest.prefix(20))")
        try FileTrust.makeFolder(work)
        guard let checked = try CodeCache.checked(work) else {
            throw SandboxError(.unreadableFile, "\(work.path) cannot be made.")
        }
        return checked
    }

    /// Keeps the code of a guest, after it was seen to load.
    package static func keep(_ code: [UInt8], of guest: Guest, in cache: CodeCache) throws {
        _ = try load(OpenFile(anonymous: code))
        try cache.store(code, of: guest.source, settings: settings)
    }
}

extension CodeCache {
    /// Code that is there, if it may be loaded.
    func find(_ source: Source, settings: String) -> Known? {
        let name = Self.name(digest: source.digest, settings: settings)
        for folder in [installed, folder] {
            if let folder = try? Self.checked(folder), let known = Entry(folder: folder, name: name).known() {
                return known
            }
        }
        return nil
    }

    /// Keeps code that was made elsewhere.
    func store(_ code: [UInt8], of source: Source, settings: String) throws {
        guard let folder else { throw SandboxError(.unreadableFile, "There is no cache folder to keep code in.") }
        try FileTrust.makeFolder(folder)
        guard let folder = try Self.checked(folder) else { throw Self.notThere(folder) }
        let name = Self.name(digest: source.digest, settings: settings)
        try FileLock.withLock(path: folder.appending(path: "\(name).lock").path) {
            try Entry(folder: folder, name: name)
                .write(Compiled(code: code, initialMemoryBytes: 0), source: source.name)
        }
    }

    /// Notes that a component was made of Terrarium's own guest, by this user.
    package func noteOwnGuest(_ digest: String) throws {
        guard let folder else { return }
        try FileTrust.makeFolder(folder)
        guard let folder = try Self.checked(folder) else { return }
        try Self.write(Array(digest.utf8), to: folder.appending(path: "\(digest.prefix(40)).guest"))
    }

    /// Returns whether that was noted.
    func isOwnGuest(_ digest: String) -> Bool {
        guard let folder = try? Self.checked(folder),
            let file = try? OpenFile(folder.appending(path: "\(digest.prefix(40)).guest"), followsLink: false)
        else { return false }
        return file.isTrusted && (try? file.contents()) == Array(digest.utf8)
    }
}
