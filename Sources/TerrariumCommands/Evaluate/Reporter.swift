// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Tells what came of a program.
protocol Reporter: Sendable {
    func program(wrote bytes: [UInt8], to stream: Output.Stream)
    func finished()
    func finished(with value: PythonValue)
    func finished(with report: EvaluationReport)
    func failed(_ error: PythonError, in phase: Phase)
    func failed(_ error: SandboxError)
    func ranOutOfTime()
}

/// Which kind of source the program was in.
enum Phase: String, Sendable {
    case statements = "exec"
    case expression = "eval"
}

/// As the original demo's host prints it, all of it on standard output.
struct TextReporter: Reporter {
    let isQuiet: Bool

    func program(wrote bytes: [UInt8], to stream: Output.Stream) {
        (stream == .standardOutput ? StandardStream.output : .error).write(bytes)
    }

    func finished() {}

    func finished(with value: PythonValue) {
        StandardStream.output.print(isQuiet ? "\(value)" : "result: \(value)")
    }

    func finished(with report: EvaluationReport) {
        finished(with: .other(representation: report.text))
    }

    func failed(_ error: PythonError, in phase: Phase) {
        StandardStream.output.print("\(phase.rawValue) error: \(error)")
    }

    func failed(_ error: SandboxError) {
        StandardStream.error.print("terrarium: \(error.message)")
    }

    func ranOutOfTime() {
        StandardStream.output.print("timeout!")
    }
}
