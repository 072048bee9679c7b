// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation

/// Files in a component that `terrarium virt` wrapped, and in the same component with the engine's WASI and a folder.
enum FilesBenchmark {
    static func run() async throws {
        let process = Process()
        process.executableURL = URL(filePath: try Benchmarks.setting("TERRARIUM_TEST_PYTHON"))
        process.arguments = [Benchmarks.file("files/host.py"), try Benchmarks.setting("TERRARIUM_BINARY")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkFailure("files/host.py failed") }
        let figures = try JSONDecoder().decode([String: [String: Double]].self, from: data)
        print("\nFiles: `terrarium virt`, and Wasmtime's own WASI with a preopened folder")
        for (operation, unit) in [("read-file", "ms for 8 MB"), ("stat-file", "µs"), ("open-file", "µs")] {
            guard let times = figures[operation], let wrapped = times["wrapped"], let other = times["wasmtime"] else {
                throw BenchmarkFailure("files/host.py printed no figures for \(operation)")
            }
            print("  \(operation): \(rounded(wrapped)) and \(rounded(other)) \(unit)")
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
