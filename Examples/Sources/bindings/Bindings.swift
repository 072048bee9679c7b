// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import Terrarium
import Wasmtime

/// The host's half of the component `Shop.wasm`: the build plugin made the types and protocols of its imports.
struct Office: Shop.Imports, Shop.Books.Imports {
    var books: any Shop.Books.Imports { self }

    func makeLedger(title: String) async -> any Shop.Books.Ledger { Ledger(title: title) }
}

final class Ledger: Shop.Books.Ledger {
    private let title: String
    private let balance = Mutex<Int64>(0)

    init(title: String) { self.title = title }

    func add(amount: Int64) async -> Int64 {
        balance.withLock { balance in
            balance += amount
            return balance
        }
    }

    deinit { print("closed: \(title), \(balance.withLock(\.self)) cents") }
}

@main
struct Bindings {
    static func main() async throws {
        let engine = try Engine(library: .load(path: Parts.locate().engineLibrary.path))
        guard let file = Bundle.module.path(forResource: "Shop", ofType: "wasm") else { return }
        let shop = try await Shop.Instance(Component(engine: engine, file: file), imports: Office())
        print("balance:", try await shop.settle(amounts: [1250, 399, -50]))
        do throws(ComponentCallError<Shop.Failure<String>>) {
            _ = try await shop.settle(amounts: [])
        } catch {
            guard case .failure(let reason) = error else { throw error }
            print("no balance:", reason.value)
        }
    }
}
