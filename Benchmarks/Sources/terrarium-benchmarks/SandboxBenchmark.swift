// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// A fresh sandbox, a fork, and a call in a sandbox that lives, inside a running process.
enum SandboxBenchmark {
    static func run() async throws {
        let image = try await Image.python()
        let demo = try PythonWorker(
            script: "original/worker.py",
            arguments: [try Parts.locate().pythonComponent.path]
        )
        let derived = try await derivedImage(of: image)
        try await Comparison(
            title: "Fresh sandbox: create, run 2 + 2, drop",
            subjects: [
                .init("terrarium") {
                    let start = ContinuousClock.now
                    _ = try await Sandbox(image).run("2 + 2")
                    return ContinuousClock.now - start
                },
                .init("terrarium, a derived image with 20 modules") {
                    let start = ContinuousClock.now
                    _ = try await Sandbox(derived).run("2 + 2")
                    return ContinuousClock.now - start
                },
                .init("the original demo's way (wasmtime-py)") { try demo.measure("fresh") },
            ]
        ).run(warmUps: 10, rounds: 100, repetitions: 20)

        let original = Sandbox(image)
        _ = try await original.run("import json\nrows = [{'id': i, 'name': str(i)} for i in range(20)]")
        try await Comparison(
            title: "Fork of a small sandbox: copy, run rows[3]['id'] in it, drop",
            subjects: [
                .init("terrarium", timing: { _ = try await original.fork().run("rows[3]['id']") }),
                .init("with the same random numbers") {
                    let start = ContinuousClock.now
                    _ = try await original.fork(sharesRandomness: true).run("rows[3]['id']")
                    return ContinuousClock.now - start
                },
            ]
        ).run(warmUps: 10, rounds: 100, repetitions: 20)

        let sandbox = Sandbox(image)
        let worn = Sandbox(image)
        for _ in 0..<10_000 { _ = try await worn.run("2 + 2") }
        let native = try PythonWorker(script: "original/native.py", arguments: [])
        try await Comparison(
            title: "One run of 2 + 2 in a live sandbox",
            subjects: [
                .init("terrarium", timing: { _ = try await sandbox.run("2 + 2") }),
                .init("after 10,000 runs in the same sandbox", timing: { _ = try await worn.run("2 + 2") }),
                .init("the original demo's way (wasmtime-py)") { try demo.measure("call") },
                .init("python3's eval, no sandbox") { try native.measure("call") },
            ]
        ).run(warmUps: 10, rounds: 100, repetitions: 20)
    }

    /// An image to which modules were added and in which they were imported; says how long that took.
    private static func derivedImage(of image: Image) async throws -> Image {
        let start = ContinuousClock.now
        let derived = try await image.derived { sandbox in
            try await sandbox.makeDirectory("/modules")
            for number in 0..<20 {
                let functions = (0..<20).map { "def f\($0)(a, b=\($0)):\n    return [a, b, {'m': \(number)}]\n\n" }
                    .joined()
                try await sandbox.write(
                    "/modules/module\(number).py",
                    Array((functions + "class C:\n    x = f0(1)\n").utf8)
                )
                _ = try await sandbox.run(
                    Program("import sys\nif not \(number): sys.path.append('/modules')\nimport module\(number)")
                )
            }
        }
        print("\nAn image with 20 modules was derived in \(ContinuousClock.now - start).")
        return derived
    }
}
