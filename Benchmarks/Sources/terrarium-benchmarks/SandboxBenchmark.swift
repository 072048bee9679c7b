// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A fresh sandbox, and a call in one that lives, inside a running process.
enum SandboxBenchmark {
    static func run() async throws {
        let image = try Image.python()
        let original = try PythonWorker(
            script: "original/worker.py",
            arguments: [try Parts.locate().pythonComponent.path]
        )
        try await Comparison(
            title: "Fresh sandbox: create, evaluate 2 + 2, drop",
            subjects: [
                .init("terrarium") {
                    let start = ContinuousClock.now
                    _ = try await Sandbox(image).eval("2 + 2")
                    return ContinuousClock.now - start
                },
                .init("the original demo's way (wasmtime-py)") { try original.measure("fresh") },
            ]
        ).run(warmUps: 50, rounds: 1_000)

        let sandbox = Sandbox(image)
        let native = try PythonWorker(script: "original/native.py", arguments: [])
        try await Comparison(
            title: "One call of 2 + 2 in a live sandbox",
            subjects: [
                .init("terrarium", timing: { _ = try await sandbox.eval("2 + 2") }),
                .init("the original demo's way (wasmtime-py)") { try original.measure("call") },
                .init("python3's eval, no sandbox") { try native.measure("call") },
            ]
        ).run(warmUps: 50, rounds: 2_000)
    }
}
