// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// From the start of a process to its printed result, with warm caches.
enum ProcessBenchmark {
    static func run() async throws {
        let terrarium = try Benchmarks.setting("TERRARIUM_BINARY")
        let python = try HostPython.located()
        let component = try Parts.locate().pythonComponent.path
        func process(_ program: String, _ arguments: [String]) -> () async throws -> Void {
            {
                let process = Process()
                process.executableURL = URL(filePath: program)
                process.arguments = arguments
                process.environment = ProcessInfo.processInfo.environment.merging(python.variables) { $1 }
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                guard process.terminationStatus == 0 else { throw BenchmarkFailure("\(program) failed") }
            }
        }
        // -S: what an installation has in its site-packages can take longer to start than Python itself.
        try await Comparison(
            title: "Cold process to printed result of 2 + 2",
            subjects: [
                .init("terrarium", timing: process(terrarium, ["2 + 2"])),
                .init("python3 -S -c, no sandbox", timing: process(python.program, ["-S", "-c", "print(2 + 2)"])),
                .init(
                    "the original demo's way (wasmtime-py)",
                    timing: process(python.program, ["-S", Benchmarks.file("original/host.py"), component, "2 + 2"])
                ),
            ]
        ).run(warmUps: 2, rounds: 20)
    }
}

/// The interpreter itself: what is called `python3` is often a script that looks for it, which takes longer than it does.
struct HostPython {
    let program: String
    let variables: [String: String]

    static func located() throws -> HostPython {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: try Benchmarks.setting("TERRARIUM_TEST_PYTHON"))
        process.arguments = ["-c", "import os, sys; print(sys.executable); print(os.environ.get('PYTHONPATH', ''))"]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1 else { throw BenchmarkFailure("Python does not say where it is.") }
        return HostPython(program: String(lines[0]), variables: ["PYTHONPATH": String(lines[1])])
    }
}
