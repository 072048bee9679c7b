// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// An error in a WIT or WAVE text, with its place.
package struct WITError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of a ``WITError``.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        package let description: String

        /// The text does not follow the grammar.
        package static let syntax = Code(description: "syntax")
        /// A name is used that nothing defines.
        package static let unknownName = Code(description: "unknownName")
        /// A name is defined twice in one scope.
        package static let duplicateName = Code(description: "duplicateName")
        /// Definitions refer to one another in a circle.
        package static let cycle = Code(description: "cycle")
        /// The text follows the grammar, but breaks a rule of the language.
        package static let invalid = Code(description: "invalid")
        /// The text is nested more deeply, or is longer, than this library reads.
        package static let limit = Code(description: "limit")
    }

    /// The kind of error.
    package let code: Code
    /// A description of the error, and of what was expected.
    package let message: String
    /// The file, as its ``WITSourceFile/path`` says; nil if no single place is at fault.
    package let file: String?
    /// The line, from 1.
    package let line: Int?
    /// The column in characters, from 1.
    package let column: Int?
    /// The line of text and, below it, a mark under the part at fault.
    package let excerpt: String?

    /// The message as a compiler prints it: place, message, excerpt.
    package var description: String {
        var text = ""
        if let file, let line, let column {
            text += "\(file):\(line):\(column): "
        }
        text += "error: \(message)"
        if let excerpt {
            text += "\n\(excerpt)"
        }
        return text
    }

    /// Names for a message: as many as help, in backticks.
    static func list(_ names: [String]) -> String {
        names.prefix(12).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    }

    /// Creates an error about a part of a source file.
    init(_ code: Code, _ message: String, at range: WITSourceRange = .none) {
        self.code = code
        self.message = message
        guard let source = range.source else {
            (file, line, column, excerpt) = (nil, nil, nil, nil)
            return
        }
        let place = SourceExcerpt(source: source, start: range.start, end: range.end)
        file = source.path
        line = place.line
        column = place.column
        excerpt = place.text
    }
}

/// The line around a place in a file, drawn with a mark.
struct SourceExcerpt {
    /// The line, from 1.
    let line: Int
    /// The column in characters, from 1.
    let column: Int
    /// The drawing.
    let text: String

    init(source: WITSource, start: Int, end: Int) {
        let bytes = source.bytes
        let start = min(max(start, 0), bytes.count)
        var line = 1
        var lineStart = 0
        for offset in 0..<start where bytes[offset] == UInt8(ascii: "\n") {
            line += 1
            lineStart = offset + 1
        }
        var lineEnd = lineStart
        while lineEnd < bytes.count, bytes[lineEnd] != UInt8(ascii: "\n"), bytes[lineEnd] != UInt8(ascii: "\r") {
            lineEnd += 1
        }
        self.line = line
        let before = Self.printable(bytes[lineStart..<max(lineStart, min(start, lineEnd))])
        column = before.count + 1
        // A line of many kilobytes is no help on a terminal: show what surrounds the place.
        let limit = 160
        let marked = Self.printable(bytes[min(start, lineEnd)..<max(min(start, lineEnd), min(end, lineEnd))])
        let after = Self.printable(bytes[max(min(start, lineEnd), min(end, lineEnd))..<lineEnd])
        let shownBefore = before.count > limit ? "…" + before.suffix(limit) : before
        let shownAfter = after.count > limit ? after.prefix(limit) + "…" : after
        let shownMarked = marked.prefix(limit)
        let number = String(line)
        let gutter = String(repeating: " ", count: number.count)
        let mark =
            String(repeating: " ", count: shownBefore.count) + "^"
            + String(repeating: "~", count: max(0, shownMarked.count - 1))
        text = "\(number) | \(shownBefore)\(shownMarked)\(shownAfter)\n\(gutter) | \(mark)"
    }

    /// The text of some bytes with control characters, which could change what a terminal shows, replaced.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            text.unicodeScalars.append(WITCharacters.isForbidden(scalar) || scalar == "\t" ? " " : scalar)
        }
        return text
    }
}
