// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An object that a C callback reaches through its environment pointer.
///
/// The C API owns the box: ``retained()`` hands it over and ``release(_:)`` is the finaliser that the API calls once.
class CallbackBox {
    init() { LiveHandles.increment() }

    deinit { LiveHandles.decrement() }

    /// A pointer that keeps the box alive until ``release(_:)`` is called with it.
    final func retained() -> UnsafeMutableRawPointer {
        unsafe Unmanaged<CallbackBox>.passRetained(self).toOpaque()
    }

    /// The C finaliser of every box.
    static let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { environment in
        guard let environment = unsafe environment else { return }
        unsafe Unmanaged<CallbackBox>.fromOpaque(environment).release()
    }

    /// The box behind a callback's environment pointer.
    ///
    /// The C API passes back the pointer that it was registered with, so its type is known.
    @inline(__always)
    static func unbox<Box: CallbackBox>(_ environment: UnsafeMutableRawPointer?, as type: Box.Type) -> Box {
        guard let environment = unsafe environment else { preconditionFailure("a callback without its environment") }
        return unsafe Unmanaged<Box>.fromOpaque(environment).takeUnretainedValue()
    }
}
