// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A value of a TOML file, of the types that our configuration files are made of.
enum TOMLValue: Equatable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([TOMLValue])
    case table([String: TOMLValue])
}

/// What is wrong with a TOML file, and in which line.
struct TOMLError: Error, Equatable {
    let line: Int
    let message: String
}

/// Reads a part of [TOML 1.0](https://toml.io/en/v1.0.0): comments, tables, dotted and quoted keys, strings of one line,
/// decimal integers, booleans, arrays and inline tables.
///
/// Floats, dates, strings of several lines and arrays of tables are refused by name: no option of ours is one.
struct TOMLParser {
    private let text: [UInt8]
    private var position = 0
    private var depth = 0
    private static let maximumDepth = 32

    private init(_ text: String) { self.text = Array(text.utf8) }

    /// The table that a text describes.
    static func parse(_ text: String) throws(TOMLError) -> [String: TOMLValue] {
        var parser = TOMLParser(text)
        return try parser.document()
    }

    // MARK: - Structure

    private mutating func document() throws(TOMLError) -> [String: TOMLValue] {
        var root: [String: TOMLValue] = [:]
        var headers: Set<[String]> = []
        var prefix: [String] = []
        while true {
            skipBlank(lines: true)
            guard let byte = peek() else { return root }
            if byte == UInt8(ascii: "[") {
                position += 1
                guard peek() != UInt8(ascii: "[") else { throw error("arrays of tables are not used here") }
                prefix = try key()
                try expect("]")
                guard headers.insert(prefix).inserted else { throw error("the table \(Self.name(prefix)) comes twice") }
                try insert(.table([:]), prefix[...], into: &root, isHeader: true)
            } else {
                let path = prefix + (try key())
                try expect("=")
                skipBlank(lines: false)
                let value = try value()
                try insert(value, path[...], into: &root, isHeader: false)
            }
            skipBlank(lines: false)
            guard peek() == nil || peek() == UInt8(ascii: "\n") else {
                throw error("a line ends after one key or table")
            }
        }
    }

    private func insert(
        _ value: TOMLValue,
        _ path: ArraySlice<String>,
        into table: inout [String: TOMLValue],
        isHeader: Bool
    ) throws(TOMLError) {
        guard let first = path.first else { return }
        if path.count == 1 {
            if isHeader, case .table? = table[first] { return }
            guard table[first] == nil else { throw error("\(first) comes twice") }
            table[first] = value
            return
        }
        guard path.count <= Self.maximumDepth else { throw error("the key has too many parts") }
        var inner: [String: TOMLValue] = [:]
        switch table[first] {
        case .table(let existing)?: inner = existing
        case nil: break
        default: throw error("\(first) is no table")
        }
        try insert(value, path.dropFirst(), into: &inner, isHeader: isHeader)
        table[first] = .table(inner)
    }

    private mutating func key() throws(TOMLError) -> [String] {
        var parts: [String] = []
        repeat {
            skipBlank(lines: false)
            switch peek() {
            case UInt8(ascii: "\"")?: parts.append(try basicString())
            case UInt8(ascii: "'")?: parts.append(try literalString())
            default:
                let start = position
                while let byte = peek(), Self.isBare(byte) { position += 1 }
                guard position > start else { throw error("a key is expected") }
                parts.append(String(decoding: text[start..<position], as: UTF8.self))
            }
            skipBlank(lines: false)
        } while take(".")
        return parts
    }

    // MARK: - Values

    private mutating func value() throws(TOMLError) -> TOMLValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw error("values are nested too deeply") }
        switch peek() {
        case UInt8(ascii: "\"")?: return .string(try basicString())
        case UInt8(ascii: "'")?: return .string(try literalString())
        case UInt8(ascii: "[")?: return .array(try array())
        case UInt8(ascii: "{")?: return .table(try inlineTable())
        default: return try word()
        }
    }

    private mutating func array() throws(TOMLError) -> [TOMLValue] {
        try expect("[")
        var elements: [TOMLValue] = []
        while true {
            skipBlank(lines: true)
            if take("]") { return elements }
            elements.append(try value())
            skipBlank(lines: true)
            if take("]") { return elements }
            try expect(",")
        }
    }

    private mutating func inlineTable() throws(TOMLError) -> [String: TOMLValue] {
        try expect("{")
        var table: [String: TOMLValue] = [:]
        skipBlank(lines: false)
        if take("}") { return table }
        while true {
            let path = try key()
            try expect("=")
            skipBlank(lines: false)
            let value = try value()
            try insert(value, path[...], into: &table, isHeader: false)
            skipBlank(lines: false)
            if take("}") { return table }
            try expect(",")
        }
    }

    private mutating func word() throws(TOMLError) -> TOMLValue {
        let start = position
        while let byte = peek(),
            Self.isBare(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: ":")
        { position += 1 }
        let word = String(decoding: text[start..<position], as: UTF8.self)
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "": throw error("a value is expected")
        default:
            guard let number = Int64(word.replacing("_", with: "")) else {
                throw error("\(word) is no string, integer or boolean; text stands in quotation marks")
            }
            return .integer(number)
        }
    }

    private mutating func literalString() throws(TOMLError) -> String {
        try expect("'")
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\n") { position += 1 }
        let content = text[start..<position]
        guard take("'") else { throw error("a string does not end in its line") }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func basicString() throws(TOMLError) -> String {
        try expect("\"")
        var result: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                if result.isEmpty, peek() == UInt8(ascii: "\"") {
                    throw error("strings of several lines are not used here")
                }
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"): result += try escape()
            default: result.append(byte)
            }
        }
        throw error("a string does not end in its line")
    }

    private mutating func escape() throws(TOMLError) -> [UInt8] {
        guard let byte = peek() else { throw error("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = byte == UInt8(ascii: "u") ? 4 : 8
            let digits = String(decoding: text[position..<min(position + count, text.count)], as: UTF8.self)
            guard digits.utf8.count == count, digits.allSatisfy(\.isHexDigit),
                let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
            else { throw error("\\\(Character(Unicode.Scalar(byte))) is not followed by the digits of a character") }
            position += count
            return Array(String(scalar).utf8)
        default: throw error("there is no escape \\\(Character(Unicode.Scalar(byte)))")
        }
    }

    // MARK: - Characters

    private func peek() -> UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(TOMLError) {
        skipBlank(lines: false)
        guard take(character) else { throw error("\(character) is expected") }
    }

    private mutating func skipBlank(lines: Bool) {
        while let byte = peek() {
            switch byte {
            case 0x20, 0x09, 0x0d: position += 1
            case 0x0a where lines: position += 1
            case UInt8(ascii: "#"): while let byte = peek(), byte != 0x0a { position += 1 }
            default: return
            }
        }
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func name(_ path: [String]) -> String { path.joined(separator: ".") }

    private func error(_ message: String) -> TOMLError {
        let line = 1 + text.prefix(position).count { $0 == 0x0a }
        return TOMLError(line: line, message: message)
    }
}
