// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// The executable part of an image: machine code and host functions, on the engine and the threads of the process.
///
/// Derived images share it.
final class ImageRuntime: Sendable {
    let engine: Engine
    let component: Component
    let linker: Linker
    let exports: Exports
    let ticker: EpochTicker
    let workers: WorkerPool
    let awake = AwakeSandboxes(maximum: Image.IdleBounds().maxAwakeSandboxes)

    /// The functions that the host calls.
    struct Exports: Sendable {
        let execute: FunctionExport
        let evaluate: FunctionExport
        let control: [ControlFunction: FunctionExport]
        let session: [GuestFunction: FunctionExport]
        let seed: [SeedFunction: FunctionExport]
    }

    /// Links a component to the functions that every sandbox has.
    init(component: Component, on shared: SharedEngine, name: String) throws {
        self.component = component
        engine = shared.engine
        ticker = shared.ticker
        workers = GuestThreads.pool
        exports = try Exports(of: component, name: name)
        linker = Linker(engine: engine)
        try HostInterface.define(in: linker)
        try linker.defineUnknownImportsAsTraps(component)
    }
}
