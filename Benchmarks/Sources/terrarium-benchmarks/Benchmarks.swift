// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// Measures every figure of the README; `make bench` runs it, `make bench BENCHMARKS="process cpu"` a part.
///
/// What is compared takes turns, so that a machine that changes its speed changes it for all.
@main
enum Benchmarks {
    static let all: [(name: String, run: @Sendable () async throws -> Void)] = [
        ("process", ProcessBenchmark.run), ("sandbox", SandboxBenchmark.run), ("memory", MemoryBenchmark.run),
        ("cpu", CPUBenchmark.run), ("numpy", NumPyBenchmark.run), ("host-calls", HostCallBenchmark.run),
        ("human-eval", HumanEvalBenchmark.run), ("files", FilesBenchmark.run), ("bindings", BindingsBenchmark.run),
    ]

    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        for name in wanted where !all.contains(where: { $0.name == name }) {
            let names = all.map(\.name).joined(separator: ", ")
            throw BenchmarkFailure("There is no benchmark \(name); there are \(names).")
        }
        for (name, run) in all where wanted.isEmpty || wanted.contains(name) {
            try await run()
        }
    }

    /// A setting that `make bench` passes in the environment.
    static func setting(_ variable: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else {
            throw BenchmarkFailure("\(variable) is not set; run the benchmarks with `make bench`.")
        }
        return value
    }

    /// A file of this package.
    static func file(_ path: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: path).path
    }
}

struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
