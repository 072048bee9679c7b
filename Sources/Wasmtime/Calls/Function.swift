// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// A function of an instance.
@safe
public struct Function {
    /// The store that the function's instance lives in.
    public let store: Store
    let export: FunctionExport
    let raw: wasmtime_component_func_t

    init(_ raw: wasmtime_component_func_t, export: FunctionExport, store: Store) {
        unsafe self.raw = unsafe raw
        self.export = export
        self.store = store
    }

    /// The function's type.
    public var type: FunctionType { export.type }

    /// Calls the function on this thread, which must have more stack than ``Engine/Configuration/maxWasmStackBytes``.
    ///
    /// - Parameter arguments: Values of the types that the function declares, in order.
    /// - Returns: The result, if the function has one.
    /// - Throws: A ``Trap`` if the guest was stopped, ``GuestExit`` if it ended itself, what a host function threw, or
    ///   ``WasmtimeError``: with code `typeMismatch` if the arguments do not fit the type.
    @available(*, noasync, message: "Calls block the thread: use a thread of your own.")
    @discardableResult
    public func call(_ arguments: ComponentValue...) throws -> ComponentValue? {
        try call(arguments)
    }

    /// Calls the function with an array of arguments; see ``call(_:)-swift.method``.
    @available(*, noasync, message: "Calls block the thread: use a thread of your own.")
    @discardableResult
    public func call(_ arguments: [ComponentValue]) throws -> ComponentValue? {
        try type.check(arguments)
        return try unsafe RawValue.withArray(count: arguments.count) { raw in
            unsafe try store.withContext { context in
                for index in arguments.indices {
                    try unsafe arguments[index].encode(to: raw + index, context: context)
                }
            }
            return try unsafe call(raw: raw, count: arguments.count) { result, context in
                try unsafe ComponentValue(result, context: context)
            }
        }
    }

    /// Calls the function with raw arguments that stay the caller's, and reads the result if the type has one.
    @inline(__always)
    func call<Result>(
        raw arguments: UnsafeMutablePointer<RawValue>?,
        count: Int,
        _ read: (UnsafePointer<RawValue>, OpaquePointer) throws -> Result
    ) throws -> Result? {
        var function = unsafe raw
        // Zero is the `bool` false: the engine deletes what the result holds before it writes over it.
        return try unsafe RawValue.withTemporary { result in
            unsafe try store.enter { context in
                unsafe wasmtime_component_func_call(
                    &function,
                    context,
                    arguments,
                    count,
                    result,
                    export.hasResult ? 1 : 0
                )
            }
            guard export.hasResult else { return nil }
            return unsafe try store.withContext { try unsafe read(result, $0) }
        }
    }
}

extension RawValue {
    /// Calls the body with zeroed raw values, and deletes what is in them afterwards.
    static func withArray<Result>(
        count: Int,
        _ body: (UnsafeMutablePointer<RawValue>) throws -> Result
    ) throws -> Result {
        try unsafe withUnsafeTemporaryAllocation(of: RawValue.self, capacity: max(count, 1)) { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("an empty allocation") }
            for index in 0..<count { unsafe (start + index).initialize(to: RawValue()) }
            defer {
                for index in 0..<count { unsafe wasmtime_component_val_delete(start + index) }
            }
            return try unsafe body(start)
        }
    }
}
