// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing
import Wasmtime

/// The host's half of the echo world: hands everything back.
final class Mirror: Echo.Imports, Echo.Mirror.Imports {
    let notes = Mutex<[String]>([])
    let counters = Mutex<[Weak]>([])

    struct Weak: Sendable { weak let counter: Counter? }

    final class Counter: Echo.Mirror.Counter {
        let value: Mutex<UInt32>

        init(_ value: UInt32) { self.value = Mutex(value) }

        func add(amount: UInt32) async -> UInt32 {
            value.withLock { value in
                value += amount
                return value
            }
        }
    }

    var mirror: any Echo.Mirror.Imports { self }

    func note(text: String) async throws(Echo.Failure<Void>) {
        if text == "refuse" { throw Echo.Failure(()) }
        await Task.yield()
        notes.withLock { $0.append(text) }
    }

    func reflectNested(value: Echo.Types.Nested) async -> Echo.Types.Nested { value }

    func reflectProblem(value: Echo.Types.Problem) async -> Echo.Types.Problem { value }

    func reflectNames(
        value: [String],
        color: Echo.Types.Color,
        few: Echo.Types.Few
    ) async -> ([String], Echo.Types.Color, Echo.Types.Few) {
        (value, color, few)
    }

    func choose(
        value: Result<Echo.Types.Numbers, Echo.Types.Problem>
    ) async throws(Echo.Types.Problem) -> Echo.Types.Numbers {
        switch value {
        case .success(let numbers): return numbers
        case .failure(let problem): throw problem
        }
    }

    func makeCounter(start: UInt32) async -> any Echo.Mirror.Counter { counter(start) }

    func counterZero() async -> any Echo.Mirror.Counter { counter(0) }

    func pass(counter: any Echo.Mirror.Counter) async -> any Echo.Mirror.Counter { counter }

    func total(counters: [any Echo.Mirror.Counter]) async -> UInt32 {
        var total: UInt32 = 0
        for counter in counters { total += await counter.add(amount: 0) }
        return total
    }

    private func counter(_ start: UInt32) -> Counter {
        let counter = Counter(start)
        counters.withLock { $0.append(Weak(counter: counter)) }
        return counter
    }
}

