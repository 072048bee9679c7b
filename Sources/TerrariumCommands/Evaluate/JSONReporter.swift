// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// One JSON object on standard output, whatever happens:
/// `{"status": "ok", "value": …, "text": "…", "stdout": "…", "stderr": "…"}`.
///
/// `value` is null where a value has no JSON form; `text` is what Python would print of it. Of an array there are `dtype`
/// and `shape`, and a large one is not in `value` but in the sandbox's file `file`. `status` is one of `ok`,
/// `exception`, `timeout` and `failed`; instead of a value the last three have an `error` with `type` and `message`.
final class JSONReporter: Reporter {
    private struct Captured {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var isReported = false
    }

    private let captured = Mutex(Captured())

    func program(wrote bytes: [UInt8], to stream: Output.Stream) {
        captured.withLock { captured in
            if stream == .standardOutput {
                captured.output += bytes
            } else {
                captured.error += bytes
            }
        }
    }

    func finished() {
        report(status: "ok", [])
    }

    func finished(with value: PythonValue) {
        report(status: "ok", [("value", JSONText.value(value)), ("text", JSONText.string(value.description))])
    }

    func finished(with report: EvaluationReport) {
        var fields = [("value", JSONText.value(report.value)), ("text", JSONText.string(report.text))]
        fields += report.array.map { ($0.key.text, JSONText.value($0.value)) }
        self.report(status: "ok", fields)
    }

    func failed(_ error: PythonError, in phase: Phase) {
        let detail = [
            ("phase", JSONText.string(phase.rawValue)), ("type", JSONText.string(error.type)),
            ("message", JSONText.string(error.message)),
        ]
        report(status: "exception", [("error", JSONText.object(detail))])
    }

    func failed(_ error: SandboxError) {
        let detail = [("type", JSONText.string("\(error.code)")), ("message", JSONText.string(error.message))]
        report(status: error.code == .timeLimit ? "timeout" : "failed", [("error", JSONText.object(detail))])
    }

    func ranOutOfTime() {
        let message = "The program ran longer than its time limit."
        let detail = [("type", JSONText.string("timeLimit")), ("message", JSONText.string(message))]
        report(status: "timeout", [("error", JSONText.object(detail))])
    }

    private func report(status: String, _ fields: [(String, String)]) {
        captured.withLock { captured in
            guard !captured.isReported else { return }
            captured.isReported = true
            let output = [
                ("stdout", JSONText.string(String(decoding: captured.output, as: UTF8.self))),
                ("stderr", JSONText.string(String(decoding: captured.error, as: UTF8.self))),
            ]
            StandardStream.output.print(JSONText.object([("status", JSONText.string(status))] + fields + output))
        }
    }
}
