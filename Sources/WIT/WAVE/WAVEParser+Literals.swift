// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

extension WAVEParser {
    /// Takes a value of a primitive type.
    mutating func primitive(_ type: WITPrimitiveType) throws(WITError) -> WAVEValue {
        switch type {
        case .bool:
            if takeKeyword("true") { return .bool(true) }
            if takeKeyword("false") { return .bool(false) }
            throw unexpected("`true` or `false`")
        case .s8: return .s8(try integer())
        case .s16: return .s16(try integer())
        case .s32: return .s32(try integer())
        case .s64: return .s64(try integer())
        case .u8: return .u8(try integer())
        case .u16: return .u16(try integer())
        case .u32: return .u32(try integer())
        case .u64: return .u64(try integer())
        case .f32: return .f32(try float())
        case .f64: return .f64(try float())
        case .char: return .char(try character())
        case .string: return .string(try string())
        case .errorContext:
            throw error("an error context cannot be written as text", from: position, code: .invalid)
        }
    }

    // MARK: - Words

    /// Takes a word if it is next, and no longer word.
    mutating func takeKeyword(_ keyword: String) -> Bool {
        let expected = Array(keyword.utf8)
        guard bytes[position...].starts(with: expected), !isLabelByte(byte(expected.count)) else { return false }
        advance(expected.count)
        return true
    }

    /// Takes a label, with or without `%`.
    mutating func label(_ what: String) throws(WITError) -> String {
        let start = position
        if byte() == UInt8(ascii: "%") {
            advance()
        }
        let wordStart = position
        while isLabelByte(byte()) {
            advance()
        }
        guard position > wordStart, WITCharacters.isLetter(bytes[wordStart]) else {
            position = wordStart
            throw unexpected(what)
        }
        let text = String(decoding: bytes[wordStart..<position], as: UTF8.self)
        if let fault = WITCharacters.identifierFault(text) {
            throw error("the name `\(text)` \(fault)", from: start)
        }
        return text
    }

    /// Takes the label of a case, which must have a `%` if it is a keyword.
    mutating func caseLabel(_ what: String) throws(WITError) -> String {
        let start = position
        let name = try label(what)
        guard bytes[start] == UInt8(ascii: "%") || !Self.keywords.contains(name) else {
            throw error("expected \(what), found the keyword `\(name)`; write `%\(name)` for a case", from: start)
        }
        return name
    }

    private func isLabelByte(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return WITCharacters.isLetter(byte) || WITCharacters.isDigit(byte) || byte == UInt8(ascii: "-")
    }

    // MARK: - Numbers

    private mutating func integer<Integer: FixedWidthInteger>() throws(WITError) -> Integer {
        let start = position
        guard let text = takeNumber(), !text.contains(where: { $0 == "." || $0 == "e" || $0 == "E" }) else {
            position = start
            throw unexpected("an integer")
        }
        guard let value = Integer(text) else {
            throw error(
                "\(text) is out of range: the type holds \(Integer.min) to \(Integer.max)",
                from: start,
                code: .invalid
            )
        }
        return value
    }

    private mutating func float<Number: BinaryFloatingPoint & LosslessStringConvertible>() throws(WITError) -> Number {
        if takeKeyword("nan") { return .nan }
        if takeKeyword("inf") { return .infinity }
        if byte() == UInt8(ascii: "-") {
            advance()
            if takeKeyword("inf") { return -.infinity }
            position -= 1
        }
        let start = position
        guard let text = takeNumber(), let value = Number(text) else {
            position = start
            throw unexpected("a number, `nan`, `inf` or `-inf`")
        }
        return value
    }

