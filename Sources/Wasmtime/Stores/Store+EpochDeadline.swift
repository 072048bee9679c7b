// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

extension Store {
    /// The action to take when a guest has reached its epoch deadline.
    public struct DeadlineAction: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case trap
            case `continue`(UInt64)
        }
        let kind: Kind

        /// Stop it: the call throws a ``Trap`` with code ``TrapCode/interrupt``.
        public static let trap = DeadlineAction(kind: .trap)

        /// Let it run for a further number of epochs.
        public static func `continue`(epochs: UInt64) -> DeadlineAction { DeadlineAction(kind: .continue(epochs)) }
    }

    /// Sets when the guest is interrupted.
    ///
    /// - Parameter epochs: How many epochs from now the deadline is; see ``Engine/incrementEpoch()``. Until this is called,
    ///   there is none.
    public func setEpochDeadline(epochs: UInt64) {
        requireIdle()
        unsafe withContext { unsafe wasmtime_context_set_epoch_deadline($0, min(epochs, Self.noDeadline)) }
    }

    /// Sets what happens at the deadline; without this call the guest traps.
    ///
    /// - Parameter decide: Called on the thread that runs the guest, each time that the deadline is reached. An error that
    ///   it throws stops the guest, and the call throws it.
    public func onEpochDeadline(_ decide: @escaping @Sendable () throws -> DeadlineAction) {
        requireIdle()
        let box = DeadlineBox(state: state, decide: decide)
        let environment = unsafe box.retained()
        unsafe withPointer {
            unsafe wasmtime_store_epoch_deadline_callback($0, deadlineReached, environment, CallbackBox.release)
        }
    }
}

private final class DeadlineBox: CallbackBox {
    // The store's callbacks go with the store, which also holds the state: no reference back is needed.
    unowned let state: StoreState
    let decide: @Sendable () throws -> Store.DeadlineAction

    init(state: StoreState, decide: @escaping @Sendable () throws -> Store.DeadlineAction) {
        self.state = state
        self.decide = decide
    }
}

// From `wasmtime/store.h`; the wheel's ctypes file leaves it out.
private let WASMTIME_UPDATE_DEADLINE_CONTINUE: UInt8 = 0

/// The C callback of every store: writes the decision, or returns an error as an address.
private func deadlineReached(
    context: OpaquePointer?,
    environment: UnsafeMutableRawPointer?,
    delta: UnsafeMutablePointer<UInt64>?,
    kind: UnsafeMutablePointer<wasmtime_update_deadline_kind_t>?
) -> Int {
    let box = unsafe CallbackBox.unbox(environment, as: DeadlineBox.self)
    do {
        switch try box.decide().kind {
        case .continue(let epochs):
            unsafe delta?.pointee = min(epochs, Store.noDeadline)
            unsafe kind?.pointee = WASMTIME_UPDATE_DEADLINE_CONTINUE
        case .trap:
            let trap = Trap(code: .interrupt, message: TrapCode.interrupt.description, frames: [])
            box.state.fail(trap)
            return unsafe Int(bitPattern: wasmtime_error_new("epoch deadline reached"))
        }
        return 0
    } catch {
        box.state.fail(error)
        return unsafe Int(bitPattern: wasmtime_error_new("the epoch callback failed"))
    }
}
