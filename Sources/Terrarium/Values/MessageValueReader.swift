// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A message from a sandbox that is not as Guest/PROTOCOL.md says: its program tampered with what runs beside it.
struct MalformedMessage: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Buffers that take more bytes than are allowed.
struct BuffersTooLarge: Error {
    let used: Int
    let allowed: Int
}

/// Makes values of the JSON forms that Guest/PROTOCOL.md lists, from a message that nobody vouches for.
struct MessageValueReader {
    private let memory: GuestMemory?

    /// How many bytes may be copied: a short message could name the same long stretch of memory many times.
    private let maxBytes: Int
    private var usedBytes = 0

    /// Hexadecimal digits of an `int` beyond which it is not converted to decimal ones, which takes quadratic time.
    private static let maxHexadecimalDigits = 10_000

    /// - Parameters:
    ///   - memory: Where buffers lie; without one, none may be named.
    ///   - maxBytes: How much may be copied from there for one message.
    init(memory: GuestMemory?, maxBytes: Int) {
        self.memory = memory
        self.maxBytes = maxBytes
    }

    /// The value that a part of a message stands for.
    mutating func value(_ tree: PythonValue) throws -> PythonValue {
        switch tree {
        case .list(let elements): return .list(try values(elements))
        case .dict(let items):
            if items.count == 1, let item = items.first, item.key.utf8.first == UInt8(ascii: "$"),
                let value = try tagged(item.key.text, item.value)
            {
                return value
            }
            return .dict(try fields(items))
        default: return tree
        }
    }

    mutating func values(_ elements: [PythonValue]) throws -> [PythonValue] {
        var values: [PythonValue] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(try value(element)) }
        return values
    }

    private mutating func fields(_ items: [PythonValue.Item]) throws -> [PythonValue.Item] {
        var fields: [PythonValue.Item] = []
        fields.reserveCapacity(items.count)
        for item in items { fields.append(.init(key: item.key, value: try value(item.value))) }
        return fields
    }

    /// The value that a tag stands for; `nil` for an unknown one.
    private mutating func tagged(_ tag: String, _ content: PythonValue) throws -> PythonValue? {
        switch tag {
        case "$bytes": return .bytes(try bytes(content))
        case "$array": return .array(try array(content))
        case "$dict": return .mapping(try Self.list(content).map { try pair($0) })
        case "$tuple": return .tuple(try values(Self.list(content)))
        case "$set", "$frozenset": return .set(try values(Self.list(content)), isFrozen: tag == "$frozenset")
        case "$complex":
            let parts = try values(Self.list(content))
            guard parts.count == 2 else { throw MalformedMessage("a complex number") }
            return .complex(real: try Self.double(parts[0]), imaginary: try Self.double(parts[1]))
        case "$enum":
            guard let value = content["value"] else { throw MalformedMessage("an enum member") }
            return .enumeration(
                type: try Self.text(content["type"]),
                name: try Self.text(content["name"]),
                value: try self.value(value)
            )
        case "$object":
            guard case .dict(let items)? = content["fields"] else { throw MalformedMessage("an object") }
            return .record(type: try Self.text(content["type"]), fields: try fields(items))
        case "$repr": return .other(representation: try Self.text(content["text"]))
        default: return try Self.scalar(tag, content)
        }
    }

    private static func scalar(_ tag: String, _ content: PythonValue) throws -> PythonValue? {
        switch tag {
        case "$int": return integer(hexadecimal: try text(content))
        case "$float":
            let known: [String: Double] = ["nan": .nan, "inf": .infinity, "-inf": -.infinity]
            guard let number = known[try text(content)] else { throw MalformedMessage("a float") }
            return .float(number)
        case "$codepoints":
            let codePoints = try list(content).map { element -> UInt32 in
                guard case .int(let digits) = element, let codePoint = UInt32(digits), codePoint <= 0x10FFFF else {
                    throw MalformedMessage("a string")
                }
                return codePoint
            }
            return .string(PythonString(codePoints: codePoints))
        case "$datetime": return .dateTime(try text(content))
        case "$date": return .date(try text(content))
        case "$time": return .time(try text(content))
        case "$timedelta":
            guard case .int(let digits) = content else { throw MalformedMessage("a timedelta") }
            return Int(digits).map { .timeDelta(microseconds: $0) }
                ?? .other(representation: "datetime.timedelta(microseconds=\(digits))")
        case "$decimal": return .decimal(try text(content))
        case "$uuid": return .uuid(try text(content))
        case "$path": return .path(try text(content))
        default: return nil
        }
    }

    private mutating func pair(_ content: PythonValue) throws -> PythonValue.Pair {
        let parts = try Self.list(content)
        guard parts.count == 2 else { throw MalformedMessage("a dict") }
        return PythonValue.Pair(key: try value(parts[0]), value: try value(parts[1]))
    }

    private mutating func array(_ content: PythonValue) throws -> NumericArray {
        guard let data = content["data"], let shape = content["shape"] else { throw MalformedMessage("an array") }
        let lengths = try Self.list(shape).map { element -> Int in
            guard case .int(let digits) = element, let length = Int(digits) else { throw MalformedMessage("a shape") }
            return length
        }
        let type = try Self.text(content["type"])
        guard let array = NumericArray(elementType: type, shape: lengths, bytes: try bytes(data)) else {
            throw MalformedMessage("an array")
        }
        return array
    }

    /// Bytes in base64, or where they lie in the sandbox's memory.
    private mutating func bytes(_ content: PythonValue) throws -> [UInt8] {
        if case .string(let base64) = content {
            guard let data = Data(base64Encoded: Data(base64.utf8)) else { throw MalformedMessage("base64") }
            return Array(data)
        }
        guard case .int(let start)? = content["address"], case .int(let length)? = content["count"], let memory,
            let address = UInt32(start), let count = UInt32(length)
        else { throw MalformedMessage("a buffer") }
        usedBytes += Int(count)
        guard usedBytes <= maxBytes else { throw BuffersTooLarge(used: usedBytes, allowed: maxBytes) }
        return try memory.read(at: address, count: count)
    }

    /// The decimal digits of `0x…` or `-0x…`.
    private static func integer(hexadecimal text: String) -> PythonValue {
        let isNegative = text.hasPrefix("-")
        let digits = text.utf8.dropFirst(isNegative ? 3 : 2)
        guard digits.count <= maxHexadecimalDigits else { return .other(representation: text) }
        let base: UInt64 = 1_000_000_000
        var limbs: [UInt64] = [0]
        for digit in digits {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else {
                return .other(representation: text)
            }
            var carry = UInt64(number)
            for index in limbs.indices {
                let next = limbs[index] * 16 + carry
                limbs[index] = next % base
                carry = next / base
            }
            if carry > 0 { limbs.append(carry) }
        }
        let first = limbs.last.map(String.init) ?? "0"
        let rest = limbs.dropLast().reversed().map { limb in
            let text = String(limb)
            return String(repeating: "0", count: 9 - text.count) + text
        }
        return .int(digits: (isNegative ? "-" : "") + first + rest.joined())
    }

    private static func list(_ content: PythonValue) throws -> [PythonValue] {
        guard case .list(let elements) = content else { throw MalformedMessage("a list") }
        return elements
    }

    private static func text(_ content: PythonValue?) throws -> String {
        guard case .string(let string)? = content else { throw MalformedMessage("a text") }
        return string.text
    }

    private static func double(_ value: PythonValue) throws -> Double {
        switch value {
        case .float(let number): return number
        case .int(let digits): return Double(digits) ?? .nan
        default: throw MalformedMessage("a number")
        }
    }
}
