// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import Terrarium

/// Integers of any size, outside of Python.
@Suite(.timeLimit(.minutes(5)))
struct PythonIntegerTests {
    @Test("Decimal and hexadecimal digits of any number convert as in Python")
    func digits() async throws {
        var texts = [
            "0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809",
        ]
        texts += ["18446744073709551615", "18446744073709551616", "1" + String(repeating: "0", count: 400)]
        for count in [19, 20, 38, 39, 100, 288, 289, 400, 577, 1_000, 4_000, 20_000] {
            for _ in 0..<3 {
                let digits = (0..<count).map { _ in String(Int.random(in: 0...9)) }.joined()
                texts.append((Bool.random() ? "-" : "") + "7" + digits)
            }
        }
        let expected = try await HostPython.run(
            "import sys\nsys.set_int_max_str_digits(0)\nfor line in sys.stdin: print(hex(int(line)))",
            input: texts.joined(separator: "\n")
        ).split(separator: "\n")
        #expect(expected.count == texts.count)
        for (text, hexadecimal) in zip(texts, expected) {
            let number = try #require(PythonInteger(text))
            var written: [UInt8] = []
            number.appendHexadecimal(to: &written)
            #expect(String(decoding: written, as: UTF8.self) == hexadecimal)
            #expect(number.description == text)
            #expect(PythonInteger(hexadecimal: Array(hexadecimal.utf8)) == number)
        }
    }

    @Test(
        "A text that is no integer makes none",
        arguments: ["", "-", "1e5", "0x10", " 1", "1_000", "١", "1.0", "--1"]
    )
    func malformed(text: String) {
        #expect(PythonInteger(text) == nil)
    }

    @Test(
        "Hexadecimal text that is none makes no integer",
        arguments: ["", "0x", "-", "10", "0xg", "-0x", "x", "0x-1"]
    )
    func malformedHexadecimal(text: String) {
        #expect(PythonInteger(hexadecimal: Array(text.utf8)) == nil)
    }

    @Test("Numbers convert to Swift's types where they fit, and only there")
    func conversions() throws {
        let big = try #require(PythonInteger("170141183460469231731687303715884105728"))
        let least = try #require(PythonInteger("-170141183460469231731687303715884105728"))
        #expect(Int128(exactly: least) == .min)
        #expect(Int128(exactly: big) == nil)
        #expect(UInt128(exactly: big) == 1 << 127)
        #expect(UInt128(exactly: least) == nil)
        #expect(UInt64(exactly: PythonInteger(UInt64.max)) == .max)
        #expect(Int64(exactly: PythonInteger(UInt64.max)) == nil)
        #expect(UInt8(exactly: PythonInteger(255)) == 255)
        #expect(UInt8(exactly: PythonInteger(256)) == nil)
        #expect(UInt8(exactly: PythonInteger(-1)) == nil)
        #expect(Int8(exactly: big) == nil)
        #expect(PythonInteger(Int128.min) == least)
        #expect(PythonInteger(UInt64(7)) == 7)
        #expect(PythonInteger(Int.min).int == .min)
    }

    @Test("Integers become the nearest floats, as Python's float() has it")
    func floats() async throws {
        var texts = ["9007199254740993", "-9007199254740995", "18446744073709551615", "18446744073709549568"]
        texts += ["18446744073709549569", "36893488147419099136", "36893488147419099137"]
        for count in [20, 40, 60, 150, 300] {
            for _ in 0..<40 { texts.append("9" + (0..<count).map { _ in String(Int.random(in: 0...9)) }.joined()) }
        }
        let expected = try await HostPython.run(
            "import struct, sys\nfor line in sys.stdin: print(int.from_bytes(struct.pack('>d', float(int(line)))))",
            input: texts.joined(separator: "\n")
        ).split(separator: "\n")
        #expect(expected.count == texts.count)
        for (text, bits) in zip(texts, expected) {
            #expect(PythonInteger(text)?.double.bitPattern == UInt64(bits), "\(text)")
        }
        #expect(PythonInteger("1" + String(repeating: "0", count: 400))?.double == .infinity)
        #expect(PythonInteger("-1" + String(repeating: "0", count: 400))?.double == -.infinity)
    }

    @Test("Integers compare by value")
    func order() throws {
        let texts = ["-100000000000000000000000", "-100000000000000000000", "-5", "0", "7", "100000000000000000000"]
        let numbers = try texts.map { try #require(PythonInteger($0)) }
        #expect(numbers.shuffled().sorted() == numbers)
    }

    @Test("A hundred thousand digits are converted in a moment, and hostile ones in a message are refused")
    func manyDigits() throws {
        let text = String(repeating: "7", count: 100_000)
        #expect(try PythonValue(json: text) == .int(#require(PythonInteger(text))))
        #expect(throws: MalformedJSON.self) {
            try PythonValue(json: "[" + Array(repeating: text, count: 11).joined(separator: ",") + "]")
        }
    }
}
