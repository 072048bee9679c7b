// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Terrarium

/// Hundreds of programs print the same everywhere: in CPython on Linux (`Tests/Differential/expected` is what it printed),
/// in the Python component under the engine's own WASI, in a sandbox of the linked image, and in one that is
/// restored from a snapshot made halfway.
@Suite(.timeLimit(.minutes(5)))
struct DifferentialTests {
    @Test("Programs print in a sandbox what they print in CPython", arguments: DifferentialProgram.topics)
    func sandbox(topic: String) async throws {
        let image = try await TestImage.python
        for program in try DifferentialProgram.programs(of: topic) {
            let printed = Printed()
            await printed.run(program.halves, in: Sandbox(image, limits: TestImage.patient))
            #expect(printed.text == program.expected, "\(topic): \(program.title)")
        }
    }

    @Test(
        "Programs go on in what a snapshot restores as if nothing had happened",
        arguments: DifferentialProgram.topics
    )
    func snapshot(topic: String) async throws {
        let image = try await TestImage.python
        for program in try DifferentialProgram.programs(of: topic) {
            let printed = Printed()
            let sandbox = Sandbox(image, limits: TestImage.patient)
            await printed.run([program.halves[0]], in: sandbox)
            let restored = try Sandbox(
                restoring: try await sandbox.snapshot(),
                limits: TestImage.patient,
                sharesRandomness: true
            )
            await printed.run([program.halves[1]], in: restored)
            #expect(printed.text == program.expected, "\(topic): \(program.title)")
        }
    }

    @Test(
        "Programs that keep most between their halves go on in another process",
        arguments: ["files", "iteration", "sessions", "sqlite"]
    )
    func otherProcess(topic: String) async throws {
        let binary = try TestEnvironment.value(of: "TERRARIUM_TEST_BINARY")
        let folder = try TemporaryFolder()
        for program in try DifferentialProgram.programs(of: topic) {
            let first = ["snapshot", "-o", "sandbox", "--time-limit", "2min", program.halves[0]]
            let second = ["--restore", "sandbox", "--time-limit", "2min", "-"]
            let before = try await Subprocess.run(binary, first, workingDirectory: folder.url)
            let after = try await Subprocess.run(
                binary,
                second,
                input: Data(program.halves[1].utf8),
                workingDirectory: folder.url
            )
            let printed = Printed.terminated(before.outputText + after.outputText)
            #expect(printed == program.expected, "\(program.title): \(before.errorText)\(after.errorText)")
        }
    }

    @Test("The component prints the same without Terrarium, under the engine's own WASI")
    func unlinked() async throws {
        let script = DifferentialProgram.folder.appending(path: "unlinked.py").path
        let result = try await Subprocess.run(HostPython.program, ["-X", "utf8", script])
        #expect(result.exitCode == 0, "\(result.errorText)")
        let answers = try JSONDecoder().decode([String: [String]].self, from: result.output)
        var count = 0
        for topic in DifferentialProgram.topics {
            let programs = try DifferentialProgram.programs(of: topic)
            let printed = answers[topic, default: []]
            try #require(printed.count == programs.count)
            for (program, text) in zip(programs, printed) {
                #expect(Printed.terminated(text) == program.expectedUnlinked, "\(topic): \(program.title)")
                #expect(!program.expected.isEmpty, "\(topic): \(program.title) has to print something")
            }
            count += programs.count
        }
        #expect(count >= 400)
    }
}

/// Collects what sandboxes print.
private final class Printed: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { Self.terminated(String(decoding: bytes.withLock { $0 }, as: UTF8.self)) }

    /// Runs the parts of a program; an error is as good as printed.
    func run(_ parts: [String], in sandbox: Sandbox) async {
        do {
            for part in parts {
                for try await event in sandbox.stream(Program(part, forms: [])) {
                    switch event {
                    case .output(let chunk) where chunk.stream == .standardOutput: bytes.withLock { $0 += chunk.bytes }
                    case .finished(let run): if let error = run.error { throw error }
                    default: break
                    }
                }
            }
        } catch {
            bytes.withLock { $0 += Array("uncaught: \(error)\n".utf8) }
        }
    }

    /// With the line break at the end that the files of expected output have.
    static func terminated(_ text: String) -> String {
        text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
    }
}
