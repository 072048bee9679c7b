// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension PythonValue: CustomStringConvertible {
    /// The text that Python's `str` makes of the value, byte for byte.
    ///
    /// A lone surrogate in a string, which no output can carry, is written as an escape.
    public var description: String {
        guard case .string(let string) = self else { return representation }
        return string.description
    }

    /// The text that Python's `repr` makes of the value, byte for byte, if it is of one of Python's own types.
    ///
    /// Arrays, enumerations and records, whose classes may print as they like, print as Python does by default or
    /// similar. What is nested more than 1,000 deep is `...`.
    public var representation: String {
        var text = ""
        appendRepresentation(to: &text)
        return text
    }

    private func appendRepresentation(to text: inout String, depth: Int = 0) {
        guard depth <= Self.maxDepth else {
            text += "..."
            return
        }
        let inner = depth + 1
        switch self {
        case .null: text += "None"
        case .bool(let value): text += value ? "True" : "False"
        case .int(let number): text += number.description
        case .float(let value): text += PythonText.representation(of: value)
        case .string(let value): PythonText.appendRepresentation(of: value, to: &text)
        case .other(let representation): text += representation
        case .list(let elements): Self.append(elements, between: "[", "]", to: &text, inner)
        case .tuple(let elements):
            Self.append(elements, between: "(", elements.count == 1 ? ",)" : ")", to: &text, inner)
        case .set(let elements, let isFrozen):
            if elements.isEmpty {
                text += isFrozen ? "frozenset()" : "set()"
            } else {
                let (start, end) = isFrozen ? ("frozenset({", "})") : ("{", "}")
                Self.append(elements, between: start, end, to: &text, inner)
            }
        case .dict(let items):
            text += "{"
            for (index, item) in items.enumerated() {
                if index > 0 { text += ", " }
                PythonText.appendRepresentation(of: item.key, to: &text)
                text += ": "
                item.value.appendRepresentation(to: &text, depth: inner)
            }
            text += "}"
        case .mapping(let pairs):
            text += "{"
            for (index, pair) in pairs.enumerated() {
                if index > 0 { text += ", " }
                pair.key.appendRepresentation(to: &text, depth: inner)
                text += ": "
                pair.value.appendRepresentation(to: &text, depth: inner)
            }
            text += "}"
        case .enumeration(let type, let name, let value):
            // As the class calls itself, without its module.
            text += "<\(type.split(separator: ".").last ?? "").\(name): "
            value.appendRepresentation(to: &text, depth: inner)
            text += ">"
        case .record(let type, let fields):
            text += "\(type)("
            for (index, field) in fields.enumerated() {
                text += (index > 0 ? ", " : "") + field.key.text + "="
                field.value.appendRepresentation(to: &text, depth: inner)
            }
            text += ")"
        default: appendScalarRepresentation(to: &text)
        }
    }

    private static func append(
        _ elements: [PythonValue],
        between start: String,
        _ end: String,
        to text: inout String,
        _ depth: Int
    ) {
        text += start
        for (index, element) in elements.enumerated() {
            if index > 0 { text += ", " }
            element.appendRepresentation(to: &text, depth: depth)
        }
        text += end
    }

    /// Those kinds whose constructor takes a text.
    private func appendScalarRepresentation(to text: inout String) {
        func call(_ function: String, _ argument: String) -> String {
            function + "(" + PythonValue.string(PythonString(argument)).representation + ")"
        }
        switch self {
        case .complex(let real, let imaginary):
            text += PythonText.representation(ofReal: real, imaginary: imaginary)
        case .bytes(let bytes): text += PythonText.representation(of: bytes)
        case .array(let array): text += "<array of \(array.elementType), \(array.shape)>"
        case .dateTime(let value):
            let date = "\(value.date.year), \(value.date.month), \(value.date.day)"
            text += "datetime.datetime(\(date), \(PythonText.arguments(of: value.time)))"
        case .date(let date): text += "datetime.date(\(date.year), \(date.month), \(date.day))"
        case .time(let time): text += "datetime.time(\(PythonText.arguments(of: time)))"
        case .timeDelta(let duration): text += PythonText.representation(of: duration)
        case .decimal(let number): text += call("Decimal", number.description)
        case .uuid(let uuid): text += call("UUID", uuid.uuidString.lowercased())
        case .path(let path): text += call("PosixPath", path)
        default: break
        }
    }
}

/// Python's way of writing floats and strings.
enum PythonText {
    /// `repr` of a float: the shortest digits that read back as the same number, with an exponent where it is below -4
    /// or above 15 (`float_repr_style` is `short` on every platform of today).
    static func representation(of value: Double) -> String {
        var utf8: [UInt8] = []
        append(value, to: &utf8)
        return String(decoding: utf8, as: UTF8.self)
    }

