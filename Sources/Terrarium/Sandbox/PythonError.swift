// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An exception that a program raised and did not catch.
///
/// The sandbox goes on.
public struct PythonError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The exception's class, `ZeroDivisionError` for instance.
    public let type: String

    /// What `str` of the exception says; may be empty.
    public let message: String

    /// Takes apart what a guest reports: `Type` or `Type: message`.
    init(report: String) {
        guard let separator = report.firstRange(of: ": ") else {
            type = report
            message = ""
            return
        }
        type = String(report[..<separator.lowerBound])
        message = String(report[separator.upperBound...])
    }

    /// `Type: message`, as the last line of a Python traceback.
    public var description: String { message.isEmpty ? type : "\(type): \(message)" }
}
