// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The texts that could stand at the cursor.
public struct Completions: Sendable, Hashable, Codable {
    /// A text that could stand at the cursor.
    public struct Match: Sendable, Hashable, Codable {
        /// The kind of the object that a text names.
        public struct Kind: NamedChoice {
            /// The kind's name.
            public let name: String

            /// Makes a kind of its name.
            public init(_ name: String) { self.name = name }

            /// A function or method.
            public static let function = Kind("function")
            /// A class.
            public static let `class` = Kind("class")
            /// A module.
            public static let module = Kind("module")
            /// A variable with another value.
            public static let value = Kind("value")
            /// A word of the language.
            public static let keyword = Kind("keyword")
            /// A property of a class.
            public static let property = Kind("property")
            /// An attribute with another value.
            public static let attribute = Kind("attribute")
            /// A parameter of the function that is called.
            public static let parameter = Kind("parameter")
        }

        /// The text that stands from ``Completions/start`` on.
        public var text: String
        /// The kind of the object that it names.
        public var kind: Kind

        /// Makes a match.
        public init(text: String, kind: Kind) {
            self.text = text
            self.kind = kind
        }
    }

    /// The position at which the matches begin, in Unicode scalars.
    public var start: Int
    /// The matches.
    public var matches: [Match]

    /// Makes completions.
    public init(start: Int, matches: [Match]) {
        self.start = start
        self.matches = matches
    }
}
