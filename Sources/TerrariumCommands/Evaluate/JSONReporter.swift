// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// Prints one JSON object on standard output, whatever happens:
/// `{"status": "ok", "value": …, "text": "…", "stdout": "…", "stderr": "…"}`.
///
/// `value` is null where a value has no JSON form; `text` is the text that Python would print of it. An array has
/// `dtype` and `shape` as well, and a large one is not in `value` but in the sandbox's file `file`. `status` is one of
/// `ok`, `exited`, which has a `code`, `exception`, `timeout` and `failed`; the last three have an `error` with `type` and
/// `message`. A program that showed something has `displays`, with their forms by media type.
final class JSONReporter: Reporter {
    private struct Captured {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var displays: [Display] = []
        var isReported = false
    }

    private let captured = Mutex(Captured())

    func show(_ event: RunEvent) {
        captured.withLock { captured in
            switch event {
            case .output(let chunk) where chunk.stream == .standardOutput: captured.output += chunk.bytes
            case .output(let chunk): captured.error += chunk.bytes
            case .display(let display): captured.displays.append(display)
            case .cleared: captured.displays = []
            default: break
            }
        }
    }

    func finished() {
        report(status: "ok", [])
    }

    func finished(with report: EvaluationReport, file: String?) {
        let value = file == nil ? report.value.flatMap(JSONText.value) : nil
        var fields = [("value", value ?? "null"), ("text", JSONText.string(report.text))]
        if case .array(let array)? = report.value {
            fields.append(("dtype", JSONText.string(array.typeName)))
            fields.append(("shape", "[" + array.shape.map(String.init).joined(separator: ", ") + "]"))
        }
        if let file { fields.append(("file", JSONText.string(file))) }
        self.report(status: "ok", fields)
    }

    func exited(with code: Int32) {
        report(status: "exited", [("code", "\(code)")])
    }

    func failed(_ error: PythonError, in phase: Phase) {
        let detail = [
            ("phase", JSONText.string(phase.rawValue)), ("type", JSONText.string(error.type)),
            ("message", JSONText.string(error.message)), ("traceback", JSONText.string(error.rendered)),
        ]
        report(status: "exception", [("error", JSONText.object(detail))])
    }

    func failed(_ error: SandboxError) {
        let detail = [("type", JSONText.string("\(error.code)")), ("message", JSONText.string(error.message))]
        report(status: "failed", [("error", JSONText.object(detail))])
    }

    func failed(_ failure: CommandFailure) {
        let detail = [("type", JSONText.string("usage")), ("message", JSONText.string(failure.message))]
        report(status: "failed", [("error", JSONText.object(detail))])
    }

    func ranOutOfTime(_ error: PythonError?) {
        let message = "The program ran longer than its time limit."
        var detail = [("type", JSONText.string("timeLimit")), ("message", JSONText.string(message))]
        if let error { detail.append(("traceback", JSONText.string(error.rendered))) }
        report(status: "timeout", [("error", JSONText.object(detail))])
    }

    func hint(_ texts: [String]) {}

    private func report(status: String, _ fields: [(String, String)]) {
        captured.withLock { captured in
            guard !captured.isReported else { return }
            captured.isReported = true
            var output = [
                ("stdout", JSONText.string(String(decoding: captured.output, as: UTF8.self))),
                ("stderr", JSONText.string(String(decoding: captured.error, as: UTF8.self))),
            ]
            if !captured.displays.isEmpty {
                let displays = captured.displays.map { JSONText.object($0.data) }
                output.append(("displays", "[" + displays.joined(separator: ", ") + "]"))
            }
            StandardStream.output.print(JSONText.object([("status", JSONText.string(status))] + fields + output))
        }
    }
}
