// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

/// Runs programs for a command, whose user may press Ctrl-C.
enum ProgramRunner {
    /// Runs a program, shows what happens as it happens, and answers its outcome.
    ///
    /// Ctrl-C interrupts the program, as it interrupts CPython; pressed twice within a second, it ends this process.
    static func run(
        _ program: Program,
        in sandbox: Sandbox,
        _ show: (RunEvent) -> Void
    ) async throws -> Run {
        let interrupts = Interrupts { isUrgent in
            if isUrgent { TerrariumCommand.finish(.interrupted) }
            sandbox.interrupt()
        }
        defer { interrupts.end() }
        var outcome = Run()
        for try await event in sandbox.stream(program) {
            show(event)
            if case .finished(let run) = event { outcome = run }
        }
        return outcome
    }
}

extension StandardInput {
    /// The standard input of this process, which is read when the program asks for it.
    static var ofProcess: StandardInput { .reader { await HostInput.next(maxCount: $0) } }
}

extension Run {
    /// A Boolean value that tells whether the program's time was over, even if it caught the exception that told it so.
    var isOutOfTime: Bool { breaches.contains { $0.limit == .time || $0.limit == .processorTime } }

    /// The exit code of a process that ran the program, as CPython has it.
    var processExitCode: ExitCode {
        if isOutOfTime { return .timeLimit }
        if let exitCode { return ExitCode(Int32(truncatingIfNeeded: exitCode & 0xFF)) }
        guard let error else { return .success }
        return error.type == "KeyboardInterrupt" ? .interrupted : .pythonError
    }
}
