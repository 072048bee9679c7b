// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// For models that write programs: what to tell them about the functions, and a look at what they wrote.
@main
struct ToolsExample {
    static func main() async throws {
        let functions = [
            HostFunction(
                "search_orders",
                "The numbers of a customer's orders.",
                parameters: .init("customer", "their name"),
                .init("limit", "at most so many", default: 10),
                raises: [.init("UnknownCustomer", base: "LookupError", "There is no such customer.")]
            ) { (customer: String, limit: Int) async throws -> [Int] in
                guard customer == "Ada" else { throw PythonException("UnknownCustomer", customer) }
                return Array([17, 23, 42].prefix(limit))
            }
        ]
        let sandbox = Sandbox(try await Image.python(), functions: functions)
        print(try await sandbox.toolDescription())

        let drafts = [
            "search_orders('Ada')",
            "orders = await search_orders(name='Ada')",
            "print(sum(await search_orders('Ada', limit=2)) + discount)",
            "sum(await search_orders('Ada', limit=2))",
        ]
        for draft in drafts {
            let problems = try await sandbox.check(draft)
            if problems.isEmpty {
                print("fine:", draft, "is", try await sandbox.run(Program(draft)).value ?? "")
            } else {
                print("to mend:", draft, problems.map(\.description))
            }
        }
    }
}
