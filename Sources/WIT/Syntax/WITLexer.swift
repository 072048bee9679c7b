// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// Cuts WIT text into tokens, and collects the documentation comments between them.
struct WITLexer {
    /// A token of WIT text.
    struct Token {
        /// The kinds of token.
        enum Kind: Equatable {
            /// An identifier or keyword, as written.
            case word(String)
            /// An identifier written with `%`, without it.
            case escapedWord(String)
            /// A run of digits.
            case integer(String)
            /// A string literal's value.
            case string(String)
            /// A sign: one of `= , : ; ( ) { } < > * - + / . @`.
            case sign(Character)
            /// `->`.
            case arrow
            /// The end of the file.
            case end

            /// The token as error messages name it.
            var description: String {
                switch self {
                case .word(let text): WITCharacters.keywords.contains(text) ? "keyword `\(text)`" : "`\(text)`"
                case .escapedWord(let text): "`%\(text)`"
                case .integer(let text): "`\(text)`"
                case .string: "a string"
                case .sign(let sign): "`\(sign)`"
                case .arrow: "`->`"
                case .end: "the end of the file"
                }
            }
        }
        let kind: Kind
        let start: Int
        let end: Int
        /// The documentation comments before the token, as written.
        let comments: [Range<Int>]
    }

    let source: WITSource
    /// The offset of the next byte to read.
    private(set) var position = 0

    private var bytes: [UInt8] { source.bytes }

