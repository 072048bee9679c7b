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

    /// What Python's `repr` makes of the value, byte for byte.
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
        case .list(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                element.appendRepresentation(to: &text)
            }
            text += "]"
        case .dict(let items):
            text += "{"
            for (index, item) in items.enumerated() {
                if index > 0 { text += ", " }
                PythonText.appendRepresentation(of: item.key, to: &text)
                text += ": "
                item.value.appendRepresentation(to: &text)
            }
            text += "}"
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
