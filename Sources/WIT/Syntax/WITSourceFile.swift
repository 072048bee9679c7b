// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// One file of WIT text.
///
/// This module reads no files itself: the caller does, and says with ``path`` where the text came from.
package struct WITSourceFile: Sendable, Hashable {
    /// The name that error messages show, and for a folder of files the path within that folder.
    package var path: String
    /// The text of the file.
    package var text: String

    /// Creates a file from its text.
    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// The bytes of a source file, shared by every range that points into it.
package final class WITSource: Sendable {
    /// The name that error messages show.
    let path: String
    /// The text as UTF-8.
    let bytes: [UInt8]

    init(_ file: WITSourceFile) {
        path = file.path
        bytes = Array(file.text.utf8)
    }
}

/// A stretch of a source file, for error messages.
///
/// All ranges compare equal: two syntax trees are equal if they say the same, wherever it is written.
package struct WITSourceRange: Sendable, Hashable {
    /// The file, or nil for syntax that was made by the program.
    let source: WITSource?
    /// The offset in bytes of the first character.
    let start: Int
    /// The offset in bytes past the last character.
    let end: Int

    init(source: WITSource?, start: Int, end: Int) {
        self.source = source
        self.start = start
        self.end = end
    }

    /// The range of syntax that was made by the program.
    package static let none = WITSourceRange(source: nil, start: 0, end: 0)

    package static func == (_: WITSourceRange, _: WITSourceRange) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}
