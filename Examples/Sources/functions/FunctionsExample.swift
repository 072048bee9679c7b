// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Programs that call functions of the application.
@main
struct FunctionsExample {
    struct Quote: PythonRecord {
        var symbol: String
        var price: Double

        static let example = Quote(symbol: "A", price: 20)
    }

    static func main() async throws {
        let functions = [
            HostFunction(
                "fetch_quote",
                "The price of a share in USD.",
                parameters: .init("symbol", "its ticker"),
                raises: [.init("UnknownSymbol", base: "LookupError", "There is no such share.")]
            ) { (symbol: String) async throws -> Quote in
                guard let price = ["A": 20.0, "B": 22.0][symbol] else {
                    throw PythonException("UnknownSymbol", symbol)
                }
                try await Task.sleep(for: .milliseconds(20))
                return Quote(symbol: symbol, price: price)
            },
            HostFunction("convert", parameters: "amount", .init("currency", kind: .keyword, default: "EUR")) {
                (amount: Double, currency: String) in
                currency == "EUR" ? amount * 0.9 : amount
            },
        ]
        let sandbox = Sandbox(try await Image.python(), functions: functions)
        // What a model is told about them.
        print(try await sandbox.toolDescription())
        print(try await sandbox.check("fetch_quote()\ntotal").map(\.description))

        let run = try await sandbox.run(
            """
            import asyncio
            quotes = await asyncio.gather(fetch_quote('A'), fetch_quote('B'))
            try:
                await fetch_quote('C')
            except UnknownSymbol as error:
                print('no', error)
            convert(sum(quote['price'] for quote in quotes))
            """
        )
        print(run.output, run.value ?? "", "after \(run.usage.hostCalls) calls")
    }
}
