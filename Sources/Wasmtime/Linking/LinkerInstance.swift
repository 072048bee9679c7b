// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// An instance in a ``Linker`` that names are being defined in; exists only while the closure that it was lent to runs.
@safe
public struct LinkerInstance: ~Copyable {
    private let pointer: OpaquePointer
    private let path: String

    init(adopting pointer: OpaquePointer, path: String) {
        unsafe self.pointer = unsafe pointer
        self.path = path
    }

    deinit { unsafe wasmtime_component_linker_instance_delete(pointer) }

    /// A function of the host.
    ///
    /// It gets the arguments in order, and returns the result if the type has one. An error that it throws stops the guest, and
    /// the call that led here throws it. It runs on the thread that called the guest.
    public typealias Function =
        @Sendable (_ caller: borrowing Caller, _ arguments: [ComponentValue]) throws -> ComponentValue?

    /// An asynchronous function of the host.
    ///
    /// It gets the arguments in order, and returns the result if the type has one. It runs in a task of its own.
    public typealias AsyncFunction = @Sendable (_ arguments: [ComponentValue]) async throws -> ComponentValue?

    /// Defines a function.
    ///
    /// - Parameters:
    ///   - name: The function's name in the component's type, such as `[method]output-stream.write`.
    ///   - function: What it does. Its arguments are of the types that the component declares; a result of another type
    ///     than declared is an error of the call.
    /// - Throws: ``WasmtimeError`` with code `linking` if the name is taken.
    public borrowing func define(_ name: String, _ function: @escaping Function) throws(WasmtimeError) {
        // From here on the C API owns the box, also when it returns an error.
        let environment = unsafe HostFunctionBox(function).retained()
        let error = unsafe wasmtime_component_linker_instance_add_func(
            pointer,
            name,
            name.utf8.count,
            callHostFunction,
            environment,
            CallbackBox.release
        )
        try unsafe check(error, .linking, path + name)
    }

    /// A function of the host that reads its arguments itself; otherwise like ``Function``.
    public typealias ReadingFunction =
        @Sendable (_ caller: borrowing Caller, _ arguments: borrowing HostArguments) throws -> ComponentValue?

    /// Defines a function that reads its arguments itself, which is faster.
    ///
    /// - Parameters:
    ///   - name: The function's name in the component's type.
    ///   - function: The function. A result of another type than declared is an error of the call.
    /// - Throws: ``WasmtimeError`` with code `linking` if the name is taken.
    public borrowing func defineReading(
        _ name: String,
        _ function: @escaping ReadingFunction
    ) throws(WasmtimeError) {
        // From here on the C API owns the box, also when it returns an error.
        let environment = unsafe ReadingHostFunctionBox(function).retained()
        let error = unsafe wasmtime_component_linker_instance_add_func(
            pointer,
            name,
            name.utf8.count,
            callReadingHostFunction,
            environment,
            CallbackBox.release
        )
        try unsafe check(error, .linking, path + name)
    }

    /// Defines a resource type.
    ///
    /// - Parameters:
    ///   - name: The type's name.
    ///   - type: Its identity: the same in every place where the same type is imported.
    ///   - destructor: Called with the representation when the guest drops a handle that it owned.
    /// - Throws: ``WasmtimeError`` with code `linking` if the name is taken.
    public borrowing func define(
        resource name: String,
        _ type: HostResourceType,
        destructor: @escaping @Sendable (_ caller: borrowing Caller, _ representation: UInt32) throws -> Void
    ) throws(WasmtimeError) {
        guard let rawType = unsafe wasmtime_component_resource_type_new_host(type.id) else {
            throw WasmtimeError(.linking, "the engine cannot create a resource type")
        }
        defer { unsafe wasmtime_component_resource_type_delete(rawType) }
        let environment = unsafe DestructorBox(destructor).retained()
        let error = unsafe wasmtime_component_linker_instance_add_resource(
            pointer,
            name,
            name.utf8.count,
            rawType,
            callDestructor,
            environment,
            CallbackBox.release
        )
        try unsafe check(error, .linking, path + name)
    }

    /// Defines names in a nested instance, which is created if it does not exist.
    ///
    /// - Parameters:
    ///   - name: The instance's name.
    ///   - body: Defines the names.
    /// - Throws: What the body throws; ``WasmtimeError`` with code `linking` if the name is taken.
    public borrowing func withInstance(_ name: String, _ body: (borrowing LinkerInstance) throws -> Void) throws {
        var nested: OpaquePointer?
        let error = unsafe wasmtime_component_linker_instance_add_instance(pointer, name, name.utf8.count, &nested)
        try unsafe check(error, .linking, path + name)
        guard let nested = unsafe nested else {
            throw WasmtimeError(.linking, "the engine returned no instance for \(path)\(name)")
        }
        try body(unsafe LinkerInstance(adopting: nested, path: "\(path)\(name)/"))
    }
}
