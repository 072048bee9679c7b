// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// JSON as RFC 8259 has it, so that any program can read it.
enum JSONText {
    static func value(_ value: PythonValue) -> String {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .int(let number): number.description
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
