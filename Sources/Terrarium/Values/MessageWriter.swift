// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes a message to a sandbox: JSON text with the forms of values that Guest/PROTOCOL.md lists.
struct MessageWriter {
    /// A value that cannot be sent: one that only stands for what is in some sandbox, or one that is nested too deep.
    struct NoForm: Error {
        let reason: String
    }

    fileprivate(set) var utf8: [UInt8] = []
    private var depth = 0

    /// A Boolean value that tells whether values have forms that only stand for what is in a sandbox.
    private let isForReaders: Bool

    /// Makes a writer.
    ///
    /// - Parameter isForReaders: A Boolean value that tells whether the text is not for a sandbox, which takes fewer forms.
    init(isForReaders: Bool = false) {
        self.isForReaders = isForReaders
        // Most messages are short.
        utf8.reserveCapacity(96)
    }

    /// The text that was written.
    var text: String { String(decoding: utf8, as: UTF8.self) }

    /// The text that a closure writes.
    static func text(_ write: (inout MessageWriter) throws -> Void) rethrows -> String {
        var writer = MessageWriter()
        try write(&writer)
        return writer.text
    }

    /// Takes back all that was written after the text had that many bytes.
    mutating func takeBack(to count: Int) {
        utf8.removeSubrange(count...)
    }

    /// Appends text that is JSON already.
    mutating func raw(_ json: String) {
        utf8.append(contentsOf: json.utf8)
    }

    /// Appends an object; the closure writes its members with ``member(_:_:)``.
    mutating func object(_ body: (inout MessageWriter) throws -> Void) rethrows {
        utf8.append(UInt8(ascii: "{"))
        try body(&self)
        utf8.append(UInt8(ascii: "}"))
    }

    /// Appends a member of an object.
    mutating func member(_ key: String, _ body: (inout MessageWriter) throws -> Void) rethrows {
        separate()
        string(key)
        utf8.append(UInt8(ascii: ":"))
        try body(&self)
    }

    /// Appends a member of an object that is a text.
    mutating func member(_ key: String, _ value: String) {
        member(key) { $0.string(value) }
    }

    /// Appends an array.
    mutating func array<Elements: Sequence>(
        _ elements: Elements,
        _ body: (inout MessageWriter, Elements.Element) throws -> Void
    ) rethrows {
        utf8.append(UInt8(ascii: "["))
        for element in elements {
            separate()
            try body(&self, element)
        }
        utf8.append(UInt8(ascii: "]"))
    }

