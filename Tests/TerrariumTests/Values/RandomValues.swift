// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

@testable import Terrarium

/// Values of all kinds, made at random, for properties that hold for each.
enum RandomValues {
    private static let texts: [PythonString] = [
        "", "a", "it's", "\"", "'\"", "\\", "\n\r\t\0\u{1}\u{7F}", "é", "e\u{301}", "日本", "😀", "$null", "$order",
        "$bytes",
        "\u{2028}", PythonString(codePoints: [0xD800]), PythonString(codePoints: [0x61, 0xDFFF, 0xD83D, 0x20]),
    ]

    private static let floats: [Double] = [
        0, -0.0, 1, -2.5, 0.1, 1e16, 1e22, 1.5e300, .leastNonzeroMagnitude, .infinity, -.infinity, .nan,
        9_007_199_254_740_992,
        -1e15,
    ]

    static func value(depth: Int = 3) -> PythonValue {
        guard depth > 0, Int.random(in: 0..<3) > 0 else { return scalar() }
        func values() -> [PythonValue] { (0..<Int.random(in: 0...4)).map { _ in value(depth: depth - 1) } }
        func items() -> [PythonValue.Item] {
            var seen: Set<PythonString> = []
            return (0..<Int.random(in: 0...4)).compactMap { _ in
                let key = texts.randomElement() ?? ""
                return seen.insert(key).inserted ? .init(key: key, value: value(depth: depth - 1)) : nil
            }
        }
        switch Int.random(in: 0..<8) {
        case 0: return .list(values())
        case 1: return .tuple(values())
        case 2: return .set((0..<Int.random(in: 0...1)).map { _ in scalar() }, isFrozen: .random())
        case 3, 4: return .dict(items())
        case 5: return .mapping([.init(key: 1, value: value(depth: depth - 1)), .init(key: "a", value: nil)])
        case 6: return .enumeration(type: "Color", name: "RED", value: value(depth: depth - 1))
        default: return .record(type: "Point", fields: items())
        }
    }

    static func scalar() -> PythonValue {
        switch Int.random(in: 0..<20) {
        case 0: .null
        case 1: .bool(.random())
        case 2: PythonValue(Int.random(in: -1_000...1_000))
        case 3: PythonValue([Int.max, .min, 0].randomElement() ?? 0)
        case 4: PythonValue(UInt64.max)
        case 5: .int(PythonInteger("-1" + String(repeating: "0", count: .random(in: 18...700))) ?? 0)
        case 6: .float(floats.randomElement() ?? 0)
        case 7: .float(Double(bitPattern: .random(in: 0 ... .max)))
        case 8: .complex(real: floats.randomElement() ?? 0, imaginary: floats.randomElement() ?? 0)
        case 9, 10: .string(texts.randomElement() ?? "")
        case 11: .bytes((0..<Int.random(in: 0...20)).map { _ in .random(in: 0...255) })
        case 12: .array(NumericArray([1.5, -2.5]))
        case 13: .dateTime(dateTime())
        case 14: .date(dateTime().date)
        case 15: .time(dateTime().time)
        case 16: .timeDelta(duration())
        case 17:
            .decimal(
                ["-0E+5", "1.50", "NaN", "-sNaN12", "Infinity", "1E-30"].compactMap(PythonDecimal.init).randomElement()
                    ?? PythonDecimal(0)
            )
        case 18: .uuid(UUID())
        default: [.path("/a b/é"), .other(representation: "<object>"), .path("$null")].randomElement() ?? nil
        }
    }

    private static func duration() -> Duration {
        let bounds: [Duration] = [
            .zero, .microseconds(-1), .milliseconds(86_400_001), .seconds(-86_399_999_913_600),
            .seconds(86_399_999_999_999) + .microseconds(999_999),
        ]
        return bounds.randomElement() ?? .zero
    }

    private static func dateTime() -> PythonDateTime {
        let offsets: [Duration?] = [
            nil, .zero, .seconds(3_600), .seconds(-5_025), .microseconds(1), .microseconds(-86_399_999_999),
        ]
        let value = PythonDateTime(
            year: [1, 1970, 2024, 9999].randomElement() ?? 1,
            month: .random(in: 1...12),
            day: .random(in: 1...28),
            hour: .random(in: 0...23),
            minute: .random(in: 0...59),
            second: [0, 59].randomElement() ?? 0,
            microsecond: [0, 1, 999_999].randomElement() ?? 0,
            utcOffset: offsets.randomElement() ?? nil,
            isFold: .random()
        )
        guard let value else { preconditionFailure("all parts are in their ranges") }
        return value
    }
}

extension PythonValue {
    /// A text that differs for values that differ in anything: unlike `==`, also for NaN and the signs of zeros.
    var exactText: String { representation + kinds }

    /// The kinds of all parts, which representations do not tell.
    private var kinds: String {
        switch self {
        case .list(let elements), .tuple(let elements), .set(let elements, _):
            typeName + elements.map(\.kinds).joined(separator: ",")
        case .dict(let items): "dict" + items.map { "\($0.key.utf8)" + $0.value.kinds }.joined(separator: ",")
        case .record(let type, let items):
            "record" + type + items.map { "\($0.key.utf8)" + $0.value.kinds }.joined(separator: ",")
        case .mapping(let pairs): "mapping" + pairs.map { $0.key.kinds + $0.value.kinds }.joined(separator: ",")
        case .string(let text): "\(text.utf8)"
        case .timeDelta(let duration): "\(duration.components)"
        case .array(let array): "\(array)"
        case .enumeration(let type, _, let value): type + value.kinds
        default: typeName
        }
    }
}
