// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Programs that are put to sleep in the middle of an `await`.
@Suite(.timeLimit(.minutes(10)))
struct SuspensionTests {
    private static let functions = [
        HostFunction("fetch", parameters: "name") { (name: String) async throws -> Int in name.utf8.count }
    ]

    /// Awaits two calls, one after the other, and prints before, between and after.
    private static let program = """
        import asyncio
        print('begin')
        async def both():
            first = await fetch('abc')
            print('first', first)
            second = await fetch('defgh' * first)
            print('second', second)
            return first + second
        total = await asyncio.wait_for(both(), 1_000_000)
        print('total', total)
        total
        """

    private func sandbox(limits: Limits = TestImage.patient) async throws -> Sandbox {
        Sandbox(try await TestImage.python, functions: Self.functions, limits: limits)
    }

    private func suspension(_ step: Sandbox.Step) throws -> Sandbox.Suspension {
        guard case .suspended(let suspension) = step else {
            throw HostPython.Failure(description: "the program is not suspended: \(step)")
        }
        return suspension
    }

    private static func finished(_ step: Sandbox.Step) throws -> Run {
        guard case .finished(let run) = step else {
            throw HostPython.Failure(description: "the program has not ended: \(step)")
        }
        return run
    }

    @Test("A program stops at each call, and goes on with what it is answered")
    func steps() async throws {
        let sandbox = try await sandbox()
        let first = try suspension(try await sandbox.start(Program(Self.program)))
        #expect(first.progress.output == "begin\n")
        #expect(first.calls.map(\.function) == ["fetch"] && first.calls.first?.arguments == ["abc"])
        #expect(first.wakeAt.map { $0 > .now + .seconds(900_000) } == true)
        #expect(await sandbox.isSuspended)
        let busy = await #expect(throws: SandboxError.self) { try await sandbox.run("1") }
        #expect(busy?.code == .busy)

        let second = try suspension(try await sandbox.resume(with: [first.calls[0].answered(with: 2)]))
        #expect(second.progress.output == "first 2\n")
        #expect(second.calls.first?.arguments == ["defghdefgh"])
        let run = try Self.finished(try await sandbox.resume(with: [await sandbox.perform(second.calls[0])]))
        #expect(run.output == "second 10\ntotal 12\n" && run.value == 12)
        let idle = await #expect(throws: SandboxError.self) { try await sandbox.resume() }
        #expect(idle?.code == .notSuspended)
        #expect(try await sandbox.evaluate("total") == 12)
    }

