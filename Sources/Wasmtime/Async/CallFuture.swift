// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime

/// A call in progress on a stack of its own.
///
/// "all parameters to that function should not be modified in any way and must be kept alive until the future is deleted",
/// says [`async.h`](https://docs.wasmtime.dev/c-api/async_8h.html): what they point to is allocated here, and nothing else may
/// use the store meanwhile.
///
/// Order of deletion: the future, which may still write; then the values; then the store is free for the next call.
@safe
struct CallFuture: ~Copyable {
    private let store: Store
    private let arguments: RawValues
    private let results: RawValues
    private let subject: UnsafeMutableRawPointer
    private let error: UnsafeMutablePointer<OpaquePointer?>
    private let future: OpaquePointer

    /// Starts calling a function; the guest first runs when the future is polled.
    init(_ function: Function, arguments values: [ComponentValue]) throws {
        let store = function.store
        let arguments = RawValues(count: values.count)
        try unsafe store.withContext { context in
            for (index, value) in values.enumerated() {
                try unsafe value.encode(to: arguments.start + index, context: context)
            }
        }
        let results = RawValues(count: function.type.result == nil ? 0 : 1)
        let target = UnsafeMutablePointer<wasmtime_component_func_t>.allocate(capacity: 1)
        unsafe target.initialize(to: function.raw)
        try unsafe self.init(store, arguments, results, subject: target) { context, error in
            unsafe wasmtime_component_func_call_async(
                target,
                context,
                arguments.start,
                arguments.count,
                results.start,
                results.count,
                error
            )
        }
    }

    /// Starts instantiating a component.
    init(
        instantiating component: Component,
        with linker: Linker,
        in store: Store,
        to instance: UnsafeMutablePointer<wasmtime_component_instance_t>
    ) throws {
        try unsafe self.init(store, RawValues(count: 0), RawValues(count: 0), subject: instance) { context, error in
            unsafe linker.withPointer { linker in
                unsafe component.withPointer {
                    unsafe wasmtime_component_linker_instantiate_async(linker, context, $0, instance, error)
                }
            }
        }
    }

    private init(
        _ store: Store,
        _ arguments: RawValues,
        _ results: RawValues,
        subject: UnsafeMutableRawPointer,
        _ start: (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
    ) throws {
        do {
            try store.state.begin()
        } catch {
            unsafe subject.deallocate()
            throw error
        }
        self.store = store
        self.arguments = arguments
        self.results = results
        unsafe self.subject = unsafe subject
        unsafe error = .allocate(capacity: 1)
        unsafe error.initialize(to: nil)
        let errorSlot = unsafe error
        guard let future = unsafe store.withContext({ unsafe start($0, errorSlot) }) else {
            preconditionFailure("the engine returned no future")
        }
        unsafe self.future = unsafe future
        LiveHandles.increment()
    }

    deinit {
        unsafe wasmtime_call_future_delete(future)
        if let error = unsafe error.pointee { unsafe wasmtime_error_delete(error) }
        unsafe error.deallocate()
        unsafe subject.deallocate()
        store.state.end()
        LiveHandles.decrement()
    }

    /// Runs the guest until it is done or waits for something; whether it is done.
    private borrowing func poll() -> Bool { unsafe wasmtime_call_future_poll(future) }

    /// Drives the guest until it is done; dropping the future on the way out stops it.
    private borrowing func finish() async throws {
        let state = store.state
        var idlePolls = 0
        while !poll() {
            if let error = state.takeHostError() { throw error }
            try Task.checkCancellation()
            if state.takeYield() {
                await Task.yield()
            } else if state.runningOperations > 0 {
                idlePolls = 0
                await state.wakeup.wait()
            } else {
                // The engine's own WASI waits for something, and has no way to say that it has happened.
                idlePolls += 1
                try await Task.sleep(nanoseconds: idlePolls < 10 ? 50_000 : 1_000_000)
            }
            try Task.checkCancellation()
        }
        guard let failure = unsafe error.pointee else { return }
        unsafe error.pointee = nil
        let failed = unsafe EngineFailure(consuming: failure)
        throw state.takeHostError() ?? failed.asError(.callFailed)
    }

    /// Drives the guest until it is done, or until the task is cancelled.
    borrowing func run() async throws {
        let wakeup = store.state.wakeup
        try await withTaskCancellationHandler {
            try await finish()
        } onCancel: {
            wakeup.signal()
        }
    }

    /// The instance, after ``run()``, if that is what was started.
    borrowing func instance() -> wasmtime_component_instance_t {
        unsafe subject.load(as: wasmtime_component_instance_t.self)
    }

    /// The result, after ``run()``.
    borrowing func result() throws(WasmtimeError) -> ComponentValue? {
        guard results.count > 0 else { return nil }
        return try unsafe store.withContext { context throws(WasmtimeError) in
            try unsafe ComponentValue(results.start, context: context)
        }
    }
}

/// Raw values on the heap, deleted with their owner.
@safe
private final class RawValues {
    let start: UnsafeMutablePointer<RawValue>
    let count: Int

    init(count: Int) {
        self.count = count
        unsafe start = .allocate(capacity: max(count, 1))
        for index in 0..<count { unsafe (start + index).initialize(to: RawValue()) }
    }

    deinit {
        for index in 0..<count { unsafe wasmtime_component_val_delete(start + index) }
        unsafe start.deallocate()
    }
}
