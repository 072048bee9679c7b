// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Wasmtime

/// An instance of an image's component on a slot, whichever engine runs its code.
///
/// Host functions that it calls work with the `InstanceContext` that it was made with. Used by one thread at a time.
protocol EngineInstance: AnyObject {
    /// The memory, valid as long as the instance.
    var memory: GuestMemory { get }

    /// The object that the ticker looks at while a call runs, so that it can be stopped; `nil` if the engine looks itself.
    var watched: (any Watched)? { get }

    /// Calls a function of the component.
    ///
    /// - Throws: A `Trap` if the guest was stopped, `GuestExit` if it ended itself, or what a host function or the deadline
    ///   threw.
    func call(_ function: FunctionExport, _ arguments: [ComponentValue]) throws -> ComponentValue?
}

/// An instance of the engine's.
final class WasmtimeInstance: EngineInstance {
    let memory: GuestMemory
    let watched: (any Watched)? = nil

    private let instance: Instance
    private let context: InstanceContext

    /// Makes an instance whose memory is as `base` has it, with at least `size` bytes.
    init(
        _ runtime: ImageRuntime,
        memory base: ImageMemory,
        size: Int,
        maxMemoryBytes: Int,
        context: InstanceContext
    ) throws {
        self.context = context
        let store = Store(
            engine: runtime.engine,
            limits: Store.Limits(maxMemoryBytes: maxMemoryBytes),
            hostState: context
        )
        store.onEpochDeadline { [unowned context] in try context.checkDeadline() }
        store.setEpochDeadline(epochs: 1)
        (instance, memory) = try base.withSlot(size: size) {
            try runtime.linker.instantiate(runtime.component, in: store)
        }
    }

    func call(_ function: FunctionExport, _ arguments: [ComponentValue]) throws -> ComponentValue? {
        defer { context.takeBackUnanswered() }
        return try instance.function(function).call(arguments)
    }
}
