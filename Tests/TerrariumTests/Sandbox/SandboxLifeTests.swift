// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Sandboxes of the Python image in this process.
@Suite(.timeLimit(.minutes(5)))
struct SandboxLifeTests {
    private func sandbox(time: Duration? = .seconds(60)) async throws -> Sandbox {
        var limits = Limits()
        limits.time = time
        return Sandbox(try await TestImage.python, limits: limits)
    }

    @Test("Names persist from call to call, and errors do not end the sandbox")
    func names() async throws {
        let sandbox = try await sandbox()
        _ = try await sandbox.run("counter = 1")
        let error = try await sandbox.run("counter += 1\n1 / 0").error
        #expect(error?.type == "ZeroDivisionError")
        #expect(error?.message == "division by zero")
        #expect(try await sandbox.evaluate("counter") == 2)
    }

    @Test("Nothing of one sandbox is left for the next one, nor for one that lives beside it")
    func apart() async throws {
        let image = try await TestImage.python
        for _ in 0..<20 {
            let first = Sandbox(image)
            _ = try await first.run("import builtins, json\nbuiltins.secret = 'sesame'\njson.loads = None\nown = 1")
            let second = Sandbox(image)
            let seen = "'own' in globals(), hasattr(__import__('builtins'), 'secret'), __import__('json').loads is None"
            #expect(try await second.evaluate(Program(seen)) == [false, false, false])
        }
    }

    @Test("Many sandboxes run at once, more than there are threads")
    func many() async throws {
        let image = try await TestImage.python
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let sandbox = Sandbox(image)
                    _ = try await sandbox.run(
                        Program("import time\ntime.sleep(0.02)", inputs: ["x": .int(PythonInteger(index))])
                    )
                    return try await sandbox.evaluate("x * x")
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(values == Set((0..<40).map { $0 * $0 }))
    }

    @Test("An endless program ends at its time limit")
    func timeLimit() async throws {
        let sandbox = try await sandbox(time: .milliseconds(200))
        let start = ContinuousClock.now
        #expect(try await sandbox.run("while True: pass").error?.type == "TimeoutError")
        #expect(ContinuousClock.now - start >= .milliseconds(200))
    }

    @Test("A task that is cancelled ends the program that it waits for")
    func cancellation() async throws {
        let sandbox = try await sandbox(time: nil)
        let task = Task { try await sandbox.run("while True: pass") }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
