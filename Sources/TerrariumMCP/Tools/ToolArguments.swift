// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

/// The arguments of a call of a tool, which nobody has checked.
struct ToolArguments {
    private let values: PythonValue

    init(_ values: PythonValue) {
        self.values = values
    }

    /// The handle of a session; `nil` for the default one.
    var session: String? { get throws { try text("session") } }

    func text(_ name: String) throws -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.string else { throw wrong(name, "a string") }
        return text
    }

    func requiredText(_ name: String) throws -> String {
        guard let text = try text(name) else { throw missing(name) }
        return text
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let value = present(name) else { return nil }
        // JSON has one kind of numbers, and some clients write 1.0 for 1.
        let number = value.int ?? value.double.flatMap { Int(exactly: $0) }
        guard let number, range.contains(number) else {
            throw wrong(name, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func seconds(_ name: String) throws -> Duration? {
        guard let value = present(name) else { return nil }
        guard let seconds = value.double, seconds > 0, seconds <= 86_400 else {
            throw wrong(name, "a number of seconds above 0")
        }
        return .seconds(seconds)
    }

    func list(_ name: String, maxCount: Int) throws -> [PythonValue]? {
        guard let value = present(name) else { return nil }
        guard case .list(let elements) = value else { throw wrong(name, "an array") }
        guard elements.count <= maxCount else { throw wrong(name, "an array of at most \(maxCount) elements") }
        return elements
    }

    func requiredList(_ name: String, maxCount: Int) throws -> [PythonValue] {
        guard let elements = try list(name, maxCount: maxCount) else { throw missing(name) }
        return elements
    }

    /// An argument that is there and not null, which many clients write for what is left out.
    private func present(_ name: String) -> PythonValue? {
        let value = values[name]
        return value == .null ? nil : value
    }

    private func missing(_ name: String) -> ToolFailure { ToolFailure("The argument `\(name)` is missing.") }

    private func wrong(_ name: String, _ kind: String) -> ToolFailure {
        ToolFailure("The argument `\(name)` must be \(kind).")
    }
}
