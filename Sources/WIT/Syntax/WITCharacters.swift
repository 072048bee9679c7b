// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The characters that WIT text may hold, and the words it reserves.
///
/// See the component model's WIT.md, "Lexical structure".
enum WITCharacters {
    /// Returns whether a character may not appear in WIT text: control codes, overrides of the writing direction, and
    /// characters that Unicode discourages.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x202A...0x202E, 0x2066...0x2069: true
        case 0x149, 0x673, 0xF77, 0xF79, 0x17A3, 0x17A4, 0x17B4, 0x17B5: true
        default: false
        }
    }

    /// Words that are not identifiers unless written with `%`.
    static let keywords: Set<String> = [
        "_", "as", "async", "bool", "borrow", "char", "constructor", "enum", "error-context", "export", "f32", "f64",
        "flags", "from", "func", "future", "import", "include", "interface", "list", "map", "option", "own", "package",
        "record", "resource", "result", "s16", "s32", "s64", "s8", "static", "stream", "string", "tuple", "type",
        "u16", "u32", "u64", "u8", "use", "variant", "with", "world",
    ]

    /// An identifier as it is written in WIT text.
    static func escaped(_ identifier: String) -> String {
        keywords.contains(identifier) ? "%" + identifier : identifier
    }

    /// Returns the reason that a word is not an identifier, or nil for an identifier.
    ///
    /// An identifier is made of words joined by `-`; each is all lower or all upper case, and the first begins with
    /// a letter.
    static func identifierFault(_ text: some StringProtocol) -> String? {
        var isFirst = true
        for word in text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false) {
            guard let first = word.first else {
                return "has an empty word: words are joined by single hyphens"
            }
            if isFirst, !isLetter(first) {
                return "must begin with a letter"
            }
            isFirst = false
            var hasLower = false
            var hasUpper = false
            for byte in word {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): hasLower = true
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasUpper = true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): break
                default: return "may hold only letters, digits and hyphens"
                }
            }
            if hasLower && hasUpper {
                return "mixes upper and lower case within a word"
            }
        }
        return nil
    }

    /// Returns whether a byte is an ASCII letter.
    static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }

    /// Returns whether a byte is an ASCII digit.
    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
