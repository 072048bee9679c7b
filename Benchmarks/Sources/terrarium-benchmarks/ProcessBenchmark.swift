// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// From the start of a process to its printed result, with warm caches.
enum ProcessBenchmark {
    static func run() async throws {
        let terrarium = try Benchmarks.setting("TERRARIUM_BINARY")
        let python = try Benchmarks.setting("TERRARIUM_TEST_PYTHON")
        let component = try Parts.locate().pythonComponent.path
        func process(_ program: String, _ arguments: [String]) -> () async throws -> Void {
            {
                let process = Process()
                process.executableURL = URL(filePath: program)
                process.arguments = arguments
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                guard process.terminationStatus == 0 else { throw BenchmarkFailure("\(program) failed") }
            }
        }
        try await Comparison(
            title: "Cold process to printed result of 2 + 2",
            subjects: [
                .init("terrarium", timing: process(terrarium, ["2 + 2"])),
                .init("python3 -c, no sandbox", timing: process("/usr/bin/env", ["python3", "-c", "print(2 + 2)"])),
                .init(
                    "the original demo's way (wasmtime-py)",
                    timing: process(python, [Benchmarks.file("original/host.py"), component, "2 + 2"])
                ),
            ]
        ).run(warmUps: 2, rounds: 20)
    }
}
