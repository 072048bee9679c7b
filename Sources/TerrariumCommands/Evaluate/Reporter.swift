// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// Reports the outcome of a program.
protocol Reporter: AnyObject, Sendable {
    /// Takes an event of a program that runs.
    func show(_ event: RunEvent)
    /// All ran to its end, without a value.
    func finished()
    /// All ran to its end, and the last expression has a value.
    func finished(with report: EvaluationReport, file: String?)
    /// A program ended itself, with `sys.exit` for instance.
    func exited(with code: Int32)
    /// A program raised an exception that it did not catch.
    func failed(_ error: PythonError, in phase: Phase)
    /// The sandbox failed.
    func failed(_ error: SandboxError)
    /// The command line, or a file that it names, is not as it should be.
    func failed(_ failure: CommandFailure)
    /// The time was over; the program may have been told so by an exception.
    func ranOutOfTime(_ error: PythonError?)
    /// Says which limits were reached, and what to do.
    func hint(_ texts: [String])
}

/// The kind of source that a program is.
enum Phase: String, Sendable {
    case statements = "exec"
    case expression = "eval"
}

/// Prints the outcome as the original demo's host does, on standard output; tracebacks and hints on standard error.
final class TextReporter: Reporter {
    private let isQuiet: Bool
    private let events: Mutex<RunReporter>

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        events = Mutex(RunReporter(isQuiet: isQuiet))
    }

    func show(_ event: RunEvent) {
        events.withLock { $0.show(event) }
    }

    func finished() {}

    func finished(with report: EvaluationReport, file: String?) {
        StandardStream.output.print(isQuiet ? report.text : "result: \(report.text)")
    }

    func exited(with code: Int32) {}

    func failed(_ error: PythonError, in phase: Phase) {
        StandardStream.error.write(error.rendered)
        StandardStream.output.print("\(phase.rawValue) error: \(error)")
    }

    func failed(_ error: SandboxError) {
        StandardStream.error.print("terrarium: \(error.message)")
    }

    func failed(_ failure: CommandFailure) {
        StandardStream.error.print("terrarium: \(failure.message)")
    }

    func ranOutOfTime(_ error: PythonError?) {
        if let error { StandardStream.error.write(error.rendered) }
        StandardStream.output.print("timeout!")
    }

    func hint(_ texts: [String]) {
        guard !isQuiet else { return }
        for text in texts { StandardStream.error.print("hint: \(text)") }
    }
}
