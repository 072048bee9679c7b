// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A Python `int`, which may have any number of digits.
///
///     let factorial = PythonInteger("30414093201713378043612608166064768844377641568960512000000000000")
///     let small = PythonInteger(42).int       // 42
///
/// Numbers that fit into a machine word are stored in one. There is no arithmetic; use Python's.
public struct PythonInteger: Sendable, Hashable {
    /// A number that fits into an `Int` is a word, so that equal numbers have equal storage.
    private enum Storage: Sendable, Hashable {
        case word(Int)
        case positive([UInt32])
        case negative([UInt32])
    }

    private let storage: Storage

    /// Converts an integer.
    public init(_ value: some BinaryInteger) {
        if let word = Int(exactly: value) {
            self.init(.word(word))
            return
        }
        var limbs: [UInt32] = []
        for word in value.magnitude.words {
            limbs.append(UInt32(truncatingIfNeeded: word))
            limbs.append(UInt32(truncatingIfNeeded: word >> 32))
        }
        self.init(isNegative: value < 0, magnitude: limbs)
    }

    /// Makes a number of its magnitude in limbs of 32 bits, the lowest first.
    private init(isNegative: Bool, magnitude: [UInt32]) {
        var limbs = magnitude
        while limbs.last == 0 { limbs.removeLast() }
        if limbs.count <= 2 {
            let low = UInt64(limbs.first ?? 0) | (limbs.count == 2 ? UInt64(limbs[1]) << 32 : 0)
            if let word = Int(exactly: isNegative ? -Int128(low) : Int128(low)) {
                self.init(.word(word))
                return
            }
        }
        self.init(isNegative ? .negative(limbs) : .positive(limbs))
    }

    private init(_ storage: Storage) {
        self.storage = storage
    }

    /// The number as an `Int`, or `nil` if it does not fit.
    public var int: Int? {
        guard case .word(let word) = storage else { return nil }
        return word
    }

    /// A Boolean value that says whether the number is less than zero.
    public var isNegative: Bool {
        switch storage {
        case .word(let word): word < 0
        case .positive: false
        case .negative: true
        }
    }

    /// The nearest `Double`, which is infinite for numbers beyond its range.
    public var double: Double {
        switch storage {
        case .word(let word): Double(word)
        case .positive(let limbs): Self.double(limbs)
        case .negative(let limbs): -Self.double(limbs)
        }
    }

    /// The magnitude in limbs of 32 bits, the lowest first.
    fileprivate var magnitude: [UInt32] {
        switch storage {
        case .word(let word):
            let magnitude = word.magnitude
            return magnitude >> 32 == 0
                ? [UInt32(magnitude)] : [UInt32(truncatingIfNeeded: magnitude), UInt32(magnitude >> 32)]
        case .positive(let limbs), .negative(let limbs): return limbs
        }
    }

    private static func double(_ limbs: [UInt32]) -> Double {
        // The highest 64 bits, of which the last is set if any bit below them is, round like the whole number.
        let isShifted = limbs.count > 2
        var high = limbs.suffix(3).reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
        let shift = UInt128.bitWidth - high.leadingZeroBitCount - 64
        var exponent = isShifted ? 32 * (limbs.count - 3) : 0
        var isInexact = isShifted && limbs.dropLast(3).contains { $0 != 0 }
        if shift > 0 {
            isInexact = isInexact || high & (1 << UInt128(shift) - 1) != 0
            high >>= UInt128(shift)
            exponent += shift
        }
        let number = Double(UInt64(high) | (isInexact ? 1 : 0))
        return exponent > 1_100
            ? .infinity
            : number * Double(sign: .plus, exponent: min(exponent, 1_000), significand: 1)
                * Double(sign: .plus, exponent: max(0, exponent - 1_000), significand: 1)
    }
}

extension PythonInteger: LosslessStringConvertible {
    /// Reads decimal digits with an optional sign; `nil` if there is anything else.
    ///
    /// Conversions from and to decimal digits take time that grows faster than their number: about a second for a
    /// million.
    public init?(_ text: String) {
        self.init(decimal: Array(text.utf8)[...])
    }

    /// Reads decimal digits in ASCII with an optional sign.
    init?(decimal text: ArraySlice<UInt8>) {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if digits.count <= 18 {
            let magnitude = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
            self.init(isNegative ? -magnitude : magnitude)
            return
        }
        var limbs: [UInt32] = []
        limbs.reserveCapacity(digits.count / 9 + 1)
        var end = digits.endIndex
        while end > digits.startIndex {
            let start = max(digits.startIndex, end - 9)
            limbs.append(digits[start..<end].reduce(0) { $0 * 10 + UInt32($1 & 0x0F) })
            end = start
        }
        let magnitude = RadixConversion<DecimalRadix, BinaryRadix>.convert(limbs)
        self.init(isNegative: isNegative, magnitude: magnitude)
    }

