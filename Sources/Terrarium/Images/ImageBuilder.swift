// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentLinking
import ComponentModel
import WASIVirtualization
import Wasmtime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Image {
    /// Makes an image of a component and writes it: links its modules into one, puts WASI inside, takes out the memory.
    ///
    /// A start function runs here, once: its effects are part of the image.
    ///
    /// - Parameters:
    ///   - component: A component that exports `exec` and `eval`, in binary form.
    ///   - folder: Where to write the image, `NAME.terrarium`.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - progress: Called on another thread when something starts that takes more than a moment.
    /// - Returns: The image.
    /// - Throws: `SandboxError` with the code `.invalidComponent` if the component is none or cannot be linked into one
    ///   memory, `.unreadableFile`, `.partsNotFound` or `.engine`.
    public static func build(
        component: URL,
        to folder: URL,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Image {
        try await OwnThread.run {
            let parts = try parts ?? Parts.locate()
            let builder = ImageBuilder(
                source: component,
                parts: parts,
                cache: cache ?? .standard(parts: parts),
                progress: progress
            )
            return Image(try builder.build(to: folder))
        }
    }
}

/// The steps from a component to an image.
///
/// For threads that may block.
struct ImageBuilder {
    let source: URL
    let parts: Parts
    let cache: CodeCache
    var progress: (Image.Progress) -> Void = { _ in }

    /// The time that a start function may take.
    var startTime = Duration.seconds(60)

    /// A component that was linked into one module, without its data.
    private struct Linked {
        let bytes: [UInt8]
        let memory: MemoryImage
        let hasStart: Bool
    }

    /// Builds the image and writes it.
    func build(to folder: URL) throws -> Image.Contents {
        progress(.linking(component: source))
        let linked = try link()
        let digest = CodeCache.digest(linked.bytes)
        let engine = try SharedEngine.engine(.images, library: parts.engineLibrary)
        let code = try engine.component(
            CodeCache.Source(digest: digest, name: source.path),
            cache: cache,
            bytes: { linked.bytes },
            check: { _ in Int(linked.memory.initialSize) },
            progress: { progress(.compiling(component: source)) }
        )
        let runtime = try ImageRuntime(component: code.component, on: engine, name: source.path)
        func image(_ memory: StartedMemory, _ interruptWords: InterruptWords?) throws -> Image.Contents {
            Image.Contents(
                identity: "\(digest)+\(CodeCache.digest(memory.bytes))",
                runtime: runtime,
                memory: try ImageMemory(bytes: memory.bytes),
                initialMemoryBytes: memory.size,
                interruptWords: interruptWords,
                component: .bytes(linked.bytes)
            )
        }
        var memory = StartedMemory(bytes: linked.memory.bytes, size: Int(linked.memory.initialSize))
        if linked.hasStart {
            memory = try StartFunction.run(in: Image(image(memory, nil)), time: startTime, name: source.path)
        }
        let raw = try Image(image(memory, nil))
        try ImmortalObjects.make(in: raw, memory: &memory.bytes)
        let finished = try image(memory, InterruptProbe.find(in: raw))
        // From now on the component is in the file, and not in this process's memory.
        return finished.with(component: .file(try ImageFolder.write(finished, to: folder)))
    }

    private func link() throws -> Linked {
        let bytes = try OpenFile(source).contents()
        do {
            var linked = try LinkedComponent(linking: ComponentModel.Component(decoding: bytes))
            let configuration = GuestConfiguration(
                environment: ["HOME": Self.home],
                preopens: ["/"],
                files: try Self.files()
            )
            try linked.virtualize(Virtualization(configuration: configuration))
            let hasStart = try linked.exportStart(as: StartFunction.export)
            try InterruptProbe.addExports(to: &linked)
            try linked.moveGlobalsToMemory()
            let memory = try linked.extractMemory()
            return Linked(bytes: try linked.component().encoded(), memory: memory, hasStart: hasStart)
        } catch {
            throw SandboxError(.invalidComponent, "\(source.path) cannot be made an image: \(error)")
        }
    }
}

extension ImageBuilder {
    private static let home = "/home/user"

    /// The files that programs expect to find on any machine.
    private static func files() throws -> WASIVirtualization.GuestFiles {
        var files = WASIVirtualization.GuestFiles()
        try files.add(directory: "/dev", isReadOnly: true)
        try files.add(device: "/dev/null", .null)
        try files.add(device: "/dev/zero", .zero)
        try files.add(device: "/dev/random", .random)
        try files.add(device: "/dev/urandom", .random)
        try files.add(device: "/dev/stdin", .standardInput)
        try files.add(device: "/dev/stdout", .standardOutput)
        try files.add(device: "/dev/stderr", .standardError)
        try files.add(directory: home)
        try files.add(directory: "/tmp")
        return files
    }
}

extension Image.Contents {
    /// The same image, whose component is elsewhere.
    fileprivate func with(component: Image.ComponentSource) -> Image.Contents {
        Image.Contents(
            identity: identity,
            runtime: runtime,
            memory: memory,
            initialMemoryBytes: initialMemoryBytes,
            interruptWords: interruptWords,
            component: component
        )
    }
}
