// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Synchronization
import Terrarium

/// One JSON object on standard output, whatever happens:
/// `{"status": "ok", "value": …, "text": "…", "stdout": "…", "stderr": "…"}`.
///
/// `value` is null where a value has no JSON form; `text` is what Python would print of it. `status` is one of `ok`,
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

/// JSON as RFC 8259 has it, so that any program can read it.
private enum JSONText {
    static func value(_ value: PythonValue) -> String {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .int(let digits): digits
        case .float(let number): number.isFinite ? PythonValue.float(number).representation : "null"
        case .string(let value): string(value.text)
        case .list(let elements): "[" + elements.map(JSONText.value).joined(separator: ", ") + "]"
        case .dict(let items): object(items.map { ($0.key.text, JSONText.value($0.value)) })
        // What has no JSON form; an evaluated expression answers none of the other kinds.
        default: "null"
        }
    }

    static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\(string($0)): \($1)" }.joined(separator: ", ") + "}"
    }

    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\0"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
