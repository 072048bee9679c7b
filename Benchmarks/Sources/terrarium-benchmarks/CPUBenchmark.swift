// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// Pure-Python programs in a native CPython 3.14, in sandboxes on the engine's code, and in sandboxes on optimised code if
/// there is some, timed by each side's own clock.
///
/// The programs of the folder `unseen` are those that no profile was made with.
enum CPUBenchmark {
    private struct Tier {
        let name: String
        let image: Image
    }

    /// The ratios to the native Python, of one tier.
    private struct Ratios {
        var all: [Double] = []
        var unseen: [Double] = []
    }

    static func run() async throws {
        var tiers = [Tier(name: "engine", image: try await Image.python(code: .engine))]
        let other = try await Image.python()
        if other.usesOptimizedCode { tiers.append(Tier(name: "optimised", image: other)) }
        let folder = Benchmarks.file("programs")
        let python = try nativePython()
        let native = try PythonWorker(script: "original/native.py", arguments: [folder], python: python)
        var rows: [(name: String, cells: [String])] = []
        var ratios = [Ratios](repeating: Ratios(), count: tiers.count)
        for name in try names(in: folder) {
            let medians = try await measure(name, in: folder, native: native, tiers)
            let found = medians.dropFirst().map { $0 / medians[0] }
            for (index, ratio) in found.enumerated() {
                if name.hasPrefix("unseen/") {
                    ratios[index].unseen.append(ratio)
                } else {
                    ratios[index].all.append(ratio)
                }
            }
            rows.append((name, [Table.time(medians[0])] + found.map { String(format: "%.2f", $0) }))
        }
        rows.append(("geometric mean", [""] + ratios.map { mean($0.all) }))
        rows.append(("geometric mean, unseen", [""] + ratios.map { mean($0.unseen) }))
        Table.print(
            title: "CPU: times that of \(python)",
            columns: ["native"] + tiers.map(\.name),
            rows: rows
        )
    }

    private static func names(in folder: String) throws -> [String] {
        let files = try ["", "unseen/"].flatMap { part in
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").map { part + $0 }
        }
        return files.filter { $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }.sorted { left, right in
            (left.hasPrefix("unseen/") ? 1 : 0, left) < (right.hasPrefix("unseen/") ? 1 : 0, right)
        }
    }

    /// The medians of a program's times, the native one first; all take turns.
    private static func measure(
        _ name: String,
        in folder: String,
        native: PythonWorker,
        _ tiers: [Tier]
    ) async throws -> [Duration] {
        var limits = Limits()
        limits.time = .seconds(120)
        limits.memoryBytes = 512 << 20
        let source = try String(contentsOfFile: "\(folder)/\(name).py", encoding: .utf8)
        var sandboxes: [Sandbox] = []
        for tier in tiers {
            let sandbox = Sandbox(tier.image, limits: limits)
            _ = try await sandbox.run(Program(source))
            sandboxes.append(sandbox)
        }
        var times = [[Duration]](repeating: [], count: 1 + tiers.count)
        for round in 0..<8 {
            var turn = [try native.measure(name)]
            for sandbox in sandboxes {
                let start = ContinuousClock.now
                let run = try await sandbox.run("run()")
                turn.append(ContinuousClock.now - start)
                if let error = run.error { throw error }
            }
            // The first is for warming up.
            guard round > 0 else { continue }
            for (index, time) in turn.enumerated() { times[index].append(time) }
        }
        return times.map { Comparison.percentile(0.5, of: $0) }
    }

    private static func mean(_ ratios: [Double]) -> String {
        guard !ratios.isEmpty else { return "" }
        return String(format: "%.3f", exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count)))
    }

    /// The CPython 3.14 that `make test-cpython` fetches.
    private static func nativePython() throws -> String {
        let python = try Benchmarks.setting("TERRARIUM_NATIVE_PYTHON")
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw BenchmarkFailure("\(python) is not there: Scripts/fetch-cpython.sh fetches it.")
        }
        return python
    }
}
