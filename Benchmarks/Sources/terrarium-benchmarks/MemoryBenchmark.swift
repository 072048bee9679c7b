// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// What an idle sandbox costs, once it has evaluated something: its share of the process's resident memory.
enum MemoryBenchmark {
    private static let count = 200

    static func run() async throws {
        let image = try await Image.python()
        _ = try await Sandbox(image).run("2 + 2")
        let before = try proportionalKilobytes()
        var sandboxes: [Sandbox] = []
        for _ in 0..<count {
            let sandbox = Sandbox(image)
            _ = try await sandbox.run("2 + 2")
            sandboxes.append(sandbox)
        }
        let own = try (proportionalKilobytes() - before) / Double(count)
        withExtendedLifetime(sandboxes) {}

        let original = try PythonWorker(
            script: "original/worker.py",
            arguments: [try Parts.locate().pythonComponent.path]
        )
        let other = try original.ask("memory")
        Table.print(
            title: "Memory per idle sandbox (\(count) of them, each after one call)",
            columns: ["KB", "ratio"],
            rows: [
                ("terrarium", [String(format: "%.0f", own), "1.00"]),
                (
                    "the original demo's way (wasmtime-py)",
                    [String(format: "%.0f", other), String(format: "%.2f", other / own)]
                ),
            ]
        )
    }

    /// The process's proportional set size, in which pages shared with other processes count by their share.
    static func proportionalKilobytes() throws -> Double {
        let text = try String(contentsOfFile: "/proc/self/smaps_rollup", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") }
        guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) else {
            throw BenchmarkFailure("The kernel does not say how much memory the process has.")
        }
        return kilobytes
    }
}
