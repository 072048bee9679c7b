// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Components
import Crypto
import Wasmtime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Image {
    /// Makes an image of a component and writes it: links its modules into one, puts WASI inside, takes out the memory.
    ///
    /// - Parameters:
    ///   - component: A component that exports `exec` and `eval`, in binary form.
    ///   - folder: Where to write the image, `NAME.terrarium`.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - progress: Called when something starts that takes more than a moment.
    /// - Returns: The image.
    /// - Throws: `SandboxError` with the code `.invalidComponent` if the component is none or cannot be linked into one
    ///   memory, `.unreadableFile`, `.partsNotFound` or `.engine`.
    public static func build(
        component: URL,
        to folder: URL,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) throws -> Image {
        let parts = try parts ?? Parts.locate()
        let cache = cache ?? .standard(parts: parts)
        progress(.linking(component: component))
        let (linked, memory) = try link(component)
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "terrarium-\(UInt64.random(in: 0 ... .max)).wasm")
        defer { try? FileManager.default.removeItem(at: scratch) }
        try Data(linked).write(to: scratch)

        let (compiled, _) = try EngineSettings.component(
            of: scratch,
            engine: EngineSettings.engine(library: parts.engineLibrary, usesSlots: true),
            cache: cache,
            progress: { _ in progress(.compiling(component: component)) }
        )
        let runtime = try ImageRuntime(component: compiled, grants: .none, name: component.path)
        func image(memory bytes: [UInt8], _ interruptWords: InterruptWords?) throws -> Image {
            Image(
                identity: identity(component: linked, memory: bytes),
                runtime: runtime,
                memory: try ImageMemory(bytes: bytes),
                initialMemoryBytes: Int(memory.initialSize),
                interruptWords: interruptWords,
                componentFile: scratch
            )
        }
        let raw = try image(memory: memory.bytes, nil)
        var bytes = memory.bytes
        try ImmortalObjects.make(in: raw, memory: &bytes)
        let finished = try image(memory: bytes, InterruptProbe.find(in: raw))
        try finished.write(to: folder)
        return finished.stored(in: folder)
    }

    private static func link(_ file: URL) throws -> (component: [UInt8], memory: MemoryImage) {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: file))
        } catch {
            throw SandboxError(.unreadableFile, "\(file.path) cannot be read: \(fileErrorReason(error)).")
        }
        do {
            var linked = try LinkedComponent(linking: Components.Component(decoding: bytes))
            try linked.virtualize()
            try InterruptProbe.addExports(to: &linked)
            try linked.moveGlobalsToMemory()
            let memory = try linked.extractMemory()
            return (try linked.component().encoded(), memory)
        } catch {
            throw SandboxError(.invalidComponent, "\(file.path) cannot be made an image: \(error)")
        }
    }

    static func identity(component: [UInt8], memory: [UInt8]) -> String {
        "\(digest(component))+\(digest(memory))"
    }

    static func digest(_ bytes: [UInt8]) -> String {
        CodeCache.hexadecimal(SHA256.hash(data: bytes))
    }

    /// The same image, whose component is now to be found in a folder.
    private func stored(in folder: URL) -> Image {
        Image(
            identity: identity,
            runtime: runtime,
            memory: memory,
            initialMemoryBytes: initialMemoryBytes,
            interruptWords: interruptWords,
            componentFile: ImageFolder.component(folder)
        )
    }
}
