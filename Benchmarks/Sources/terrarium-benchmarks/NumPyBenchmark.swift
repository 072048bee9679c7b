// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// NumPy inside a sandbox and on the host, in turn, each timed by its own side's clock; the host's uses one thread.
enum NumPyBenchmark {
    private static let rounds = 9

    static func run() async throws {
        let file = "numpy/cases.py"
        var limits = Limits()
        limits.time = .seconds(120)
        limits.memoryBytes = 1 << 30
        let sandbox = Sandbox(try await Image.python(), limits: limits)
        _ = try await sandbox.run(Program(String(contentsOfFile: Benchmarks.file(file), encoding: .utf8)))
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        let native = try PythonWorker(
            script: file,
            arguments: ["--serve"],
            python: try Benchmarks.setting("TERRARIUM_NUMPY_PYTHON")
        )
        guard case .list(let names) = try await sandbox.run("names()").value else {
            throw BenchmarkFailure("The sandbox did not say what to measure.")
        }
        var rows: [(name: String, cells: [String])] = []
        for (number, name) in names.enumerated() {
            var inside: [Duration] = []
            var outside: [Duration] = []
            // The first run finds out how many make a measurement.
            for round in 0...rounds {
                guard case .float(let seconds) = try await sandbox.run(Program("measure(\(number))")).value else {
                    throw BenchmarkFailure("The sandbox did not answer seconds.")
                }
                let other = try native.measure("\(number)")
                if round > 0 {
                    inside.append(.seconds(seconds))
                    outside.append(other)
                }
            }
            // The fastest: such long loops on the processor are disturbed by whatever else the machine does.
            guard let own = inside.min(), let host = outside.min() else { continue }
            let ratio = String(format: "%.2f", own / host)
            rows.append((name.description, [Table.time(own), Table.time(host), ratio]))
        }
        Table.print(
            title: "NumPy on 500x500 and 250,000 elements (fastest of \(rounds) rounds)",
            columns: ["terrarium", "host", "ratio"],
            rows: rows
        )
    }
}
