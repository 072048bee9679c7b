// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A name that equals another one only if both have the same bytes.
///
/// Swift's strings are equal if they are canonically equivalent: "é" as one scalar equals "é" as two. WebAssembly and file
/// systems take these for different names, so no dictionary of such names may have strings as keys.
package struct ExactName: Hashable, Sendable {
    /// The name as text.
    package let text: String

    /// Creates a name.
    package init(_ text: some StringProtocol) { self.text = String(text) }

    /// Compares bytes.
    package static func == (left: ExactName, right: ExactName) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// Hashes bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8.max)
    }
}

extension StringProtocol {
    /// Returns whether both texts have the same UTF-8, which `==` does not say.
    package func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
