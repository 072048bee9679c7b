// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Programs that run into limits.
extension SandboxTests {
    @Test(
        "The time limit holds for a program in a thread",
        arguments: ["while True: pass", "threading.Event().wait(600)"]
    )
    func threadsTimeLimit(body: String) async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        let sandbox = Sandbox(try await TestImage.python, limits: limits)
        _ = try await sandbox.run("import threading\nkept = 1")
        let code = "def work():\n    \(body)\nthread = threading.Thread(target=work)\nthread.start()\nthread.join()"
        let run = try await sandbox.run(Program(code))
        #expect(run.error?.type == "TimeoutError")
        #expect(run.breaches.map(\.limit) == [.time])
        #expect(try await sandbox.evaluate("kept") == 1)
    }

    @Test("A limit that is reached is named, with what was used and allowed, and the sandbox goes on")
    func breaches() async throws {
        var limits = TestImage.patient
        limits.memoryBytes = 32 << 20
        limits.outputBytes = 1_000
        limits.valueBytes = 1_000
        let sandbox = try await sandbox(limits: limits)
        let memory = try await sandbox.run("x = bytes(64 << 20)")
        #expect(memory.error?.type == "MemoryError")
        #expect(memory.breaches.map(\.limit) == [.memory])
        #expect(memory.breaches.first?.allowed == .bytes(32 << 20))
        let output = try await sandbox.run("print('x' * 2_000)")
        #expect(output.breaches.map(\.limit) == [.output])
        #expect(output.breaches.first == LimitBreach(.output, used: .bytes(2_000), allowed: .bytes(1_000)))
        #expect(output.error?.type == "OSError" || output.output.isEmpty)
        let value = try await sandbox.run("'x' * 2_000")
        #expect(value.value == nil && value.breaches.map(\.limit) == [.value])
        let buffer = try await sandbox.run("bytes(5_000)")
        #expect(buffer.value == nil && buffer.breaches.map(\.limit) == [.value])
        #expect(throws: SandboxError.self) { try buffer.decode([UInt8].self) }
        #expect(try await sandbox.evaluate("1 + 1") == 2)
    }

    @Test("A program that computes too long gets a TimeoutError; one that ignores it is stopped, and undone")
    func timeLimit() async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        let sandbox = try await sandbox(limits: limits)
        let run = try await sandbox.run("done = 0\ntry:\n  while True: pass\nfinally:\n  done = 1")
        #expect(run.error?.type == "TimeoutError")
        let limit = LimitBreach.Amount.time(.milliseconds(300))
        #expect(run.breaches == [LimitBreach(.time, used: limit, allowed: limit)])
        #expect(try await sandbox.evaluate("done") == 1)
        let stopped = await #expect(throws: SandboxError.self) {
            try await sandbox.run("done = 2\nsum(range(10 ** 12))")
        }
        #expect(stopped?.code == .timeLimit && stopped?.breach?.limit == .time)
        #expect(try await sandbox.evaluate("done") == 1)
    }

    @Test("A time limit that is over at once interrupts a program, and never the interpreter around it")
    func immediateTimeLimit() async throws {
        var limits = Limits()
        limits.time = .nanoseconds(1)
        let sandbox = try await sandbox(limits: limits)
        for _ in 0..<2_000 {
            // An interrupt outside of the program's reach would stop the interpreter, and be thrown.
            _ = try await sandbox.run("1 + 1")
        }
        let run = try await sandbox.run("while True: pass")
        #expect(run.error?.type == "TimeoutError" && run.breaches.map(\.limit) == [.time])
    }

    @Test("Processor time and displays have limits, and so has the depth of calls")
    func furtherLimits() async throws {
        var limits = TestImage.patient
        limits.processorTime = .milliseconds(300)
        limits.displayBytes = 1_000
        limits.recursionDepth = 300
        let sandbox = try await sandbox(limits: limits)
        let busy = try await sandbox.run("while True: pass")
        #expect(busy.error?.type == "TimeoutError" && busy.breaches.map(\.limit) == [.processorTime])
        #expect(busy.breaches.first?.allowed == .time(.milliseconds(300)))
        #expect(busy.usage.processorTime >= .milliseconds(290))
        let displays = try await sandbox.run("for _ in range(3): display('x' * 400)")
        #expect(displays.displays.count == 2 && displays.breaches.map(\.limit) == [.displays])
        let nested = "def f(n): return n and f(n - 1)\nf"
        #expect(try await sandbox.run(Program("\(nested)(200)")).error == nil)
        let deep = try await sandbox.run(Program("\(nested)(400)"))
        #expect(deep.error?.type == "RecursionError")
        #expect(deep.breaches == [LimitBreach(.stack, used: .count(300), allowed: .count(300))])
    }

    @Test("A program that undoes the limit of its depth runs out of stack or memory, and the sandbox goes on")
    func deepStack() async throws {
        let sandbox = try await sandbox(limits: TestImage.patient)
        let program = """
            import sys
            sys.setrecursionlimit(10 ** 9)
            class C:
                def __repr__(self): return repr(self)
            repr(C())
            """
        let run = try? await sandbox.run(Program(program))
        #expect(run == nil || run?.breaches.map(\.limit) == [.stack], "\(run?.error?.rendered ?? "")")
        #expect(try await sandbox.evaluate("1 + 1") == 2)
    }

    @Test("Files have a quota in bytes and in number")
    func fileQuotas() async throws {
        var limits = TestImage.patient
        limits.fileBytes = 100_000
        limits.fileCount = 20
        let sandbox = try await sandbox(limits: limits)
        let large = try await sandbox.run("open('/a', 'wb').write(bytes(200_000))")
        #expect(large.error?.type == "OSError" && large.breaches.map(\.limit) == [.files])
        #expect(large.breaches.first?.allowed == .bytes(100_000))
        _ = try await sandbox.run("import os\nos.remove('/a')")
        let many = try await sandbox.run("for i in range(50): open(f'/{i}', 'w')")
        #expect(many.error?.type == "OSError")
        #expect(many.usage.fileCount <= 20)
        #expect(many.breaches == [LimitBreach(.fileCount, used: .count(20), allowed: .count(20))])
    }

    @Test("Limits as large as they can be are no limits")
    func unlimited() async throws {
        var limits = TestImage.patient
        (limits.valueBytes, limits.displayBytes, limits.outputBytes) = (.max, .max, .max)
        (limits.hostCalls, limits.concurrentHostCalls, limits.hostCallBytes) = (.max, .max, .max)
        (limits.fileBytes, limits.fileCount) = (.max, .max)
        let functions = [HostFunction("same") { (bytes: [UInt8]) async in bytes }]
        let run = try await sandbox(functions: functions, limits: limits).run(
            "print('x')\nlen(await same(bytes(10_000)))"
        )
        #expect(run.value == 10_000 && run.output == "x\n", "\(run.error?.rendered ?? "")")
    }
}