    /// Takes a number as JSON has them.
    private mutating func takeNumber() -> String? {
        let start = position
        if byte() == UInt8(ascii: "-") {
            advance()
        }
        let isZero = byte() == UInt8(ascii: "0")
        guard let digits = takeDigits(), !isZero || digits == 1 else { return nil }
        if byte() == UInt8(ascii: ".") {
            advance()
            guard takeDigits() != nil else { return nil }
        }
        if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
            advance()
            if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") {
                advance()
            }
            guard takeDigits() != nil else { return nil }
        }
        guard !isLabelByte(byte()), byte() != UInt8(ascii: ".") else { return nil }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func takeDigits() -> Int? {
        let start = position
        while let next = byte(), WITCharacters.isDigit(next) {
            advance()
        }
        return position > start ? position - start : nil
    }

    // MARK: - Texts

    private mutating func character() throws(WITError) -> Unicode.Scalar {
        let start = position
        guard byte() == UInt8(ascii: "'") else { throw unexpected("a character in `'…'`") }
        advance()
        guard byte() != UInt8(ascii: "'"), byte() != UInt8(ascii: "\n") else {
            throw error("expected a character; `'` is written `'\\''` and a new line `'\\n'`", from: start)
        }
        let scalar = try scalar()
        guard byte() == UInt8(ascii: "'") else {
            throw error("expected `'` after one character", from: start)
        }
        advance()
        return scalar
    }

    private mutating func string() throws(WITError) -> String {
        let start = position
        guard byte() == UInt8(ascii: "\"") else { throw unexpected("a string in `\"…\"`") }
        if byte(1) == UInt8(ascii: "\""), byte(2) == UInt8(ascii: "\"") {
            advance(3)
            return try multilineString(from: start)
        }
        advance()
        var text = ""
        while let next = byte() {
            switch next {
            case UInt8(ascii: "\""):
                advance()
                return text
            case UInt8(ascii: "\n"):
                throw error("a new line in a string is written `\\n`", from: start)
            default:
                text.unicodeScalars.append(try scalar())
            }
        }
        throw error("the string has no end: `\"` is missing", from: start)
    }

    /// Takes a string from after its opening `"""`.
    ///
    /// The spaces before the closing `"""` are not part of any line.
    private mutating func multilineString(from start: Int) throws(WITError) -> String {
        if byte() == UInt8(ascii: "\r") {
            advance()
        }
        guard byte() == UInt8(ascii: "\n") else { throw error("a line break follows `\"\"\"`", from: start) }
        advance()
        // Each line with the number of spaces it begins with.
        var lines: [(indentation: Int, text: String)] = []
        while true {
            var indentation = 0
            while byte() == UInt8(ascii: " ") {
                advance()
                indentation += 1
            }
            if isTripleQuote {
                advance(3)
                return try dedented(lines, by: indentation, from: start)
            }
            var text = ""
            while !isLineBreak {
                guard byte() != nil else {
                    throw error("the string has no end: `\"\"\"` is missing on a line of its own", from: start)
                }
                guard !isTripleQuote else {
                    throw error("`\"\"\"` within a string is written `\"\"\\\"`", from: start)
                }
                let isEscapedQuote = byte() == UInt8(ascii: "\\") && byte(1) == UInt8(ascii: "\"")
                text.unicodeScalars.append(try scalar())
                if isEscapedQuote, byte() == UInt8(ascii: "\""), byte(1) == UInt8(ascii: "\"") {
                    throw error("`\\\"\"\"` is not allowed; write `\\\"\"\\\"`", from: start)
                }
            }
            advance(byte() == UInt8(ascii: "\r") ? 2 : 1)
            lines.append((indentation, text))
        }
    }

    private func dedented(
        _ lines: [(indentation: Int, text: String)],
        by indentation: Int,
        from start: Int
    ) throws(WITError) -> String {
        var result: [String] = []
        for line in lines {
            guard line.indentation >= indentation else {
                throw error("a line of the string begins with fewer spaces than its closing `\"\"\"`", from: start)
            }
            result.append(String(repeating: " ", count: line.indentation - indentation) + line.text)
        }
        return result.joined(separator: "\n")
    }

    private var isTripleQuote: Bool {
        byte() == UInt8(ascii: "\"") && byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\"")
    }

    private var isLineBreak: Bool {
        byte() == UInt8(ascii: "\n") || (byte() == UInt8(ascii: "\r") && byte(1) == UInt8(ascii: "\n"))
    }

    /// Takes a character, written as itself or as an escape.
    private mutating func scalar() throws(WITError) -> Unicode.Scalar {
        let start = position
        guard byte() == UInt8(ascii: "\\") else {
            var decoder = UTF8()
            var rest = bytes[position...].makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&rest) else { throw unexpected("a character") }
            advance(UTF8.width(scalar))
            return scalar
        }
        advance(2)
        switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
        case UInt8(ascii: "'"): return "'"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "u"):
            guard byte() == UInt8(ascii: "{") else { break }
            advance()
            let digitsStart = position
            while let next = byte(), Character(Unicode.Scalar(next)).isHexDigit, position - digitsStart < 8 {
                advance()
            }
            guard byte() == UInt8(ascii: "}") else { break }
            let digits = String(decoding: bytes[digitsStart..<position], as: UTF8.self)
            advance()
            guard let value = UInt32(digits, radix: 16) else { break }
            guard let scalar = Unicode.Scalar(value) else {
                throw error("U+\(digits.uppercased()) is no Unicode scalar value", from: start, code: .invalid)
            }
            return scalar
        default: break
        }
        position = min(position, bytes.count)
        throw error("expected an escape: `\\'`, `\\\"`, `\\\\`, `\\t`, `\\n`, `\\r` or `\\u{…}`", from: start)
    }
}
