// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a store's callbacks find behind its context.
///
/// Used by the thread that uses the store, only.
final class StoreState: CallbackBox {
    let hostState: AnyObject?
    var hasWASI = false
    private(set) var isBusy = false
    /// Wakes the task that drives an asynchronous call.
    let wakeup = Wakeup()
    /// How many asynchronous host functions the guest waits for.
    var runningOperations = 0
    /// Whether the guest gave way at its epoch deadline.
    private var hasYielded = false
    /// Why a host function failed: Swift errors do not pass through the C API, which only gets told that there is one.
    private var hostError: (any Error)?

    init(hostState: AnyObject?) {
        self.hostState = hostState
    }

    @inline(__always)
    func begin() throws(WasmtimeError) {
        guard !isBusy else {
            throw WasmtimeError(.storeBusy, "the store is in the middle of another call: it runs one at a time")
        }
        isBusy = true
    }

    @inline(__always)
    func end() {
        isBusy = false
        if hostError != nil { hostError = nil }
    }

    /// Keeps an error until the call has come back.
    func fail(_ error: any Error) { hostError = error }

    func yield() { hasYielded = true }

    func takeYield() -> Bool {
        defer { hasYielded = false }
        return hasYielded
    }

    func takeHostError() -> (any Error)? {
        defer { hostError = nil }
        return hostError
    }
}
