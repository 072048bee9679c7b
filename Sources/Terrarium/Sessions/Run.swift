// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What came of running a program in a session.
///
/// A program that raises is an outcome like any other: ``error`` has the exception, and the session goes on.
public struct Run: Sendable {
    /// The value of the program's last expression; `nil` if it ends with something else, raised, or the value was
    /// larger than ``Limits/valueBytes``.
    public internal(set) var value: PythonValue?
    /// The `repr` of that value, if it was asked for.
    public internal(set) var text: String?
    /// That value as `display` would show it, if it was asked for.
    public internal(set) var display: Display?
    /// The exception that ended the program.
    public internal(set) var error: PythonError?
    /// What the program passed to `sys.exit`, if that is how it ended.
    public internal(set) var exitCode: Int?
    /// What it printed.
    public internal(set) var output = ""
    /// What it wrote to standard error.
    public internal(set) var errorOutput = ""
    /// What it showed, in order; a display that took the place of an earlier one stands there.
    public internal(set) var displays: [Display] = []
    /// What it used.
    public internal(set) var usage = Usage()
    /// The limits that it ran into.
    ///
    /// A program may have caught the exception that told it so, and gone on.
    public internal(set) var breaches: [LimitBreach] = []

    /// The value as a Swift type.
    ///
    /// - Throws: ``PythonError`` if the program raised; `DecodingError` if the value is of another type, or there is
    ///   none.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        if let error { throw error }
        if let breach = breaches.first(where: { $0.limit == .value }) {
            throw SandboxError(.resultTooLarge, "The value is too large: \(breach).", breach: breach)
        }
        return try (value ?? PythonValue.null).decode(type)
    }

    /// Which forms of a program's value are wanted; each takes time to make.
    public struct Forms: OptionSet, Sendable, Hashable {
        /// The bits of the forms.
        public let rawValue: Int

        /// Forms by their bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// ``Run/value``.
        public static let value = Forms(rawValue: 1)
        /// ``Run/text``.
        public static let text = Forms(rawValue: 2)
        /// ``Run/display``.
        public static let display = Forms(rawValue: 4)
    }
}
