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

    /// The fuel that is left.
    ///
    /// - Returns: The number of units, about one per instruction.
    /// - Throws: ``WasmtimeError`` with code `fuelDisabled` if the engine does not measure fuel.
    public borrowing func remainingFuel() throws(WasmtimeError) -> UInt64 {
        var fuel: UInt64 = 0
        try unsafe check(wasmtime_context_get_fuel(context, &fuel), .fuelDisabled)
        return fuel
    }
}
