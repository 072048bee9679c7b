// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

extension Function {
    /// Calls the function without blocking the thread while the guest waits for asynchronous host functions.
    ///
    /// The guest runs on a stack of its own, on whatever thread the task runs on, which it blocks while it computes; see
    /// ``Store/DeadlineAction/yield(epochs:)`` for letting others run meanwhile. If the task is cancelled while the guest waits
    /// or yields, the guest is dropped in the middle of the call, and its instance cannot be entered any more.
    ///
    /// - Parameter arguments: Values of the types that the function declares, in order.
    /// - Returns: The result, if the function has one.
    /// - Throws: As ``call(_:)-([ComponentValue])``; and `CancellationError`.
    @discardableResult
    public func callAsync(_ arguments: [ComponentValue]) async throws -> ComponentValue? {
        try type.check(arguments)
        let future = try CallFuture(self, arguments: arguments)
        try await future.run()
        return try future.result()
    }

    /// Calls the function without blocking the thread; see ``callAsync(_:)-([ComponentValue])``.
    @discardableResult
    public func callAsync(_ arguments: ComponentValue...) async throws -> ComponentValue? {
        try await callAsync(arguments)
    }
}

extension Linker {
    /// Creates an instance of a component whose imports may be asynchronous.
    ///
    /// - Parameters:
    ///   - component: What to instantiate.
    ///   - store: Where the instance lives.
    /// - Returns: The instance.
    /// - Throws: As ``instantiate(_:in:)``; and `CancellationError`.
    public func instantiateAsync(_ component: Component, in store: Store) async throws -> Instance {
        try prepareInstantiation(of: component, in: store)
        let raw = UnsafeMutablePointer<wasmtime_component_instance_t>.allocate(capacity: 1)
        unsafe raw.initialize(to: wasmtime_component_instance_t())
        // The future deallocates `raw`.
        let future = try unsafe CallFuture(instantiating: component, with: self, in: store, to: raw)
        try await future.run()
        return Instance(future.instance(), component: component, store: store)
    }
}

extension LinkerInstance {
    /// A function of the host that suspends the guest, not the thread.
    ///
    /// It gets the arguments in order, and returns the result if the type has one. It runs in a task of its own, which is
    /// cancelled if the guest is dropped.
    public typealias AsyncFunction = @Sendable (_ arguments: [ComponentValue]) async throws -> ComponentValue?

    /// Defines an asynchronous function.
    ///
    /// Components that import it are instantiated with ``Linker/instantiateAsync(_:in:)`` and called with
    /// ``Wasmtime/Function/callAsync(_:)-([ComponentValue])``.
    ///
    /// - Parameters:
    ///   - name: The function's name in the component's type.
    ///   - function: What it does. An error that it throws stops the guest, and the call that led here throws it.
    /// - Throws: ``WasmtimeError`` with code `linking` if the name is taken.
    public borrowing func defineAsync(_ name: String, _ function: @escaping AsyncFunction) throws(WasmtimeError) {
        // From here on the C API owns the box, also when it returns an error.
        let environment = unsafe AsyncHostFunctionBox(function).retained()
        let error = unsafe withPointer {
            unsafe wasmtime_component_linker_instance_add_func_async(
                $0,
                name,
                name.utf8.count,
                startHostFunction,
                environment,
                CallbackBox.release
            )
        }
        try unsafe check(error, .linking, name)
    }
}
