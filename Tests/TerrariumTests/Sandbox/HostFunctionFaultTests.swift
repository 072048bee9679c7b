// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

/// Host functions and inputs that are wrong, that block, or that turn to the sandbox that waits for them.
@Suite(.timeLimit(.minutes(10)))
struct HostFunctionFaultTests {
    private func sandbox(_ functions: [HostFunction] = [], limits: Limits = TestImage.patient) async throws -> Sandbox {
        Sandbox(try await TestImage.python, functions: functions, limits: limits)
    }

    private static func nested(_ depth: Int) -> PythonValue {
        (0..<depth).reduce(.null) { value, _ in .list([value]) }
    }

    @Test("An input that has no form in Python is an error, and what earlier runs did stays")
    func formlessInput() async throws {
        let sandbox = try await sandbox()
        _ = try await sandbox.run("kept = 42")
        let formless: [PythonValue] = [
            Self.nested(5_000), .other(representation: "<object>"), .list([.timeDelta(.seconds(Int64.max))]),
        ]
        for value in formless {
            let program = Program("kept = 0", inputs: ["x": value])
            await #expect(throws: EncodingError.self) { try await sandbox.run(program) }
        }
        #expect(try await sandbox.evaluate("kept") == 42)
    }

    @Test("An answer that has no form in Python is an exception of the call, and says why")
    func formlessAnswer() async throws {
        let sandbox = try await sandbox([
            HostFunction("deep") { (depth: Int) in Self.nested(depth) },
            HostFunction("later") { (depth: Int) async throws -> PythonValue in Self.nested(depth) },
        ])
        for call in ["deep(5_000)", "await later(5_000)"] {
            let error = try #require(try await sandbox.run(Program(call)).error)
            #expect(error.type == "TypeError" && error.message.contains("nested more than 1000 deep"), "\(error)")
        }
        let depth = "value, depth = deep(400), 0\nwhile value is not None: value, depth = value[0], depth + 1\ndepth"
        #expect(try await sandbox.evaluate(Program(depth)) == 400)
    }

    @Test(
        "A definition that Python does not allow is an error of its own, and changes nothing",
        arguments: [false, true]
    )
    func refusedDefinition(hasRun: Bool) async throws {
        let sandbox = try await sandbox([HostFunction("one") { 1 }])
        if hasRun { _ = try await sandbox.run("before = one()") }
        let refused = await #expect(throws: SandboxError.self) {
            try await sandbox.define([HostFunction("two") { 2 }, HostFunction("not a name") { 3 }])
        }
        #expect(refused?.code == .invalidFunction)
        #expect(try await sandbox.evaluate("[one(), int('two' in globals())]") == [1, 0])
        try await sandbox.define([HostFunction("two") { 2 }])
        #expect(try await sandbox.evaluate("one() + two()") == 3)
    }

    @Test("A closure that does not heed its cancellation ends its call at the limit of its time, not the program")
    func heedlessClosure() async throws {
        var limits = TestImage.patient
        limits.hostCallTime = .milliseconds(100)
        let isReleased = Atomic(false)
        let isOver = AsyncStream.makeStream(of: Void.self)
        let sandbox = try await sandbox(
            [
                HostFunction("heedless") { () async -> Int in
                    while !isReleased.load(ordering: .acquiring) { await Task.yield() }
                    isOver.continuation.finish()
                    return 1
                }
            ],
            limits: limits
        )
        let code = "try:\n  await heedless()\nexcept TimeoutError as error:\n  answer = str(error)\nanswer"
        let answer: String = try await sandbox.evaluate(Program(code))
        #expect(answer.contains("limit of 100 ms"), "\(answer)")
        // It has only now an end: the program did not wait for it.
        isReleased.store(true, ordering: .releasing)
        for await _ in isOver.stream {}
        #expect(try await sandbox.evaluate("1 + 1") == 2)
    }

    @Test("A function that runs a program in the sandbox that waits for it gets an error; it may use its files")
    func ownSandbox() async throws {
        let own = Mutex<Sandbox?>(nil)
        let other = try await sandbox()
        let sandbox = try await sandbox([
            HostFunction("runs") { () async throws -> String in
                guard let sandbox = own.withLock({ $0 }) else { return "none" }
                do {
                    return "\(try await sandbox.run("1 + 1").value ?? nil)"
                } catch let error as SandboxError where error.code == .busy {
                    return "busy"
                }
            },
            HostFunction("forks") { () async throws -> String in
                guard let sandbox = own.withLock({ $0 }) else { return "none" }
                do {
                    _ = try await sandbox.fork()
                    return "forked"
                } catch let error as SandboxError where error.code == .busy {
                    return "busy"
                }
            },
            HostFunction("asks_another") { () async throws -> Int in try await other.evaluate("6 * 7") },
            HostFunction("shouts", parameters: "path") { (path: String) async throws -> Void in
                guard let sandbox = own.withLock({ $0 }) else { return }
                let bytes = try await sandbox.read(path)
                try await sandbox.write(path, Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8))
            },
        ])
        own.withLock { $0 = sandbox }
        defer { own.withLock { $0 = nil } }
        let answers: [String] = try await sandbox.evaluate("[await runs(), await forks(), str(await asks_another())]")
        #expect(answers == ["busy", "busy", "42"])
        let code = """
            import pathlib
            pathlib.Path('/tmp/note.txt').write_text('hello')
            await shouts('/tmp/note.txt')
            pathlib.Path('/tmp/note.txt').read_text()
            """
        #expect(try await sandbox.evaluate(Program(code)) == "HELLO")
    }

    @Test("64 sandboxes that all wait in async functions at once, for one another, come to their ends")
    func manyWaiting() async throws {
        let arrived = Mutex<(count: Int, waiting: [CheckedContinuation<Void, Never>])>((0, []))
        let meet = HostFunction("meet") { () async -> Void in
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let released = arrived.withLock { state in
                    state.count += 1
                    state.waiting.append(continuation)
                    guard state.count == 64 else { return [CheckedContinuation<Void, Never>]() }
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for continuation in released { continuation.resume() }
            }
        }
        #expect(try await answers(of: meet, "await meet()") == Array(0..<64))
    }

    @Test("64 sandboxes that all block threads in plain functions, for work of the same threads, come to their ends")
    func manyBlocking() async throws {
        let other = try await sandbox()
        let block = HostFunction("block") { () throws -> Int in
            // What a function that was not written for Swift's concurrency does: it blocks until a task is done.
            let done = DispatchSemaphore(value: 0)
            let result = Mutex<Int?>(nil)
            Task {
                let value: Int? = try? await other.evaluate("6 * 7")
                result.withLock { $0 = value }
                done.signal()
            }
            done.wait()
            return result.withLock { $0 } ?? -1
        }
        #expect(try await answers(of: block, "assert block() == 42") == Array(0..<64))
    }

    /// What 64 sandboxes answer that call a function at once.
    private func answers(of function: HostFunction, _ call: String) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let sandbox = try await sandbox([function])
                    return try await sandbox.evaluate(Program("\(call)\n\(index)"))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }
}
