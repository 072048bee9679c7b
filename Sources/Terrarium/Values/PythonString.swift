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

extension PythonString: ExpressibleByStringLiteral {
    /// A string without surrogates.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}
