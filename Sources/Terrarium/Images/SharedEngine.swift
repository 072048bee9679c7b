// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Synchronization
import Wasmtime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An engine with the thread that advances its epoch; a process has at most one of each kind.
final class SharedEngine: Sendable {
    /// The kinds, which differ in where memories come from.
    enum Kind: Hashable, Sendable {
        /// The memory of an instance is a slot that shares the image's pages.
        case images
        /// The engine makes memories itself, which is faster for components with data of their own.
        case plain
    }

    let engine: Engine
    let ticker: EpochTicker
    private let kind: Kind

    private static let engines = Mutex<[Kind: SharedEngine]>([:])

    /// The engine of a kind, made when it is first asked for.
    ///
    /// - Throws: `SandboxError` with the code `.partsNotFound` or `.engine`.
    static func engine(_ kind: Kind, library: URL) throws(SandboxError) -> SharedEngine {
        // A process has one engine library; another path is refused here.
        let library = try Self.translating { try EngineLibrary.load(path: library.path) }
        return try engines.withLock { engines throws(SandboxError) in
            if let engine = engines[kind] { return engine }
            let engine = try SharedEngine(kind, library)
            engines[kind] = engine
            return engine
        }
    }

    private init(_ kind: Kind, _ library: EngineLibrary) throws(SandboxError) {
        self.kind = kind
        var configuration = Engine.Configuration()
        configuration.epochInterruption = true
        configuration.maxWasmStackBytes = WorkerPool.wasmStackBytes
        if kind == .images {
            configuration.memoryCreator = unsafe HostMemoryCreator(terrarium_memory_creator())
        }
        engine = try Self.translating { [configuration] in
            try Engine(library: library, configuration: configuration)
        }
        ticker = EpochTicker(engine: engine)
    }

    private static func translating<Result>(_ body: () throws -> Result) throws(SandboxError) -> Result {
        do {
            return try body()
        } catch let error as WasmtimeError {
            throw SandboxError(error)
        } catch {
            throw SandboxError(.engine, "The engine failed: \(error)")
        }
    }

    // MARK: - Machine code

    /// Changes whenever a setting above does, or what is refused below, so that code made before is not looked at.
    private static let revision = 2

    /// All that machine code depends on beside the component.
    private var settings: String {
        "wasmtime \(EngineLibrary.version) settings \(Self.revision) \(Self.architecture)"
            + (kind == .images ? " slots" : "")
    }

    /// Loads the machine code of a component, or compiles it.
    ///
    /// - Parameters:
    ///   - source: The component.
    ///   - cache: The cache to look into, and to keep the code in.
    ///   - bytes: The component in binary form, asked for if it has to be compiled.
    ///   - check: Looks at the bytes before they are compiled; answers how much memory the component starts with.
    ///   - progress: Called before the component is compiled.
    /// - Returns: The machine code, and the bytes of memory that the component starts with.
    /// - Throws: `SandboxError` with the code `.invalidComponent`, `.unreadableFile` or `.engine`.
    func component(
        _ source: CodeCache.Source,
        cache: CodeCache,
        bytes: () throws -> [UInt8],
        check: ([UInt8]) throws -> Int,
        progress: () -> Void
    ) throws -> (component: Component, initialMemoryBytes: Int) {
        do {
            return try cache.load(source, settings: settings) { known in
                do {
                    let component = try Component(engine: engine, precompiledFile: known.code.descriptorPath)
                    return (component, known.initialMemoryBytes)
                } catch let error as WasmtimeError where error.code == .incompatibleArtifact {
                    // Made on another processor, in a home folder that machines share, for instance.
                    return nil
                }
            } compile: {
                let bytes = try bytes()
                guard CodeCache.digest(bytes) == source.digest else {
                    throw SandboxError(.unreadableFile, "\(source.name) changed while it was read; try again.")
                }
                let initialMemoryBytes = try check(bytes)
                progress()
                let code = try Component(engine: engine, bytes: bytes).serialized()
                return CodeCache.Compiled(code: code, initialMemoryBytes: initialMemoryBytes)
            }
        } catch let error as WasmtimeError {
            guard error.code == .invalidComponent else { throw SandboxError(error) }
            throw SandboxError(
                .invalidComponent,
                "\(source.name) is not a WebAssembly component that this engine accepts: \(error.message)"
            )
        }
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #else
        "arm64"
        #endif
    }
}
