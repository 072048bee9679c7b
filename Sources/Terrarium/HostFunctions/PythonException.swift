// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An exception that a host function raises in the program that called it.
///
///     throw PythonException("KeyError", "no such user")
///
/// All other errors that a host function throws become `terrarium.HostError` without any detail, because their text may
/// contain secrets.
public struct PythonException: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The exception's class: one that the function declares, or a built-in one that derives from `Exception`.
    ///
    /// Any other name makes it a `terrarium.HostError`.
    public let type: String

    /// The message; the program sees all of it.
    public let message: String

    /// An exception of a class, with a message.
    public init(_ type: String, _ message: String = "") {
        self.type = type
        self.message = message
    }

    /// `Type: message`.
    public var description: String { message.isEmpty ? type : "\(type): \(message)" }

    /// Returns the exception that a program sees for an error that a host function threw.
    static func hiding(_ error: any Error, of function: String) -> PythonException {
        switch error {
        case let exception as PythonException: exception
        case is CancellationError: PythonException("HostError", "\(function) was cancelled")
        default: PythonException("HostError", "\(function) failed")
        }
    }
}
