// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

/// Programs that call the host's functions.
@Suite(.timeLimit(.minutes(10)))
struct HostFunctionTests {
    private struct Quote: PythonRecord, Equatable {
        var symbol: String
        var bid: Double
        var venues: [String]?

        static let example = Quote(symbol: "A", bid: 1)
    }

    private enum Side: String, Codable, CaseIterable {
        case buy, sell
    }

    private struct Secret: Error {
        let password = "hunter2"
    }

    private func sandbox(_ functions: [HostFunction], limits: Limits = TestImage.patient) async throws -> Sandbox {
        Sandbox(try await TestImage.python, functions: functions, limits: limits)
    }

    @Test("Plain closures are plain functions, async ones are awaited")
    func kinds() async throws {
        let sandbox = try await sandbox([
            HostFunction("add", parameters: "a", "b") { (a: Int, b: Int) in a + b },
            HostFunction("nothing") {},
            HostFunction("later", parameters: "x") { (x: String) async throws -> String in
                await Task.yield()
                return x + "!"
            },
        ])
        #expect(try await sandbox.run("add(1, b=2), nothing(), await later('x')").value == [3, nil, "x!"])
        let types: [Bool] = try await sandbox.evaluate(
            "import inspect\n[inspect.iscoroutinefunction(f) for f in (add, nothing, later)]"
        )
        #expect(types == [false, false, true])
        #expect(try await sandbox.run("add(1)").error?.type == "TypeError")
        #expect(try await sandbox.run("add('x', 2)").error?.message == "argument 'a': expected Int, got str")
    }

    @Test("Every kind of value travels in both directions")
    func values() async throws {
        let sandbox = try await sandbox([
            HostFunction("echo") { (value: PythonValue) in value },
            HostFunction("swap") { (quote: Quote) in Quote(symbol: quote.symbol, bid: -quote.bid, venues: quote.venues)
            },
            HostFunction("bytes_of") { (bytes: [UInt8]) in Data(bytes.reversed()) },
            HostFunction("sum_of") { (numbers: [Double]) in numbers.reduce(0, +) },
            HostFunction("range_of") { (count: Int) in NumericArray((0..<count).map(Double.init)) },
        ])
        let program = """
            import datetime, decimal, uuid, array
            values = [None, True, 10 ** 700, 2.5, 1j, 'é\\ud800', b'x' * 10_000, {1: 2}, {'$a': 1}, {1},
                      datetime.date(2024, 1, 2),
                      datetime.timedelta(1), decimal.Decimal('1.5'), uuid.UUID(int=5), float('inf')]
            back = echo(values)
            [back == values, swap({'symbol': 'A', 'bid': 1.5}), bytes_of(bytes(range(256)) * 100)[:2],
             sum_of(array.array('d', range(5_000))), type(range_of(3)).__name__, list(range_of(3))]
            """
        let run = try await sandbox.run(Program(program))
        #expect(run.error == nil, "\(run.error?.rendered ?? "")")
        let expected: PythonValue = [
            true, ["symbol": "A", "bid": -1.5], PythonValue.bytes([255, 254]), 12_497_500.0, "ndarray",
            [0.0, 1.0, 2.0],
        ]
        #expect(run.value == expected)
    }

