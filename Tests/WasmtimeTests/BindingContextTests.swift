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
            let made = try await ComponentValue.present(context.call(["make"], []))
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
            let made = try await ComponentValue.present(context.call(["make"], []))
            let handle = GuestResourceHandle(try made.resource(), drops: context.drops)
            _ = try handle.take()
            #expect(throws: WasmtimeError.self) { try handle.lend() }
            #expect(throws: WasmtimeError.self) { try handle.take() }
        }
        #expect(try await context.call(["dropped"], []) == .u32(0))
    }

    private func make(_ representations: [UInt32], in context: BindingContext) async throws -> [Resource] {
        var resources: [Resource] = []
        for representation in representations {
            let made = try await context.call(["make"], [.u32(representation)])
            resources.append(try ComponentValue.present(made).resource())
        }
        return resources
    }

    @Test("A handle that cannot be dropped fails neither the next call nor the drops after it")
    func failingDrop() async throws {
        let context = try await context(Self.fragile)
        let resources = try await make([3, 4], in: context)
        for resource in [resources[0], resources[0], resources[1]] { context.drops.add(resource) }
        #expect(try await context.call(["dropped"], []) == .u32(7))
        #expect(try await context.call(["dropped"], []) == .u32(7))
    }

    @Test("A destructor that traps is named as the reason why the component cannot be called any more")
    func trappingDestructor() async throws {
        let context = try await context(Self.fragile)
        for resource in try await make([3, 0, 4], in: context) { context.drops.add(resource) }
        // The engine closes a component to its host after a trap, so the calls cannot be saved.
        for _ in 0..<2 {
            let error = await #expect(throws: WasmtimeError.self) { try await context.call(["dropped"], []) }
            #expect((error?.cause as? Trap)?.code == .unreachable)
        }
    }

    @Test("A thread that the system cannot start is an error of the instance")
    func noThread() async throws {
        // More than the address space of a process.
        let engine = try TestEngine.make { $0.maxWasmStackBytes = 1 << 60 }
        let component = try TestEngine.component("(component)", engine)
        let error = await #expect(throws: WasmtimeError.self) {
            try await BindingContext()
                .instantiate(component, linker: Linker(engine: engine), wasi: nil, limits: Store.Limits())
        }
        #expect(error?.code == .threadUnavailable)
    }

    @Test("A thread has at least the stack that was asked for, whatever the system rounds it to")
    func threadStack() async throws {
        for (bytes, depth) in [(0, 1), (1, 1), (100_000, 10), ((24 << 20) + 1, 16_000)] {
            let reached = try await withCheckedThrowingContinuation { continuation in
                do {
                    try HostThread.start(stackBytes: bytes) { continuation.resume(returning: Self.recurse(depth)) }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            #expect(reached == depth)
        }
    }

    /// Uses at least 512 bytes of stack for each level.
    @inline(never)
    private static func recurse(_ depth: Int) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
            buffer.initialize(repeating: UInt8(truncatingIfNeeded: depth))
            return depth == 0
                ? 0 : recurse(depth - 1) + (buffer[depth % 512] == UInt8(truncatingIfNeeded: depth) ? 1 : 0)
        }
    }

    /// Exports a resource whose destructor traps where the representation is 0, and otherwise adds it up.
    private static let fragile = """
        (component
          (core module $destructor
            (global $dropped (mut i32) (i32.const 0))
            (func (export "dtor") (param i32)
              (if (i32.eqz (local.get 0)) (then unreachable))
              (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
            (func (export "dropped") (result i32) (global.get $dropped)))
          (core instance $destructor (instantiate $destructor))
          (type $thing' (resource (rep i32) (dtor (core func $destructor "dtor"))))
          (export $thing "thing" (type $thing'))
          (core func $new (canon resource.new $thing'))
          (core module $code
            (import "" "new" (func $new (param i32) (result i32)))
            (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
          (core instance $code (instantiate $code (with "" (instance (export "new" (func $new))))))
          (func (export "make") (param "n" u32) (result (own $thing)) (canon lift (core func $code "make")))
          (func (export "dropped") (result u32) (canon lift (core func $destructor "dropped"))))
        """

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

    private protocol Named: Sendable { var name: String { get } }
    private struct Value: Named { let name: String }

    @Test("Two values that are lent at once have handles of their own, though they are no objects")
    func lendingValues() throws {
        let table = HostResources<any Named>()
        let names = (0..<1_000).map { "value \($0)" }
        let handles = try names.map { try table.lend(Value(name: $0)) }
        #expect(try handles.map { try table.element($0).name } == names)
        withExtendedLifetime(handles) {}
    }
}
