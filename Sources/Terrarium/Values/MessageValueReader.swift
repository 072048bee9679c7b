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

    /// The maximum number of bytes that are copied.
    ///
    /// A short message could name the same long stretch of memory many times.
    private let maxBytes: Int
    private var usedBytes = 0

    /// - Parameters:
    ///   - memory: Where buffers lie; without one, none may be named.
    ///   - maxBytes: How much may be copied from there for one message.
    init(memory: GuestMemory?, maxBytes: Int) {
        self.memory = memory
        self.maxBytes = maxBytes
    }

    /// The value that a part of a message stands for.
    mutating func value(_ tree: PythonValue) throws -> PythonValue {
        // Few messages have tags, and without them the tree is the value already.
        tree.hasTags ? try converted(tree) : tree
    }

    mutating func values(_ elements: [PythonValue]) throws -> [PythonValue] {
        elements.contains { $0.hasTags } ? try converted(elements) : elements
    }

    private mutating func converted(_ tree: PythonValue) throws -> PythonValue {
        switch tree {
        case .list(let elements): return .list(try converted(elements))
        case .dict(let items):
            if let item = items.tag, let value = try tagged(item.key.text, item.value) { return value }
            return .dict(try fields(items))
        default: return tree
        }
    }

    private mutating func converted(_ elements: [PythonValue]) throws -> [PythonValue] {
        var values: [PythonValue] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(try converted(element)) }
        return values
    }

    private mutating func fields(_ items: [PythonValue.Item]) throws -> [PythonValue.Item] {
        var fields: [PythonValue.Item] = []
        fields.reserveCapacity(items.count)
        for item in items { fields.append(.init(key: item.key, value: try converted(item.value))) }
        return fields
    }

    /// The value that a tag stands for; `nil` for an unknown one.
    private mutating func tagged(_ tag: String, _ content: PythonValue) throws -> PythonValue? {
        switch tag {
        case "$bytes": return .bytes(try bytes(content))
        case "$array": return .array(try array(content))
        case "$dict": return .dictionary(of: try Self.list(content).map { try pair($0) })
        case "$tuple": return .tuple(try converted(Self.list(content)))
        case "$set", "$frozenset": return .set(try converted(Self.list(content)), isFrozen: tag == "$frozenset")
        case "$complex":
            let parts = try converted(Self.list(content))
            guard parts.count == 2 else { throw MalformedMessage("a complex number") }
            return .complex(real: try Self.double(parts[0]), imaginary: try Self.double(parts[1]))
        case "$enum":
            guard let value = content["value"] else { throw MalformedMessage("an enum member") }
            return .enumeration(
                type: try Self.text(content["type"]),
                name: try Self.text(content["name"]),
                value: try converted(value)
            )
        case "$object":
            guard let tree = content["fields"], case .dict(let fields) = try converted(tree) else {
                throw MalformedMessage("an object")
            }
            return .record(type: try Self.text(content["type"]), fields: fields)
        case "$repr": return .other(representation: try Self.text(content["text"]))
        default: return try Self.scalar(tag, content)
        }
    }

    private static func scalar(_ tag: String, _ content: PythonValue) throws -> PythonValue? {
        switch tag {
        case "$int":
            let text = try text(content)
            return PythonInteger(hexadecimal: Array(text.utf8)).map { .int($0) } ?? .other(representation: text)
        case "$float": return .float(try float(text(content)))
        case "$codepoints":
            let codePoints = try list(content).map { element -> UInt32 in
                guard let number = element.int, let codePoint = UInt32(exactly: number), codePoint <= 0x10FFFF else {
                    throw MalformedMessage("a string")
                }
                return codePoint
            }
            return .string(PythonString(codePoints: codePoints))
        case "$timedelta":
            // Coders have no integers of more than 64 bits, so a long time is tagged once more.
            guard case .dict(let items) = content, let item = items.tag, item.key == "$int" else {
                return try timeDelta(content)
            }
            return try timeDelta(scalar("$int", item.value) ?? .null)
        case "$datetime":
            return try folded(content) { text, isFold in
                PythonDateTime(text).map { .dateTime(PythonDateTime($0.date, $0.time.with(isFold: isFold))) }
            }
        case "$time":
            return try folded(content) { text, isFold in PythonTime(text).map { .time($0.with(isFold: isFold)) } }
        case "$date": return try parsed(content) { PythonDate($0).map { .date($0) } }
        case "$decimal": return try parsed(content) { PythonDecimal($0).map { .decimal($0) } }
        case "$uuid": return try parsed(content) { UUID(uuidString: $0).map { .uuid($0) } }
        case "$path": return .path(try text(content))
        default: return nil
        }
    }

    /// A value that a text stands for; a subclass may write other texts than Python's own class, which are kept.
    private static func parsed(_ content: PythonValue, _ make: (String) -> PythonValue?) throws -> PythonValue {
        let text = try text(content)
        return make(text) ?? .other(representation: text)
    }

    /// As ``parsed(_:_:)``, of a text, or a text and a fold.
    private static func folded(_ content: PythonValue, _ make: (String, Bool) -> PythonValue?) throws -> PythonValue {
        guard let fold = content["fold"]?.int else { return try parsed(content) { make($0, false) } }
        return try parsed(content["text"] ?? .null) { make($0, fold == 1) }
    }

    private static func float(_ text: String) throws -> Double {
        switch text {
        case "nan": return .nan
        case "inf": return .infinity
        case "-inf": return -.infinity
        default:
            guard let number = Double(text) else { throw MalformedMessage("a float") }
            return number
        }
    }

    /// Microseconds, or, as only Swift has them, seconds and attoseconds.
    private static func timeDelta(_ content: PythonValue) throws -> PythonValue {
        if case .int(let number) = content {
            let attoseconds = Int128(exactly: number).map { $0.multipliedReportingOverflow(by: 1_000_000_000_000) }
            if let attoseconds, !attoseconds.overflow,
                let duration = Duration(attosecondCount: attoseconds.partialValue)
            {
                return .timeDelta(duration)
            }
            return .other(representation: "datetime.timedelta(microseconds=\(number))")
        }
        guard let seconds = content["seconds"]?.int, let attoseconds = content["attoseconds"]?.int,
            let duration = Duration(
                attosecondCount: Int128(seconds) * 1_000_000_000_000_000_000 + Int128(attoseconds)
            )
        else { throw MalformedMessage("a timedelta") }
        return .timeDelta(duration)
    }

    private mutating func pair(_ content: PythonValue) throws -> PythonValue.Pair {
        let parts = try Self.list(content)
        guard parts.count == 2 else { throw MalformedMessage("a dict") }
        return PythonValue.Pair(key: try converted(parts[0]), value: try converted(parts[1]))
    }

    private mutating func array(_ content: PythonValue) throws -> NumericArray {
        guard let data = content["data"], let shape = content["shape"] else { throw MalformedMessage("an array") }
        let lengths = try Self.list(shape).map { element -> Int in
            guard let length = element.int else { throw MalformedMessage("a shape") }
            return length
        }
        guard let type = NumericArray.ElementType(try Self.text(content["type"])),
            let array = NumericArray(elementType: type, shape: lengths, bytes: try bytes(data))
        else { throw MalformedMessage("an array") }
        return array
    }

    /// Bytes in base64, or where they lie in the sandbox's memory.
    private mutating func bytes(_ content: PythonValue) throws -> [UInt8] {
        if case .string(let base64) = content {
            guard let data = Data(base64Encoded: Data(base64.utf8)) else { throw MalformedMessage("base64") }
            return Array(data)
        }
        guard let start = content["address"]?.int, let length = content["count"]?.int, let memory,
            let address = UInt32(exactly: start), let count = UInt32(exactly: length)
        else { throw MalformedMessage("a buffer") }
        usedBytes += Int(count)
        guard usedBytes <= maxBytes else { throw BuffersTooLarge(used: usedBytes, allowed: maxBytes) }
        return try memory.read(at: address, count: count)
    }

    private static func list(_ content: PythonValue) throws -> [PythonValue] {
        guard case .list(let elements) = content else { throw MalformedMessage("a list") }
        return elements
    }

    private static func text(_ content: PythonValue?) throws -> String {
        switch content {
        case .string(let string)?: return string.text
        case .dict(let items)?:
            if let item = items.tag, item.key == "$codepoints",
                case .string(let string)? = try scalar("$codepoints", item.value)
            {
                return string.text
            }
        default: break
        }
        throw MalformedMessage("a text")
    }

    private static func double(_ value: PythonValue) throws -> Double {
        switch value {
        case .float(let number): return number
        case .int(let number): return number.double
        default: throw MalformedMessage("a number")
        }
    }
}

extension PythonValue {
    /// A Boolean value that tells whether the tree has an object that may be a tag.
    fileprivate var hasTags: Bool {
        switch self {
        case .list(let elements): elements.contains { $0.hasTags }
        case .dict(let items): items.tag != nil || items.contains { $0.value.hasTags }
        default: false
        }
    }

    /// A dictionary with keys of any kind.
    fileprivate static func dictionary(of pairs: [Pair]) -> PythonValue {
        var items: [Item] = []
        var keys: Set<PythonString> = []
        for pair in pairs {
            guard case .string(let key) = pair.key, keys.insert(key).inserted else { return .mapping(pairs) }
            items.append(Item(key: key, value: pair.value))
        }
        return .dict(items)
    }
}

extension [PythonValue.Item] {
    /// The only member, if its key begins as tags do.
    fileprivate var tag: PythonValue.Item? {
        guard count == 1, let item = first, item.key.utf8.first == UInt8(ascii: "$") else { return nil }
        return item
    }
}
