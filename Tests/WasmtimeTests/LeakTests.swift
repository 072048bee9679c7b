// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing
import Wasmtime

struct LeakTests {
    @Test("Nothing is left when everything has gone, in a process of its own", .timeLimit(.minutes(10)))
    func noLeaks() async {
        await #expect(processExitsWith: .success) {
            precondition(LiveHandles.count == 0)
            try LeakTests.succeedAndFail()
            try await LeakTests.succeedAndFailInBindings()
            // The thread of an instance ends some time after the instance has gone.
            for _ in 0..<1000 where LiveHandles.count != 0 { try await Task.sleep(for: .milliseconds(1)) }
            precondition(LiveHandles.count == 0, "\(LiveHandles.count) handles are alive")
        }
    }

    private static func succeedAndFail() throws {
        for sample in ComponentValueTests.samples {
            let engine = try TestEngine.make { $0.componentModelMaps = true }
            let instance = try TestEngine.instance(sample.component.text, engine) { linker in
                try linker.withRoot { root in
                    try root.define("host") { _, arguments in arguments.first }
                    try? root.define("host") { _, arguments in arguments.first }
                }
            }
            precondition(LiveHandles.count > 0)
            for value in sample.values { try instance.function("run").call(value) }
            _ = try? instance.function("run").call(.list([]))
            _ = try? instance.function("missing").call()
            _ = try instance.component.imports()
        }
        for function in ["unreachable", "divide", "recurse"] {
            let engine = try TestEngine.make { $0.epochInterruption = true }
            let instance = try TestEngine.instance(Guests.misbehaving, engine)
            instance.store.onEpochDeadline { .trap }
            instance.store.onEpochDeadline { .continue(epochs: 1) }
            _ = try? instance.function(function).call()
        }
        let counters = ResourceTests.Counters()
        let instance = try TestEngine.instance(ResourceTests.guest, define: counters.define)
        _ = try instance.function("leak").call()
        _ = try instance.function("use").call(.u32(1))
        let owner = try TestEngine.instance(ResourceTests.owner)
        guard case .resource(let thing) = try owner.function("make").call() else { preconditionFailure("no resource") }
        _ = try owner.function("look").call(.resource(thing))
        try owner.store.drop(thing)
        try wasi()
    }

    private static func wasi() throws {
        let engine = try TestEngine.make()
        let linker = Linker(engine: engine)
        try linker.addWASI()
        let store = Store(engine: engine)
        var wasi = WASIConfiguration()
        wasi.standardOutput = .custom { _ in }
        wasi.standardError = .custom { _ in }
        wasi.arguments = ["a", "b"]
        try store.setWASI(wasi)
        wasi.directories = [.init(hostPath: "/nowhere", guestPath: "/")]
        _ = try? store.setWASI(wasi)
        _ = try linker.instantiate(TestEngine.component(WASITests.guest, engine), in: store).function("hello").call()
    }

    private static func succeedAndFailInBindings() async throws {
        struct Refused: Error {}
        let engine = try TestEngine.make()
        let component = try TestEngine.component(EchoComponent("string", "i32", "i32").text, engine)
        for outcome in ["value", "error", "cancel"] {
            let linker = Linker(engine: engine)
            let (started, start) = AsyncStream<Void>.makeStream()
            try linker.withRoot { root in
                try root.define("host") { arguments in
                    start.yield()
                    if outcome == "error" { throw Refused() }
                    if outcome == "cancel" { try await Task.sleep(for: .seconds(1_000)) }
                    return arguments.first
                }
            }
            let context = BindingContext()
            try await context.instantiate(component, linker: linker, wasi: nil, limits: Store.Limits())
            let task = Task { try await context.call(["run"], [.string("x")]) }
            for await _ in started { break }
            if outcome == "cancel" { task.cancel() }
            let result = await task.result
            precondition((try? result.get()) == (outcome == "value" ? .string("x") : nil))
        }
    }
}