    @Test("help() shows signature, defaults, types and exceptions, and a schema says the same")
    func documentation() async throws {
        let function = HostFunction(
            "trade",
            "Trades a share.",
            parameters: "symbol",
            .init("side", "which way", kind: .keyword),
            .init("amount", kind: .keyword, default: 10),
            .init("limit", kind: .keyword),
            raises: [.init("MarketClosed", base: "LookupError", "after hours")]
        ) { (symbol: String, side: Side, amount: Int, limit: Double?) async throws -> Quote in
            Quote(symbol: symbol, bid: limit ?? Double(amount), venues: nil)
        }
        let sandbox = try await sandbox([function])
        let run = try await sandbox.run("import inspect\n[str(inspect.signature(trade)), trade.__doc__]")
        guard case .list(let parts)? = run.value, case .string(let signature) = parts[0],
            case .string(let doc) = parts[1]
        else {
            Issue.record("no list: \(run)")
            return
        }
        #expect(
            signature.text.hasPrefix(
                "(symbol: str, *, side: Literal['buy', 'sell'], amount: int = 10, limit: float | None = None)"
            ) || signature.text.contains("amount: int = 10"),
            "\(signature.text)"
        )
        #expect(doc.text.contains("which way") && doc.text.contains("MarketClosed: after hours"))
        #expect(try await sandbox.run("await trade('A', side='buy')").value == ["symbol": "A", "bid": 10.0])
        #expect(try await sandbox.run("issubclass(MarketClosed, LookupError)").value == true)
        let schema = try PythonValue(json: function.parametersSchema)
        #expect(schema["required"] == ["symbol", "side"])
        #expect(schema["properties"]?["side"]?["enum"] == ["buy", "sell"])
        #expect(schema["properties"]?["amount"] == ["type": "integer", "default": 10])
    }

    @Test("A declared exception is raised as such, any other says nothing of the host")
    func errors() async throws {
        let sandbox = try await sandbox([
            HostFunction("find", raises: ["NotFound"]) { (what: String) -> Int in
                if what == "" { throw PythonException("KeyError", "empty") }
                if what == "?" { throw Secret() }
                throw PythonException("NotFound", "no \(what)")
            },
            HostFunction("find_later", raises: ["NotFound"]) { (what: String) async throws -> Int in throw Secret() },
        ])
        #expect(try await sandbox.run("try:\n  find('x')\nexcept NotFound as e:\n  m = str(e)\nm").value == "no x")
        #expect(try await sandbox.run("find('')").error?.type == "KeyError")
        for call in ["find('?')", "await find_later('x')"] {
            let error = try #require(try await sandbox.run(Program(call)).error)
            #expect(
                error.type == "terrarium.HostError" || error.type == "terrarium.functions.HostError",
                "\(error.type)"
            )
            #expect(!error.rendered.contains("hunter2") && !error.rendered.contains("Secret"))
        }
    }

    @Test("Async calls run at once under gather, and one that is no longer awaited is cancelled")
    func concurrency() async throws {
        let counts = Counts()
        let sandbox = try await sandbox([
            HostFunction("nap") { (milliseconds: Int) async throws -> Int in
                counts.begin()
                defer { counts.end() }
                do {
                    try await Task.sleep(for: .milliseconds(milliseconds))
                } catch {
                    counts.cancel()
                    throw error
                }
                return milliseconds
            }
        ])
        let run = try await sandbox.run("import asyncio\nawait asyncio.gather(*[nap(100 + i) for i in range(20)])")
        #expect(run.value == .list((100..<120).map { PythonValue($0) }))
        #expect(counts.peak == 20)
        #expect(run.usage.hostCalls == 20)
        let timedOut = try await sandbox.run("async with asyncio.timeout(0.05):\n  await nap(60_000)")
        #expect(timedOut.error?.type == "TimeoutError")
        while counts.cancelled == 0 { await Task.yield() }
    }

    @Test("asyncio.run inside a plain function waits for async calls, without a loop of Swift's threads being blocked")
    func nestedLoop() async throws {
        let sandbox = try await sandbox([
            HostFunction("nap") { (seconds: Double) async throws -> Double in
                try await Task.sleep(for: .seconds(seconds))
                return seconds
            }
        ])
        let program = """
            import asyncio
            async def main():
                return await asyncio.gather(nap(0.01), nap(0.02), asyncio.sleep(0.01, 'slept'))
            def plain():
                return asyncio.run(main())
            plain()
            """
        let run = try await sandbox.run(Program(program))
        #expect(run.value == [0.01, 0.02, "slept"], "\(run.error?.rendered ?? "")")
    }

    @Test("An async closure that computes without a pause holds up neither another nor the program's time limit")
    func computation() async throws {
        var limits = TestImage.patient
        limits.time = .seconds(2)
        let (meeting, release) = (Counts(), Counts())
        let sandbox = try await sandbox(
            [
                HostFunction("meet") { () async -> Void in
                    meeting.begin()
                    while meeting.peak < 2 {}
                },
                HostFunction("hog") { () async -> Void in while release.running == 0 {} },
            ],
            limits: limits
        )
        let met = try await sandbox.run("import asyncio\nawait asyncio.gather(meet(), meet())\nTrue")
        #expect(met.value == true)
        let late = try await sandbox.run("await hog()")
        #expect(late.breaches.map(\.limit) == [.time])
        release.begin()
    }

    @Test("Limits on calls: their number, how many at once, their size and their time")
    func limits() async throws {
        var limits = TestImage.patient
        limits.hostCalls = 50
        limits.concurrentHostCalls = 5
        limits.hostCallBytes = 10_000
        limits.hostCallTime = .milliseconds(50)
        let sandbox = try await sandbox(
            [
                HostFunction("size") { (text: String) in text.utf8.count },
                HostFunction("bytes_size") { (bytes: [UInt8]) in bytes.count },
                HostFunction("large") { (count: Int) in String(repeating: "x", count: count) },
                HostFunction("nap") { (seconds: Double) async throws -> Void in
                    try await Task.sleep(for: .seconds(seconds))
                },
            ],
            limits: limits
        )
        let many = try await sandbox.run("for i in range(100): size('')")
        #expect(many.error?.type == "RuntimeError")
        #expect(many.breaches == [LimitBreach(.hostCalls, used: .count(51), allowed: .count(50))])
        let atOnce = try await sandbox.run("import asyncio\nawait asyncio.gather(*[nap(0.01) for _ in range(6)])")
        #expect(atOnce.error?.type == "RuntimeError" && atOnce.breaches.map(\.limit) == [.concurrentHostCalls])
        // The calls that were not refused go on after their program, and count for the next.
        let rest = try await sandbox.run("for task in asyncio.all_tasks() - {asyncio.current_task()}: await task")
        #expect(rest.error == nil)
        #expect(try await sandbox.run("size('x' * 20_000)").error?.type == "ValueError")
        let buffer = try await sandbox.run("bytes_size(bytes(20_000))")
        #expect(buffer.error?.type == "ValueError" && buffer.breaches.map(\.limit) == [.hostCallSize])
        #expect(try await sandbox.run("large(20_000)").error?.type == "ValueError")
        #expect(try await sandbox.run("await nap(60)").error?.type == "TimeoutError")
        #expect(try await sandbox.evaluate("size('still there')") == 11)
    }

    @Test("Cancelling the Swift task cancels the awaiting program, its finally blocks run, and so ends the closure")
    func cancellation() async throws {
        let counts = Counts()
        let sandbox = try await sandbox([
            HostFunction("forever") { () async throws -> Void in
                counts.begin()
                defer { counts.end() }
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    counts.cancel()
                    throw error
                }
            }
        ])
        for wait in ["await forever()", "import asyncio\n  def plain(): asyncio.run(forever_()) \n  plain()"] {
            let isPlain = wait.contains("plain")
            if isPlain { _ = try await sandbox.run("async def forever_(): await forever()") }
            let before = counts.cancelled
            let task = Task {
                try await sandbox.run(Program("log = []\ntry:\n  \(wait)\nfinally:\n  log.append('cleaned')"))
            }
            while counts.running == 0 { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            while counts.running > 0 { await Task.yield() }
            #expect(counts.cancelled == before + 1)
            #expect(try await sandbox.run("log").value == ["cleaned"], "\(wait)")
        }
    }

    @Test("A program that waits beyond its time limit is cancelled and may clean up")
    func timeLimit() async throws {
        var limits = Limits()
        limits.time = .milliseconds(300)
        let sandbox = try await sandbox(
            [HostFunction("forever") { () async throws -> Void in try await Task.sleep(for: .seconds(600)) }],
            limits: limits
        )
        let run = try await sandbox.run("log = []\ntry:\n  await forever()\nfinally:\n  log.append('cleaned')")
        #expect(run.error?.type.hasSuffix("CancelledError") == true)
        #expect(run.breaches.map(\.limit) == [.time])
        #expect(try await sandbox.run("log").value == ["cleaned"])
        let stubborn = "import asyncio\nwhile True:\n  try:\n    await forever()\n  except asyncio.CancelledError: pass"
        let error = await #expect(throws: SandboxError.self) { try await sandbox.run(Program(stubborn)) }
        #expect(error?.code == .timeLimit)
        #expect(try await sandbox.evaluate("1 + 1") == 2)
    }

    @Test("A name that is none in Python is refused")
    func invalid() async throws {
        let sandbox = try await sandbox([HostFunction("not a name") { 1 }])
        let error = await #expect(throws: SandboxError.self) { try await sandbox.run("1") }
        #expect(error?.code == .invalidFunction)
    }
}

/// Counts closures that run.
private final class Counts: Sendable {
    private let state = Mutex((running: 0, peak: 0, cancelled: 0))

    var running: Int { state.withLock { $0.running } }
    var peak: Int { state.withLock { $0.peak } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    func begin() {
        state.withLock {
            $0.running += 1
            $0.peak = max($0.peak, $0.running)
        }
    }

    func end() { state.withLock { $0.running -= 1 } }

    func cancel() { state.withLock { $0.cancelled += 1 } }
}
