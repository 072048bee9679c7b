// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Why no bindings can be generated.
package struct BindgenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of a ``BindgenError``.
    package struct Code: Hashable, Sendable {
        private let name: String

        /// The model has no world of that name.
        package static let unknownWorld = Code(name: "unknownWorld")
        /// The world uses what bindings are not generated for yet.
        package static let unsupported = Code(name: "unsupported")
    }

    /// The kind of error.
    package let code: Code
    /// A description of the error, and of its place in the world.
    package let message: String

    /// The message.
    package var description: String { message }
}
