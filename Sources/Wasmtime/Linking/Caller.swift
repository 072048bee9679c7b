// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// The store that a host function was called from; exists only during that call.
@safe
public struct Caller: ~Copyable {
    private let context: OpaquePointer
    private let storeState: StoreState

    init(context: OpaquePointer, state: StoreState) {
        unsafe self.context = unsafe context
        storeState = state
    }

    /// The object that the store was created with, if it is of that type.
    public borrowing func state<State: AnyObject>(as type: State.Type) -> State? {
        storeState.hostState as? State
    }
}
