// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

extension PythonValue: CustomStringConvertible {
    /// What Python's `str` makes of the value, byte for byte; a lone surrogate in a string, which no output can carry,
    /// is written as an escape.
    public var description: String {
        guard case .string(let string) = self else { return representation }
        var text = ""
        for codePoint in string.codePoints {
            if let scalar = Unicode.Scalar(codePoint) {
                text.unicodeScalars.append(scalar)
            } else {
                PythonText.appendEscape(codePoint, to: &text)
            }
        }
        return text
    }

    /// What Python's `repr` makes of the value, byte for byte where it is of a kind that JSON can say, a tuple, a set,
    /// bytes or a complex number; else something like it.
    public var representation: String {
        var text = ""
        appendRepresentation(to: &text)
        return text
    }

    private func appendRepresentation(to text: inout String) {
        switch self {
        case .none: text += "None"
        case .bool(let value): text += value ? "True" : "False"
        case .int(let digits): text += digits
        case .float(let value): text += PythonText.representation(of: value)
        case .string(let value): PythonText.appendRepresentation(of: value, to: &text)
        case .other(let representation): text += representation
        case .list(let elements): Self.append(elements, between: "[", "]", to: &text)
        case .tuple(let elements): Self.append(elements, between: "(", elements.count == 1 ? ",)" : ")", to: &text)
        case .set(let elements, let isFrozen):
            if elements.isEmpty {
                text += isFrozen ? "frozenset()" : "set()"
            } else {
                Self.append(elements, between: isFrozen ? "frozenset({" : "{", isFrozen ? "})" : "}", to: &text)
            }
        case .dict(let items):
            text += "{"
            for (index, item) in items.enumerated() {
                if index > 0 { text += ", " }
                PythonText.appendRepresentation(of: item.key, to: &text)
                text += ": "
                item.value.appendRepresentation(to: &text)
            }
            text += "}"
        case .mapping(let pairs):
            text += "{"
            for (index, pair) in pairs.enumerated() {
                if index > 0 { text += ", " }
                pair.key.appendRepresentation(to: &text)
                text += ": "
                pair.value.appendRepresentation(to: &text)
            }
            text += "}"
        case .enumeration(let type, let name, let value):
            text += "<\(type).\(name): "
            value.appendRepresentation(to: &text)
            text += ">"
        case .record(let type, let fields):
            text += "\(type)("
            for (index, field) in fields.enumerated() {
                text += (index > 0 ? ", " : "") + field.key.text + "="
                field.value.appendRepresentation(to: &text)
            }
            text += ")"
        default: appendScalarRepresentation(to: &text)
        }
    }

    private static func append(_ elements: [PythonValue], between start: String, _ end: String, to text: inout String) {
        text += start
        for (index, element) in elements.enumerated() {
            if index > 0 { text += ", " }
            element.appendRepresentation(to: &text)
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
        case .dateTime(let iso): text += call("datetime.datetime.fromisoformat", iso)
        case .date(let iso): text += call("datetime.date.fromisoformat", iso)
        case .time(let iso): text += call("datetime.time.fromisoformat", iso)
        case .timeDelta(let microseconds): text += "datetime.timedelta(microseconds=\(microseconds))"
        case .decimal(let digits): text += call("Decimal", digits)
        case .uuid(let uuid): text += call("UUID", uuid)
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
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let (digits, exponent) = shortestDigits(of: value.magnitude)
        let sign = value.sign == .minus ? "-" : ""
        if exponent < -4 || exponent > 15 {
            let fraction = digits.dropFirst()
            let exponentDigits = String(exponent.magnitude)
            let padding = exponentDigits.count < 2 ? "0" : ""
            return sign + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction)
                + (exponent < 0 ? "e-" : "e+") + padding + exponentDigits
        }
        if exponent < 0 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
        }
        let whole = exponent + 1
        if digits.count <= whole {
            return sign + digits + String(repeating: "0", count: whole - digits.count) + ".0"
        }
        return sign + digits.prefix(whole) + "." + digits.dropFirst(whole)
    }

    /// The shortest decimal digits of a finite, non-negative number and the decimal exponent of the first.
    ///
    /// There are no zeros at either end. Swift's description has the same digits as Python's `repr`, laid out by other
    /// rules.
    private static func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
        if value == 0 { return ("0", 0) }
        let parts = value.description.split(separator: "e", maxSplits: 1)
        var exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var digits = mantissa.joined()[...]
        exponent += mantissa[0].count - 1
        while digits.first == "0" {
            digits = digits.dropFirst()
            exponent -= 1
        }
        while digits.last == "0" { digits = digits.dropLast() }
        return (String(digits), exponent)
    }

    /// `repr` of a string: in single quotes unless it has some and no double ones, all that is not printable escaped.
    static func appendRepresentation(of string: PythonString, to text: inout String) {
        let single: UInt32 = 0x27
        let double: UInt32 = 0x22
        let quote =
            string.codePoints.contains(single) && !string.codePoints.contains(double)
            ? Unicode.Scalar("\"") : Unicode.Scalar("'")
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
