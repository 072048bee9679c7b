// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// Host calls, and sandboxes that are suspended.
enum HostCallBenchmark {
    static func run() async throws {
        var limits = Limits()
        limits.time = .seconds(600)
        limits.hostCalls = .max
        let image = try await Image.python()
        try await calls(image, limits)
        try await suspended(image, limits)
    }

    private static func calls(_ image: Image, _ limits: Limits) async throws {
        let functions = [
            HostFunction("plain", parameters: "x") { (x: Int) in x },
            HostFunction("later", parameters: "x") { (x: Int) async throws -> Int in x },
        ]
        let sandbox = Sandbox(image, functions: functions, limits: limits)
        /// The time that the program itself measured for each of many calls.
        func time(_ call: String, count: Int) async throws -> Duration {
            let program = Program(
                """
                import time
                async def many(count):
                    start = time.perf_counter()
                    for x in range(count): \(call)
                    return (time.perf_counter() - start) / count
                await many(\(count))
                """
            )
            let seconds: Double = try await sandbox.evaluate(program)
            return .seconds(seconds)
        }
        try await Comparison(
            title: "Host calls",
            subjects: [
                .init("a call of a plain host function") { try await time("plain(x)", count: 2_000) },
                .init("an awaited call of an async host function") { try await time("await later(x)", count: 500) },
            ]
        ).run(warmUps: 1, rounds: 9)
    }

    private static func suspended(_ image: Image, _ limits: Limits) async throws {
        let count = 1_000
        let function = HostFunction("ask") { () async throws -> Int in 0 }
        let first = Sandbox(image, functions: [function], limits: limits)
        _ = try await first.start("n = await ask()\nn + 1")
        let before = try MemoryBenchmark.proportionalKilobytes()
        var sandboxes: [(sandbox: Sandbox, call: HostCall)] = []
        for _ in 0..<count {
            let sandbox = Sandbox(image, functions: [function], limits: limits)
            guard case .suspended(let suspension) = try await sandbox.start("n = await ask()\nn + 1") else { continue }
            sandboxes.append((sandbox, suspension.calls[0]))
        }
        let kilobytes = (try MemoryBenchmark.proportionalKilobytes() - before) / Double(count)
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        var times: [Duration] = []
        for (sandbox, call) in sandboxes {
            let start = ContinuousClock.now
            guard case .finished(let run) = try await sandbox.resume(with: [call.answered(with: 41)]) else {
                throw BenchmarkFailure("A program did not end.")
            }
            times.append(ContinuousClock.now - start)
            guard run.value == 42 else { throw BenchmarkFailure("A program answered \(run).") }
        }
        Table.print(
            title: "\(sandboxes.count) sandboxes, all suspended at once",
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
