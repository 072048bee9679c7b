// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension PythonValue {
    /// Reads what `json.dumps` writes, as `json.loads` does: `NaN`, `Infinity` and `-Infinity` are numbers, a lone
    /// surrogate stands for itself, of two equal keys the later value counts.
    ///
    /// - Throws: `MalformedJSON` with the offset in bytes; values nested more than 1,000 deep are refused as well,
    ///   since text from a guest must not exhaust the stack.
    init(json text: String) throws(MalformedJSON) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.document()
    }
}

/// Text that is not JSON.
struct MalformedJSON: Error, CustomStringConvertible {
    let offset: Int
    let reason: String

    var description: String { "malformed JSON at byte \(offset): \(reason)" }
}

/// A reader of RFC 8259 JSON with Python's extensions, over bytes that nobody vouches for.
private struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private static let maxDepth = 1_000

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(MalformedJSON) -> PythonValue {
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value() throws(MalformedJSON) -> PythonValue {
        skipBlanks()
        guard let first = peek() else { throw failure("a value is missing") }
        switch first {
        case UInt8(ascii: "{"): return try nested { parser throws(MalformedJSON) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(MalformedJSON) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try word()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(MalformedJSON) -> PythonValue
    ) throws(MalformedJSON) -> PythonValue {
        guard depth < Self.maxDepth else { throw failure("nested more than \(Self.maxDepth) deep") }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(MalformedJSON) -> PythonValue {
        var items: [PythonValue.Item] = []
        // Only for objects of many keys; a few are found faster without.
        var indices: [PythonString: Int] = [:]
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return .dict([]) }
        repeat {
            skipBlanks()
            let key = try string()
            skipBlanks()
            guard skip(UInt8(ascii: ":")) else { throw failure("a colon is missing") }
            let item = PythonValue.Item(key: key, value: try value())
            let known = items.count <= 8 ? items.firstIndex { $0.key == key } : indices[key]
            if let known {
                items[known] = item
            } else {
                items.append(item)
                if items.count == 9 {
                    for (index, item) in items.enumerated() { indices[item.key] = index }
                } else if items.count > 9 {
                    indices[key] = items.count - 1
                }
            }
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw failure("a brace is missing") }
        return .dict(items)
    }

    private mutating func array() throws(MalformedJSON) -> PythonValue {
        var elements: [PythonValue] = []
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return .list([]) }
        repeat {
            elements.append(try value())
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw failure("a bracket is missing") }
        return .list(elements)
    }

    private mutating func word() throws(MalformedJSON) -> PythonValue {
        switch peek() {
        case UInt8(ascii: "n") where skip("null"): return .none
        case UInt8(ascii: "t") where skip("true"): return .bool(true)
        case UInt8(ascii: "f") where skip("false"): return .bool(false)
        case UInt8(ascii: "N") where skip("NaN"): return .float(.nan)
        case UInt8(ascii: "I") where skip("Infinity"): return .float(.infinity)
        default: throw failure("no value starts like this")
        }
    }

    private mutating func number() throws(MalformedJSON) -> PythonValue {
        let start = position
        let isNegative = skip(UInt8(ascii: "-"))
        if isNegative, skip("Infinity") { return .float(-.infinity) }
        let firstDigit = peek()
        guard skipDigits() > 0 else { throw failure("digits are missing") }
        guard firstDigit != UInt8(ascii: "0") || position == start + (isNegative ? 2 : 1) else {
            throw failure("a number starts with 0")
        }
        var isInteger = true
        if skip(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() > 0 else { throw failure("digits are missing") }
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            isInteger = false
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw failure("digits are missing") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger { return .int(digits: text == "-0" ? "0" : text) }
        guard let number = Double(text) else { throw failure("not a number") }
        return .float(number)
    }

    private mutating func string() throws(MalformedJSON) -> PythonString {
        guard skip(UInt8(ascii: "\"")) else { throw failure("a string is missing") }
        var utf8: [UInt8] = []
        while true {
            let start = position
            while position < bytes.count, !Self.endsRun(bytes[position]) { position += 1 }
            guard position < bytes.count else { throw failure("a string does not end") }
            if utf8.isEmpty { utf8 = Array(bytes[start..<position]) } else { utf8 += bytes[start..<position] }
            if skip(UInt8(ascii: "\"")) { return PythonString(utf8: utf8) }
            guard skip(UInt8(ascii: "\\")) else { throw failure("a control character in a string") }
            PythonString.append(try escape(), to: &utf8)
        }
    }

    /// Whether a byte of a string stands for something else than itself.
    private static func endsRun(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
    }

    private mutating func escape() throws(MalformedJSON) -> UInt32 {
        guard let letter = peek() else { throw failure("an escape does not end") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(letter)
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): break
        default: throw failure("an unknown escape")
        }
        let unit = try hexadecimalUnit()
        // A pair of surrogates is one code point; a lone one stays what it is.
        guard (0xD800..<0xDC00).contains(unit) else { return unit }
        let afterFirst = position
        if skip("\\u") {
            let second = try hexadecimalUnit()
            if (0xDC00..<0xE000).contains(second) { return 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00) }
            position = afterFirst
        }
        return unit
    }

    private mutating func hexadecimalUnit() throws(MalformedJSON) -> UInt32 {
        let end = position + 4
        guard end <= bytes.count, bytes[position..<end].allSatisfy(Self.isHexadecimal),
            let unit = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
        else { throw failure("an escape without its four digits") }
        position = end
        return unit
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func skip(_ expected: String) -> Bool {
        let expected = expected.utf8
        guard bytes[position...].starts(with: expected) else { return false }
        position += expected.count
        return true
    }

    private mutating func skip(_ expected: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == expected else { return false }
        position += 1
        return true
    }

    private func failure(_ reason: String) -> MalformedJSON {
        MalformedJSON(offset: position, reason: reason)
    }
}
