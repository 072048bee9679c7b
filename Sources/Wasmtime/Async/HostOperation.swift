// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import CWasmtime
import Synchronization

// @unchecked: `context` and `results` are only touched by the thread that polls the guest; the outcome is behind a mutex.
/// An asynchronous host function in progress: a task, and the guest that waits for its result.
@safe
final class HostOperation: CallbackBox, @unchecked Sendable {
    private let storeState: StoreState
    private let context: OpaquePointer
    private let results: UnsafeMutablePointer<RawValue>?
    private let resultCount: Int
    private let outcome = Mutex<Result<ComponentValue?, any Error>?>(nil)
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(
        state: StoreState,
        context: OpaquePointer,
        results: UnsafeMutablePointer<RawValue>?,
        resultCount: Int
    ) {
        storeState = state
        unsafe self.context = unsafe context
        unsafe self.results = unsafe results
        self.resultCount = resultCount
        state.runningOperations += 1
    }

    /// Starts the function; dropping the operation cancels it.
    func start(_ function: @escaping LinkerInstance.AsyncFunction, _ arguments: [ComponentValue]) {
        let wakeup = storeState.wakeup
        let task = Task { [weak self] in
            let outcome: Result<ComponentValue?, any Error>
            do {
                outcome = .success(try await function(arguments))
            } catch {
                outcome = .failure(error)
            }
            // Nobody is left to tell if the call was cancelled meanwhile.
            self?.outcome.withLock { $0 = outcome }
            wakeup.signal()
        }
        self.task.withLock { $0 = task }
    }

    /// Whether the result has been handed to the guest.
    ///
    /// After an error the answer stays no: the C API has no way to fail at this point, so the call's driver drops it.
    func poll() -> Bool {
        guard let outcome = outcome.withLock({ $0 }) else { return false }
        do {
            try unsafe encodeResult(outcome.get(), results, resultCount, context: context)
            return true
        } catch {
            storeState.fail(error)
            return false
        }
    }

    /// The guest no longer waits: it has its result, or was dropped.
    func finish() {
        storeState.runningOperations -= 1
        task.withLock { $0 }?.cancel()
    }
}

final class AsyncHostFunctionBox: CallbackBox {
    let function: LinkerInstance.AsyncFunction

    init(_ function: @escaping LinkerInstance.AsyncFunction) { self.function = function }
}

/// The C callback of every asynchronous host function: starts it, and says how to learn that it is done.
func startHostFunction(
    environment: UnsafeMutableRawPointer?,
    context: OpaquePointer?,
    type: OpaquePointer?,
    arguments: UnsafeMutablePointer<RawValue>?,
    argumentCount: Int,
    results: UnsafeMutablePointer<RawValue>?,
    resultCount: Int,
    error: UnsafeMutablePointer<OpaquePointer?>?,
    continuation: UnsafeMutablePointer<wasmtime_async_continuation_t>?
) {
    let function = unsafe CallbackBox.unbox(environment, as: AsyncHostFunctionBox.self).function
    guard let context = unsafe context else { preconditionFailure("a callback without a context") }
    let state = unsafe storeState(of: context)
    do {
        let values = try unsafe decodeArguments(arguments, argumentCount, context: context)
        let operation = unsafe HostOperation(
            state: state,
            context: context,
            results: results,
            resultCount: resultCount
        )
        unsafe continuation?.pointee.env = unsafe operation.retained()
        unsafe continuation?.pointee.callback = { environment in
            unsafe CallbackBox.unbox(environment, as: HostOperation.self).poll()
        }
        unsafe continuation?.pointee.finalizer = { environment in
            unsafe CallbackBox.unbox(environment, as: HostOperation.self).finish()
            unsafe CallbackBox.release(environment)
        }
        operation.start(function, values)
    } catch let failure {
        state.fail(failure)
        unsafe error?.pointee = unsafe wasmtime_error_new("a host function failed")
    }
}
