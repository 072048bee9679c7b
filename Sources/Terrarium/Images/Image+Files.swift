// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The files of an image's folder.
enum ImageFolder {
    static func manifest(_ folder: URL) -> URL { folder.appending(path: "manifest.json") }
    static func component(_ folder: URL) -> URL { folder.appending(path: "component.wasm") }
    static func memory(_ folder: URL) -> URL { folder.appending(path: "memory.img") }
}

extension Image {
    /// Loads an image from its folder, `NAME.terrarium`.
    ///
    /// The folder is data, and all of it is checked; its machine code is compiled here, once, and kept in the cache.
    ///
    /// - Parameters:
    ///   - folder: The image's folder, which must not be changed while the image is in use.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - progress: Called when something starts that takes more than a moment.
    /// - Throws: `SandboxError` with the code `.invalidImage`, `.unreadableFile`, `.partsNotFound` or `.engine`.
    public convenience init(
        contentsOf folder: URL,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) throws {
        let parts = try parts ?? Parts.locate()
        let cache = cache ?? .standard(parts: parts)
        let manifest = try Self.readManifest(folder)
        let memoryFile = ImageFolder.memory(folder)
        for (file, digest) in [(ImageFolder.component(folder), manifest.component), (memoryFile, manifest.memory)]
        where try cache.contentDigest(of: file) != digest {
            throw SandboxError(.invalidImage, "\(file.path) is not what the image's manifest says: it is damaged.")
        }
        let (component, _) = try EngineSettings.component(
            of: ImageFolder.component(folder),
            engine: EngineSettings.engine(library: parts.engineLibrary, usesSlots: true),
            cache: cache,
            progress: progress
        )
        self.init(
            identity: manifest.identity,
            runtime: try ImageRuntime(component: component, grants: .none, name: folder.path),
            memory: try Self.map(memoryFile),
            initialMemoryBytes: manifest.initialMemoryBytes,
            interruptWords: manifest.interruptWords,
            componentFile: ImageFolder.component(folder)
        )
    }

    /// Writes the image as a folder, which appears under its name when it is complete.
    ///
    /// - Parameter folder: Where to; what is there is replaced if it is an image.
    /// - Throws: `SandboxError` with the code `.unsupported` for a plain component, `.unreadableFile` if a file cannot be
    ///   written or something else than an image is there.
    public func write(to folder: URL) throws {
        guard let memory, let componentFile else {
            throw SandboxError(.unsupported, "A component that is run as it is has no image to write.")
        }
        let files = FileManager.default
        if files.fileExists(atPath: folder.path), !files.fileExists(atPath: ImageFolder.manifest(folder).path) {
            throw SandboxError(.unreadableFile, "\(folder.path) is there already and is no image; it is not replaced.")
        }
        let temporary = folder.deletingLastPathComponent()
            .appending(path: ".\(folder.lastPathComponent).\(UInt64.random(in: 0 ... .max))")
        do {
            try files.createDirectory(at: temporary, withIntermediateDirectories: true)
            try writeFiles(to: temporary, memory: memory, component: componentFile)
            if files.fileExists(atPath: folder.path) { try files.removeItem(at: folder) }
            try files.moveItem(at: temporary, to: folder)
        } catch {
            try? files.removeItem(at: temporary)
            guard !(error is SandboxError) else { throw error }
            throw SandboxError(.unreadableFile, "\(folder.path) cannot be written: \(fileErrorReason(error)).")
        }
    }

    private func writeFiles(to folder: URL, memory: ImageMemory, component: URL) throws {
        let files = FileManager.default
        // An image and those derived from it share the file where the file system can.
        if (try? files.linkItem(at: component, to: ImageFolder.component(folder))) == nil {
            try files.copyItem(at: component, to: ImageFolder.component(folder))
        }
        let bytes = unsafe memory.bytes.withMemoryRebound(to: UInt8.self) { unsafe Data(buffer: $0) }
        try bytes.write(to: ImageFolder.memory(folder))
        let digests = identity.split(separator: "+").map(String.init)
        guard digests.count == 2 else { throw SandboxError(.unsupported, "The image has no identity.") }
        let manifest = ImageManifest(
            component: digests[0],
            memory: digests[1],
            initialMemoryBytes: initialMemoryBytes,
            interruptWords: interruptWords
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(manifest).write(to: ImageFolder.manifest(folder))
    }

    private static func readManifest(_ folder: URL) throws(SandboxError) -> ImageManifest {
        guard let data = try? Data(contentsOf: ImageFolder.manifest(folder)) else {
            throw SandboxError(.invalidImage, "\(folder.path) is no image: it has no readable manifest.json.")
        }
        guard let manifest = try? JSONDecoder().decode(ImageManifest.self, from: data) else {
            throw SandboxError(.invalidImage, "\(folder.path) is no image of this version: see its manifest.json.")
        }
        let isSound =
            manifest.format == ImageManifest.currentFormat && manifest.initialMemoryBytes >= 0
            && manifest.initialMemoryBytes <= 1 << 32
            && manifest.initialMemoryBytes.isMultiple(of: ImageMemory.wasmPageBytes)
        guard isSound else {
            throw SandboxError(.invalidImage, "\(folder.path) is an image of another version; build it again.")
        }
        return manifest
    }

    private static func map(_ file: URL) throws -> ImageMemory {
        let descriptor = unsafe open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, let length = FileIdentity(path: file.path)?.byteCount,
            length.isMultiple(of: ImageMemory.wasmPageBytes)
        else {
            if descriptor >= 0 { close(descriptor) }
            throw SandboxError(.invalidImage, "\(file.path) is no memory of an image.")
        }
        guard FileIdentity.isTrusted(path: file.path) else {
            // Others could change the file under running programs, so a copy is made.
            close(descriptor)
            return try ImageMemory(bytes: Array(Data(contentsOf: file)))
        }
        return try ImageMemory(descriptor: descriptor, length: length)
    }
}