    @Test("Suspended, stored and resumed by other processes, a program prints what it prints uninterrupted")
    func otherProcess() async throws {
        let whole = try await sandbox().run(Program(Self.program))
        #expect(whole.error == nil && whole.value == 18)

        let folder = try TemporaryFolder()
        let sandbox = try await sandbox()
        var suspension = try suspension(try await sandbox.start(Program(Self.program)))
        var output = suspension.progress.output
        try await sandbox.snapshot().write(to: folder.url.appending(path: "snapshot"))
        for _ in 0..<2 {
            try await #require(processExitsWith: .success) { [path = folder.url.path as String] in
                try await SuspensionTests.resumeStored(in: URL(filePath: path))
            }
            output += try String(contentsOf: folder.url.appending(path: "output"), encoding: .utf8)
        }
        #expect(output == whole.output)
        suspension = try self.suspension(try await sandbox.resume())
        #expect(suspension.calls.count == 1, "the first process's own program still waits")
    }

    /// What another process does: answers the calls of a stored sandbox, and stores it again.
    private static func resumeStored(in folder: URL) async throws {
        let file = folder.appending(path: "snapshot")
        let snapshot = try await Snapshot(contentsOf: file, image: TestImage.python)
        let sandbox = try Sandbox(restoring: snapshot, functions: functions, limits: TestImage.patient)
        guard case .suspended(let suspension) = try await sandbox.resume() else { fatalError("it does not wait") }
        var answers: [HostCall.Answer] = []
        for call in suspension.calls { answers.append(await sandbox.perform(call)) }
        let progress =
            switch try await sandbox.resume(with: answers) {
            case .finished(let run): run
            case .suspended(let suspension): suspension.progress
            }
        try progress.output.write(to: folder.appending(path: "output"), atomically: true, encoding: .utf8)
        try await sandbox.snapshot().write(to: file)
    }

    @Test("Forks of a suspended sandbox go on with different answers")
    func fork() async throws {
        let sandbox = try await sandbox()
        let call = try suspension(try await sandbox.start("price = await fetch('A')\nprice * 2")).calls[0]
        let forks = try await [sandbox, sandbox.fork(), sandbox.fork()]
        for (index, fork) in forks.enumerated() {
            let run = try Self.finished(try await fork.resume(with: [call.answered(with: index * 100)]))
            #expect(run.value == PythonValue(index * 200))
        }
        #expect(try await forks[2].evaluate("price") == 200)
    }

    @Test("sleep, gather, TaskGroup, timeout, queues and locks work while nothing but time passes")
    func asyncio() async throws {
        let sandbox = try await sandbox()
        let program = """
            import asyncio
            async def worker(queue, out, lock):
                while (item := await queue.get()) is not None:
                    await asyncio.sleep(0.001)
                    async with lock: out.append(item)
            async def main():
                queue, out, lock = asyncio.Queue(2), [], asyncio.Lock()
                async with asyncio.TaskGroup() as group:
                    for _ in range(3): group.create_task(worker(queue, out, lock))
                    for item in range(10): await queue.put(item)
                    for _ in range(3): await queue.put(None)
                try:
                    async with asyncio.timeout(0.005): await asyncio.Event().wait()
                except TimeoutError: out.append('timeout')
                return sorted(out[:-1]) == list(range(10)) and out[-1]
            asyncio.run(main())
            """
        var step = try await sandbox.start(Program(program))
        var count = 0
        while case .suspended(let suspension) = step {
            count += 1
            #expect(suspension.calls.isEmpty)
            try await Task.sleep(until: try #require(suspension.wakeAt), clock: .continuous)
            step = try await sandbox.resume()
        }
        #expect(count >= 4)
        #expect(try Self.finished(step).value == "timeout")
    }

    @Test("The program's monotonic clock goes on in a copy, and does not count the time on disk")
    func clock() async throws {
        let sandbox = try await sandbox()
        let program = """
            import time, asyncio
            start = time.monotonic()
            await asyncio.sleep(500)
            time.monotonic() - start
            """
        _ = try await sandbox.start(Program(program))
        let snapshot = try await sandbox.snapshot()
        try await Task.sleep(for: .milliseconds(100))
        let created = ContinuousClock.now
        let copy = try Sandbox(restoring: snapshot, limits: TestImage.patient)
        _ = try await copy.resume()
        let shown = copy.context.clock.monotonicTime
        #expect(shown >= snapshot.monotonicTime)
        #expect(Duration.nanoseconds(shown - snapshot.monotonicTime) <= ContinuousClock.now - created)

        // As if the machine had been started anew: the clock that the program knows is far ahead of this one's.
        var later = snapshot
        later.monotonicTime += 1_000_000_000_000
        let ahead = try Sandbox(restoring: later, limits: TestImage.patient)
        let jump: Double = try Self.finished(try await ahead.resume()).decode()
        #expect(jump > 900 && jump < 1_500)
    }

    @Test("A cancelled program may clean up and wait again; an abandoned one does neither")
    func cancel() async throws {
        let sandbox = try await sandbox()
        let program = "log = []\ntry:\n  await fetch('a')\nfinally:\n  log.append(await fetch('b'))"
        _ = try await sandbox.start(Program(program))
        let cleaning = try suspension(try await sandbox.cancel("stop"))
        #expect(cleaning.calls.map(\.arguments) == [["b"]])
        let run = try Self.finished(try await sandbox.resume(with: [cleaning.calls[0].answered(with: 5)]))
        #expect(run.error?.type.hasSuffix("CancelledError") == true && run.error?.message == "stop")
        #expect(try await sandbox.evaluate("log") == [5])

        _ = try await sandbox.start(Program(program))
        try await sandbox.abandon()
        #expect(try await sandbox.evaluate("log") == [Int]())
    }

    @Test("A step that has to be stopped leaves the program suspended as it was")
    func stoppedStep() async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        limits.grace = .milliseconds(50)
        let sandbox = try await sandbox(limits: limits)
        let call = try suspension(try await sandbox.start("n = await fetch('a')\nsum(range(n))")).calls[0]
        await #expect(throws: SandboxError.self) {
            try await sandbox.resume(with: [call.answered(with: 1_000_000_000_000)])
        }
        #expect(await sandbox.isSuspended)
        #expect(try Self.finished(try await sandbox.resume(with: [call.answered(with: 4)])).value == 6)
    }

    @Test("Rolling back to a snapshot brings a suspended program back")
    func rollback() async throws {
        let sandbox = try await sandbox()
        let call = try suspension(try await sandbox.start("await fetch('a')")).calls[0]
        let snapshot = try await sandbox.snapshot()
        _ = try await sandbox.resume(with: [call.answered(with: 1)])
        try await sandbox.rollback(to: snapshot)
        #expect(try suspension(try await sandbox.resume()).calls == [call])
        #expect(try Self.finished(try await sandbox.resume(with: [call.answered(with: 7)])).value == 7)
    }

    @Test("A hundred suspended sandboxes hold no thread")
    func threads() async throws {
        let image = try await TestImage.python
        var sandboxes: [Sandbox] = []
        for _ in 0..<100 {
            let sandbox = Sandbox(image, functions: Self.functions, limits: TestImage.patient)
            _ = try await sandbox.start("await fetch('a')")
            sandboxes.append(sandbox)
        }
        // Threads that took the place of blocked ones end when they had no work for a while.
        while image.runtime.workers.threadCount > max(16, 4 * ProcessInfo.processInfo.activeProcessorCount) {
            try await Task.sleep(for: .milliseconds(100))
        }
        for (index, sandbox) in sandboxes.enumerated() {
            let call = try suspension(try await sandbox.resume()).calls[0]
            let run = try Self.finished(try await sandbox.resume(with: [call.answered(with: index)]))
            #expect(try run.decode(Int.self) == index)
        }
    }
}
