// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// An error that occurred while a binary was decoded, checked or transformed.
package struct ComponentsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; new kinds may be added.
    package struct Code: Hashable, Sendable {
        private enum Kind: Hashable, Sendable {
            case malformed, unsupported, invalid, notLinkable
        }

        private let kind: Kind

        /// The bytes do not follow the binary format.
        package static let malformed = Code(kind: .malformed)
        /// The bytes use a feature that is neither in the standard nor enabled by the engine.
        package static let unsupported = Code(kind: .unsupported)
        /// The bytes follow the format but contradict themselves, for instance with an index out of range.
        package static let invalid = Code(kind: .invalid)
        /// The component cannot be linked into one module with one memory.
        package static let notLinkable = Code(kind: .notLinkable)
    }

    /// The kind of failure.
    package let code: Code
    /// A description of the error, in one sentence for people.
    ///
    /// It is not stable.
    package let message: String
    /// The offset of the first offending byte from the start of the file, where there is one.
    package let offset: Int?

    /// Creates an error.
    package init(_ code: Code, _ message: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    /// The message with its offset.
    package var description: String {
        guard let offset else { return message }
        return "\(message) (at offset 0x\(String(offset, radix: 16)))"
    }
}
