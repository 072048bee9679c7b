// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import Wasmtime

/// Values of 1 MB through generated bindings, and through wasmtime-py's calls of the same component.
enum BindingsBenchmark {
    private static let byteCount = 1 << 20

    static func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bindings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "lists.wasm").path
        try assemble(Benchmarks.file("bindings/lists.wat"), to: file)
        let engine = try Engine(library: .load(path: Parts.locate().engineLibrary.path))
        let lists = try await Lists.Instance(Component(engine: engine, file: file))
        let worker = try PythonWorker(script: "bindings/worker.py", arguments: [file, String(byteCount)])

        let bytes = [UInt8](repeating: 1, count: byteCount)
        let floats = (0..<byteCount / 8).map(Double.init)
        let points = (0..<byteCount / 24).map { Lists.Point(x: Double($0), y: 0.5, id: UInt32($0), tag: 0) }
        let text = String(repeating: "x", count: byteCount)
        let (byteNumber, floatNumber) = (UInt32(bytes.count), UInt32(floats.count))
        let pointNumber = UInt32(points.count)
        let cases: [(title: String, function: String, call: () async throws -> Void)] = [
            ("list<u8> in", "take-bytes", { _ = try await lists.takeBytes(value: bytes) }),
            ("list<u8> out", "give-bytes", { _ = try await lists.giveBytes(count: byteNumber) }),
            ("list<f64> in", "take-floats", { _ = try await lists.takeFloats(value: floats) }),
            ("list<f64> out", "give-floats", { _ = try await lists.giveFloats(count: floatNumber) }),
            ("list<record> in", "take-points", { _ = try await lists.takePoints(value: points) }),
            ("list<record> out", "give-points", { _ = try await lists.givePoints(count: pointNumber) }),
            ("string in", "take-text", { _ = try await lists.takeText(value: text) }),
            ("string out", "give-text", { _ = try await lists.giveText(count: byteNumber) }),
        ]
        for (title, function, call) in cases {
            try await Comparison(
                title: "Bindings, 1 MB: \(title)",
                subjects: [
                    .init("terrarium", timing: call),
                    .init("wasmtime-py") { try worker.measure(function) },
                ]
            ).run(warmUps: 1, rounds: 7)
        }
    }

    /// Makes a component with the `wasm-tools` beside the Python of the tests.
    private static func assemble(_ text: String, to file: String) throws {
        let python = URL(filePath: try Benchmarks.setting("TERRARIUM_TEST_PYTHON"))
        let process = Process()
        process.executableURL = python.deletingLastPathComponent().appending(path: "wasm-tools")
        process.arguments = ["parse", text, "-o", file]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkFailure("wasm-tools failed") }
    }
}
