// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Programs that are interrupted as by Ctrl-C.
@Suite(.timeLimit(.minutes(5)))
struct InterruptTests {
    /// Runs a program, and interrupts it some time after it has called `ready()`.
    private func interrupted(
        _ sandbox: Sandbox,
        _ ready: AsyncStream<Void>,
        _ code: String,
        delay: Duration = .zero
    ) async throws -> Run {
        let run = Task { try await sandbox.run(Program(code)) }
        var signals = ready.makeAsyncIterator()
        _ = await signals.next()
        try await Task.sleep(for: delay)
        sandbox.interrupt()
        return try await run.value
    }

    private func sandbox() async throws -> (Sandbox, AsyncStream<Void>) {
        let (ready, continuation) = AsyncStream.makeStream(of: Void.self)
        let functions = [
            HostFunction("ready") { () -> Void in continuation.yield() },
            HostFunction("forever") { () async throws -> Void in
                continuation.yield()
                try await Task.sleep(for: .seconds(600))
            },
        ]
        return (Sandbox(try await TestImage.python, functions: functions, limits: TestImage.patient), ready)
    }

    @Test(
        "A program that computes, sleeps or waits for the host ends with KeyboardInterrupt, and what it did stays",
        arguments: [
            "ready()\nwhile True: pass",
            "ready()\nwhile True:\n  try: [n for n in range(1000)]\n  except Exception: pass",
            "import time\nready()\ntime.sleep(600)",
            "import time\nready()\nfor _ in range(600): time.sleep(1)",
            "import asyncio\nready()\nawait asyncio.sleep(600)",
            "await forever()",
            "import asyncio\nasync def main(): await forever()\ndef plain(): asyncio.run(main())\nplain()",
        ]
    )
    func raised(code: String) async throws {
        let (sandbox, ready) = try await sandbox()
        _ = try await sandbox.run("before = 1")
        let run = try await interrupted(sandbox, ready, "during = 2\n" + code + "\nafter = 3")
        #expect(run.error?.type == "KeyboardInterrupt", "\(run.error?.rendered ?? "no error")")
        #expect(run.breaches.isEmpty)
        #expect(try await sandbox.evaluate("[before, during, int('after' in globals())]") == [1, 2, 0])
    }

    /// A call into C that computes, in which the interpreter does not look for exceptions, and then waits.
    ///
    /// The function `time.sleep` of a sandbox has a part in Python, so this is the one below it.
    private static let waitsUnseen =
        "from terrarium_runtime import threads\nready()\nlist(map(threads._sleep, [0.0] * 100_000 + [600]))"

    @Test("An interrupt that comes in C code is not forgotten when that code begins to wait")
    func beforeWait() async throws {
        let (sandbox, ready) = try await sandbox()
        let run = try await interrupted(sandbox, ready, Self.waitsUnseen, delay: .milliseconds(50))
        #expect(run.error?.type == "KeyboardInterrupt", "\(run.error?.rendered ?? "no error")")
        #expect(run.usage.time < .seconds(60))
    }

    @Test("The end of its time that comes in C code reaches the program when that code begins to wait")
    func timeBeforeWait() async throws {
        var limits = TestImage.patient
        (limits.time, limits.grace) = (.milliseconds(30), .seconds(60))
        let sandbox = Sandbox(
            try await TestImage.python,
            functions: [HostFunction("ready") { () -> Void in }],
            limits: limits
        )
        let run = try await sandbox.run(
            Program(
                "try:\n  \(Self.waitsUnseen.replacing("\n", with: "\n  "))\nexcept TimeoutError:\n  caught = True\n  raise"
            )
        )
        #expect(run.error?.type == "TimeoutError", "\(run.error?.rendered ?? "no error")")
        #expect(run.usage.time < .seconds(30))
        #expect(try await sandbox.evaluate("caught") == true)
    }

    @Test("A program may catch the interrupt and go on")
    func caught() async throws {
        let (sandbox, ready) = try await sandbox()
        let code = "try:\n  ready()\n  while True: pass\nexcept KeyboardInterrupt:\n  answer = 'caught'\nanswer"
        #expect(try await interrupted(sandbox, ready, code).value == "caught")
    }

    @Test("An interrupt while no program runs reaches none of those that come")
    func idle() async throws {
        let (sandbox, _) = try await sandbox()
        sandbox.interrupt()
        #expect(try await sandbox.evaluate("sum(range(1000))") == 499_500)
        sandbox.interrupt()
        #expect(try await sandbox.evaluate("sum(range(1000))") == 499_500)
    }
}
