// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A program interpreter, compiled and ready: what sandboxes are made from.
///
/// One image serves any number of sandboxes at once, from any thread.
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

    /// What loading an image is doing, where it takes a while.
    public enum Progress: Sendable {
        /// Machine code is made of the component, which happens once and takes seconds.
        case compiling(component: URL)
    }

    let engine: Engine
    let component: Component
    let linker: Linker
    let grants: Grants
    let exports: Exports
    let ticker: EpochTicker
    let workers: WorkerPool

    /// Bytes of memory that a sandbox has before its program runs.
    let initialMemoryBytes: Int

    /// The functions that the host calls.
    struct Exports: Sendable {
        let execute: FunctionExport
        let evaluate: FunctionExport
        /// Whether `evaluate` answers a variant of JSON and `repr`, as only our own guest does.
        let answersVariant: Bool
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
        guard FileManager.default.fileExists(atPath: parts.pythonComponent.path) else {
            throw SandboxError(
                .partsNotFound,
                "The Python guest \(parts.pythonComponent.path) is missing. Run `make setup` in Terrarium's checkout."
            )
        }
        return try Image(component: parts.pythonComponent, grants: .standardStreams, parts: parts, progress: progress)
    }

    /// An image of any component that exports `exec` and `eval` as the original demo's world does.
    ///
    /// - Parameters:
    ///   - file: The component in binary form.
    ///   - grants: What it finds of the world; default nothing.
    ///   - parts: Where the engine library is; found as ``Parts/locate()`` does if `nil`.
    ///   - cache: Where machine code is kept; ``CodeCache/standard(parts:)`` if `nil`.
    ///   - progress: Called when something starts that takes more than a moment.
    /// - Throws: `SandboxError` with the code `.unreadableFile`, `.invalidComponent`, `.partsNotFound` or `.engine`.
    public init(
        component file: URL,
        grants: Grants = .none,
        parts: Parts? = nil,
        cache: CodeCache? = nil,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) throws {
        let parts = try parts ?? Parts.locate()
        engine = try EngineSettings.engine(library: parts.engineLibrary)
        (component, initialMemoryBytes) = try EngineSettings.component(
            of: file,
            engine: engine,
            cache: cache ?? .standard(parts: parts),
            progress: progress
        )
        exports = try Exports(of: component, file: file)
        linker = Linker(engine: engine)
        self.grants = grants
        if grants == .none {
            try linker.defineUnknownImportsAsTraps(component)
        } else {
            // Not both: a trap for WASI 0.2.9 would stand in front of the engine's own, which serves any 0.2.
            try linker.addWASI()
        }
        ticker = EpochTicker(engine: engine)
        workers = WorkerPool(maxThreads: max(16, 4 * ProcessInfo.processInfo.activeProcessorCount))
    }
}
