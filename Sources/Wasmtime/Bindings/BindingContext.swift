// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization

/// The state that the bindings of one instance of a component share: the instance, and the handles that are out of use.
public final class BindingContext: Sendable {
    /// Handles of the component's resources that the host no longer uses.
    public let drops = PendingDrops()
    private let instance = Mutex<ComponentInstance?>(nil)

    /// Creates a context, which has no instance yet.
    public init() {}

    /// Creates the instance.
    ///
    /// - Parameters:
    ///   - component: The component.
    ///   - linker: What the host provides; WASI is added to it if it is granted.
    ///   - wasi: What the component gets of WASI; nil for no WASI.
    ///   - limits: How much it may take.
    /// - Throws: As ``Linker/instantiate(_:in:)``.
    public func instantiate(
        _ component: Component,
        linker: Linker,
        wasi: WASIConfiguration?,
        limits: Store.Limits
    ) async throws {
        if wasi != nil { try linker.addWASI() }
        let new = try ComponentInstance(component, limits: limits, drops: drops)
        try await new.instantiate(linker: linker, wasi: wasi)
        instance.withLock { $0 = new }
    }

    /// Calls an exported function; see ``ComponentInstance/call(_:_:)``.
    public func call(_ path: [String], _ arguments: [ComponentValue]) async throws -> ComponentValue? {
        guard let instance = instance.withLock({ $0 }) else {
            throw WasmtimeError(.callFailed, "the component is not instantiated yet")
        }
        return try await instance.call(path, arguments)
    }

    /// Checks that a component passed as many arguments as the bindings know of.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if the component is not the one of the bindings.
    public static func check(_ arguments: [ComponentValue], count: Int) throws(WasmtimeError) {
        guard arguments.count == count else {
            throw WasmtimeError(.typeMismatch, "the component is not the one that the bindings were generated for")
        }
    }
}
