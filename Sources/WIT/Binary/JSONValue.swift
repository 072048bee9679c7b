// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// A value of JSON, of which this module reads one kind of document only: the documentation of WIT packages.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Parses a document (RFC 8259); nil if it is not valid or nested more than 64 deep.
    init?(_ bytes: ArraySlice<UInt8>) {
        var parser = Parser(rest: bytes)
        guard let value = parser.value(depth: 0) else { return nil }
        parser.skipSpace()
        guard parser.rest.isEmpty else { return nil }
        self = value
    }

    /// The value of a member, if this is an object that has it.
    subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The text, if this is one.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The members; none if this is no object.
    var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }
}

extension JSONValue {
    private struct Parser {
        var rest: ArraySlice<UInt8>

        mutating func skipSpace() {
            rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        }

        mutating func take(_ sign: Unicode.Scalar) -> Bool {
            skipSpace()
            guard rest.first == UInt8(ascii: sign) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func value(depth: Int) -> JSONValue? {
            guard depth < 64 else { return nil }
            if take("{") { return object(depth: depth) }
            if take("[") { return array(depth: depth) }
            if take("\"") { return string().map(JSONValue.string) }
            for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
            where rest.starts(with: word.utf8) {
                rest = rest.dropFirst(word.utf8.count)
                return value
            }
            let digits = rest.prefix { WITCharacters.isDigit($0) || "+-.eE".utf8.contains($0) }
            rest = rest.dropFirst(digits.count)
            return Double(String(decoding: digits, as: UTF8.self)).map(JSONValue.number)
        }

        private mutating func object(depth: Int) -> JSONValue? {
            var members: [String: JSONValue] = [:]
            if take("}") { return .object(members) }
            repeat {
                guard take("\""), let name = string(), take(":"), let value = value(depth: depth + 1) else {
                    return nil
                }
                members[name] = value
            } while take(",")
            return take("}") ? .object(members) : nil
        }

        private mutating func array(depth: Int) -> JSONValue? {
            var elements: [JSONValue] = []
            if take("]") { return .array(elements) }
            repeat {
                guard let value = value(depth: depth + 1) else { return nil }
                elements.append(value)
            } while take(",")
            return take("]") ? .array(elements) : nil
        }

        /// Takes a string from after its opening mark.
        private mutating func string() -> String? {
            var text: [UInt8] = []
            while let next = rest.popFirst() {
                switch next {
                case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let scalar = escape() else { return nil }
                    text.append(contentsOf: Array(String(Character(scalar)).utf8))
                case 0..<0x20: return nil
                default: text.append(next)
                }
            }
            return nil
        }

        private mutating func escape() -> Unicode.Scalar? {
            switch rest.popFirst() {
            case UInt8(ascii: "\""): return "\""
            case UInt8(ascii: "\\"): return "\\"
            case UInt8(ascii: "/"): return "/"
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{C}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"):
                guard let unit = codeUnit() else { return nil }
                guard 0xD800..<0xDC00 ~= unit else { return Unicode.Scalar(unit) }
                guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"),
                    let low = codeUnit(), 0xDC00..<0xE000 ~= low
                else { return nil }
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            default: return nil
            }
        }

        private mutating func codeUnit() -> UInt32? {
            let digits = rest.prefix(4)
            guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
            rest = rest.dropFirst(4)
            return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        }
    }
}
