// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Testing
import Wasmtime

struct AsyncTests {
    /// An instance of ``EchoComponent`` with an asynchronous host function.
    private func echo(
        _ component: EchoComponent = EchoComponent("string", "i32", "i32"),
        _ engine: Engine? = nil,
        host: @escaping LinkerInstance.AsyncFunction
    ) async throws -> Function {
        let engine = try engine ?? TestEngine.make()
        let linker = Linker(engine: engine)
        try linker.withRoot { try $0.defineAsync("host", host) }
        let store = Store(engine: engine)
        return try await linker.instantiateAsync(TestEngine.component(component.text, engine), in: store)
            .function("run")
    }

    @Test("A host function that suspends delivers its result")
    func suspends() async throws {
        let run = try await echo { arguments in
            await Task.yield()
            try await Task.sleep(for: .milliseconds(5))
            return arguments.first
        }
        for text in ["one", "two", ""] { #expect(try await run.callAsync(.string(text)) == .string(text)) }
    }

    @Test("A host function that does not suspend delivers its result")
    func immediate() async throws {
        let run = try await echo { $0.first }
        for _ in 0..<1_000 { #expect(try await run.callAsync(.string("x")) == .string("x")) }
    }

    @Test("Guests in many stores wait at the same time", .timeLimit(.minutes(10)))
    func concurrent() async throws {
        let engine = try TestEngine.make()
        let gate = Gate(count: 50)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask {
                    let run = try await echo(EchoComponent("u32", "i32"), engine) { arguments in
                        // Opens when all fifty are here: none of them blocks another.
                        await gate.arrive()
                        return arguments.first
                    }
                    #expect(try await run.callAsync(.u32(UInt32(index))) == .u32(UInt32(index)))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("An error of an asynchronous host function comes out of the call")
    func hostError() async throws {
        struct Refused: Error {}
        for delay in [0, 5] {
            let run = try await echo { _ in
                if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
                throw Refused()
            }
            await #expect(throws: Refused.self) { try await run.callAsync(.string("x")) }
            // The guest was dropped in the middle.
            let trap = await #expect(throws: Trap.self) { try await run.callAsync(.string("x")) }
            #expect(trap?.code == .cannotEnterComponent)
        }
    }

    @Test("A result of the wrong type is an error, not a crash")
    func wrongResult() async throws {
        for result in [nil, .u32(1), .list([])] as [ComponentValue?] {
            let run = try await echo { _ in result }
            await #expect(throws: (any Error).self) { try await run.callAsync(.string("x")) }
        }
    }

    @Test("Cancelling the task stops the guest and cancels the host function", .timeLimit(.minutes(10)))
    func cancellation() async throws {
        let started = Gate(count: 2)
        let cancelled = Gate(count: 2)
        let task = Task {
            let run = try await echo { _ in
                await started.arrive()
                do {
                    try await Task.sleep(for: .seconds(1000))
                } catch {
                    Task { await cancelled.arrive() }
                    throw error
                }
                return nil
            }
            return try await run.callAsync(.string("x"))
        }
        await started.arrive()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await cancelled.arrive()
    }

    @Test("A busy guest yields at its deadline, and can be cancelled there", .timeLimit(.minutes(10)))
    func yielding() async throws {
        let engine = try TestEngine.make { $0.epochInterruption = true }
        let yields = Mutex(0)
        let instance = try TestEngine.instance(Guests.misbehaving, engine)
        instance.store.setEpochDeadline(epochs: 0)
        instance.store.onEpochDeadline {
            yields.withLock { $0 += 1 }
            if yields.withLock({ $0 }) == 100 { withUnsafeCurrentTask { $0?.cancel() } }
            return .yield(epochs: 0)
        }
        let loop = try instance.function("loop")
        // The guest cancels the very task that drives it.
        await #expect(throws: CancellationError.self) { try await loop.callAsync() }
        #expect(yields.withLock { $0 } == 100)
    }

    @Test("Yielding to the deadline does not disturb the result")
    func yieldingResult() async throws {
        let engine = try TestEngine.make { $0.epochInterruption = true }
        let instance = try TestEngine.instance(Guests.misbehaving, engine)
        instance.store.setEpochDeadline(epochs: 0)
        instance.store.onEpochDeadline { .yield(epochs: 0) }
        #expect(try await instance.function("count").callAsync(.u32(500)) == .u32(7))
    }

    @Test("A trap in an asynchronous call carries its code")
    func trap() async throws {
        let instance = try TestEngine.instance(Guests.misbehaving)
        let divide = try instance.function("divide")
        let trap = await #expect(throws: Trap.self) { try await divide.callAsync() }
        #expect(trap?.code == .integerDivisionByZero)
        #expect(trap?.frames.isEmpty == false)
    }

    @Test("A synchronous call of a component with asynchronous imports is an error, not a crash")
    func synchronousCall() async throws {
        let run = try await echo { $0.first }
        func callSynchronously() throws { try run.call(.string("x")) }
        #expect(throws: WasmtimeError.self) { try callSynchronously() }
        let engine = try TestEngine.make()
        let linker = Linker(engine: engine)
        try linker.withRoot { try $0.defineAsync("host") { $0.first } }
        let component = try TestEngine.component(Guests.callingOut, engine)
        #expect(throws: WasmtimeError.self) { try linker.instantiate(component, in: Store(engine: engine)) }
    }

    @Test("A second call during a call is an error, not a crash")
    func reentrance() async throws {
        final class Session: @unchecked Sendable { var run: Function? }
        let session = Session()
        let run = try await echo { _ in
            try await session.run?.callAsync(.string("inner"))
        }
        session.run = run
        let error = await #expect(throws: WasmtimeError.self) { try await run.callAsync(.string("outer")) }
        #expect(error?.code == .storeBusy)
        session.run = nil
    }
}

/// Holds back those who arrive until a number of them have.
private actor Gate {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { missing = count }

    func arrive() async {
        missing -= 1
        guard missing > 0 else {
            for continuation in waiting { continuation.resume() }
            waiting = []
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
