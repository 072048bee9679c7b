// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// Values of Python as values that JSON has.
enum JSONForm {
    /// The value, if JSON has it and it is no larger than a limit.
    static func exact(_ value: PythonValue?, maxBytes: Int) -> PythonValue? {
        guard let value, let text = JSONText.value(value), text.utf8.count <= maxBytes else { return nil }
        // Read back, so that arrays and numbers that are none are what JSON makes of them.
        return try? PythonValue(strictJSON: Array(text.utf8), maxDepth: 64)
    }

    /// The arguments of a call; those that JSON does not have as the text that Python prints.
    static func arguments(_ value: PythonValue, depth: Int = 0) -> PythonValue {
        guard depth < 64 else { return "..." }
        switch value {
        case .dict(let items):
            return .dict(items.map { .init(key: $0.key, value: arguments($0.value, depth: depth + 1)) })
        case .list(let elements), .tuple(let elements):
            return .list(elements.map { arguments($0, depth: depth + 1) })
        default: return exact(value, maxBytes: 16 << 20) ?? PythonValue(value.representation)
        }
    }
}
