// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import TestSupport
import Testing

@testable import WIT

struct WITParserHostileInputTests {
    private func parse(_ text: String) throws -> WITSyntax.Document {
        try WITParser.document(WITSourceFile(path: "test.wit", text: text))
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["list<", "option<", "tuple<", "result<_, ", "map<u8, ", "future<"])
    func `types nested without end are refused`(opening: String) throws {
        let error = try #require(throws: WITError.self) {
            try parse("interface i { type t = \(String(repeating: opening, count: 100_000))")
        }
        #expect(error.code == .limit)
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["{", "package a:b {", "(", "/*", "@", "\"", "%", "-", "interface i {"])
    func `signs repeated without end are refused`(sign: String) {
        #expect(throws: WITError.self) { try parse(String(repeating: sign, count: 100_000)) }
        #expect(throws: WITError.self) { try parse("interface i {" + String(repeating: sign, count: 100_000)) }
    }

    @Test(.timeLimit(.minutes(5))) func `a long file is read in time that grows with its length`() throws {
        let items = (0..<20_000).map { "/// Doc.\nfunction\($0): func(a: list<u8>) -> result<u8, string>;" }
        let document = try parse("interface i { \(items.joined(separator: "\n")) }")
        #expect(document.items.count == 1)
    }

    @Test(.timeLimit(.minutes(5))) func `no change of the bytes of a text makes the parser fail otherwise`() throws {
        var random = SeededGenerator(seed: 6)
        let original = Array(WITFixture.everything.text.utf8)
        let pieces = [
            "{", "}", "<", ">", "(", ")", ";", ":", "/", ".", "@", "%", "\"", "\\", "/*", "*/", "//", "->", "1.0.0",
            "use ", "\u{0}", "é",
        ]
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...12, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.removeSubrange(start..<end)
                case 1:
                    bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0..<bytes.count, using: &random))
                case 2: bytes[start] = UInt8.random(in: 0...255, using: &random)
                default: bytes.insert(contentsOf: pieces.randomElement(using: &random)!.utf8, at: start)
                }
            }
            do {
                let document = try parse(String(decoding: bytes, as: UTF8.self))
                accepted += 1
                var printer = WITPrinter()
                printer.document(document)
                #expect(try parse(printer.text) == document)
            } catch let error as WITError {
                #expect(error.line != nil)
                #expect(!error.description.isEmpty)
            }
        }
        // Otherwise nothing but the first lines was ever read.
        #expect(accepted > 100)
    }
}
