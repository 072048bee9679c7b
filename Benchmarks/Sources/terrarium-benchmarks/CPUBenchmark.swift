// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// Pure-Python programs inside a sandbox, in the same component without Terrarium's passes, and in the host's CPython, timed
/// by each side's own clock.
enum CPUBenchmark {
    static func run() async throws {
        let image = try await Image.python()
        var limits = Limits()
        limits.time = .seconds(120)
        limits.memoryBytes = 512 << 20
        let folder = Benchmarks.file("programs")
        let original = try PythonWorker(
            script: "original/worker.py",
            arguments: [try Parts.locate().pythonComponent.path, folder]
        )
        let native = try PythonWorker(script: "original/native.py", arguments: [folder])
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where file.hasSuffix(".py") {
            let sandbox = Sandbox(image, limits: limits)
            _ = try await sandbox.run(Program(String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)))
            let name = String(file.dropLast(3))
            try await Comparison(
                title: "CPU: \(name)",
                subjects: [
                    .init("terrarium", timing: { _ = try await sandbox.run("run()") }),
                    .init("the original demo's way (wasmtime-py)") { try original.measure(name) },
                    .init("python3, no sandbox") { try native.measure(name) },
                ]
            ).run(warmUps: 1, rounds: 7)
        }
    }
}
