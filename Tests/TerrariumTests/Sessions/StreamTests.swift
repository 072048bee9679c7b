// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import Testing

@testable import Terrarium

/// What happens while a program runs, as it happens.
@Suite(.timeLimit(.minutes(10)))
struct StreamTests {
    private func session(_ functions: [HostFunction] = [], limits: Limits = TestImage.patient) throws -> Session {
        Session(try TestImage.python, functions: functions, limits: limits)
    }

    @Test("Output, displays, progress, calls and the result come in order")
    func order() async throws {
        let session = try session([
            HostFunction("note") { (text: String) in text },
            HostFunction("wait") { (text: String) async -> String in text },
        ])
        let program = """
            import sys, terrarium
            print('one')
            display('two')
            print('three', file=sys.stderr)
            for x in terrarium.progress([1, 2], label='loop'): pass
            note('five')
            await wait('six')
            print('seven', end='')
            8
            """
        var seen: [String] = []
        for try await event in session.stream(program) {
            switch event {
            case .output(let stream, let text):
                let mark = stream == .standardError ? "!" : ":"
                // A line may come in pieces.
                if let last = seen.last, last.hasPrefix(mark), !last.hasSuffix("\n") {
                    seen[seen.count - 1] += text
                } else {
                    seen.append(mark + text)
                }
            case .display(let display): seen.append(display.text ?? "")
            case .progress(let report) where report.isFinished:
                seen.append("\(report.label ?? "") \(report.done)/\(report.total ?? 0)")
            case .progress: continue
            case .call(let function, let arguments): seen.append("\(function) \(arguments[0])")
            case .finished(let run): seen.append(run.value?.description ?? "")
            }
        }
        #expect(seen == [":one\n", "'two'", "!three\n", "loop 2/2", "note five", "wait six", ":seven", "8"])
    }

    @Test("A slow reader makes the program wait, in bounded memory")
    func backPressure() async throws {
        var limits = TestImage.patient
        limits.outputBytes = 1 << 30
        let session = try session(limits: limits)
        let stream = session.stream("for i in range(3_000): print(str(i) * 2_000)")
        var iterator = stream.makeAsyncIterator()
        _ = try await iterator.next()
        try await Task.sleep(for: .milliseconds(300))
        var bytes = 0
        var peak = 0
        while let event = try await iterator.next() {
            guard case .output(_, let text) = event else { continue }
            bytes += text.utf8.count
            peak = max(peak, text.utf8.count)
        }
        #expect(bytes > 15_000_000)
        #expect(peak <= 1 << 20)
    }

    @Test("The time limit holds for a program whose reader does not read")
    func stalledReader() async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        let session = try session(limits: limits)
        var iterator = session.stream("while True: print('x' * 10_000)").makeAsyncIterator()
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
        let session = try session([
            HostFunction("forever") { () async throws -> Void in
                defer { flag.set() }
                try await Task.sleep(for: .seconds(600))
            }
        ])
        for try await event in session.stream("log = []\nprint('x')\ntry:\n  await forever()\nfinally: log.append(1)") {
            if case .call = event { break }
        }
        #expect(try await session.eval("log") == [1])
        #expect(flag.isSet)
    }

    @Test("An error of the sandbox comes after all events before it")
    func failure() async throws {
        var limits = Limits()
        limits.time = .milliseconds(200)
        limits.grace = .milliseconds(50)
        var seen: [String] = []
        await #expect(throws: SandboxError.self) {
            for try await event in try session(limits: limits).stream("print('before')\nsum(range(10 ** 12))") {
                if case .output(_, let text) = event { seen.append(text) }
            }
        }
        #expect(seen.joined() == "before\n")
    }

    @Test("Characters that are written in pieces arrive whole")
    func pieces() {
        var text = OutputText()
        let bytes = Array("aé€😀z".utf8)
        #expect(bytes.map { text.append([$0]) }.joined() == "aé€😀z")
        #expect(text.append([0xF0, 0x9F]).isEmpty)
        #expect(text.append([0x41]) == "\u{FFFD}A")
        #expect(text.append([0xE2]).isEmpty && text.finish() == "\u{FFFD}")
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
