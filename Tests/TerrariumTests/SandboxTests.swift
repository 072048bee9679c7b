// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// Sandboxes of the Python image in this process.
@Suite(.timeLimit(.minutes(5)))
struct SandboxTests {
    private static let image = Result {
        try Image.python(parts: Parts(folder: URL(filePath: HostTools.partsFolder)))
    }

    private func sandbox(time: Duration? = .seconds(60)) throws -> Sandbox {
        var limits = Limits()
        limits.time = time
        return try Sandbox(Self.image.get(), limits: limits)
    }

    @Test("Names persist from call to call, and errors do not end the sandbox")
    func session() async throws {
        let sandbox = try sandbox()
        try await sandbox.exec("counter = 1")
        let error = await #expect(throws: PythonError.self) { try await sandbox.exec("counter += 1\n1 / 0") }
        #expect(error?.type == "ZeroDivisionError")
        #expect(error?.message == "division by zero")
        #expect(try await sandbox.eval("counter").description == "2")
    }

    @Test("Nothing of one sandbox is left for the next one, nor for one that lives beside it")
    func apart() async throws {
        let image = try Self.image.get()
        for _ in 0..<20 {
            let first = Sandbox(image)
            try await first.exec("import builtins, json\nbuiltins.secret = 'sesame'\njson.loads = None\nown = 1")
            let second = Sandbox(image)
            let seen = "'own' in globals(), hasattr(__import__('builtins'), 'secret'), __import__('json').loads is None"
            #expect(try await second.eval(seen).description == "[False, False, False]")
        }
    }

    @Test("Many sandboxes run at once, more than there are threads")
    func many() async throws {
        let image = try Self.image.get()
        let values = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let sandbox = Sandbox(image)
                    try await sandbox.exec("import time\nx = \(index)\ntime.sleep(0.02)")
                    return try await sandbox.eval("x * x").description
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(values == Set((0..<40).map { "\($0 * $0)" }))
    }

    @Test("An endless program ends at its time limit")
    func timeLimit() async throws {
        let sandbox = try sandbox(time: .milliseconds(200))
        let clock = ContinuousClock()
        let elapsed = await clock.measure {
            await #expect(throws: (any Error).self) { try await sandbox.exec("while True: pass") }
        }
        #expect(elapsed >= .milliseconds(200))
    }

    @Test("A task that is cancelled ends the program that it waits for")
    func cancellation() async throws {
        let sandbox = try sandbox(time: nil)
        let task = Task { try await sandbox.exec("while True: pass") }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
