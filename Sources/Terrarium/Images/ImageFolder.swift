// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The files of an image's folder: reading and writing them.
///
/// For threads that may block.
enum ImageFolder {
    static func manifest(_ folder: URL) -> URL { folder.appending(path: "manifest.json") }
    static func component(_ folder: URL) -> URL { folder.appending(path: "component.wasm") }
    static func memory(_ folder: URL) -> URL { folder.appending(path: "memory.img") }

    // MARK: - Reading

    /// Loads an image: manifest, digests, machine code, memory.
    static func load(
        _ folder: URL,
        _ parts: Parts,
        _ cache: CodeCache,
        _ code: Image.Code = .automatic,
        _ progress: (Image.Progress) -> Void
    ) throws -> Image.Contents {
        let manifest = try readManifest(folder)
        let (component, memory) = (try OpenFile(Self.component(folder)), try OpenFile(Self.memory(folder)))
        for (file, digest) in [(component, manifest.component), (memory, manifest.memory)]
        where try cache.contentDigest(of: file) != digest {
            throw SandboxError(.invalidImage, "\(file.path) is not what the image's manifest says: it is damaged.")
        }
        guard memory.byteCount.isMultiple(of: ImageMemory.wasmPageBytes) else {
            throw SandboxError(.invalidImage, "\(memory.path) is no memory of an image.")
        }
        try ImageManifest.check(
            initialMemoryBytes: manifest.initialMemoryBytes,
            contentBytes: memory.byteCount,
            name: folder.path
        )
        let engine = try SharedEngine.engine(.images, library: parts.engineLibrary)
        let compiled = try engine.component(
            CodeCache.Source(digest: manifest.component, name: component.path),
            cache: cache,
            bytes: component.contents,
            check: { try check($0, name: component.path) },
            progress: { progress(.compiling(component: Self.component(folder))) }
        )
        return Image.Contents(
            identity: manifest.identity,
            runtime: try ImageRuntime(
                component: compiled.component,
                on: engine,
                name: folder.path,
                native: NativeCode.chosen(code, for: manifest.component, name: component.path, in: cache)
            ),
            memory: try ImageMemory(memory),
            initialMemoryBytes: manifest.initialMemoryBytes,
            interruptWords: manifest.interruptWords,
            component: .file(component)
        )
    }

    /// Refuses a component that would run code of its own before anybody calls it; answers its initial memory.
    private static func check(_ bytes: [UInt8], name: String) throws(SandboxError) -> Int {
        let summary = try ComponentSummary(of: bytes, name: name)
        guard !summary.hasStartFunction else {
            throw SandboxError(
                .invalidImage,
                "\(name) has a start function, which would run in each sandbox before its limits hold: build the image "
                    + "again."
            )
        }
        return summary.initialMemoryBytes
    }

    private static func readManifest(_ folder: URL) throws(SandboxError) -> ImageManifest {
        guard let data = (try? OpenFile(manifest(folder)).contents()).map({ Data($0) }) else {
            throw SandboxError(.invalidImage, "\(folder.path) is no image: it has no readable manifest.json.")
        }
        let decoder = JSONDecoder()
        guard let format = ImageManifest.format(of: { try decoder.decode($0, from: data) }) else {
            throw SandboxError(.invalidImage, "\(folder.path) is no image: its manifest.json is damaged.")
        }
        guard format == ImageManifest.currentFormat else {
            throw SandboxError(.invalidImage, "\(folder.path) is an image of another version: build it again.")
        }
        guard let manifest = try? decoder.decode(ImageManifest.self, from: data) else {
            throw SandboxError(.invalidImage, "\(folder.path) is no image: its manifest.json is damaged.")
        }
        return manifest
    }

    // MARK: - Writing

    /// Writes an image beside where it is to be, and puts it there when it is complete; answers its component there.
    @discardableResult
    static func write(_ image: Image.Contents, to folder: URL) throws(SandboxError) -> OpenFile {
        let files = FileManager.default
        if files.fileExists(atPath: folder.path), !files.fileExists(atPath: manifest(folder).path) {
            throw SandboxError(.unreadableFile, "\(folder.path) is there already and is no image; it is not replaced.")
        }
        let temporary = folder.deletingLastPathComponent()
            .appending(path: ".\(folder.lastPathComponent).\(UInt64.random(in: 0 ... .max))")
        // After an exchange this is the image that was there before.
        defer { try? files.removeItem(at: temporary) }
        do {
            try files.createDirectory(at: temporary, withIntermediateDirectories: true)
            try writeFiles(of: image, to: temporary)
        } catch let error as SandboxError {
            throw error
        } catch {
            throw SandboxError(.unreadableFile, "\(folder.path) cannot be written: \(fileErrorReason(error)).")
        }
        let component = try OpenFile(component(temporary))
        let error = unsafe terrarium_replace(temporary.path, folder.path)
        guard error == 0 else {
            throw SandboxError(.unreadableFile, "\(folder.path) cannot be written: \(systemErrorMessage(error)).")
        }
        return component
    }

    private static func writeFiles(of image: Image.Contents, to folder: URL) throws {
        let digests = image.identity.split(separator: "+").map(String.init)
        guard digests.count == 2 else { throw SandboxError(.unsupported, "The image has no identity.") }
        let content = unsafe image.memory.bytes
        try ImageManifest.check(
            initialMemoryBytes: image.initialMemoryBytes,
            contentBytes: content.count,
            name: "The image"
        )
        let component = try image.component.bytes()
        guard CodeCache.digest(component) == digests[0] else {
            throw SandboxError(.unreadableFile, "The component of the image was changed after the image was loaded.")
        }
        try Data(component).write(to: Self.component(folder))
        let bytes = unsafe content.withMemoryRebound(to: UInt8.self) { unsafe Data(buffer: $0) }
        try bytes.write(to: Self.memory(folder))
        let manifest = ImageManifest(
            component: digests[0],
            memory: digests[1],
            initialMemoryBytes: image.initialMemoryBytes,
            interruptWords: image.interruptWords
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(manifest).write(to: Self.manifest(folder))
    }
}
