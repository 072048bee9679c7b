// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A program interpreter, compiled and ready: what sandboxes are made from.
///
/// An image is a memory with the machine code that works on it, and a sandbox is a copy of the memory that shares all
/// pages that it did not write to. One image serves any number of sandboxes at once, from any thread. It is stored as a
/// folder, `NAME.terrarium`; see ``init(contentsOf:parts:cache:progress:)`` and ``derived(limits:output:_:)``.
public final class Image: Sendable {
    /// What a component finds of the world through WASI.
    public struct Grants: Sendable, Hashable {
        private enum Kind: Sendable { case none, standardStreams }
        private let kind: Kind

        /// Nothing: each import traps when it is called.
        public static let none = Grants(kind: .none)
        /// Clocks, random numbers, and output streams that lead to ``Output``; no files, variables or sockets.
        public static let standardStreams = Grants(kind: .standardStreams)
    }

    /// What loading or building an image is doing, where it takes a while.
    public enum Progress: Sendable {
        /// The modules of a component are linked into one that has WASI inside.
        case linking(component: URL)
        /// Machine code is made of the component, which happens once and takes seconds.
        case compiling(component: URL)
    }

    /// The SHA-256 of code and memory, by which a snapshot knows its image; empty for a plain component.
    public let identity: String

    /// Whether sandboxes of the image have state that can be copied: snapshots, forks, rollback and files.
    ///
    /// True for all but components that are run as they are, ``init(component:grants:parts:cache:progress:)``.
    public var isCopyable: Bool { memory != nil }

    let runtime: ImageRuntime
    let memory: ImageMemory?
    let interruptWords: InterruptWords?

    /// The component, linked and without data, for images made from this one; `nil` for a plain component.
    let componentFile: URL?

    /// Bytes of memory that a sandbox has before its program runs.
    let initialMemoryBytes: Int

    init(
        identity: String,
        runtime: ImageRuntime,
        memory: ImageMemory?,
        initialMemoryBytes: Int,
        interruptWords: InterruptWords?,
        componentFile: URL?
    ) {
        self.identity = identity
        self.runtime = runtime
        self.memory = memory
        self.initialMemoryBytes = initialMemoryBytes
        self.interruptWords = interruptWords
        self.componentFile = componentFile
    }

    /// The Python image that comes with Terrarium.
    ///
    /// - Parameters:
    ///   - parts: Where its files are; found as ``Parts/locate()`` does if `nil`.
    ///   - progress: Called when something starts that takes more than a moment.
    /// - Returns: The image.
    /// - Throws: `SandboxError` with the code `.partsNotFound` or `.engine`.
    public static func python(
        parts: Parts? = nil,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) throws -> Image {
        let parts = try parts ?? Parts.locate()
        guard FileManager.default.fileExists(atPath: parts.pythonImage.path) else {
            throw SandboxError(
                .partsNotFound,
                "The Python image \(parts.pythonImage.path) is missing. Run `make setup` in Terrarium's checkout."
            )
        }
        return try Image(contentsOf: parts.pythonImage, parts: parts, progress: progress)
    }

    /// An image of any component that exports `exec` and `eval` as the original demo's world does, run as it is.
    ///
    /// Its sandboxes take milliseconds to create and have no snapshots; `terrarium build` makes an image that has.
    ///
    /// - Parameters:
    ///   - file: The component in binary form.
    ///   - grants: What it finds of the world; default nothing.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - progress: Called when something starts that takes more than a moment.
    /// - Throws: `SandboxError` with the code `.unreadableFile`, `.invalidComponent`, `.partsNotFound` or `.engine`.
    public convenience init(
        component file: URL,
        grants: Grants = .none,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) throws {
        let parts = try parts ?? Parts.locate()
        let (component, initialMemoryBytes) = try EngineSettings.component(
            of: file,
            engine: EngineSettings.engine(library: parts.engineLibrary, usesSlots: false),
            cache: cache ?? .standard(parts: parts),
            progress: progress
        )
        self.init(
            identity: "",
            runtime: try ImageRuntime(component: component, grants: grants, name: file.path),
            memory: nil,
            initialMemoryBytes: initialMemoryBytes,
            interruptWords: nil,
            componentFile: nil
        )
    }
}