    /// Decimal digits, with `-` before those of a negative number.
    public var description: String {
        if case .word(let word) = storage { return String(word) }
        var text: [UInt8] = []
        appendDecimal(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func appendDecimal(to text: inout [UInt8]) {
        if isNegative { text.append(UInt8(ascii: "-")) }
        let limbs = RadixConversion<BinaryRadix, DecimalRadix>.convert(magnitude)
        text.append(contentsOf: String(limbs.last ?? 0).utf8)
        for limb in limbs.dropLast().reversed() {
            var divisor: UInt32 = 100_000_000
            while divisor > 0 {
                text.append(UInt8(ascii: "0") + UInt8(limb / divisor % 10))
                divisor /= 10
            }
        }
    }
}

extension PythonInteger {
    /// Reads `0x…` or `-0x…`, in time that grows with the number of digits.
    init?(hexadecimal text: some BidirectionalCollection<UInt8>) {
        let isNegative = text.first == UInt8(ascii: "-")
        let unsigned = text.dropFirst(isNegative ? 1 : 0)
        guard unsigned.starts(with: "0x".utf8), unsigned.count > 2 else { return nil }
        var limbs: [UInt32] = []
        var limb: UInt32 = 0
        var shift: UInt32 = 0
        for byte in unsigned.dropFirst(2).reversed() {
            guard let digit = byte.hexadecimalDigit else { return nil }
            limb |= UInt32(digit) << shift
            shift += 4
            if shift == 32 {
                limbs.append(limb)
                (limb, shift) = (0, 0)
            }
        }
        if limb != 0 { limbs.append(limb) }
        self.init(isNegative: isNegative, magnitude: limbs)
    }

    /// Appends `0x…` or `-0x…`.
    func appendHexadecimal(to text: inout [UInt8]) {
        text.append(contentsOf: (isNegative ? "-0x" : "0x").utf8)
        let limbs = magnitude
        text.append(contentsOf: String(limbs.last ?? 0, radix: 16).utf8)
        for limb in limbs.dropLast().reversed() {
            for shift in stride(from: UInt32(28), through: 0, by: -4) {
                let digit = UInt8(limb >> shift & 0x0F)
                text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    /// An upper bound of the number of decimal digits.
    var maxDecimalDigits: Int {
        switch storage {
        case .word: 19
        // 32 bits are 9.64 digits.
        case .positive(let limbs), .negative(let limbs): limbs.count * 10
        }
    }
}

extension PythonInteger: Comparable {
    /// Compares by value.
    public static func < (left: PythonInteger, right: PythonInteger) -> Bool {
        if let left = left.int, let right = right.int { return left < right }
        if left.isNegative != right.isNegative { return left.isNegative }
        let (first, second) = left.isNegative ? (right, left) : (left, right)
        let (low, high) = (first.magnitude, second.magnitude)
        if low.count != high.count { return low.count < high.count }
        return low.reversed().lexicographicallyPrecedes(high.reversed())
    }
}

extension PythonInteger: ExpressibleByIntegerLiteral {
    /// Makes a number of a literal.
    public init(integerLiteral value: Int) { self.init(value) }
}

extension PythonInteger: Codable {
    /// Reads a number, or `{"$int": "0x…"}`.
    public init(from decoder: any Decoder) throws {
        guard case .int(let number) = try PythonValue(from: decoder) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected an integer")
            )
        }
        self = number
    }

    /// Writes a number if it has 64 bits or fewer, else `{"$int": "0x…"}`.
    public func encode(to encoder: any Encoder) throws { try PythonValue.int(self).encode(to: encoder) }
}

extension FixedWidthInteger {
    /// Converts a Python integer; `nil` if it does not fit.
    public init?(exactly value: PythonInteger) {
        if let word = value.int {
            self.init(exactly: word)
            return
        }
        // One bit more than the type has may be the magnitude of its least number.
        let limbs = value.magnitude
        guard limbs.count <= (Self.bitWidth + 31) / 32 else { return nil }
        var magnitude: Self.Magnitude = 0
        for limb in limbs.reversed() { magnitude = magnitude << 32 | Self.Magnitude(truncatingIfNeeded: limb) }
        if value.isNegative {
            guard Self.isSigned, magnitude <= Self.min.magnitude else { return nil }
            self = 0 &- Self(truncatingIfNeeded: magnitude)
        } else {
            self.init(exactly: magnitude)
        }
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit in ASCII.
    package var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
