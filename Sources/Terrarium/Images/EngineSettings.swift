// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CTerrariumShims
import Components
import Wasmtime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How the engine is set up, in one place: machine code is only valid for an engine with the same settings.
enum EngineSettings {
    /// Changes whenever a setting below does, so that code compiled with others is not looked at.
    private static let revision = 1

    static func engine(library: URL, usesSlots: Bool) throws(SandboxError) -> Engine {
        var configuration = Engine.Configuration()
        configuration.epochInterruption = true
        configuration.maxWasmStackBytes = WorkerPool.wasmStackBytes
        if usesSlots {
            configuration.memoryCreator = unsafe HostMemoryCreator(terrarium_memory_creator())
        }
        do {
            return try Engine(library: .load(path: library.path), configuration: configuration)
        } catch {
            throw SandboxError(error)
        }
    }

    /// The compiled component in a file: from the cache, or compiled and put there.
    static func component(
        of file: URL,
        engine: Engine,
        cache: CodeCache,
        progress: (Image.Progress) -> Void
    ) throws -> (component: Wasmtime.Component, initialMemoryBytes: Int) {
        let settings =
            "wasmtime \(EngineLibrary.version) settings \(revision) \(architecture)"
            + (engine.configuration.memoryCreator == nil ? "" : " slots")
        func load() throws -> (Wasmtime.Component, Int) {
            let known = try cache.code(of: file, settings: settings) { bytes in
                let initialMemoryBytes = try MemoryNeeds.initialBytes(of: bytes)
                progress(.compiling(component: file))
                let code = try Wasmtime.Component(engine: engine, bytes: Array(bytes)).serialized()
                return CodeCache.Compiled(code: Data(code), initialMemoryBytes: initialMemoryBytes)
            }
            return (try Wasmtime.Component(engine: engine, precompiledFile: known.code.path), known.initialMemoryBytes)
        }
        do {
            do {
                return try load()
            } catch let error as WasmtimeError where error.code == .incompatibleArtifact {
                // Made on another processor, in a home folder that machines share, for instance.
                try cache.forget(file, settings: settings)
                return try load()
            }
        } catch let error as ComponentsError {
            throw SandboxError(.invalidComponent, "\(file.path) is not a WebAssembly component: \(error)")
        } catch let error as WasmtimeError {
            guard error.code == .invalidComponent else { throw SandboxError(error) }
            throw SandboxError(
                .invalidComponent,
                "\(file.path) is not a WebAssembly component that this engine accepts: \(error.message)"
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