    /// Appends a comma unless this is the first element.
    private mutating func separate() {
        if let last = utf8.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":") {
            utf8.append(UInt8(ascii: ","))
        }
    }

    /// Appends a string.
    mutating func string(_ text: String) {
        let isWritten: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe string(utf8: $0) }
        if isWritten == nil { string(utf8: Array(text.utf8)) }
    }

    private mutating func string(utf8 text: [UInt8]) {
        unsafe text.withUnsafeBufferPointer { unsafe string(utf8: $0) }
    }

    /// Appends a string: what stands for itself is copied in one go.
    private mutating func string(utf8 text: UnsafeBufferPointer<UInt8>) {
        utf8.append(UInt8(ascii: "\""))
        var start = 0
        for index in text.indices {
            let byte = unsafe text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            unsafe utf8.append(contentsOf: text[start..<index])
            start = index + 1
            utf8.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\n"): utf8.append(UInt8(ascii: "n"))
            case 0..<0x20:
                utf8.append(contentsOf: (byte < 0x10 ? "u000" : "u001").utf8)
                utf8.append(contentsOf: String(byte & 0x0F, radix: 16).utf8)
            default: utf8.append(byte)
            }
        }
        unsafe utf8.append(contentsOf: text[start...])
        utf8.append(UInt8(ascii: "\""))
    }

    /// Appends a value.
    ///
    /// - Throws: `NoForm` for a value that has none.
    mutating func value(_ value: PythonValue) throws(NoForm) {
        guard depth < PythonValue.maxDepth else {
            throw NoForm(reason: "it is nested more than \(PythonValue.maxDepth) deep")
        }
        depth += 1
        defer { depth -= 1 }
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .int(let number): integer(number)
        case .float(let number): float(number)
        case .string(let text): string(text)
        case .list(let elements): try list(elements)
        case .tuple(let elements): try tag("$tuple") { writer throws(NoForm) in try writer.list(elements) }
        case .set(let elements, let isFrozen):
            try tag(isFrozen ? "$frozenset" : "$set") { writer throws(NoForm) in try writer.list(elements) }
        case .enumeration, .record, .timeDelta, .other:
            try isForReaders ? standIn(value) : counterpart(value)
        case .dict(let items): try dictionary(items)
        case .mapping(let pairs):
            try tag("$dict") { writer throws(NoForm) in
                try writer.sequence(pairs) { writer, pair throws(NoForm) in try writer.list([pair.key, pair.value]) }
            }
        default: scalar(value)
        }
    }

    /// Appends what a sandbox takes for a value that it cannot have as such.
    private mutating func counterpart(_ value: PythonValue) throws(NoForm) {
        switch value {
        case .enumeration(_, _, let value): try self.value(value)
        case .record(_, let fields): try dictionary(fields)
        case .timeDelta(let duration):
            let microseconds = duration.roundedMicroseconds
            guard Self.timeDeltas.contains(microseconds) else {
                throw NoForm(reason: "Python has no timedelta of \(duration)")
            }
            member(ofTag: "$timedelta") { $0.raw(String(microseconds)) }
        case .other(let representation):
            throw NoForm(reason: "it only stands for an object, \(representation.prefix(80))")
        default: break
        }
    }

    /// Appends the form that stands for a value, as sandboxes report it.
    private mutating func standIn(_ value: PythonValue) throws(NoForm) {
        switch value {
        case .enumeration(let type, let name, let value):
            raw("{\"$enum\":{\"type\":")
            string(type)
            raw(",\"name\":")
            string(name)
            raw(",\"value\":")
            try self.value(value)
            raw("}}")
        case .record(let type, let fields):
            raw("{\"$object\":{\"type\":")
            string(type)
            raw(",\"fields\":")
            try dictionary(fields)
            raw("}}")
        case .timeDelta(let duration):
            member(ofTag: "$timedelta") { writer in
                if let microseconds = duration.exactMicroseconds { return writer.raw(String(microseconds)) }
                let (seconds, attoseconds) = duration.components
                writer.object { writer in
                    writer.member("seconds") { $0.raw(String(seconds)) }
                    writer.member("attoseconds") { $0.raw(String(attoseconds)) }
                }
            }
        case .other(let representation):
            member(ofTag: "$repr") { $0.object { $0.member("text", representation) } }
        default: break
        }
    }

    private mutating func scalar(_ value: PythonValue) {
        func tagged(_ tag: String, _ text: String) {
            member(ofTag: tag) { $0.string(text) }
        }
        switch value {
        case .bytes(let bytes): member(ofTag: "$bytes") { $0.base64(bytes) }
        case .array(let array):
            member(ofTag: "$array") { writer in
                writer.object { writer in
                    writer.member("type", array.elementType.description)
                    writer.member("shape") { $0.array(array.shape) { $0.raw(String($1)) } }
                    writer.member("data") { $0.base64(array.bytes) }
                }
            }
        case .complex(let real, let imaginary):
            member(ofTag: "$complex") { $0.array([real, imaginary]) { $0.float($1) } }
        case .dateTime(let value): folded("$datetime", value.isoFormat, value.time.isFold)
        case .time(let time): folded("$time", time.description, time.isFold)
        case .date(let date): tagged("$date", date.description)
        case .decimal(let number): tagged("$decimal", number.description)
        case .uuid(let uuid): tagged("$uuid", uuid.uuidString.lowercased())
        case .path(let path): tagged("$path", path)
        default: raw("null")
        }
    }

    private mutating func folded(_ tag: String, _ text: String, _ isFold: Bool) {
        member(ofTag: tag) { writer in
            guard isFold else { return writer.string(text) }
            writer.object { writer in
                writer.member("text", text)
                writer.member("fold") { $0.raw("1") }
            }
        }
    }

    /// The microseconds of Python's least and greatest `timedelta`.
    static let timeDeltas: ClosedRange<Int128> = -86_399_999_913_600_000_000...86_399_999_999_999_999_999

    private mutating func member(ofTag tag: String, _ body: (inout MessageWriter) -> Void) {
        object { $0.member(tag, body) }
    }

    private mutating func tag(
        _ tag: String,
        _ body: (inout MessageWriter) throws(NoForm) -> Void
    ) throws(NoForm) {
        raw("{\"\(tag)\":")
        try body(&self)
        raw("}")
    }

    private mutating func sequence<Element>(
        _ elements: [Element],
        _ body: (inout MessageWriter, Element) throws(NoForm) -> Void
    ) throws(NoForm) {
        raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            try body(&self, element)
        }
        raw("]")
    }

    private mutating func list(_ elements: [PythonValue]) throws(NoForm) {
        try sequence(elements) { writer, element throws(NoForm) in try writer.value(element) }
    }

    /// A dictionary, whose keys must not look like tags.
    private mutating func dictionary(_ items: [PythonValue.Item]) throws(NoForm) {
        let isPlain = items.allSatisfy { $0.key.utf8.first != UInt8(ascii: "$") && $0.key.isTransportable }
        guard isPlain else {
            try value(.mapping(items.map { .init(key: .string($0.key), value: $0.value) }))
            return
        }
        raw("{")
        for (index, item) in items.enumerated() {
            if index > 0 { raw(",") }
            string(utf8: item.key.utf8)
            raw(":")
            try value(item.value)
        }
        raw("}")
    }

    private mutating func string(_ string: PythonString) {
        if string.isTransportable {
            self.string(utf8: string.utf8)
            return
        }
        member(ofTag: "$codepoints") { $0.array(string.codePoints) { $0.raw(String($1)) } }
    }

    /// Appends an integer, unless it is small in digits of base 16: Python may have been told to refuse decimals of more
    /// than 640 digits.
    private mutating func integer(_ number: PythonInteger) {
        guard number.maxDecimalDigits > 600 else { return raw(number.description) }
        member(ofTag: "$int") { writer in
            writer.utf8.append(UInt8(ascii: "\""))
            number.appendHexadecimal(to: &writer.utf8)
            writer.utf8.append(UInt8(ascii: "\""))
        }
    }

    private mutating func float(_ number: Double) {
        if number.isFinite {
            PythonText.append(number, to: &utf8)
        } else {
            member(ofTag: "$float") { $0.string(PythonText.representation(of: number)) }
        }
    }

    private mutating func base64(_ bytes: [UInt8]) {
        raw("\"")
        raw(Data(bytes).base64EncodedString())
        raw("\"")
    }
}
