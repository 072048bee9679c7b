// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A Python program with everything that it is given.
///
/// A string literal is a program with nothing else:
///
///     let run = try await sandbox.run("2 + 2")
///     let greeting = try await sandbox.run(Program("f'Hello, {name}!'", inputs: ["name": "World"]))
public struct Program: Sendable, ExpressibleByStringLiteral {
    /// The way in which a program is run.
    public struct Kind: Sendable, Hashable {
        enum Name: Sendable { case cell, script, prompt }

        let name: Name

        /// A program whose names persist in the sandbox, and whose last expression is its value; the default.
        ///
        /// It may `await` at its top level.
        public static let cell = Kind(name: .cell)

        /// A file that is run as `python FILE` runs it: with names of its own, `__file__`, and its folder on `sys.path`.
        ///
        /// At its end, `atexit` handlers run and open files are flushed.
        public static let script = Kind(name: .script)

        /// The text that a person typed at a prompt: each statement that is an expression shows its value, and `_` is the
        /// last one.
        public static let prompt = Kind(name: .prompt)

        /// The name of a program that has none, if the guest does not make one.
        var defaultName: String? { name == .script ? "/main.py" : nil }
    }

    enum Source: Sendable {
        case text(String)
        /// A file's bytes, in the encoding that they declare.
        case bytes([UInt8])
    }

    var source: Source

    /// The Python source, of any length.
    public var code: String {
        get {
            switch source {
            case .text(let text): text
            case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
            }
        }
        set { source = .text(newValue) }
    }

    /// The way in which the program is run.
    public var kind: Kind

    /// The file name in tracebacks, `<python-input-N>` if `nil`; of a script its path in the sandbox, `/main.py` if `nil`.
    public var name: String?

    /// The variables that are set before the program runs.
    public var inputs: [String: PythonValue]

    /// The elements of `sys.argv` after the name; `sys.argv` stays as it was if `nil`.
    public var arguments: [String]?

    /// The standard input; the rest of the earlier one if `nil`.
    public var standardInput: StandardInput?

    /// The forms of the value that are wanted; the value only by default.
    public var forms: Run.Forms

    /// Makes a program.
    ///
    /// - Parameters:
    ///   - code: Python source of any length.
    ///   - kind: The way in which it is run.
    ///   - name: The file name in tracebacks; see ``name``.
    ///   - inputs: The variables that are set before.
    ///   - arguments: The elements of `sys.argv` after the name; as it was if `nil`.
    ///   - standardInput: The standard input; the rest of the earlier one if `nil`.
    ///   - forms: The forms of the value that are wanted.
    public init(
        _ code: String,
        kind: Kind = .cell,
        name: String? = nil,
        inputs: [String: PythonValue] = [:],
        arguments: [String]? = nil,
        standardInput: StandardInput? = nil,
        forms: Run.Forms = .value
    ) {
        source = .text(code)
        self.kind = kind
        self.name = name
        self.inputs = inputs
        self.arguments = arguments
        self.standardInput = standardInput
        self.forms = forms
    }

    /// Makes a program of a script's bytes, whose encoding Python finds out as it does for a file.
    ///
    /// - Parameters:
    ///   - bytes: The contents of the script.
    ///   - path: The path of the script in the sandbox, which is its `__file__`. No file is written there.
    ///   - arguments: The elements of `sys.argv` after the path.
    ///   - standardInput: The standard input; none by default.
    public init(
        script bytes: [UInt8],
        path: String,
        arguments: [String] = [],
        standardInput: StandardInput = []
    ) {
        source = .bytes(bytes)
        kind = .script
        name = path
        inputs = [:]
        self.arguments = arguments
        self.standardInput = standardInput
        forms = []
    }

    /// Makes a program of its source.
    public init(stringLiteral code: String) {
        self.init(code)
    }
}
