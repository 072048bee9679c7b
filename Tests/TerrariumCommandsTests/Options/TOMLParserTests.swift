// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import TerrariumCommands

struct TOMLParserTests {
    @Test func `tables, keys and values of every kind are read`() throws {
        let table = try TOMLParser.parse(
            """
            a = 1_000 # comment
            "b c" = 'd # "e'
            f.g = [true, "x\\ty\\U0001F600", [], {h = -1, i.j = false},]
            [k.'l m']
            n = ""
            [k]
            o = 2
            """
        )
        #expect(
            table == [
                "a": .integer(1000), "b c": .string("d # \"e"),
                "f": .table([
                    "g": .array([
                        .boolean(true), .string("x\ty\u{1F600}"), .array([]),
                        .table(["h": .integer(-1), "i": .table(["j": .boolean(false)])]),
                    ])
                ]),
                "k": .table(["l m": .table(["n": .string("")]), "o": .integer(2)]),
            ]
        )
    }

    @Test(
        "What is wrong is said with its line",
        arguments: [
            ("a = ", 1), ("a", 1), ("\na = 1 b = 2", 2), ("a = 1\na = 2", 2), ("[a]\n[a]", 2), ("a = 1\n[a.b]", 2),
            ("a = \"x", 1), ("a = \"\\q\"", 1), ("a = \"\\uD800\"", 1), ("a = \"\\u12", 1), ("a = 1.5", 1),
            ("a = 2020-01-01", 1), ("[[a]]", 1), ("a = \"\"\"x\"\"\"", 1), ("a = [1 2]", 1), ("a = {b = 1", 1),
            ("= 1", 1), ("[a", 1), ("a = 99999999999999999999", 1),
        ]
    )
    func mistakes(text: String, line: Int) {
        #expect { try TOMLParser.parse(text) } throws: { ($0 as? TOMLError)?.line == line }
    }

    @Test func `hostile texts end with an error`() {
        for text in [
            "a = " + String(repeating: "[", count: 100_000), "a = " + String(repeating: "{a=", count: 100_000),
            String(repeating: "a.", count: 100_000) + "a = 1",
        ] {
            #expect(throws: TOMLError.self) { try TOMLParser.parse(text) }
        }
    }
}
