// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ArgumentParser
import Terrarium

/// Programs for a component that exports `exec` and `eval`, which runs as it is.
struct PlainEvaluation {
    let programs: [EvaluationProgram]
    let limits: Limits
    let grantsWASI: Bool
    let reporter: any Reporter

    init(programs: [EvaluationProgram], limits: Limits, grantsWASI: Bool, _ reporter: any Reporter) {
        self.programs = programs
        self.limits = limits
        self.grantsWASI = grantsWASI
        self.reporter = reporter
    }

    /// Loads the component, runs the programs and reports the outcome.
    func run(_ file: String, _ notes: ProgressNotes) async throws -> ExitCode {
        let sources = try programs.map { (phase: $0.phase, text: try $0.text()) }
        let reporter = reporter
        let component = try await PlainComponent(
            contentsOf: ScriptFile.url(file),
            grants: grantsWASI ? .standardStreams : .none,
            limits: limits,
            output: { reporter.show(.output(OutputChunk($0, $1))) },
            progress: notes.note
        )
        notes.finish()
        if let time = limits.time { Watchdog(time: time + limits.grace, reporter: reporter).start() }
        do {
            return try await evaluate(sources, in: component)
        } catch let error as SandboxError where error.code == .timeLimit {
            reporter.ranOutOfTime(nil)
            return .timeLimit
        } catch let error as SandboxError {
            // Only the component itself is at fault here, and there is a way to let it have its way.
            if !grantsWASI, error.message.contains("wasi:") {
                reporter.hint(["--wasi grants standard output, clocks and random numbers."])
            }
            reporter.failed(error)
            return error.exitCode
        }
    }

    private func evaluate(
        _ sources: [(phase: Phase, text: String)],
        in component: PlainComponent
    ) async throws -> ExitCode {
        for source in sources {
            do {
                switch source.phase {
                case .statements: try await component.exec(source.text)
                case .expression:
                    reporter.finished(with: EvaluationReport(try await component.eval(source.text)), file: nil)
                    return .success
                }
            } catch let error as PythonError {
                reporter.failed(error, in: source.phase)
                return .pythonError
            }
        }
        reporter.finished()
        return .success
    }
}
