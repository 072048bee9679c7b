// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import Terrarium

/// What the original demo's host prints is `print(f"result: {json.loads(text)}")`: the host's own Python is asked.
struct PythonValueTests {
    @Test("Values print as Python prints what json.loads makes of them")
    func printsAsPython() async throws {
        let texts = [
            "null", "true", "false", "0", "-0", "-17", "123456789012345678901234567890", "\"\"", "\"it's\"",
            #""\"double\"""#, #"["it's", "\"", "'\"", "\\", "\n\r\t\u0000\u007f\u0080\u00a0\u00ad"]"#,
            #"["é", "日本", "\ud83d\ude00", "\u200b", "\u2028", "\ue000", "\ud800", "a\udc00b", "\ud83dx"]"#,
            #"[[], {}, [[]], {"a": {"b": [1, 2.5, null, true]}}, {"": 1, "it's": 2}]"#,
            #"{"a": 1, "b": 2, "a": 3}"#, "[NaN, Infinity, -Infinity]", " [ 1 , 2 ] ", #""plain \u00e9 text""#,
        ]
        let expected = try await HostPython.run(
            """
            import json, sys
            for text in json.load(sys.stdin):
                value = json.loads(text)
                print(json.dumps(str([value])[1:-1]))
            """,
            input: "[" + texts.map(HostPython.quote).joined(separator: ", ") + "]"
        ).split(separator: "\n")
        for (text, line) in zip(texts, expected) {
            guard case .string(let python) = try PythonValue(json: String(line)) else {
                Issue.record("Python answered no string")
                continue
            }
            #expect(try PythonValue(json: text).representation == python.text, "\(text)")
        }
        #expect(texts.count == expected.count)
    }

    @Test("Floats print with the digits and the layout of Python's repr")
    func floats() async throws {
        var numbers: [Double] = [
            0, -0.0, 1, 0.1, 1.5, 100, 1e15, 1e16, 1.2345678901234567e16, 123456789012345.6, 9007199254740992, 1e22,
            1e23, .leastNonzeroMagnitude, 1.7976931348623157e308, 0.0001, 0.00001, 0.00012345, 1e-5, 1.5e-7, 123e-20,
        ]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let number = Double(bitPattern: generator.next())
            if number.isFinite { numbers.append(number) }
            numbers.append(Double.random(in: -1e6...1e6))
        }
        let expected = try await HostPython.run(
            "import struct, sys\nfor line in sys.stdin: print(struct.unpack('>d', int(line).to_bytes(8))[0])",
            input: numbers.map { String($0.bitPattern) }.joined(separator: "\n")
        ).split(separator: "\n")
        #expect(expected.count == numbers.count)
        for (number, text) in zip(numbers, expected) {
            #expect(PythonText.representation(of: number) == text)
        }
    }

    @Test("Every assigned character is printable or escaped as Python has it")
    func printableCharacters() async throws {
        // Characters that Python's Unicode version does not know yet are left out: there the two rightly differ.
        let script = """
            import unicodedata
            for c in range(0x110000):
                if unicodedata.category(chr(c)) not in ('Cn', 'Cs'): print(c, ascii(repr(chr(c))))
            """
        var count = 0
        var differing: [String] = []
        for line in try await HostPython.run(script).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            let codePoint = try #require(UInt32(parts[0]))
            let isEscaped = parts[1].contains("\\\\") && codePoint != 0x5C
            var text = ""
            PythonText.appendRepresentation(of: PythonString(codePoints: [codePoint]), to: &text)
            if (text.contains("\\") && codePoint != 0x5C) != isEscaped {
                differing.append(String(codePoint, radix: 16))
            }
            count += 1
        }
        #expect(differing == [])
        #expect(count > 100_000)
    }

    @Test(
        "Malformed text is an error that names the place",
        arguments: [
            "", "nul", "[1,]", "[1", "{", #"{"a"}"#, #"{"a":}"#, #"{1: 2}"#, #""abc"#, #""\x""#, #""\u12""#, "01", "1.",
            "1e", "-", "1 2", "\"\n\"", "[\u{1}]", "+1", ".5", "'a'",
        ]
    )
    func malformed(text: String) {
        #expect(throws: MalformedJSON.self) { try PythonValue(json: text) }
    }

    @Test("Hostile nesting is refused before the stack is exhausted")
    func deepNesting() throws {
        _ = try PythonValue(json: String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000))
        #expect(throws: MalformedJSON.self) { try PythonValue(json: String(repeating: "[", count: 1_000_000)) }
        #expect(throws: MalformedJSON.self) { try PythonValue(json: String(repeating: #"{"a":"#, count: 1_000_000)) }
    }
}
