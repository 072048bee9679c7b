// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension PythonValue {
    /// Reads what `json.dumps` writes, as `json.loads` does: `NaN`, `Infinity` and `-Infinity` are numbers, a lone
    /// surrogate stands for itself, of two equal keys the later value counts.
    ///
    /// - Throws: `MalformedJSON` with the offset in bytes; values nested more than 1,000 deep are refused as well,
    ///   since text from a guest must not exhaust the stack.
    init(json text: String) throws(MalformedJSON) {
        var parser = JSONParser(bytes: Array(text.utf8), maxDepth: Self.maxDepth, isStrict: false)
        self = try parser.document()
    }

    /// Reads JSON as RFC 8259 has it, without Python's extensions.
    ///
    /// - Parameters:
    ///   - bytes: The text, which must be UTF-8.
    ///   - maxDepth: The deepest nesting that is read; at most 1,000.
    /// - Throws: `MalformedJSON` with the offset in bytes.
    package init(strictJSON bytes: [UInt8], maxDepth: Int) throws(MalformedJSON) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw MalformedJSON(offset: 0, reason: "not UTF-8")
        }
        var parser = JSONParser(bytes: bytes, maxDepth: min(maxDepth, Self.maxDepth), isStrict: true)
        self = try parser.document()
    }
}

/// Text that is not JSON.
package struct MalformedJSON: Error, CustomStringConvertible {
    let offset: Int
    let reason: String

    package var description: String { "malformed JSON at byte \(offset): \(reason)" }
}

/// A reader of RFC 8259 JSON with Python's extensions, over bytes that nobody vouches for.
private struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The number of digits of long integers that may still follow.
    ///
    /// To convert them takes more time than to read them, and a guest writes them in hexadecimal digits.
    private var longDigits = 1_000_000

    private let maxDepth: Int
    /// True if numbers that are none are refused.
    private let isStrict: Bool

    init(bytes: [UInt8], maxDepth: Int, isStrict: Bool) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.isStrict = isStrict
    }

    mutating func document() throws(MalformedJSON) -> PythonValue {
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value() throws(MalformedJSON) -> PythonValue {
        skipBlanks()
        guard position < bytes.count else { throw failure("a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .dict(try object())
        case UInt8(ascii: "["): return .list(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try word()
        }
    }

    private mutating func beginNested() throws(MalformedJSON) {
        guard depth < maxDepth else { throw failure("nested more than \(maxDepth) deep") }
        depth += 1
        position += 1
    }

    private mutating func object() throws(MalformedJSON) -> [PythonValue.Item] {
        try beginNested()
        var items: [PythonValue.Item] = []
        // Only for objects of many keys; a few are found faster without.
        var indices: [PythonString: Int] = [:]
        skipBlanks()
        if !skip(UInt8(ascii: "}")) {
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
        }
        depth -= 1
        return items
    }

    private mutating func array() throws(MalformedJSON) -> [PythonValue] {
        try beginNested()
        var elements: [PythonValue] = []
        skipBlanks()
        if !skip(UInt8(ascii: "]")) {
            repeat {
                elements.append(try value())
                skipBlanks()
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "]")) else { throw failure("a bracket is missing") }
        }
        depth -= 1
        return elements
    }

    private mutating func word() throws(MalformedJSON) -> PythonValue {
        switch bytes[position] {
        case UInt8(ascii: "n") where skip("null"): return .null
        case UInt8(ascii: "t") where skip("true"): return .bool(true)
        case UInt8(ascii: "f") where skip("false"): return .bool(false)
        case UInt8(ascii: "N") where !isStrict && skip("NaN"): return .float(.nan)
        case UInt8(ascii: "I") where !isStrict && skip("Infinity"): return .float(.infinity)
        default: throw failure("no value starts like this")
        }
    }

    // MARK: - Numbers

    private mutating func number() throws(MalformedJSON) -> PythonValue {
        let start = position
        let isNegative = skip(UInt8(ascii: "-"))
        if isNegative, !isStrict, skip("Infinity") { return .float(-.infinity) }
        let firstDigit = position
        // The digits as one number, of which more than 18 make nothing of use.
        var mantissa: UInt64 = 0
        skipDigits(&mantissa)
        guard position > firstDigit else { throw failure("digits are missing") }
        guard bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else {
            throw failure("a number starts with 0")
        }
        var digitCount = position - firstDigit
        guard position < bytes.count, Self.continuesNumber(bytes[position]) else {
            if digitCount <= 18 { return .int(PythonInteger(isNegative ? -Int(mantissa) : Int(mantissa))) }
            return .int(try longInteger(start))
        }
        var exponent = 0
        if skip(UInt8(ascii: ".")) {
            let first = position
            skipDigits(&mantissa)
            guard position > first else { throw failure("digits are missing") }
            exponent = first - position
            digitCount -= exponent
        }
        var written: UInt64 = 0
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            let isExponentNegative = skip(UInt8(ascii: "-"))
            if !isExponentNegative { _ = skip(UInt8(ascii: "+")) }
            let first = position
            skipDigits(&written)
            guard position > first else { throw failure("digits are missing") }
            if position - first <= 4 {
                exponent += isExponentNegative ? -Int(written) : Int(written)
            } else {
                digitCount = .max
            }
        }
        if digitCount <= 18, mantissa <= 1 << 53, (-22...22).contains(exponent) {
            // Both are exact, so that one operation rounds once.
            let power = Self.powersOfTen[Int(exponent.magnitude)]
            let magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return .float(isNegative ? -magnitude : magnitude)
        }
        guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw failure("not a number")
        }
        return .float(number)
    }

    private mutating func longInteger(_ start: Int) throws(MalformedJSON) -> PythonInteger {
        if position - start > 4_300 {
            longDigits -= position - start
            guard longDigits >= 0 else { throw failure("integers of too many digits") }
        }
        guard let number = PythonInteger(decimal: bytes[start..<position]) else { throw failure("not a number") }
        return number
    }

    private static func continuesNumber(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    // MARK: - Strings

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

    /// Returns whether a byte of a string stands for something else than itself.
    private static func endsRun(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
    }

    private mutating func escape() throws(MalformedJSON) -> UInt32 {
        guard position < bytes.count else { throw failure("an escape does not end") }
        let letter = bytes[position]
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
        guard position + 4 <= bytes.count else { throw failure("an escape without its four digits") }
        var unit: UInt32 = 0
        for byte in bytes[position..<(position + 4)] {
            guard let digit = byte.hexadecimalDigit else { throw failure("an escape without its four digits") }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    // MARK: - Bytes

    private mutating func skipBlanks() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// Skips digits and appends them to a number, which wraps around if they are many.
    private mutating func skipDigits(_ number: inout UInt64) {
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            number = number &* 10 &+ UInt64(bytes[position] & 0x0F)
            position += 1
        }
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
