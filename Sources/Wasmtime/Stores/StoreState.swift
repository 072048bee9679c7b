// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The state that a store's callbacks reach through its context.
///
/// Used by the thread that uses the store, only.
final class StoreState: CallbackBox {
    let hostState: AnyObject?
    var hasWASI = false
    private(set) var isBusy = false
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

    func takeHostError() -> (any Error)? {
        defer { hostError = nil }
        return hostError
    }
}