/// Bindings that the plugin generated, with a component that componentize-py built.
@Suite(.timeLimit(.minutes(10)))
struct RoundTripTests {
    /// The component, built and compiled once.
    private actor Guest {
        static let shared = Guest()
        private var task: Task<Component, any Error>?

        func component() async throws -> Component {
            let task =
                self.task
                ?? Task {
                    let folder = try TemporaryFolder()
                    let here = URL(filePath: #filePath).deletingLastPathComponent()
                    for name in ["app.py", "guest.py"] {
                        let file = here.appending(path: "Fixtures/\(name)")
                        try FileManager.default.copyItem(at: file, to: folder.url.appending(path: name))
                    }
                    try await HostTools.run(
                        "componentize-py",
                        ["-d", here.appending(path: "Echo.wit").path, "-w", "echo-world", "componentize", "app"]
                            + ["-o", "echo.wasm"],
                        in: folder.url
                    )
                    let library = try TestEnvironment.value(of: "TERRARIUM_ENGINE_LIBRARY")
                    var configuration = Engine.Configuration()
                    configuration.maxWasmStackBytes = 2 << 20
                    let engine = try Engine(library: .load(path: library), configuration: configuration)
                    return try Component(engine: engine, file: folder.url.appending(path: "echo.wasm").path)
                }
            self.task = task
            return try await task.value
        }
    }

    private func instance(_ mirror: Mirror = Mirror()) async throws -> Echo.Instance {
        try await Echo.Instance(Guest.shared.component(), imports: mirror, wasi: WASIConfiguration())
    }

    /// Values as text, because tuples cannot be compared.
    private func same(_ left: some Any, _ right: some Any) -> Bool {
        String(reflecting: left) == String(reflecting: right)
    }

    @Test("Every value comes back as it was, through the component and the host")
    func property() async throws {
        let instance = try await instance()
        var values = ValueGenerator(seed: 7)
        for _ in 0..<300 {
            let nested = values.nested()
            #expect(same(try await instance.guest.sendNested(value: nested), nested))
            let problem = values.problem()
            #expect(same(try await instance.guest.sendProblem(value: problem), problem))
            let names = (values.list { $0.text() }, values.color(), values.few())
            #expect(same(try await instance.guest.sendNames(value: names.0, color: names.1, few: names.2), names))
            let bytes: [UInt8] = values.list { $0.integer() }
            #expect(try await instance.guest.bytes(value: bytes) == bytes)
        }
    }

    @Test("Results are thrown at the top level, in both directions")
    func results() async throws {
        let instance = try await instance()
        var values = ValueGenerator(seed: 8)
        for _ in 0..<50 {
            let numbers = values.numbers()
            #expect(same(try await instance.guest.choose(value: .success(numbers)), numbers))
            let problem = values.problem()
            do throws(ComponentCallError<Echo.Types.Problem>) {
                _ = try await instance.guest.choose(value: .failure(problem))
                Issue.record("nothing was thrown")
            } catch {
                guard case .failure(let thrown) = error else { throw error }
                #expect(same(thrown, problem))
            }
        }
        #expect(try await instance.run(in: "text") == "txet")
        await #expect { try await instance.run(in: "fail") } throws: { error in
            guard case .failure(let failure)? = error as? ComponentCallError<Echo.Failure<String>> else { return false }
            return failure.value == "as you wish"
        }
        await #expect { try await instance.run(in: "refuse") } throws: { error in
            guard case .failure(let failure)? = error as? ComponentCallError<Echo.Failure<String>> else { return false }
            return failure.value == "the host refused"
        }
    }

    @Test("Resources of the host live as long as the component holds them")
    func hostResources() async throws {
        let mirror = Mirror()
        let instance = try await instance(mirror)
        let borrowed = Mirror.Counter(5)
        let own = Mirror.Counter(50)
        let (total, back) = try await instance.guest.count(counter: borrowed, mine: own)
        #expect(total == 6 + 60 + 100 + 1000)
        #expect(back === own)
        #expect(await borrowed.add(amount: 0) == 6)
        // Those that the component made are gone with its handles.
        #expect(mirror.counters.withLock { $0.count } == 2)
        #expect(mirror.counters.withLock { $0.allSatisfy { $0.counter == nil } })
    }

    @Test("What is lent takes no place after the call", .timeLimit(.minutes(2)))
    func loans() async throws {
        let instance = try await instance()
        var lent: [Mirror.Weak] = []
        for number in 0..<10_000 {
            let counter = Mirror.Counter(UInt32(number))
            lent.append(Mirror.Weak(counter: counter))
            let (_, back) = try await instance.guest.count(counter: counter, mine: counter)
            #expect(back === counter)
        }
        #expect(lent.allSatisfy { $0.counter == nil })
    }

    @Test("Resources of the component are lent and given back to it")
    func guestResources() async throws {
        let instance = try await instance()
        let left = try await instance.guest.makeBox(text: "left")
        let right = try await instance.guest.makeBox(text: "right")
        #expect(try await instance.guest.alive() == 2)
        let merged = try await instance.guest.boxMerge(left: left, right: right)
        #expect(try await merged.get() == "leftright")
        // The component took it over.
        await #expect(throws: (any Error).self) { try await right.get() }
        #expect(try await left.get() == "left")
    }

    @Test("A component that crashes interrupts the call, and says why")
    func trap() async throws {
        let instance = try await instance()
        await #expect { try await instance.guest.fail(text: "crash") } throws: { error in
            guard case .interrupted(let cause)? = error as? ComponentCallError<Never> else { return false }
            return cause is Trap
        }
    }

    @Test("Calls from many tasks run one after the other")
    func concurrency() async throws {
        let mirror = Mirror()
        let instance = try await instance(mirror)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let reversed = try await instance.run(in: "\(number)")
                    #expect(reversed.count == "\(number)".count)
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(mirror.notes.withLock(\.self)) == Set((0..<40).map(String.init)))
    }
}
