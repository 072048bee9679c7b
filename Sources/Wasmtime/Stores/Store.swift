// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// The world that instances live in: their memories, their limits, their WASI.
///
/// A store is used by one thread at a time and runs one call at a time. It frees everything in it when it goes.
@safe
public final class Store {
    enum Kind: HandleKind {
        static func delete(_ pointer: OpaquePointer) { unsafe wasmtime_store_delete(pointer) }
    }

    /// The engine that the store belongs to.
    public let engine: Engine
    let state: StoreState
    private let handle: Handle<Kind>
    // "Returns the interior #wasmtime_context_t pointer to this store": it lives as long as the store.
    private let context: OpaquePointer

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - engine: The engine of the components that will run in the store.
    ///   - limits: How much the guest may take; default no limits but those of the components themselves.
    ///   - hostState: An object that host functions find through ``Caller/state(as:)``.
    public init(engine: Engine, limits: Limits = Limits(), hostState: AnyObject? = nil) {
        self.engine = engine
        state = StoreState(hostState: hostState)
        let environment = unsafe state.retained()
        let pointer = unsafe engine.withPointer {
            unsafe wasmtime_store_new($0, environment, CallbackBox.release)
        }
        guard let pointer = unsafe pointer, let context = unsafe wasmtime_store_context(pointer) else {
            preconditionFailure("wasmtime_store_new returned no store")
        }
        unsafe handle = Handle(adopting: pointer)
        unsafe self.context = unsafe context
        if !limits.isUnlimited { setLimits(limits) }
        // A new store's deadline is already reached; whoever wants one sets it.
        if engine.configuration.epochInterruption {
            unsafe wasmtime_context_set_epoch_deadline(context, Self.noDeadline)
        }
    }

    // Order of deletion: the handle deletes the store, its instances and resources, and releases the reference to `state`
    // that the store holds; then `state` and `engine` go. The engine's C object is reference-counted by the stores.
    deinit {}

    /// Far enough to never be reached, near enough to never overflow when the current epoch is added.
    static let noDeadline: UInt64 = 1 << 62

    /// Sets how much the guest may take from now on.
    ///
    /// Resources that are already taken stay. A guest that asks for more memory is refused and decides itself what to do. A
    /// negative limit counts as zero.
    public func setLimits(_ limits: Limits) {
        requireIdle()
        // To the engine, a negative number means that there is no limit.
        func value(_ limit: Int?) -> Int64 { limit.map { Int64(max($0, 0)) } ?? -1 }
        unsafe handle.withPointer {
            unsafe wasmtime_store_limiter(
                $0,
                value(limits.maxMemoryBytes),
                value(limits.maxTableElements),
                value(limits.maxInstances),
                value(limits.maxTables),
                value(limits.maxMemories)
            )
        }
    }

    /// Gives the store's guests their view of the system; needed if the linker has WASI.
    ///
    /// - Parameter wasi: What the guest is granted.
    /// - Throws: ``WasmtimeError`` with code `wasi` if a file cannot be opened or a text holds a zero byte.
    public func setWASI(_ wasi: WASIConfiguration) throws(WasmtimeError) {
        requireIdle()
        // "it does take ownership of `wasi`. The caller should no longer use `wasi` after calling this function (even if an
        // error is returned)."
        let config = try unsafe wasi.makeConfig()
        try unsafe check(wasmtime_context_set_wasi(context, config), .wasi)
        state.hasWASI = true
    }

    /// Frees a resource of the guest that the host owns; its destructor runs.
    ///
    /// A host's own resource needs no such call: the host frees what its representation stands for.
    ///
    /// - Parameter resource: An owned handle that a guest function returned.
    /// - Throws: What the guest's destructor threw: a ``Trap`` or another error.
    public func drop(_ resource: Resource) throws {
        guard let guest = resource.guestResource else { return }
        unsafe try enter { context in
            unsafe guest.withPointer { unsafe wasmtime_component_resource_any_drop(context, $0) }
        }
    }

    /// Lends the C object.
    func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe handle.withPointer(body)
    }

    /// Calls a C function that may run the guest, and throws what it returned or what a host function threw meanwhile.
    @inline(__always)
    func enter(
        _ code: WasmtimeError.Code = .callFailed,
        _ body: (OpaquePointer) throws -> OpaquePointer?
    ) throws {
        try state.begin()
        defer { state.end() }
        if let error = try unsafe body(context) {
            let failure = unsafe EngineFailure(consuming: error)
            throw state.takeHostError() ?? failure.asError(code)
        }
    }

    /// Traps the programmer's mistake of touching a store from inside of one of its own calls.
    func requireIdle() {
        precondition(!state.isBusy, "a store cannot be changed in the middle of one of its calls")
    }

    /// The store's context, for calls that do not run the guest.
    @inline(__always)
    func withContext<Result, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(context)
    }
}