    init(_ source: WITSource) throws(WITError) {
        self.source = source
        try checkCharacters()
        if source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
        }
    }

    /// Reads the next token.
    mutating func next() throws(WITError) -> Token {
        let comments = try skipSpace()
        let start = position
        let kind = try lexKind()
        return Token(kind: kind, start: start, end: position, comments: comments)
    }

    /// Reads a version number at an offset, where the grammar asks for one.
    ///
    /// A version is not a token: `1.0.0-rc.1` would be many. What comes next is read after the version.
    mutating func version(at start: Int) throws(WITError) -> (version: WITVersion, end: Int) {
        position = start
        for part in 0..<3 {
            if part > 0 {
                guard byte() == UInt8(ascii: ".") else { throw versionError(start) }
                position += 1
            }
            guard isDigit(0) else { throw versionError(start) }
            skipWhile(WITCharacters.isDigit)
        }
        for sign in [UInt8(ascii: "-"), UInt8(ascii: "+")] where byte() == sign {
            position += 1
            while true {
                skipWhile(isVersionCharacter)
                // In `use a:b/c@1.0.0-rc.{d}` the last dot is not the version's.
                guard byte() == UInt8(ascii: "."), let following = byte(1), isVersionCharacter(following) else { break }
                position += 1
            }
        }
        guard let version = WITVersion(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw versionError(start)
        }
        return (version, position)
    }

    /// The range between two offsets.
    func range(_ start: Int, _ end: Int) -> WITSourceRange {
        WITSourceRange(source: source, start: start, end: end)
    }

    // MARK: - Tokens

    private mutating func lexKind() throws(WITError) -> Token.Kind {
        guard let first = byte() else { return .end }
        let start = position
        switch first {
        case UInt8(ascii: "-") where byte(1) == UInt8(ascii: ">"):
            position += 2
            return .arrow
        case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "."),
            UInt8(ascii: "@"):
            position += 1
            return .sign(Character(Unicode.Scalar(first)))
        case UInt8(ascii: "\""):
            return .string(try lexString())
        case UInt8(ascii: "%"):
            position += 1
            skipWhile(isWordCharacter)
            let text = String(decoding: bytes[(start + 1)..<position], as: UTF8.self)
            if let fault = WITCharacters.identifierFault(text) {
                throw WITError(.syntax, "the identifier `\(text)` \(fault)", at: range(start, position))
            }
            return .escapedWord(text)
        case _ where WITCharacters.isDigit(first):
            skipWhile(WITCharacters.isDigit)
            return .integer(String(decoding: bytes[start..<position], as: UTF8.self))
        case _ where isWordCharacter(first):
            skipWhile(isWordCharacter)
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            if text != "_", let fault = WITCharacters.identifierFault(text) {
                throw WITError(.syntax, "the identifier `\(text)` \(fault)", at: range(start, position))
            }
            return .word(text)
        default:
            throw WITError(
                .syntax,
                "unexpected character `\(Character(Unicode.Scalar(first)))`",
                at: range(start, start + 1)
            )
        }
    }

    /// Reads a string in the form of core WebAssembly's text format.
    private mutating func lexString() throws(WITError) -> String {
        let start = position
        position += 1
        var value: [UInt8] = []
        while let next = byte(), next != UInt8(ascii: "\n") {
            position += 1
            switch next {
            case UInt8(ascii: "\""):
                guard let text = String(validating: value, as: UTF8.self) else {
                    throw WITError(.syntax, "the string is not valid UTF-8", at: range(start, position))
                }
                return text
            case UInt8(ascii: "\\"):
                try lexEscape(into: &value)
            case 0..<0x20:
                throw WITError(
                    .syntax,
                    "a control character in a string is written as `\\\(hex(next))`",
                    at: range(position - 1, position)
                )
            default:
                value.append(next)
            }
        }
        throw WITError(.syntax, "the string does not end on its line", at: range(start, position))
    }

    private mutating func lexEscape(into value: inout [UInt8]) throws(WITError) {
        let start = position - 1
        let letter = byte() ?? UInt8(ascii: "\n")
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): value.append(letter)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "u"):
            guard byte() == UInt8(ascii: "{") else { throw escapeError(start) }
            position += 1
            var number: UInt32 = 0
            var digits = 0
            var isSeparated = false
            while let next = byte(), next != UInt8(ascii: "}") {
                position += 1
                if next == UInt8(ascii: "_"), digits > 0, !isSeparated {
                    isSeparated = true
                    continue
                }
                guard let digit = hexValue(next), number < 0x110000 else { throw escapeError(start) }
                number = number * 16 + UInt32(digit)
                digits += 1
                isSeparated = false
            }
            guard byte() == UInt8(ascii: "}"), digits > 0, !isSeparated, let scalar = Unicode.Scalar(number) else {
                throw escapeError(start)
            }
            position += 1
            value.append(contentsOf: Array(String(Character(scalar)).utf8))
        default:
            guard let high = hexValue(letter), let next = byte(), let low = hexValue(next) else {
                throw escapeError(start)
            }
            position += 1
            value.append(high << 4 | low)
        }
    }

    // MARK: - Space and comments

    /// Skips space and comments; returns the documentation comments.
    private mutating func skipSpace() throws(WITError) -> [Range<Int>] {
        var comments: [Range<Int>] = []
        while let next = byte() {
            switch next {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                position += 1
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                let start = position
                skipWhile { $0 != UInt8(ascii: "\n") }
                // As in other languages, a rule of slashes is not documentation.
                if matches("///", at: start), !matches("////", at: start) {
                    comments.append(start..<position)
                }
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
                let start = position
                try skipBlockComment()
                if matches("/**", at: start), !matches("/***", at: start), position - start > 4 {
                    comments.append(start..<position)
                }
            default:
                return comments
            }
        }
        return comments
    }

    private mutating func skipBlockComment() throws(WITError) {
        let start = position
        var depth = 0
        repeat {
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                depth += 1
                position += 2
            } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
            } else if position < bytes.count {
                position += 1
            } else {
                throw WITError(.syntax, "the comment has no end: `*/` is missing", at: range(start, start + 2))
            }
        } while depth > 0
    }

    /// Refuses texts with characters that could make them look other than they are.
    private func checkCharacters() throws(WITError) {
        var offset = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let width = UTF8.width(scalar)
            if WITCharacters.isForbidden(scalar) {
                throw WITError(
                    .syntax,
                    "the character U+\(hex(scalar.value)) may not appear in WIT text",
                    at: range(offset, offset + width)
                )
            }
            offset += width
        }
    }

    // MARK: - Bytes

    private func byte(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    private func isDigit(_ ahead: Int) -> Bool {
        byte(ahead).map(WITCharacters.isDigit) ?? false
    }

    private mutating func skipWhile(_ condition: (UInt8) -> Bool) {
        while position < bytes.count, condition(bytes[position]) {
            position += 1
        }
    }

    private func matches(_ text: StaticString, at offset: Int) -> Bool {
        let expected = text.description.utf8
        return offset + expected.count <= bytes.count
            && bytes[offset..<(offset + expected.count)].elementsEqual(expected)
    }

    /// Takes in more than identifiers may hold, so that a wrong one is named whole.
    private func isWordCharacter(_ byte: UInt8) -> Bool {
        WITCharacters.isLetter(byte) || WITCharacters.isDigit(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private func isVersionCharacter(_ byte: UInt8) -> Bool {
        WITCharacters.isLetter(byte) || WITCharacters.isDigit(byte) || byte == UInt8(ascii: "-")
    }

    private func hexValue(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }

    private func hex(_ number: some BinaryInteger) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 2 - digits.count)) + digits
    }

    private func versionError(_ start: Int) -> WITError {
        WITError(.syntax, "expected a version such as `1.0.0`", at: range(start, max(start + 1, position)))
    }

    private func escapeError(_ start: Int) -> WITError {
        WITError(
            .syntax,
            "expected an escape: `\\\"`, `\\'`, `\\\\`, `\\t`, `\\n`, `\\r`, `\\u{…}` or two hexadecimal digits",
            at: range(start, position)
        )
    }
}
