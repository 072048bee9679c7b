// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import Testing

@testable import Terrarium

/// What happens while a program runs, as it happens.
@Suite(.timeLimit(.minutes(10)))
struct StreamTests {
    private func sandbox(_ functions: [HostFunction] = [], limits: Limits = TestImage.patient) async throws -> Sandbox {
        Sandbox(try await TestImage.python, functions: functions, limits: limits)
    }

    @Test("Output, displays, progress, calls and the result come in order")
    func order() async throws {
        let sandbox = try await sandbox([
            HostFunction("note") { (text: String) in text },
            HostFunction("wait") { (text: String) async -> String in text },
        ])
        let program = """
            import sys, terrarium
            print('one')
            display('taken back')
            import IPython.display; IPython.display.clear_output()
            display('two')
            print('three', file=sys.stderr)
            for x in terrarium.progress([1, 2], label='loop'): pass
            note('five')
            await wait('six')
            print('seven', end='')
            8
            """
        var seen: [String] = []
        for try await event in sandbox.stream(Program(program)) {
            switch event {
            case .output(let chunk):
                let (mark, text) = (chunk.stream == .standardError ? "!" : ":", chunk.text)
                // A line may come in pieces.
                if let last = seen.last, last.hasPrefix(mark), !last.hasSuffix("\n") {
                    seen[seen.count - 1] += text
                } else {
                    seen.append(mark + text)
                }
            case .display(let display): seen.append(display.text ?? "")
            case .cleared: seen.append("cleared")
            case .progress(let report) where report.isFinished:
                seen.append("\(report.label ?? "") \(report.done)/\(report.total ?? 0)")
            case .progress: continue
            case .call(let function, let arguments): seen.append("\(function) \(arguments[0])")
            case .finished(let run): seen.append(run.value?.description ?? "")
            @unknown default: Issue.record("\(event)")
            }
        }
        #expect(
            seen == [
                ":one\n", "'taken back'", "cleared", "'two'", "!three\n", "loop 2/2", "note five", "wait six", ":seven",
                "8",
            ]
        )
    }

    @Test("A slow reader makes the program wait, in bounded memory")
    func backPressure() async throws {
        var limits = TestImage.patient
        limits.outputBytes = 1 << 30
        let ticks = Counter()
        let sandbox = try await sandbox([HostFunction("tick") { ticks.add(1) }], limits: limits)
        let stream = sandbox.stream("for _ in range(3_000):\n    print('x' * 8_000)\n    tick()")
        var iterator = stream.makeAsyncIterator()
        _ = try await iterator.next()
        try await Self.waitUntilIdle()
        // The program is not allowed to run ahead of its reader, so that it has not ended by far.
        #expect(ticks.value < 1_000)
        var bytes = 0
        while let event = try await iterator.next() {
            if case .output(let chunk) = event { bytes += chunk.bytes.count }
        }
        #expect(bytes > 20_000_000)
    }

    @Test("Arguments count as what they take, so that calls with large ones wait for the reader as well")
    func largeArguments() async throws {
        let count = Counter()
        let sandbox = try await sandbox([HostFunction("log") { (bytes: [UInt8]) in count.add(bytes.count) }])
        let stream = sandbox.stream("x = bytes(1 << 20)\nfor _ in range(300): log(x)")
        var iterator = stream.makeAsyncIterator()
        _ = try await iterator.next()
        try await Self.waitUntilIdle()
        #expect(count.value < 16 << 20)
        while try await iterator.next() != nil {}
        #expect(count.value == 300 << 20)
    }

    /// Gives a program that nothing keeps from running the time to get far.
    private static func waitUntilIdle() async throws { try await Task.sleep(for: .seconds(1)) }

    /// The lengths have the program wait at the text or at the line's end, which are events of their own.
    @Test("The time limit holds for a program whose reader does not read", arguments: [10_000, 9_990, 8_000, 200])
    func stalledReader(length: Int) async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        let sandbox = try await sandbox(limits: limits)
        var iterator = sandbox.stream(Program("while True: print('x' * \(length))")).makeAsyncIterator()
        _ = try await iterator.next()
        try await Task.sleep(for: .milliseconds(1_500))
        var last: RunEvent?
        var bytes = 0
        while let event = try await iterator.next() {
            last = event
            bytes += event.cost
        }
        guard case .finished(let run)? = last else {
            Issue.record("it did not end with a run")
            return
        }
        #expect(run.error != nil && run.breaches.contains { $0.limit == .time })
        #expect(bytes < 2 << 20, "what waited for the reader")
    }

    @Test("A reader that goes away ends the program")
    func leaving() async throws {
        let flag = Flag()
        let sandbox = try await sandbox([
            HostFunction("forever") { () async throws -> Void in
                defer { flag.set() }
                try await Task.sleep(for: .seconds(600))
            }
        ])
        for try await event in sandbox.stream("log = []\nprint('x')\ntry:\n  await forever()\nfinally: log.append(1)") {
            if case .call = event { break }
        }
        #expect(try await sandbox.evaluate("log") == [1])
        #expect(flag.isSet)
    }

    @Test("An error of the sandbox comes after all events before it")
    func failure() async throws {
        var limits = Limits()
        limits.time = .milliseconds(200)
        limits.grace = .milliseconds(50)
        var seen: [String] = []
        await #expect(throws: SandboxError.self) {
            for try await event in try await sandbox(limits: limits).stream("print('before')\nsum(range(10 ** 12))") {
                if case .output(let chunk) = event { seen.append(chunk.text) }
            }
        }
        #expect(seen.joined() == "before\n")
    }

    @Test("Characters that are written in pieces arrive whole")
    func pieces() {
        var text = OutputText()
        let bytes = Array("aé€😀z".utf8)
        #expect(bytes.flatMap { text.append([$0]) } == bytes)
        #expect(text.append([0xF0, 0x9F]).isEmpty)
        #expect(OutputChunk(.standardOutput, text.append([0x41])).text == "\u{FFFD}A")
        #expect(text.append([0xE2]).isEmpty && OutputChunk(.standardOutput, text.finish()).text == "\u{FFFD}")
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}

private final class Counter: Sendable {
    private let state = Mutex(0)
    var value: Int { state.withLock { $0 } }
    func add(_ number: Int) { state.withLock { $0 += number } }
}