    /// Appends the `repr` of a float.
    static func append(_ value: Double, to utf8: inout [UInt8]) {
        guard value.isFinite else {
            utf8.append(contentsOf: (value.isNaN ? "nan" : value < 0 ? "-inf" : "inf").utf8)
            return
        }
        if value.sign == .minus { utf8.append(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        if magnitude < 1e15, magnitude == magnitude.rounded(.down) {
            utf8.append(contentsOf: String(Int(magnitude)).utf8)
            utf8.append(contentsOf: ".0".utf8)
            return
        }
        let (digits, exponent) = shortestDigits(of: magnitude)
        let zero = UInt8(ascii: "0")
        if exponent < -4 || exponent > 15 {
            utf8.append(digits.first ?? zero)
            if digits.count > 1 {
                utf8.append(UInt8(ascii: "."))
                utf8.append(contentsOf: digits.dropFirst())
            }
            utf8.append(contentsOf: (exponent < 0 ? "e-" : "e+").utf8)
            if exponent.magnitude < 10 { utf8.append(zero) }
            utf8.append(contentsOf: String(exponent.magnitude).utf8)
        } else if exponent < 0 {
            utf8.append(contentsOf: "0.".utf8)
            utf8.append(contentsOf: repeatElement(zero, count: -exponent - 1))
            utf8.append(contentsOf: digits)
        } else if digits.count <= exponent + 1 {
            utf8.append(contentsOf: digits)
            utf8.append(contentsOf: repeatElement(zero, count: exponent + 1 - digits.count))
            utf8.append(contentsOf: ".0".utf8)
        } else {
            utf8.append(contentsOf: digits.prefix(exponent + 1))
            utf8.append(UInt8(ascii: "."))
            utf8.append(contentsOf: digits.dropFirst(exponent + 1))
        }
    }

    /// The shortest decimal digits of a finite, positive number and the decimal exponent of the first.
    ///
    /// There are no zeros at either end. Swift's description has the same digits as Python's `repr`, laid out by other
    /// rules.
    private static func shortestDigits(of value: Double) -> (digits: ArraySlice<UInt8>, exponent: Int) {
        var digits: [UInt8] = []
        var exponent = -1
        var hasPoint = false
        var written = 0
        var text = value.description.utf8[...]
        while let byte = text.popFirst() {
            if byte == UInt8(ascii: ".") {
                hasPoint = true
            } else if byte == UInt8(ascii: "e") {
                written = Int(Substring(text)) ?? 0
                break
            } else {
                digits.append(byte)
                if !hasPoint { exponent += 1 }
            }
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        exponent += written - (digits.count - significant.count)
        let zeros = significant.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        return (significant.dropLast(zeros), exponent)
    }

    /// The arguments of `datetime.time`, as its `repr` has them.
    static func arguments(of time: PythonTime) -> String {
        var text = "\(time.hour), \(time.minute)"
        if time.microsecond != 0 {
            text += ", \(time.second), \(time.microsecond)"
        } else if time.second != 0 {
            text += ", \(time.second)"
        }
        if time.isFold { text += ", fold=1" }
        guard let offset = time.utcOffset else { return text }
        return text + ", tzinfo=datetime.timezone"
            + (offset == .zero ? ".utc" : "(\(representation(of: offset)))")
    }

    /// `repr` of a `timedelta`.
    static func representation(of duration: Duration) -> String {
        let microseconds = duration.roundedMicroseconds
        var (days, rest) = microseconds.quotientAndRemainder(dividingBy: 86_400_000_000)
        if rest < 0 { (days, rest) = (days - 1, rest + 86_400_000_000) }
        let parts = [("days", days), ("seconds", rest / 1_000_000), ("microseconds", rest % 1_000_000)]
        let arguments = parts.filter { $0.1 != 0 }.map { "\($0.0)=\($0.1)" }.joined(separator: ", ")
        return "datetime.timedelta(\(arguments.isEmpty ? "0" : arguments))"
    }

    /// `repr` of a string: in single quotes unless it has some and no double ones, all that is not printable escaped.
    static func appendRepresentation(of string: PythonString, to text: inout String) {
        let (single, double) = (UInt8(ascii: "'"), UInt8(ascii: "\""))
        let usesDouble = string.utf8.contains(single) && !string.utf8.contains(double)
        let quote = Unicode.Scalar(usesDouble ? double : single)
        text.unicodeScalars.append(quote)
        for codePoint in string.codePoints {
            guard let scalar = Unicode.Scalar(codePoint) else {
                appendEscape(codePoint, to: &text)
                continue
            }
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case quote:
                text += "\\"
                text.unicodeScalars.append(quote)
            case _ where isPrintable(scalar): text.unicodeScalars.append(scalar)
            default: appendEscape(codePoint, to: &text)
            }
        }
        text.unicodeScalars.append(quote)
    }

    /// `repr` of a complex number: in parentheses unless its real part is positive zero.
    static func representation(ofReal real: Double, imaginary: Double) -> String {
        func part(_ number: Double) -> String {
            let text = representation(of: number)
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        if real == 0, real.sign == .plus { return part(imaginary) + "j" }
        let sign = imaginary.sign == .minus && !imaginary.isNaN ? "" : "+"
        return "(\(part(real))\(sign)\(part(imaginary))j)"
    }

    /// `repr` of bytes: printable ASCII as it is, all else escaped.
    static func representation(of bytes: [UInt8]) -> String {
        let (single, double) = (UInt8(ascii: "'"), UInt8(ascii: "\""))
        let quote = bytes.contains(single) && !bytes.contains(double) ? double : single
        var text = "b" + String(Unicode.Scalar(quote))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\"), quote: text += "\\" + String(Unicode.Scalar(byte))
            case 0x09: text += "\\t"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: appendEscape(UInt32(byte), to: &text)
            }
        }
        return text + String(Unicode.Scalar(quote))
    }

    /// Appends `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
    static func appendEscape(_ codePoint: UInt32, to text: inout String) {
        let digits = String(codePoint, radix: 16)
        let (prefix, width) = codePoint <= 0xFF ? ("\\x", 2) : codePoint <= 0xFFFF ? ("\\u", 4) : ("\\U", 8)
        text += prefix + String(repeating: "0", count: width - digits.count) + digits
    }

    /// As `str.isprintable`: no separator but the space, nothing of the category Other.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
