// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The outcome of a program that ran in a sandbox.
///
/// A program that raises is an outcome like any other: ``error`` has the exception, and the sandbox goes on.
public struct Run: Sendable, Hashable, Codable {
    /// The value of the program's last expression.
    ///
    /// It is `nil` if the program ends with something else, raised, or if the value is larger than ``Limits/valueBytes``.
    public var value: PythonValue?
    /// The `repr` of that value, if ``Program/forms`` asked for it.
    public var text: String?
    /// That value as `display` would show it, if ``Program/forms`` asked for it.
    public var display: Display?
    /// The exception that ended the program.
    public var error: PythonError?
    /// A Boolean value that tells whether ``errorOutput`` has the traceback of the exception already, as that of a script
    /// has.
    public var isErrorShown: Bool
    /// The exit status, if the program ended with `sys.exit` or `os._exit`.
    public var exitCode: Int?
    /// The text that it printed.
    public var output: String
    /// The text that it wrote to standard error.
    public var errorOutput: String
    /// The things that it showed, in order; an update stands in the place of the display that it replaced.
    public var displays: [Display]
    /// The resources that it used.
    public var usage: Usage
    /// The limits that it ran into.
    ///
    /// A program may have caught the exception that told it so, and gone on.
    public var breaches: [LimitBreach]

    /// Makes an outcome; by default that of a program that did nothing.
    public init(
        value: PythonValue? = nil,
        text: String? = nil,
        display: Display? = nil,
        error: PythonError? = nil,
        isErrorShown: Bool = false,
        exitCode: Int? = nil,
        output: String = "",
        errorOutput: String = "",
        displays: [Display] = [],
        usage: Usage = Usage(),
        breaches: [LimitBreach] = []
    ) {
        self.value = value
        self.text = text
        self.display = display
        self.error = error
        self.isErrorShown = isErrorShown
        self.exitCode = exitCode
        self.output = output
        self.errorOutput = errorOutput
        self.displays = displays
        self.usage = usage
        self.breaches = breaches
    }

    /// Decodes the value as a Swift type.
    ///
    /// - Throws: ``PythonError`` if the program raised; `SandboxError` with the code `.resultTooLarge` if the value was
    ///   larger than ``Limits/valueBytes``; `DecodingError` if the value is of another type, or there is none.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        if let error { throw error }
        if let breach = breaches.first(where: { $0.limit == .value }) {
            throw SandboxError(.resultTooLarge, "The value is too large: \(breach).", breach: breach)
        }
        return try (value ?? .null).decode(type)
    }

    /// The forms of a program's value that are wanted; each takes time to make.
    public struct Forms: OptionSet, Sendable, Hashable, Codable {
        /// The bits of the forms.
        public let rawValue: Int

        /// Makes forms of their bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// ``Run/value``.
        public static let value = Forms(rawValue: 1)
        /// ``Run/text``.
        public static let text = Forms(rawValue: 2)
        /// ``Run/display``.
        public static let display = Forms(rawValue: 4)
    }
}
