// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import Terrarium

/// Host functions as they are declared, before any program sees them.
struct HostFunctionDeclarationTests {
    /// A type whose decoding and encoding must not be tried out.
    private struct Touchy: Codable {
        init(from decoder: any Decoder) throws { fatalError("decoded") }
        func encode(to encoder: any Encoder) throws { fatalError("encoded") }
    }

    private struct Quote: PythonRecord {
        enum CodingKeys: String, CodingKey {
            case symbol = "ticker"
            case bid, at, side, note, inner, touchy
        }

        enum Side: String, Codable, CaseIterable {
            case buy, sell
        }

        struct Inner: PythonRecord {
            var amount: PythonDecimal
            static let example = Inner(amount: PythonDecimal(1))
        }

        var symbol: String
        var bid: Double?
        var at: PythonDate?
        var side: Side
        var note: [String: Int]
        var inner: [Inner]
        var touchy: Touchy?

        static let example = Quote(symbol: "A", side: .buy, note: [:], inner: [])
    }

    @Test("No value is invented for a type: its decoder does not run while a function is declared")
    func inventedValues() {
        let function = HostFunction("f", parameters: "a", "b") { (a: Touchy, b: [Touchy]?) -> Touchy in a }
        #expect(function.parameters.map(\.type.annotation) == ["Any", "list[Any] | None"])
        #expect(function.result.annotation == "Any")
    }

    @Test("A record is shown with the fields that its example encodes")
    func records() throws {
        let function = HostFunction("f", parameters: "quote") { (quote: Quote) -> [Quote] in [quote] }
        #expect(function.parameters[0].type.annotation == "Quote")
        #expect(function.result.annotation == "list[Quote]")
        let record = try #require(function.records.first { $0.name == "Quote" })
        let fields = record.fields.map { "\($0.name): \($0.type.annotation)\($0.isOptional ? "?" : "")" }
        #expect(
            fields == [
                "ticker: str", "bid: float | None?", "at: date | None?", "side: Literal['buy', 'sell']",
                "note: dict[str, int]", "inner: list[Inner]", "touchy: Any?",
            ]
        )
        #expect(function.records.contains { $0.name == "Inner" && $0.fields.map(\.type) == [.decimal] })
    }

    @Test("An annotation that is written takes the place of the one that is found")
    func annotations() throws {
        let function = HostFunction(
            "f",
            parameters: .init("a", annotation: "dict[str, float]"),
            returns: "Literal[1, 2]"
        ) { (a: Touchy) -> Int in 1 }
        let text = try MessageWriter.text { try function.write(to: &$0) }
        #expect(text.contains(#""type":"dict[str, float]""#))
        #expect(text.contains(#""returns":"Literal[1, 2]""#))
        let optional = HostFunction("f", parameters: .init("a", annotation: "int | None")) { (a: Int?) -> Void in }
        #expect(optional.parameters[0].defaultValue == .null)
    }

    @Test("A wrong number of parameters is an error of the sandbox that gets the function, not the end of the process")
    func wrongCount() {
        let function = HostFunction("f", parameters: "a") { (a: Int, b: Int) in a + b }
        let error = #expect(throws: SandboxError.self) {
            try GuestRequest.configure([function], limits: Limits(), answersInput: false)
        }
        #expect(error?.code == .invalidFunction)
        #expect(error?.message.contains("f takes 2 arguments in Swift, and 1 parameters are described") == true)
    }
}
