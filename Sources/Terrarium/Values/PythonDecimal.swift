// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A Python `decimal.Decimal`: a sign, a coefficient of any number of digits and an exponent, or an infinity or a NaN.
///
/// Two are equal if these parts are, so `1.0` is not `1.00` here, and a NaN is equal to itself.
public struct PythonDecimal: Sendable, Hashable {
    /// The text that Python's `str` makes, of which there is one for each value.
    private let text: String

    /// The largest exponent of Python's decimals.
    private static let maxExponent = 999_999_999_999_999_999

    /// Reads what Python's `Decimal` does, without blanks and underscores: `1.50`, `-0E+5`, `Infinity`, `sNaN123`.
    public init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if let special = Self.special(rest) {
            self.init(canonical: (isNegative ? "-" : "") + special)
            return
        }
        var digits: [UInt8] = []
        var exponent = 0
        var hasPoint = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if (0x30...0x39).contains(byte) {
                digits.append(byte)
                if hasPoint { exponent -= 1 }
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard !digits.isEmpty else { return nil }
        if !rest.isEmpty {
            guard rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e"),
                let written = PythonInteger(decimal: rest.dropFirst())?.int
            else { return nil }
            let (sum, overflows) = exponent.addingReportingOverflow(written)
            guard !overflows else { return nil }
            exponent = sum
        }
        self.init(isNegative: isNegative, digits: digits, exponent: exponent)
    }

    /// Makes a number of its digits in ASCII, from the highest on, and its exponent.
    private init?(isNegative: Bool, digits: [UInt8], exponent: Int) {
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        let digits = significant.isEmpty ? [UInt8(ascii: "0")] : Array(significant)
        guard exponent.magnitude <= 2 * Self.maxExponent, exponent + digits.count - 1 <= Self.maxExponent else {
            return nil
        }
        var text = isNegative ? "-" : ""
        // Digits before the point, if the number is written without an exponent.
        let whole = exponent + digits.count
        func append(_ digits: ArraySlice<UInt8>) { text += String(decoding: digits, as: UTF8.self) }
        if exponent <= 0, whole > -6 {
            if whole <= 0 {
                text += "0." + String(repeating: "0", count: -whole)
                append(digits[...])
            } else {
                append(digits[..<whole])
                if whole < digits.count {
                    text += "."
                    append(digits[whole...])
                }
            }
        } else {
            append(digits[..<1])
            if digits.count > 1 {
                text += "."
                append(digits[1...])
            }
            let written = whole - 1
            text += "E" + (written < 0 ? "" : "+") + String(written)
        }
        self.text = text
    }

    private init(canonical text: String) {
        self.text = text
    }

    private static func special(_ text: ArraySlice<UInt8>) -> String? {
        let word = String(decoding: text, as: UTF8.self).lowercased()
        if word == "inf" || word == "infinity" { return "Infinity" }
        for (prefix, name) in [("nan", "NaN"), ("snan", "sNaN")] where word.hasPrefix(prefix) {
            let payload = word.utf8.dropFirst(prefix.utf8.count)
            guard payload.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return name + String(decoding: Array(payload.drop { $0 == UInt8(ascii: "0") }), as: UTF8.self)
        }
        return nil
    }

    /// Converts an integer.
    public init(_ value: some BinaryInteger) {
        text = String(value)
    }

    /// Converts an integer of any size.
    public init(_ value: PythonInteger) {
        text = value.description
    }

    /// Converts a Foundation decimal.
    public init(_ value: Decimal) {
        // A description that is no number would be a NaN.
        let text = value.isNaN ? "NaN" : value.description
        self.text = PythonDecimal(text)?.text ?? "NaN"
    }

    /// A Boolean value that says whether this is a number, neither infinite nor a NaN.
    public var isFinite: Bool { !isNaN && !isInfinite }
    /// A Boolean value that says whether this is a NaN, quiet or signaling.
    public var isNaN: Bool { text.utf8.contains(UInt8(ascii: "a")) }
    /// A Boolean value that says whether this is an infinity.
    public var isInfinite: Bool { text.utf8.contains(UInt8(ascii: "f")) }
    /// A Boolean value that says whether there is a sign, which zeros and NaNs may have, too.
    public var isNegative: Bool { text.utf8.first == UInt8(ascii: "-") }

    /// The same number as a Foundation decimal; `nil` if that cannot hold it exactly, or it is infinite.
    public var decimal: Decimal? {
        if isNaN { return Decimal.nan }
        guard isFinite, let decimal = Decimal(string: text), !decimal.isNaN else { return nil }
        // Foundation rounds to 38 digits, and small numbers to zero.
        return PythonDecimal(decimal).isNumerically(self) ? decimal : nil
    }

    /// The nearest `Double`.
    public var double: Double {
        if isNaN { return .nan }
        if isInfinite { return isNegative ? -.infinity : .infinity }
        return Double(text) ?? .nan
    }

    /// Returns whether two finite numbers have the same value.
    private func isNumerically(_ other: PythonDecimal) -> Bool {
        let (left, right) = (parts, other.parts)
        if left.digits.isEmpty && right.digits.isEmpty { return true }
        return isNegative == other.isNegative && left == right
    }

    /// The digits without zeros at the ends, and the exponent of the last.
    private var parts: (digits: [UInt8], exponent: Int) {
        let halves = text.utf8.drop { $0 == UInt8(ascii: "-") }.split(separator: UInt8(ascii: "E"))
        var exponent = halves.count == 2 ? Int(String(decoding: Array(halves[1]), as: UTF8.self)) ?? 0 : 0
        var digits = Array(halves[0])
        if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
            exponent -= digits.count - point - 1
            digits.remove(at: point)
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        return (Array(digits.drop { $0 == UInt8(ascii: "0") }), exponent)
    }
}

extension PythonDecimal: LosslessStringConvertible {
    /// The text that Python's `str` makes.
    public var description: String { text }
}

extension PythonDecimal: Codable {
    /// Reads the text that Python's `str` makes.
    public init(from decoder: any Decoder) throws {
        self = try decoder.pythonScalar { PythonDecimal($0) }
    }

    /// Writes the text that Python's `str` makes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Decoder {
    /// The value that a text stands for.
    func pythonScalar<Value>(_ make: (String) -> Value?) throws -> Value {
        let text = try singleValueContainer().decode(String.self)
        guard let value = make(text) else {
            let reason = "\(text.prefix(100)) is no \(Value.self)"
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: reason))
        }
        return value
    }
}
