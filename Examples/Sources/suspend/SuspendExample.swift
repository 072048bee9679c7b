// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium

/// A program that is put on disk in the middle of an `await`, and goes on in another process; in a fork it is answered
/// otherwise.
@main
struct SuspendExample {
    static let ask = HostFunction("ask", "Asks a person, which may take days.", parameters: "question") {
        (question: String) async throws -> String in
        throw CancellationError()
    }

    static let program: Program = """
        amount = 1_200
        print('May I pay', amount, '?')
        answer = await ask(f'Pay {amount}?')
        print('They said', answer)
        amount if answer == 'yes' else 0
        """

    static func main() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "suspended-\(UUID().uuidString)")
        if CommandLine.arguments.count == 2 {
            return try await resume(URL(filePath: CommandLine.arguments[1]))
        }
        defer { try? FileManager.default.removeItem(at: file) }
        let sandbox = Sandbox(try await Image.python(), functions: [ask])
        guard case .suspended(let suspension) = try await sandbox.start(program) else { return }
        print(
            suspension.progress.output + "suspended at \(suspension.calls[0].function)\(suspension.calls[0].arguments)"
        )
        fflush(nil)
        try await sandbox.snapshot().write(to: file)

        // Another process goes on with it, and this one with a copy.
        let other = Process()
        other.executableURL = URL(filePath: CommandLine.arguments[0])
        other.arguments = [file.path]
        try other.run()
        other.waitUntilExit()
        let step = try await sandbox.fork().resume(with: [suspension.calls[0].answered(with: "no")])
        if case .finished(let run) = step { print("in the fork:", run.output, run.value ?? "") }
    }

    /// What the other process does.
    static func resume(_ file: URL) async throws {
        let snapshot = try await Snapshot(contentsOf: file, image: Image.python())
        let sandbox = try Sandbox(restoring: snapshot, functions: [ask])
        guard case .suspended(let suspension) = try await sandbox.resume() else { return }
        let step = try await sandbox.resume(with: [suspension.calls[0].answered(with: "yes")])
        if case .finished(let run) = step { print("in another process:", run.output, run.value ?? "") }
    }
}
