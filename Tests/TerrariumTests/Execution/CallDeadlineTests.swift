// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing
import Wasmtime

@testable import Terrarium

/// The end of calls: by time, by cancellation and by interrupts, at whatever moment they come.
@Suite(.timeLimit(.minutes(5)))
struct CallDeadlineTests {
    private static func limits(time: Duration?, grace: Duration = .seconds(60)) -> Limits {
        var limits = Limits()
        (limits.time, limits.grace) = (time, grace)
        return limits
    }

    /// Whether the guest may go on; else what ends it.
    private static func outcome(_ deadline: CallDeadline, raises: Bool = true) -> String {
        do {
            _ = try deadline.check { _ in raises }
            return "goes on"
        } catch let error as SandboxError {
            return error.code.name
        } catch {
            return "\(type(of: error))"
        }
    }

    /// Runs a closure on a thread that may block.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        let pool = WorkerPool(maxThreads: 1)
        return try await withCheckedThrowingContinuation { done in
            pool.submit { done.resume(with: Result { try body() }) }
        }
    }

    @Test("A cancellation that comes too late does not reach the next operation")
    func lateCancellation() throws {
        let deadline = CallDeadline()
        let first = deadline.begin()
        try deadline.start(Limits())
        deadline.end()
        deadline.cancel(first)
        #expect(!deadline.isCancelled)
        let second = deadline.begin()
        deadline.cancel(first)
        try deadline.start(Limits())
        #expect(Self.outcome(deadline) == "goes on")
        deadline.cancel(second)
        #expect(Self.outcome(deadline) == "CancellationError")
        #expect(throws: CancellationError.self) { try deadline.start(Limits()) }
        deadline.end()
        _ = deadline.begin()
        try deadline.start(Limits())
        #expect(Self.outcome(deadline) == "goes on")
    }

    @Test("A program that is told of its cancellation cleans up in peace, however often it is cancelled")
    func cleanUp() throws {
        let deadline = CallDeadline()
        let operation = deadline.begin()
        try deadline.start(Limits())
        deadline.cancel(operation)
        deadline.beginCleanUp()
        // The step that cleans up has a time of its own.
        try deadline.start(Self.limits(time: .seconds(60)))
        for _ in 0..<3 {
            deadline.cancel(operation)
            #expect(Self.outcome(deadline) == "goes on")
            try deadline.checkTime()
        }
        #expect(deadline.isCancelled)
        try deadline.start(Self.limits(time: .zero, grace: .zero))
        #expect(Self.outcome(deadline) == SandboxError.Code.timeLimit.name)
    }

    @Test("A cancellation wakes a program that waits, which then has the time of grace and no more")
    func cancelledWait() async throws {
        let deadline = CallDeadline()
        let operation = deadline.begin()
        let (waiting, signal) = AsyncStream<Void>.makeStream()
        async let ended: String = Self.onThread {
            try deadline.start(Self.limits(time: nil, grace: .milliseconds(1)))
            try deadline.wait(until: nil) {
                signal.yield()
                return false
            }
            while Self.outcome(deadline) == "goes on" {}
            return Self.outcome(deadline)
        }
        for await _ in waiting { break }
        deadline.cancel(operation)
        #expect(try await ended == SandboxError.Code.timeLimit.name)
    }

    @Test("A cancellation ends a sleep, and one that came before it lets none begin")
    func cancelledSleep() async throws {
        let deadline = CallDeadline()
        let operation = deadline.begin()
        let slept = Task {
            try await Self.onThread {
                try deadline.start(Self.limits(time: nil))
                return try deadline.sleep(nanoseconds: .max)
            }
        }
        try await Task.sleep(for: .milliseconds(20))
        deadline.cancel(operation)
        await #expect(throws: CancellationError.self) { try await slept.value }
        await #expect(throws: CancellationError.self) {
            try await Self.onThread { try deadline.sleep(nanoseconds: .max) }
        }
    }

    @Test("When its time is over a program is told once, and stopped after the time of grace")
    func grace() throws {
        let deadline = CallDeadline()
        _ = deadline.begin()
        try deadline.start(Self.limits(time: .zero, grace: .milliseconds(1)))
        #expect(Self.outcome(deadline) == "goes on")
        #expect(deadline.breach?.limit == .time)
        while Self.outcome(deadline) == "goes on" {}
        #expect(Self.outcome(deadline) == SandboxError.Code.timeLimit.name)
        // One in which no exception can be raised is stopped at once.
        try deadline.start(Self.limits(time: .zero))
        #expect(deadline.breach == nil)
        #expect(Self.outcome(deadline, raises: false) == SandboxError.Code.timeLimit.name)
    }

    @Test("Work of the host on behalf of the program ends with the time and the grace of the program")
    func hostWork() throws {
        let deadline = CallDeadline()
        let operation = deadline.begin()
        try deadline.start(Self.limits(time: .zero, grace: .zero))
        let error = #expect(throws: SandboxError.self) { try deadline.checkTime() }
        #expect(error?.code == .timeLimit)
        try deadline.start(Self.limits(time: nil))
        try deadline.checkTime()
        deadline.cancel(operation)
        #expect(throws: CancellationError.self) { try deadline.checkTime() }
    }

    @Test("Times of any length are limits", arguments: [Duration.seconds(Int64.max), .seconds(Int64.min), .zero])
    func extremes(time: Duration) throws {
        let deadline = CallDeadline()
        _ = deadline.begin()
        var limits = Self.limits(time: time, grace: time)
        limits.processorTime = time
        try deadline.start(limits)
        let isOver = time <= .zero
        #expect(Self.outcome(deadline) == (isOver ? SandboxError.Code.timeLimit.name : "goes on"))
    }

    @Test("An interrupt is raised once, and only in the operation that it was meant for")
    func interrupts() throws {
        let deadline = CallDeadline()
        deadline.interrupt()
        _ = deadline.begin()
        try deadline.start(Self.limits(time: nil))
        var raised: [InterruptWords.Exception] = []
        func check() throws {
            _ = try deadline.check {
                raised.append($0)
                return true
            }
        }
        try check()
        #expect(raised.isEmpty)
        deadline.interrupt()
        try check()
        try check()
        #expect(raised.count == 1)
        deadline.interrupt()
        deadline.end()
        _ = deadline.begin()
        try deadline.start(Self.limits(time: nil))
        try check()
        #expect(raised.count == 1)
    }
}
