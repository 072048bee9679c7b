// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The value of a Python expression: of the kinds that JSON can say, as `json.loads` would make it, else its `repr`.
///
/// Integers keep all their digits, dictionaries their order, strings even lone surrogates, floats `nan` and `inf`.
public enum PythonValue: Sendable, Hashable {
    /// `None`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// An `int` of any size, as decimal digits with `-` before a negative one.
    case int(digits: String)
    /// A `float`.
    case float(Double)
    /// A `str`.
    case string(PythonString)
    /// A `list`.
    case list([PythonValue])
    /// A `dict` whose keys are strings, in insertion order; no key stands twice.
    case dict([Item])
    /// A value that has no JSON form, as its `repr`.
    case other(representation: String)

    /// A key of a dictionary with its value.
    public struct Item: Sendable, Hashable {
        /// The key.
        public let key: PythonString
        /// The value.
        public let value: PythonValue

        /// A key with its value.
        public init(key: PythonString, value: PythonValue) {
            self.key = key
            self.value = value
        }
    }
}

/// A Python `str`: a sequence of code points, which may be surrogates.
public struct PythonString: Sendable, Hashable {
    /// Code points, each at most 0x10FFFF.
    let codePoints: [UInt32]

    init(codePoints: [UInt32]) {
        self.codePoints = codePoints
    }

    /// The same text as a Swift string, with lone surrogates, which it cannot hold, as U+FFFD.
    public var text: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: codePoints.lazy.map { Unicode.Scalar($0) ?? "\u{FFFD}" })
        return String(text)
    }
}

extension PythonString: ExpressibleByStringLiteral {
    /// A string without surrogates.
    public init(stringLiteral text: String) {
        codePoints = text.unicodeScalars.map(\.value)
    }
}
