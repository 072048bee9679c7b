// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

final class HostFunctionBox: CallbackBox {
    let function: LinkerInstance.Function

    init(_ function: @escaping LinkerInstance.Function) { self.function = function }
}

final class ReadingHostFunctionBox: CallbackBox {
    let function: LinkerInstance.ReadingFunction

    init(_ function: @escaping LinkerInstance.ReadingFunction) { self.function = function }
}

final class DestructorBox: CallbackBox {
    let destructor: @Sendable (borrowing Caller, UInt32) throws -> Void

    init(_ destructor: @escaping @Sendable (borrowing Caller, UInt32) throws -> Void) { self.destructor = destructor }
}

/// The C callback of every synchronous host function; returns an error as an address.
func callHostFunction(
    environment: UnsafeMutableRawPointer?,
    context: OpaquePointer?,
    type: OpaquePointer?,
    arguments: UnsafeMutablePointer<RawValue>?,
    argumentCount: Int,
    results: UnsafeMutablePointer<RawValue>?,
    resultCount: Int
) -> Int {
    let function = unsafe CallbackBox.unbox(environment, as: HostFunctionBox.self).function
    return unsafe withStoreState(of: context) { context, state in
        let values = try unsafe decodeArguments(arguments, argumentCount, context: context)
        let result = try function(unsafe Caller(context: context, state: state), values)
        try unsafe encodeResult(result, results, resultCount, context: context)
    }
}

/// The C callback of every synchronous host function that reads its arguments itself; returns an error as an address.
func callReadingHostFunction(
    environment: UnsafeMutableRawPointer?,
    context: OpaquePointer?,
    type: OpaquePointer?,
    arguments: UnsafeMutablePointer<RawValue>?,
    argumentCount: Int,
    results: UnsafeMutablePointer<RawValue>?,
    resultCount: Int
) -> Int {
    let function = unsafe CallbackBox.unbox(environment, as: ReadingHostFunctionBox.self).function
    return unsafe withStoreState(of: context) { context, state in
        let result = try function(
            unsafe Caller(context: context, state: state),
            unsafe HostArguments(arguments, count: argumentCount)
        )
        try unsafe encodeResult(result, results, resultCount, context: context)
    }
}

/// The C callback of every destructor of a host resource; returns an error as an address.
func callDestructor(
    environment: UnsafeMutableRawPointer?,
    context: OpaquePointer?,
    representation: UInt32
) -> Int {
    let destructor = unsafe CallbackBox.unbox(environment, as: DestructorBox.self).destructor
    return unsafe withStoreState(of: context) { context, state in
        try destructor(unsafe Caller(context: context, state: state), representation)
    }
}

/// Keeps Swift errors on this side of the C API: they wait in the store's state, and the engine gets a token.
private func withStoreState(
    of context: OpaquePointer?,
    _ body: (OpaquePointer, StoreState) throws -> Void
) -> Int {
    guard let context = unsafe context else { preconditionFailure("a callback without a context") }
    let state = unsafe storeState(of: context)
    do {
        try unsafe body(context, state)
        return 0
    } catch {
        state.fail(error)
        return unsafe Int(bitPattern: wasmtime_error_new("a host function failed"))
    }
}

/// The state of the store that a context belongs to.
func storeState(of context: OpaquePointer) -> StoreState {
    unsafe CallbackBox.unbox(wasmtime_context_get_data(context), as: StoreState.self)
}

func decodeArguments(
    _ arguments: UnsafeMutablePointer<RawValue>?,
    _ count: Int,
    context: OpaquePointer
) throws(WasmtimeError) -> [ComponentValue] {
    guard let arguments = unsafe arguments, count > 0 else { return [] }
    var values: [ComponentValue] = []
    values.reserveCapacity(count)
    for index in 0..<count {
        values.append(try unsafe ComponentValue(arguments + index, context: context))
    }
    return values
}

/// Writes a host function's result over the `bool` that the C API put there; the engine deletes it.
func encodeResult(
    _ result: ComponentValue?,
    _ results: UnsafeMutablePointer<RawValue>?,
    _ count: Int,
    context: OpaquePointer
) throws(WasmtimeError) {
    guard (result == nil) == (count == 0) else {
        let problem = count == 0 ? "returned a value, and its type has no result" : "returned nothing"
        throw WasmtimeError(.typeMismatch, "a host function \(problem)")
    }
    guard let result, let results = unsafe results else { return }
    try unsafe result.encode(to: results, context: context)
}
