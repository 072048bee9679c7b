// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A bounds-checked cursor over the bytes of a WebAssembly binary.
///
/// Positions are indices of the slice it was made from, so as long as slices of one file are handed around, every
/// error carries the offset from the start of that file.
/// See the specification of [values](https://webassembly.github.io/spec/core/binary/values.html).
package struct BinaryReader: Sendable {
    /// All the bytes this reader may look at.
    package let bytes: ArraySlice<UInt8>
    /// The index of the next byte.
    package private(set) var position: Int
    private let end: Int

    /// The largest count that any vector may have: the implementation limit that engines share.
    static let maximumCount = 1_000_000
    /// The maximum depth to which components, types and the scopes in them may nest.
    static let maximumDepth = 100

    /// Creates a reader at the start of a slice.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
        end = bytes.endIndex
    }

    /// A Boolean value that tells whether everything was read.
    package var isAtEnd: Bool { position >= end }

    /// The number of bytes that are left.
    package var remaining: Int { end - position }

    func malformed(_ message: String, at offset: Int? = nil) -> ComponentsError {
        ComponentsError(.malformed, message, offset: offset ?? position)
    }

    func unsupported(_ message: String, at offset: Int? = nil) -> ComponentsError {
        ComponentsError(.unsupported, message, offset: offset ?? position)
    }

    /// Reads one byte.
    package mutating func byte() throws(ComponentsError) -> UInt8 {
        guard position < end else { throw malformed("the data ends too early") }
        let byte = bytes[position]
        position &+= 1
        return byte
    }

    /// Returns the next byte without moving.
    package func peek() throws(ComponentsError) -> UInt8 {
        guard position < end else { throw malformed("the data ends too early") }
        return bytes[position]
    }

    /// Returns the next `count` bytes.
    package mutating func take(_ count: Int) throws(ComponentsError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else {
            throw malformed("\(count) bytes are announced and \(remaining) are left")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// Passes over the next `count` bytes.
    package mutating func skip(_ count: Int) throws(ComponentsError) {
        guard count >= 0, count <= remaining else { throw malformed("the data ends too early") }
        position &+= count
    }

    /// Reads an unsigned LEB128 number of at most 32 bits.
    package mutating func u32() throws(ComponentsError) -> UInt32 {
        let first = try byte()
        guard first & 0x80 != 0 else { return UInt32(first) }
        var result = UInt32(first & 0x7f)
        var shift: UInt32 = 7
        while true {
            let next = try byte()
            if shift == 28, next & 0xf0 != 0 {
                throw malformed(
                    next & 0x80 != 0 ? "a number is longer than 5 bytes" : "a number is larger than 32 bits",
                    at: position - 1
                )
            }
            result |= UInt32(next & 0x7f) &<< shift
            guard next & 0x80 != 0 else { return result }
            shift &+= 7
        }
    }

    /// Reads an unsigned LEB128 number of at most 64 bits.
    package mutating func u64() throws(ComponentsError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            if shift == 63, next > 1 { throw malformed("a number is larger than 64 bits", at: position - 1) }
            result |= UInt64(next & 0x7f) &<< shift
            guard next & 0x80 != 0 else { return result }
            shift &+= 7
        }
    }

    /// Reads a signed LEB128 number of at most 32 bits.
    package mutating func s32() throws(ComponentsError) -> Int32 {
        Int32(truncatingIfNeeded: try signed(bits: 32))
    }

    /// Reads a signed LEB128 number of at most 33 bits, as block types and heap types use them.
    package mutating func s33() throws(ComponentsError) -> Int64 {
        try signed(bits: 33)
    }

    /// Reads a signed LEB128 number of at most 64 bits.
    package mutating func s64() throws(ComponentsError) -> Int64 {
        try signed(bits: 64)
    }

    private mutating func signed(bits: Int64) throws(ComponentsError) -> Int64 {
        var result: Int64 = 0
        var shift: Int64 = 0
        while true {
            let next = try byte()
            let left = bits - shift
            if left < 7 {
                // The bits above the number's width must repeat its sign, and nothing may follow.
                let sign = Int8(bitPattern: next << 1) >> Int8(left)
                guard next & 0x80 == 0, sign == 0 || sign == -1 else {
                    throw malformed("a signed number is larger than \(bits) bits", at: position - 1)
                }
            }
            result |= Int64(next & 0x7f) &<< shift
            shift += 7
            guard next & 0x80 != 0 else {
                if shift < 64, next & 0x40 != 0 { result |= -1 &<< shift }
                return result
            }
        }
    }

    /// Reads an index or a count as an `Int`.
    package mutating func size() throws(ComponentsError) -> Int {
        Int(try u32())
    }

    /// Reads a count and checks it against the bytes left, since no element is shorter than a byte.
    package mutating func count(of what: StaticString, limit: Int = maximumCount) throws(ComponentsError) -> Int {
        let start = position
        let count = try size()
        guard count <= limit else { throw malformed("\(count) \(what) are more than the limit \(limit)", at: start) }
        guard count <= remaining else {
            throw malformed("\(count) \(what) are announced in \(remaining) bytes", at: start)
        }
        return count
    }

    /// Reads a vector.
    mutating func vector<Element>(
        of what: StaticString,
        limit: Int = maximumCount,
        _ element: (inout BinaryReader) throws(ComponentsError) -> Element
    ) throws(ComponentsError) -> [Element] {
        let count = try count(of: what, limit: limit)
        var result: [Element] = []
        // A hostile count must not buy memory before its elements are seen.
        result.reserveCapacity(min(count, 8192))
        for _ in 0..<count { result.append(try element(&self)) }
        return result
    }

    /// Reads a length-prefixed UTF-8 string.
    package mutating func name() throws(ComponentsError) -> String {
        let length = try size()
        let start = position
        let content = try take(length)
        guard let name = String(validating: content, as: UTF8.self) else {
            throw malformed("a name is not UTF-8", at: start)
        }
        return name
    }

    /// Reads an optional value behind a presence byte.
    mutating func optional<Value>(
        _ value: (inout BinaryReader) throws(ComponentsError) -> Value
    ) throws(ComponentsError) -> Value? {
        switch try byte() {
        case 0: return nil
        case 1: return try value(&self)
        case let other: throw malformed("0x\(hex: other) is no presence byte", at: position - 1)
        }
    }

    /// Passes over an LEB128 number of at most `maximum` bytes.
    mutating func skipNumber(maximum: Int) throws(ComponentsError) {
        for _ in 0..<maximum where try byte() & 0x80 == 0 { return }
        throw malformed("a number is longer than \(maximum) bytes", at: position - 1)
    }

    /// Fails unless everything was read.
    func expectEnd(of what: StaticString) throws(ComponentsError) {
        guard isAtEnd else { throw malformed("\(remaining) bytes are left over in \(what)") }
    }
}

extension DefaultStringInterpolation {
    mutating func appendInterpolation(hex value: some BinaryInteger) {
        appendInterpolation(String(value, radix: 16))
    }
}
