// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

internal import CWasmtime

/// The arguments of a call of a host function, read where the engine keeps them; exist only during that call.
///
/// For functions that a guest calls often: no array of values is built.
@safe
public struct HostArguments: ~Copyable {
    private let start: UnsafePointer<RawValue>?
    /// The number of arguments.
    public let count: Int

    init(_ start: UnsafeMutablePointer<RawValue>?, count: Int) {
        unsafe self.start = unsafe UnsafePointer(start)
        self.count = unsafe start == nil ? 0 : count
    }

    /// Reads an argument of the type `u32`.
    ///
    /// - Throws: ``WasmtimeError`` with code `typeMismatch` if there is none at this index.
    public borrowing func u32(at index: Int) throws(WasmtimeError) -> UInt32 {
        try unsafe value(at: index, WASMTIME_COMPONENT_U32).pointee.of.u32
    }

    /// Reads an argument of the type `u64`.
    ///
    /// - Throws: ``WasmtimeError`` with code `typeMismatch` if there is none at this index.
    public borrowing func u64(at index: Int) throws(WasmtimeError) -> UInt64 {
        try unsafe value(at: index, WASMTIME_COMPONENT_U64).pointee.of.u64
    }

    /// Reads an argument of the type `string`.
    ///
    /// - Throws: ``WasmtimeError`` with code `typeMismatch` if there is none at this index.
    public borrowing func text(at index: Int) throws(WasmtimeError) -> String {
        try unsafe value(at: index, WASMTIME_COMPONENT_STRING).pointee.of.string.text
    }

    /// Reads the UTF-8 of an argument of the type `string`, which the engine has validated.
    ///
    /// - Throws: ``WasmtimeError`` with code `typeMismatch` if there is none at this index.
    public borrowing func utf8(at index: Int) throws(WasmtimeError) -> [UInt8] {
        unsafe Array(try value(at: index, WASMTIME_COMPONENT_STRING).pointee.of.string.buffer)
    }

    private borrowing func value(at index: Int, _ kind: Int) throws(WasmtimeError) -> UnsafePointer<RawValue> {
        guard let start = unsafe start, 0..<count ~= index, unsafe Int(start[index].kind) == kind else {
            throw WasmtimeError(.typeMismatch, "a host function has no argument \(index) of the type expected")
        }
        return unsafe start + index
    }
}
