// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Appends the values of the WebAssembly binary format to an array of bytes.
package struct BinaryWriter: Sendable {
    /// The bytes that were written so far.
    package private(set) var bytes: [UInt8]

    /// Creates an empty writer.
    package init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Writes one byte.
    package mutating func byte(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Writes bytes as they are.
    package mutating func append(_ content: ArraySlice<UInt8>) {
        bytes.append(contentsOf: content)
    }

    /// Writes bytes as they are.
    package mutating func append(_ content: [UInt8]) {
        bytes.append(contentsOf: content)
    }

    /// Writes an unsigned LEB128 number.
    package mutating func u32(_ value: UInt32) {
        u64(UInt64(value))
    }

    /// Writes an unsigned LEB128 number.
    package mutating func u64(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a signed LEB128 number.
    package mutating func signed(_ value: Int64) {
        var rest = value
        while true {
            let low = UInt8(truncatingIfNeeded: rest) & 0x7f
            rest >>= 7
            if (rest == 0 && low & 0x40 == 0) || (rest == -1 && low & 0x40 != 0) {
                bytes.append(low)
                return
            }
            bytes.append(low | 0x80)
        }
    }

    package mutating func size(_ value: Int) {
        u64(UInt64(value))
    }

    /// Writes a length-prefixed UTF-8 string.
    package mutating func name(_ name: String) {
        size(name.utf8.count)
        bytes.append(contentsOf: name.utf8)
    }

    /// Writes a vector.
    package mutating func vector<Element>(_ elements: [Element], _ write: (inout BinaryWriter, Element) -> Void) {
        size(elements.count)
        for element in elements { write(&self, element) }
    }

    /// Writes an optional value behind a presence byte.
    mutating func optional<Value>(_ value: Value?, _ write: (inout BinaryWriter, Value) -> Void) {
        guard let value else { return byte(0) }
        byte(1)
        write(&self, value)
    }

    /// Writes a length-prefixed block, such as a section's content.
    mutating func block(_ write: (inout BinaryWriter) -> Void) {
        var content = BinaryWriter()
        write(&content)
        size(content.bytes.count)
        append(content.bytes)
    }
}
