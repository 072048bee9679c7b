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
    /// The optimised code of the guest, if there is some to be used.
    let native: NativeRuntime?
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
    init(component: Component, on shared: SharedEngine, name: String, native code: NativeCode? = nil) throws {
        self.component = component
        engine = shared.engine
        ticker = shared.ticker
        workers = GuestThreads.pool
        let exports = try Exports(of: component, name: name)
        self.exports = exports
        native = try code.map { try NativeRuntime($0, exports) }
        linker = Linker(engine: engine)
        try HostInterface.define(in: linker)
        try linker.defineUnknownImportsAsTraps(component)
    }
}

extension Image {
    /// Returns whether the host calls a function of a guest; what it does not call, optimised code does not have.
    package static func isCalledByHost(_ path: [String]) -> Bool {
        switch path.count {
        case 1:
            ["exec", "eval", "evaluate"].contains(path[0]) || GuestFunction(rawValue: path[0]) != nil
                || SeedFunction(rawValue: path[0]) != nil
        case 2: ControlFunction.allCases.contains { HostInterface.controlPath($0) == path }
        default: false
        }
    }
}
