// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A Python `str`: a sequence of code points, which may be surrogates.
///
/// Two are equal if their code points are, as in Python; Swift's own strings compare by what one sees.
public struct PythonString: Sendable, Hashable {
    /// The code points in UTF-8, surrogates in three bytes like their neighbours
    /// ([WTF-8](https://simonsapin.github.io/wtf-8/) without joining pairs).
    let utf8: [UInt8]

    init(utf8: [UInt8]) {
        self.utf8 = utf8
    }

    /// A string with the code points of a Swift string.
    public init(_ text: String) {
        utf8 = Array(text.utf8)
    }

    /// Code points, each at most 0x10FFFF.
    init(codePoints: some Sequence<UInt32>) {
        var utf8: [UInt8] = []
        for codePoint in codePoints { Self.append(codePoint, to: &utf8) }
        self.utf8 = utf8
    }

    /// The code points, each at most 0x10FFFF.
    var codePoints: [UInt32] {
        var codePoints: [UInt32] = []
        codePoints.reserveCapacity(utf8.count)
        for byte in utf8 {
            switch byte {
            case 0x80..<0xC0:
                guard let last = codePoints.popLast() else { continue }
                codePoints.append(last << 6 | UInt32(byte & 0x3F))
            case 0xC0..<0xE0: codePoints.append(UInt32(byte & 0x1F))
            case 0xE0..<0xF0: codePoints.append(UInt32(byte & 0x0F))
            case 0xF0...: codePoints.append(UInt32(byte & 0x07))
            default: codePoints.append(UInt32(byte))
            }
        }
        return codePoints
    }

    /// The same text as a Swift string, with lone surrogates, which it cannot hold, as U+FFFD.
    public var text: String {
        if let text = String(validating: utf8, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: codePoints.lazy.map { Unicode.Scalar($0) ?? "\u{FFFD}" })
        return String(text)
    }

    /// A Boolean value that tells whether JSON in UTF-8 can carry the string: it has no surrogates, whose first byte is 0xED
    /// and the second above 0x9F.
    var isTransportable: Bool {
        guard utf8.contains(0xED) else { return true }
        return !zip(utf8, utf8.dropFirst()).contains { $0 == 0xED && $1 > 0x9F }
    }

    static func append(_ codePoint: UInt32, to utf8: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: codePoint >> shift) & 0x3F }
        switch codePoint {
        case ..<0x80: utf8.append(UInt8(codePoint))
        case ..<0x800: utf8 += [0xC0 | UInt8(codePoint >> 6), continuation(0)]
        case ..<0x1_0000: utf8 += [0xE0 | UInt8(codePoint >> 12), continuation(6), continuation(0)]
        default:
            utf8 += [
                0xF0 | UInt8(truncatingIfNeeded: codePoint >> 18), continuation(12), continuation(6), continuation(0),
            ]
        }
    }
}

extension PythonString: CustomStringConvertible {
    /// The text, with lone surrogates as escapes: `\udc80`.
    public var description: String {
        if let text = String(validating: utf8, as: UTF8.self) { return text }
        var text = ""
        for codePoint in codePoints {
            if let scalar = Unicode.Scalar(codePoint) {
                text.unicodeScalars.append(scalar)
            } else {
                PythonText.appendEscape(codePoint, to: &text)
            }
        }
        return text
    }
}

extension PythonString: Codable {
    /// Reads a text, or `{"$codepoints": […]}`.
    public init(from decoder: any Decoder) throws {
        guard case .string(let string) = try PythonValue(from: decoder) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected a text")
            )
        }
        self = string
    }

    /// Writes a text, or, for one with lone surrogates, `{"$codepoints": […]}`.
    public func encode(to encoder: any Encoder) throws { try PythonValue.string(self).encode(to: encoder) }
}

extension PythonString: ExpressibleByStringLiteral {
    /// A string without surrogates.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}
