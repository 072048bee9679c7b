// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A value of the component model, which WAVE text can be read to and printed of.
///
/// WAVE is the text form of values that `wasmtime run --invoke` and other tools use. It has none for handles, streams
/// and futures. See https://github.com/bytecodealliance/wasm-tools/tree/main/crates/wasm-wave.
///
///     let model = try WITModel(parsing: "package a:b; interface i { f: func(x: list<u8>); }")
///     let type = model.mainPackage.interfaces[0].functions[0].parameters[0].type
///     try WAVEValue(parsing: "[1, 2]", as: type, in: model)  // .list([.u8(1), .u8(2)])
package indirect enum WAVEValue: Hashable, Sendable {
    /// True or false.
    case bool(Bool)
    /// A signed integer of 8 bits.
    case s8(Int8)
    /// A signed integer of 16 bits.
    case s16(Int16)
    /// A signed integer of 32 bits.
    case s32(Int32)
    /// A signed integer of 64 bits.
    case s64(Int64)
    /// An unsigned integer of 8 bits.
    case u8(UInt8)
    /// An unsigned integer of 16 bits.
    case u16(UInt16)
    /// An unsigned integer of 32 bits.
    case u32(UInt32)
    /// An unsigned integer of 64 bits.
    case u64(UInt64)
    /// A floating-point number of 32 bits.
    case f32(Float)
    /// A floating-point number of 64 bits.
    case f64(Double)
    /// A Unicode scalar value.
    case char(Unicode.Scalar)
    /// A text.
    case string(String)
    /// The elements of a list, or the pairs of key and value of a map.
    case list([WAVEValue])
    /// The values of a tuple.
    case tuple([WAVEValue])
    /// The fields of a record, in the order of its type.
    case record([Field])
    /// A case of a variant, with its payload if it has one.
    case variant(String, WAVEValue?)
    /// A case of an enum.
    case `enum`(String)
    /// The flags that are set, in the order of their type.
    case flags([String])
    /// A value or none.
    case option(WAVEValue?)
    /// A success, with its value if it has one.
    case ok(WAVEValue?)
    /// A failure, with its value if it has one.
    case error(WAVEValue?)

    /// A field of a record.
    package struct Field: Hashable, Sendable {
        /// The name of the field.
        package var name: String
        /// The value of the field.
        package var value: WAVEValue

        /// Creates a field.
        package init(_ name: String, _ value: WAVEValue) {
            self.name = name
            self.value = value
        }
    }

    /// Parses WAVE text as a value of a type.
    ///
    /// - Parameters:
    ///   - text: The text of one value.
    ///   - type: The type of the value.
    ///   - model: The model that the names in the type belong to.
    ///   - path: The name of the text in error messages.
    /// - Throws: ``WITError`` with the place and what was expected.
    package init(parsing text: String, as type: WITType, in model: WITModel, path: String = "value") throws(WITError) {
        var parser = WAVEParser(text, path: path, model: model)
        self = try parser.value(type)
        try parser.expectEnd()
    }
}
