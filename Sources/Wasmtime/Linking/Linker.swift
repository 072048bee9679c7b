// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime
import Synchronization

// @unchecked: one definition at a time changes the C object, while `phase` says so; once the phase is `.closed` the C object is
// only read, which several threads may do at once.
/// Resolves a component's imports.
///
/// Define everything first, then instantiate as often as needed and from any thread. The first instantiation closes the linker:
/// defining something afterwards is an error. So is using the linker inside of the closure of a definition, or from two threads
/// at once before it is closed.
public final class Linker: @unchecked Sendable {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasmtime_component_linker_delete(pointer) }
    }

    /// The engine of the components that the linker instantiates.
    public let engine: Engine
    private let handle: Handle<Kind>
    private let phase = Atomic<Phase>(.open)
    private let hasWASI = Atomic<Bool>(false)

    private enum Phase: UInt8, AtomicRepresentable {
        /// Names can be defined.
        case open
        /// A definition is in progress: the C object has one user.
        case defining
        /// Nothing changes any more.
        case closed
    }

    /// Creates an empty linker.
    public init(engine: Engine) {
        self.engine = engine
        guard let linker = unsafe engine.withPointer({ unsafe wasmtime_component_linker_new($0) }) else {
            preconditionFailure("wasmtime_component_linker_new returned no linker")
        }
        unsafe handle = Handle(adopting: linker)
    }

    // Order of deletion: the handle deletes the linker, whose finalisers release the boxes of the host functions; then the
    // engine goes. Instances keep what they need of a linker alive themselves.
    deinit {}

    /// Adds WASI 0.2 as the engine implements it; each store then needs a ``WASIConfiguration``.
    ///
    /// - Throws: ``WasmtimeError`` with code `linking` if one of its names is defined.
    public func addWASI() throws {
        unsafe try define { linker in
            try unsafe check(wasmtime_component_linker_add_wasip2(linker), .linking)
            hasWASI.store(true, ordering: .releasing)
        }
    }

    /// Defines every import of a component that has no definition yet as a function that traps.
    ///
    /// - Parameter component: The component whose imports are taken.
    /// - Throws: ``WasmtimeError`` with code `linking` if an import is neither a function nor an instance of functions and
    ///   resources.
    public func defineUnknownImportsAsTraps(_ component: Component) throws {
        precondition(component.engine === engine, "the component belongs to another engine")
        unsafe try define { linker in
            let error = unsafe component.withPointer {
                unsafe wasmtime_component_linker_define_unknown_imports_as_traps(linker, $0)
            }
            try unsafe check(error, .linking)
        }
    }

    /// Defines names at the top level.
    ///
    /// - Parameter body: Defines them; what it borrows ends with it.
    /// - Throws: What the body throws; ``WasmtimeError`` with code `linking` if the linker is closed or in use.
    public func withRoot(_ body: (borrowing LinkerInstance) throws -> Void) throws {
        unsafe try define { linker in
            guard let root = unsafe wasmtime_component_linker_root(linker) else {
                throw WasmtimeError(.linking, "the engine returned no root instance")
            }
            try body(unsafe LinkerInstance(adopting: root, path: ""))
        }
    }

    /// Defines names in an instance, which is created if it does not exist.
    ///
    /// - Parameters:
    ///   - name: The instance's name, such as `wasi:cli/stdout@0.2.0`.
    ///   - body: Defines the names; what it borrows ends with it.
    /// - Throws: What the body throws; ``WasmtimeError`` with code `linking` if the linker is closed or in use, or the name is
    ///   taken.
    public func withInstance(_ name: String, _ body: (borrowing LinkerInstance) throws -> Void) throws {
        try withRoot { root in try root.withInstance(name, body) }
    }

    /// Creates an instance of a component.
    ///
    /// - Parameters:
    ///   - component: What to instantiate.
    ///   - store: Where the instance lives.
    /// - Returns: The instance.
    /// - Throws: ``WasmtimeError`` with code `linking` if an import has no definition or a limit of the store is exceeded, with
    ///   code `missingWASI` if the store needs a ``WASIConfiguration``; a ``Trap`` if the guest's start function trapped.
    public func instantiate(_ component: Component, in store: Store) throws -> Instance {
        try prepareInstantiation(of: component, in: store)
        var raw = wasmtime_component_instance_t()
        unsafe try store.enter(.linking) { context in
            unsafe handle.withPointer { linker in
                unsafe component.withPointer {
                    unsafe wasmtime_component_linker_instantiate(linker, context, $0, &raw)
                }
            }
        }
        return Instance(raw, component: component, store: store)
    }

    func prepareInstantiation(of component: Component, in store: Store) throws(WasmtimeError) {
        precondition(component.engine === engine, "the component belongs to another engine")
        precondition(store.engine === engine, "the store belongs to another engine")
        try close()
        // The engine would end the process at the guest's first use of WASI.
        guard !hasWASI.load(ordering: .acquiring) || store.state.hasWASI else {
            throw WasmtimeError(.missingWASI, "the linker has WASI, and the store has none: call setWASI first")
        }
    }

    private func close() throws(WasmtimeError) {
        guard phase.load(ordering: .acquiring) != .closed else { return }
        let (_, found) = phase.compareExchange(
            expected: .open,
            desired: .closed,
            ordering: .acquiringAndReleasing
        )
        if found == .defining { throw Self.busy }
    }

    /// Runs a definition.
    ///
    /// No lock is held meanwhile, since the body is the caller's and may do anything.
    private func define(_ body: (OpaquePointer) throws -> Void) throws {
        let (isFree, found) = phase.compareExchange(
            expected: .open,
            desired: .defining,
            ordering: .acquiringAndReleasing
        )
        guard isFree else {
            if found == .defining { throw Self.busy }
            throw WasmtimeError(.linking, "the linker is closed: define everything before the first instantiation")
        }
        defer { phase.store(.open, ordering: .releasing) }
        try unsafe handle.withPointer(body)
    }

    private static var busy: WasmtimeError {
        WasmtimeError(
            .linking,
            "a definition of the linker is in progress: use the instance that its closure was given, or wait for its end"
        )
    }

    /// Lends the C object.
    func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe handle.withPointer(body)
    }
}
