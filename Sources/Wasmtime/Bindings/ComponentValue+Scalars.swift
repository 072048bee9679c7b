// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What generated bindings read values with: each function returns what a value is, or throws that it is something else.

extension ComponentValue {
    private func mismatch(_ type: String) -> WasmtimeError {
        WasmtimeError(.typeMismatch, "a value is not of the type \(type) that the bindings were generated for")
    }

    /// The value of a `bool`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func boolean() throws(WasmtimeError) -> Bool {
        guard case .bool(let value) = self else { throw mismatch("bool") }
        return value
    }

    /// The value of a `s8`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func int8() throws(WasmtimeError) -> Int8 {
        guard case .s8(let value) = self else { throw mismatch("s8") }
        return value
    }

    /// The value of a `u8`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func uint8() throws(WasmtimeError) -> UInt8 {
        guard case .u8(let value) = self else { throw mismatch("u8") }
        return value
    }

    /// The value of a `s16`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func int16() throws(WasmtimeError) -> Int16 {
        guard case .s16(let value) = self else { throw mismatch("s16") }
        return value
    }

    /// The value of a `u16`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func uint16() throws(WasmtimeError) -> UInt16 {
        guard case .u16(let value) = self else { throw mismatch("u16") }
        return value
    }

    /// The value of a `s32`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func int32() throws(WasmtimeError) -> Int32 {
        guard case .s32(let value) = self else { throw mismatch("s32") }
        return value
    }

    /// The value of a `u32`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func uint32() throws(WasmtimeError) -> UInt32 {
        guard case .u32(let value) = self else { throw mismatch("u32") }
        return value
    }

    /// The value of a `s64`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func int64() throws(WasmtimeError) -> Int64 {
        guard case .s64(let value) = self else { throw mismatch("s64") }
        return value
    }

    /// The value of a `u64`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func uint64() throws(WasmtimeError) -> UInt64 {
        guard case .u64(let value) = self else { throw mismatch("u64") }
        return value
    }

    /// The value of a `f32`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func float() throws(WasmtimeError) -> Float {
        guard case .f32(let value) = self else { throw mismatch("f32") }
        return value
    }

    /// The value of a `f64`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func double() throws(WasmtimeError) -> Double {
        guard case .f64(let value) = self else { throw mismatch("f64") }
        return value
    }

    /// The value of a `char`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func scalar() throws(WasmtimeError) -> Unicode.Scalar {
        guard case .char(let value) = self else { throw mismatch("char") }
        return value
    }

    /// The value of a `string`.
    ///
    /// - Throws: ``WasmtimeError`` with the code `typeMismatch` if it is something else.
    public func text() throws(WasmtimeError) -> String {
        guard case .string(let value) = self else { throw mismatch("string") }
        return value
    }
}
