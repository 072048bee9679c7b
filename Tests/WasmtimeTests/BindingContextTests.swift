// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import Wasmtime

/// What generated bindings are built on.
@Suite(.timeLimit(.minutes(1)))
struct BindingContextTests {
    private func context(_ text: String) async throws -> BindingContext {
        let context = BindingContext()
        let component = try TestEngine.component(text, TestEngine.make())
        let linker = Linker(engine: component.engine)
        try await context.instantiate(component, linker: linker, wasi: nil, limits: Store.Limits())
        return context
    }

    @Test("A resource of the component is dropped before the next call once its handle is gone")
    func drops() async throws {
        let context = try await context(ResourceTests.owner)
        do {
            let made = try await context.call(["make"], []).present()
            let handle = GuestResourceHandle(try made.resource(), drops: context.drops)
            #expect(try await context.call(["look"], [try handle.lend()]) == .u32(21))
            #expect(try await context.call(["dropped"], []) == .u32(0))
        }
        #expect(try await context.call(["dropped"], []) == .u32(21))
    }

    @Test("A handle that was given away can be neither lent nor given away again, and is not dropped")
    func given() async throws {
        let context = try await context(ResourceTests.owner)
        do {
            let made = try await context.call(["make"], []).present()
            let handle = GuestResourceHandle(try made.resource(), drops: context.drops)
            _ = try handle.take()
            #expect(throws: WasmtimeError.self) { try handle.lend() }
            #expect(throws: WasmtimeError.self) { try handle.take() }
        }
        #expect(try await context.call(["dropped"], []) == .u32(0))
    }

    private final class Thing: Sendable {}

    @Test("A table of the host's resources has an end, and forgets what is dropped")
    func table() throws {
        let table = HostResources<Thing>(maxCount: 2)
        let (first, second) = (Thing(), Thing())
        let handle = try table.insert(first)
        do {
            let (one, other) = (try table.lend(second), try table.lend(second))
            #expect(one == other)
            #expect(try table.element(one) === second)
            #expect(throws: WasmtimeError.self) { try table.insert(Thing()) }
            withExtendedLifetime((one, other)) {}
        }
        // Once no handle is left, what was lent takes no place.
        #expect(table.count == 1)
        for _ in 0..<10_000 { _ = try table.lend(Thing()) }
        #expect(table.count == 1)
        #expect(try table.element(handle) === first)
        #expect(throws: WasmtimeError.self) { try table.element(handle) }
        let number = try #require(try table.insert(first).resource().representation)
        table.drop(number)
        _ = try table.insert(first)
        #expect(throws: WasmtimeError.self) { try HostResources<Thing>().element(handle) }
        #expect(throws: WasmtimeError.self) { try table.element(.u32(1)) }
    }
}
