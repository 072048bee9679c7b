// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A kind of C object that one owner deletes.
protocol HandleKind {
    /// Deletes the object; called once, with a pointer that nobody uses afterwards.
    static func delete(_ pointer: OpaquePointer)
}

/// The only owner of a C object.
///
/// It is safe for two reasons. The pointer leaves only for the duration of a closure or together with its ownership. The
/// object is deleted once, when the owner goes.
@safe
struct Handle<Kind: HandleKind>: ~Copyable {
    private let pointer: OpaquePointer

    /// Takes ownership of an object that the C API returned as the caller's own.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        LiveHandles.increment()
    }

    /// Lends the pointer for as long as the closure runs.
    @inline(__always)
    borrowing func withPointer<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(pointer)
    }

    /// Gives the object to a C function that takes ownership.
    consuming func release() -> OpaquePointer {
        let pointer = unsafe pointer
        LiveHandles.decrement()
        discard self
        return unsafe pointer
    }

    deinit {
        unsafe Kind.delete(pointer)
        LiveHandles.decrement()
    }
}
