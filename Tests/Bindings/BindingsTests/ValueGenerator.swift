// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Testing

@testable import Wasmtime

/// Values for a property test, the same in every run.
struct ValueGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func bits() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func flip() -> Bool { bits() & 1 == 0 }

    mutating func integer<Value: FixedWidthInteger>() -> Value {
        switch bits() % 4 {
        case 0: [Value.min, .max, 0, 1][Int(bits() % 4)]
        default: Value(truncatingIfNeeded: bits())
        }
    }

    mutating func float() -> Double {
        switch bits() % 4 {
        case 0: [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude][Int(bits() % 6)]
        default: Double(Int64(bitPattern: bits())) / 1024
        }
    }

    mutating func scalar() -> Unicode.Scalar {
        Unicode.Scalar(UInt32(bits() % 0x11_0000)) ?? "\u{e9}"
    }

    mutating func text() -> String {
        var text = ""
        for _ in 0..<bits() % 6 { text.unicodeScalars.append(scalar()) }
        return text
    }

    mutating func list<Value>(_ element: (inout ValueGenerator) -> Value) -> [Value] {
        (0..<bits() % 5).map { _ in element(&self) }
    }

    mutating func optional<Value>(_ value: (inout ValueGenerator) -> Value) -> Value? {
        flip() ? value(&self) : nil
    }
}

extension ValueGenerator {
    mutating func numbers() -> Echo.Types.Numbers {
        Echo.Types.Numbers(
            a: integer(),
            b: integer(),
            c: integer(),
            d: integer(),
            e: integer(),
            f: integer(),
            g: integer(),
            h: integer(),
            i: Float(float()),
            j: float(),
            k: flip(),
            l: scalar(),
            m: text()
        )
    }

    mutating func color() -> Echo.Types.Color {
        Echo.Types.Color.allCases[Int(bits() % 3)]
    }

    mutating func few() -> Echo.Types.Few { Echo.Types.Few(rawValue: UInt8(bits() & 7)) }

    mutating func problem() -> Echo.Types.Problem {
        switch bits() % 6 {
        case 0: .unknown
        case 1: .code(integer())
        case 2: .wrapped(list { $0.numbers() })
        case 3: .pair((integer(), text()))
        case 4: .maybe(optional { $0.integer() })
        default: .done(flip() ? .success(()) : .failure(Echo.Failure(text())))
        }
    }

    mutating func nested() -> Echo.Types.Nested {
        Echo.Types.Nested(
            lists: list { $0.list { $0.integer() } },
            bytes: list { $0.integer() },
            maybeMaybe: optional { $0.optional { $0.text() } },
            pair: (integer(), (text(), color())),
            pairs: list { ($0.scalar(), $0.few()) },
            one: integer(),
            outcome: flip() ? .success(integer()) : .failure(problem()),
            plain: flip() ? .success(()) : .failure(Echo.Failure(())),
            onlyError: flip() ? .success(()) : .failure(Echo.Failure(text())),
            onlyOk: flip() ? .success(list { $0.integer() }) : .failure(Echo.Failure(())),
            class: Echo.Types.Many(rawValue: integer())
        )
    }
}
