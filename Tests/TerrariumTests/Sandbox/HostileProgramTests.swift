// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import Terrarium

/// Attacks on the host by a program that replaced what speaks with it.
///
/// Each ends in an error of that sandbox, which is then as it was before, or in nothing.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct HostileSandboxTests {
    private static let functions = [
        HostFunction("plain") { (value: PythonValue) in value },
        HostFunction("later") { (value: PythonValue) async throws -> PythonValue in value },
    ]

    /// What a program does to answer the host with a text of its own.
    private static let forge = """
        import terrarium_runtime.results as results
        import wit_world, json
        def forge(text):
            results.done = lambda *ignored: text

        """

    private static var limits: Limits {
        var limits = Limits()
        limits.time = .seconds(20)
        limits.grace = .milliseconds(200)
        return limits
    }

    /// Runs an attack, which must not get through; answers the error that ended it.
    @discardableResult
    private func attack(_ statements: String, limits: Limits = limits) async throws -> SandboxError? {
        let sandbox = Sandbox(try await TestImage.python, functions: Self.functions, limits: limits)
        _ = try await sandbox.run("before = 1")
        var failure: SandboxError?
        do {
            let run = try await sandbox.run(Program(Self.forge + "loot = 'x'\n" + statements))
            #expect(run.error != nil && run.error?.syntax == nil, "\(statements) went through: \(run)")
        } catch let error as SandboxError {
            failure = error
        }
        #expect(try await sandbox.evaluate("before, plain(5), await later(6)") == [1, 5, 6])
        if failure != nil { #expect(try await sandbox.evaluate("'loot' in globals()") == false) }
        return failure
    }

    @Test(
        "Answers that are no outcome",
        arguments: [
            "", "null", "[]", "{}", #"{"status": 5}"#, #"{"status": "owned"}"#, #"{"status": "done", "calls": {}}"#,
            #"{"status": "failed"}"#, #"{"status": "failed", "error": {"type": 1, "message": "x"}}"#,
            #"{"status": "exited", "code": "all", "calls": [], "dropped": []}"#,
            #"{"status": "done", "result": 5, "calls": [], "dropped": []}"#,
            #"{"status": "done", "calls": [{"id": 1}], "dropped": []}"#,
            #"{"status": "done", "calls": [], "dropped": ["all"]}"#, #"{"status": "idle", "calls": [], "dropped": []}"#,
            #"{"status": "invalid", "message": "no"}"#, #"{"status": "waiting", "calls": [], "dropped": []}"#,
            #"{"status": "waiting", "calls": [], "dropped": [], "wake_at": 5}"#,
        ]
    )
    func malformedOutcomes(answer: String) async throws {
        let error = try await attack("forge(\(PythonValue.string(PythonString(answer)).representation))\n1")
        #expect(error?.code == .tampered, "\(answer): \(error.debugDescription)")
    }

    @Test("Values that are none: bad base64, shapes that overflow, buffers outside of the memory")
    func malformedValues() async throws {
        for value in [
            #"{"$bytes": "not base64!"}"#, #"{"$bytes": 5}"#, #"{"$bytes": {"address": -1, "count": 5}}"#,
            #"{"$bytes": {"address": 4294967290, "count": 100}}"#,
            #"{"$bytes": {"address": 99999999999999999999, "count": 1}}"#,
            #"{"$array": {"type": "f8", "shape": [4611686018427387904, 4], "data": ""}}"#,
            #"{"$array": {"type": "f8", "shape": [-1], "data": ""}}"#,
            #"{"$array": {"type": "q99", "shape": [0], "data": ""}}"#, #"{"$codepoints": [1114112]}"#,
            #"{"$dict": [[1]]}"#, #"{"$complex": [1]}"#, #"{"$enum": {}}"#, #"{"$object": {"type": "x"}}"#,
        ] {
            let answer = #"{"status": "done", "result": {"value": \#(value)}, "calls": [], "dropped": []}"#
            let error = try await attack("forge(\(PythonValue.string(PythonString(answer)).representation))\n1")
            #expect(error != nil, "\(value)")
        }
    }

    @Test("Amplification: a short message that names the same long buffer many times")
    func amplification() async throws {
        let statements = """
            buffer = '{"$bytes": {"address": 0, "count": 16000000}}'
            forge('{"status": "done", "result": {"value": [' + ','.join([buffer] * 100_000) + ']}, "calls": [], "dropped": []}')
            1
            """
        let sandbox = Sandbox(try await TestImage.python, limits: Self.limits)
        let run = try await sandbox.run(Program(Self.forge + statements))
        #expect(run.value == nil && run.breaches.map(\.limit) == [.value])
        try await attack(
            "wit_world.call_host('{\"request\": \"call\", \"function\": \"plain\", \"arguments\": [' + "
                + "','.join(['{\"$bytes\": {\"address\": 0, \"count\": 16000000}}'] * 100_000) + ']}')\nraise KeyError"
        )
    }

    @Test("Nesting without end, in values, errors and requests")
    func nesting() async throws {
        try await attack("forge('[' * 10 ** 6)\n1")
        try await attack(
            #"forge('{"status": "failed", "error": ' + '{"type": "a", "message": "b", "cause": ' * 900 + 'null' + '}' * 901)\#n1"#
        )
        try await attack(#"wit_world.emit('{"event": "display", "data": ' + '{"a":' * 5_000 + '1' + '}' * 5_001)"#)
        try await attack(
            #"wit_world.call_host('{"request": "call", "function": "plain", "arguments": ' + '[' * 5_000 + ']' * 5_000 + '}')"#
        )
    }

    @Test("Messages that are longer than any should be")
    func longMessages() async throws {
        var limits = Self.limits
        limits.memoryBytes = 512 << 20
        limits.valueBytes = 1 << 20
        limits.hostCallBytes = 1 << 20
        limits.displayBytes = 1 << 20
        try await attack(#"forge('{"status": "done", "text": "' + 'x' * (100 << 20) + '"}')\#n1"#, limits: limits)
        try await attack(#"wit_world.emit('{"event": "x", "text": "' + 'x' * (100 << 20) + '"}')"#, limits: limits)
        try await attack(#"wit_world.call_host('x' * (100 << 20))"#, limits: limits)
    }

    @Test(
        "Requests that are none",
        arguments: [
            "", "5", "{}", #"{"request": "root"}"#, #"{"request": "call"}"#,
            #"{"request": "input"}"#, #"{"request": "wait", "calls": 5}"#, #"{"request": "wait", "calls": [5]}"#,
            #"{"request": "wait", "dropped": [{}]}"#, #"{"request": "wait", "wake_at": 1}"#,
            #"{"request": "call", "function": "plain", "arguments": {"0": 1}}"#,
        ]
    )
    func malformedRequests(request: String) async throws {
        let error = try await attack("wit_world.call_host(\(PythonValue.string(PythonString(request)).representation))")
        #expect(error?.code == .tampered, "\(error.debugDescription)")
    }

    @Test("Calls of functions that are not there, or of the other kind, or with too few arguments")
    func wrongCalls() async throws {
        let sandbox = Sandbox(try await TestImage.python, functions: Self.functions, limits: Self.limits)
        for (name, arguments) in [("later", "[1]"), ("nothing", "[]"), ("plain", "[]"), ("plain", "[1, 2]")] {
            let run = try await sandbox.run(
                Program(
                    "import wit_world\nwit_world.call_host('{\"request\": \"call\", \"function\": \"\(name)\", "
                        + "\"arguments\": \(arguments)}')"
                )
            )
            #expect(run.value?.description.contains("error") == true, "\(name): \(run)")
        }
    }

    @Test("Forged calls: the same number twice, numbers out of nowhere, a flood")
    func forgedCalls() async throws {
        let call = #"{"id": 1, "function": "later", "arguments": [1]}"#
        try await attack(#"forge('{"status": "waiting", "calls": [\#(call), \#(call)], "dropped": []}')\#n1"#)
        try await attack(
            #"forge('{"status": "waiting", "calls": [' + ','.join(['{"id": %d, "function": "later", "arguments": [1]}' % i for i in range(50_000)]) + '], "dropped": []}')\#n1"#
        )
        var limits = Self.limits
        limits.time = .seconds(2)
        let sandbox = Sandbox(try await TestImage.python, functions: Self.functions, limits: limits)
        let negative = #"{"id": -5, "function": "later", "arguments": [1]}"#
        // The program that is said to wait has ended: the next step says so.
        await #expect(throws: SandboxError.self) {
            try await sandbox.run(
                Program(
                    Self.forge + #"forge('{"status": "waiting", "calls": [\#(negative)], "dropped": [7, -5]}')\#n1"#
                )
            )
        }
    }

    @Test("A program that says it waits, again and again, ends at its time limit")
    func endlessWaiting() async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        limits.grace = .milliseconds(100)
        let sandbox = Sandbox(try await TestImage.python, limits: limits)
        let answer = #"{"status": "waiting", "calls": [], "dropped": [], "wake_at": -99999999999999999999, "clock": 1}"#
        let statements = """
            import terrarium_runtime.stepper as stepper
            stepper.Stepper._idle = stepper.Stepper._failed = lambda *ignored, **named: '\(answer)'
            forge('\(answer)')
            1
            """
        let clock = ContinuousClock()
        let elapsed = await clock.measure {
            await #expect(throws: SandboxError.self) { try await sandbox.run(Program(Self.forge + statements)) }
        }
        #expect(elapsed < .seconds(20))
        #expect(try await sandbox.evaluate("1 + 1") == 2)
    }

    @Test("Secrets in errors: what a closure throws does not reach the program")
    func secrets() async throws {
        struct Leak: Error, CustomStringConvertible { let description = "/home/admin/token=hunter2" }
        let sandbox = Sandbox(
            try await TestImage.python,
            functions: [
                HostFunction("leak") { () throws -> Int in throw Leak() },
                HostFunction("leak_later") { () async throws -> Int in throw Leak() },
            ],
            limits: Self.limits
        )
        for call in ["leak()", "await leak_later()"] {
            let run = try await sandbox.run(
                Program("try:\n  \(call)\nexcept BaseException as e: seen = [repr(e), e.__dict__]\nseen")
            )
            #expect(
                run.value?.description.contains("hunter2") == false && run.value?.description.contains("Error") == true
            )
        }
    }

    @Test("A finally block that never ends does not outlive the time of grace")
    func endlessCleanUp() async throws {
        var limits = Self.limits
        limits.grace = .milliseconds(200)
        let started = AsyncStream<Void>.makeStream()
        let sandbox = Sandbox(
            try await TestImage.python,
            functions: [
                HostFunction("forever") { () async throws -> Void in
                    started.continuation.yield()
                    try await Task.sleep(for: .seconds(600))
                }
            ],
            limits: limits
        )
        for cleanUp in ["while True: pass", "sum(range(10 ** 12))", "await forever()"] {
            let task = Task { try await sandbox.run(Program("try:\n  await forever()\nfinally:\n  \(cleanUp)")) }
            var iterator = started.stream.makeAsyncIterator()
            _ = await iterator.next()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await sandbox.evaluate("1 + 1") == 2)
        }
    }
}
