// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An instance of a component in a store of its own, which takes calls from any task, one at a time.
///
/// It is what generated bindings call. The guest runs on a thread of its own, and waits there for the host's functions.
public actor ComponentInstance {
    private let thread: GuestThread
    private let component: Component
    private let store: Store
    private let drops: PendingDrops
    private let running = RunningCall()
    private var instance: Instance?
    private var exports: [[String]: Function] = [:]
    /// The error of the first destructor that failed, after which the component may refuse every call.
    private var destructorFailure: (any Error)?

    /// The instance's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Prepares an instance of a component.
    ///
    /// - Parameters:
    ///   - component: The component.
    ///   - limits: How much it may take; default no limits.
    ///   - drops: The list of handles that are no longer used.
    /// - Throws: ``WasmtimeError`` with code `threadUnavailable` if the instance's thread cannot be started.
    public init(
        _ component: Component,
        limits: Store.Limits = Store.Limits(),
        drops: PendingDrops
    ) throws(WasmtimeError) {
        self.component = component
        self.drops = drops
        // What is beyond the guest's stack is for the engine and the host's functions.
        let (stackBytes, overflows) = component.engine.configuration.maxWasmStackBytes.addingReportingOverflow(1 << 20)
        thread = try GuestThread(stackBytes: overflows ? .max : stackBytes)
        store = Store(engine: component.engine, limits: limits, hostState: running)
    }

    /// Creates the instance.
    ///
    /// - Parameters:
    ///   - linker: What the component may import.
    ///   - wasi: What it gets of WASI, if the linker has it.
    /// - Throws: As ``Linker/instantiate(_:in:)``.
    public func instantiate(linker: Linker, wasi: WASIConfiguration?) async throws {
        if let wasi { try store.setWASI(wasi) }
        try instantiateNow(linker)
    }

    private func instantiateNow(_ linker: Linker) throws {
        instance = try linker.instantiate(component, in: store)
    }

    /// Calls an exported function.
    ///
    /// If the calling task is cancelled, so is the function of the host that the guest is waiting for; a guest that
    /// computes goes on.
    ///
    /// - Parameters:
    ///   - path: The names of the instance that it is in, if it is in one, and of the function.
    ///   - arguments: Values of the types that the function declares.
    /// - Returns: The result, if the function has one.
    /// - Throws: A ``Trap`` if the guest was stopped, ``GuestExit`` if it ended itself, what a host function threw, or
    ///   ``WasmtimeError``; `CancellationError` if the task was cancelled before.
    public func call(_ path: [String], _ arguments: [ComponentValue]) async throws -> ComponentValue? {
        try Task.checkCancellation()
        running.begin()
        return try await withTaskCancellationHandler {
            try callNow(path, arguments)
        } onCancel: {
            running.cancel()
        }
    }

    private func callNow(_ path: [String], _ arguments: [ComponentValue]) throws -> ComponentValue? {
        dropPending()
        let function = try function(path)
        do {
            // What is lent in the arguments must be there until the guest is done with it.
            return try withExtendedLifetime(arguments) { try function.call(arguments) }
        } catch let trap as Trap where trap.code == .cannotEnterComponent {
            guard let destructorFailure else { throw trap }
            throw WasmtimeError(
                .callFailed,
                "the component cannot be called any more, because a destructor failed: \(destructorFailure)",
                cause: destructorFailure
            )
        }
    }

    /// Runs the destructors of handles that are out of use, which must not happen while the guest runs.
    ///
    /// The call that happens to be next has nothing to do with them, so their errors do not fail it.
    private func dropPending() {
        for resource in drops.takeAll() {
            do {
                try store.drop(resource)
            } catch {
                if destructorFailure == nil { destructorFailure = error }
            }
        }
    }

    private func function(_ path: [String]) throws(WasmtimeError) -> Function {
        guard let instance else { throw WasmtimeError(.callFailed, "the component is not instantiated yet") }
        if let known = exports[path] { return known }
        let function = try instance.function(component.functionExport(path))
        exports[path] = function
        return function
    }
}
