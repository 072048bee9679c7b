// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Why no bindings can be generated.
public struct BindgenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of a ``BindgenError``.
    public struct Code: Hashable, Sendable {
        private let name: String

        /// The model has no world of that name.
        public static let unknownWorld = Code(name: "unknownWorld")
        /// The world uses what bindings are not generated for yet.
        public static let unsupported = Code(name: "unsupported")
    }

    /// The kind of error.
    public let code: Code
    /// A description of the error, and of its place in the world.
    public let message: String

    /// The message.
    public var description: String { message }
}
