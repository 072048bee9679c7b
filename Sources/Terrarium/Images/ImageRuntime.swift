// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The executable part of an image: engine, machine code, host functions and threads.
///
/// Derived images share it.
final class ImageRuntime: Sendable {
    let engine: Engine
    let component: Component
    let linker: Linker
    let grants: Image.Grants
    let exports: Exports
    let ticker: EpochTicker
    let workers: WorkerPool
    let awake = AwakeSandboxes(maximum: Image.IdleBounds().maxAwakeSandboxes)

    /// The functions that the host calls.
    struct Exports: Sendable {
        let execute: FunctionExport
        let evaluate: FunctionExport
        let control: [ControlFunction: FunctionExport]
        let session: [SessionFunction: FunctionExport]
        let seed: [SeedFunction: FunctionExport]
    }

    /// A component with what it is granted through WASI.
    init(component: Component, grants: Image.Grants, name: String) throws {
        self.component = component
        self.grants = grants
        engine = component.engine
        exports = try Exports(of: component, name: name)
        linker = Linker(engine: engine)
        if grants == .none {
            try HostInterface.define(in: linker)
            try linker.defineUnknownImportsAsTraps(component)
        } else {
            // Not both: a trap for WASI 0.2.9 would stand in front of the engine's own, which serves any 0.2.
            try linker.addWASI()
        }
        workers = WorkerPool(maxThreads: max(16, 4 * ProcessInfo.processInfo.activeProcessorCount))
        ticker = EpochTicker(engine: engine, workers: workers)
    }
}
