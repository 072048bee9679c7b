// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// Host calls, fresh sessions, and sessions that are suspended.
enum SessionBenchmark {
    static func run() async throws {
        var limits = Limits()
        limits.time = .seconds(600)
        limits.hostCalls = .max
        let terrarium = try await Terrarium(limits: limits)
        try await calls(terrarium)
        try await suspended(terrarium)
    }

    private static func calls(_ terrarium: Terrarium) async throws {
        let session = try await terrarium.session(functions: [
            HostFunction("plain", parameters: "x") { (x: Int) in x },
            HostFunction("later", parameters: "x") { (x: Int) async throws -> Int in x },
        ])
        /// The time that the program itself measured for each of many calls.
        func time(_ call: String, count: Int) async throws -> Duration {
            let seconds: Double = try await session.eval(
                """
                import time
                async def many(count):
                    start = time.perf_counter()
                    for x in range(count): \(call)
                    return (time.perf_counter() - start) / count
                await many(\(count))
                """
            )
            return .seconds(seconds)
        }
        let fresh = Comparison.Subject(
            "a fresh session: make, run 2 + 2, drop",
            timing: {
                let _: Int = try await terrarium.eval("2 + 2")
            }
        )
        let live = Comparison.Subject(
            "one more run of 2 + 2 in a session",
            timing: {
                let _: Int = try await session.eval("2 + 2")
            }
        )
        try await Comparison(
            title: "Sessions",
            subjects: [
                .init("a call of a plain host function") { try await time("plain(x)", count: 2_000) },
                .init("an awaited call of an async host function") { try await time("await later(x)", count: 500) },
                live, fresh,
            ]
        ).run(warmUps: 1, rounds: 9)
    }

    private static func suspended(_ terrarium: Terrarium) async throws {
        let count = 1_000
        let function = HostFunction("ask") { () async throws -> Int in 0 }
        let first = try await terrarium.session(functions: [function])
        _ = try await first.start("n = await ask()\nn + 1")
        let before = try MemoryBenchmark.proportionalKilobytes()
        var sessions: [(session: Session, call: HostCall)] = []
        for _ in 0..<count {
            let session = try await terrarium.session(functions: [function])
            guard case .suspended(let suspension) = try await session.start("n = await ask()\nn + 1") else { continue }
            sessions.append((session, suspension.calls[0]))
        }
        let kilobytes = (try MemoryBenchmark.proportionalKilobytes() - before) / Double(count)
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        var times: [Duration] = []
        for (session, call) in sessions {
            let start = ContinuousClock.now
            guard case .finished(let run) = try await session.resume(with: [call.answered(with: 41)]) else {
                throw BenchmarkFailure("A program did not end.")
            }
            times.append(ContinuousClock.now - start)
            guard run.value == 42 else { throw BenchmarkFailure("A program answered \(run).") }
        }
        Table.print(
            title: "\(sessions.count) sessions, all suspended at once",
            columns: ["median", "p99"],
            rows: [
                ("memory of each", [String(format: "%.0f KB", kilobytes), ""]),
                ("threads in all", ["\(threads)", ""]),
                (
                    "resuming one to its end",
                    [
                        Table.time(Comparison.percentile(0.5, of: times)),
                        Table.time(Comparison.percentile(0.99, of: times)),
                    ]
                ),
            ]
        )
    }
}
