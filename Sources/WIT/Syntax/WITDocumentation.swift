// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import ComponentModel

/// The text of documentation comments.
///
/// Works on bytes, since a mark that combines with the space before it would make one character of both.
enum WITDocumentation {
    private typealias Line = ArraySlice<UInt8>

    /// Joins comments, as written, to their text; nil if they say nothing.
    ///
    /// The indentation that all lines share goes; in a block comment whose lines all begin with `*`, so do those.
    static func text(ofComments comments: [ArraySlice<UInt8>]) -> String? {
        var lines: [Line] = []
        for comment in comments {
            if comment.starts(with: "///".utf8) {
                lines.append(trimmed(comment.dropFirst(3)))
            } else {
                lines += blockLines(comment.dropFirst(3).dropLast(2))
            }
        }
        return joined(lines)
    }

    /// Brings a text from elsewhere, such as a binary, into the form that a comment could have; nil if it says nothing.
    static func normalized(_ text: String) -> String? {
        var clean = ""
        for scalar in text.unicodeScalars where !WITCharacters.isForbidden(scalar) {
            clean.unicodeScalars.append(scalar)
        }
        return joined(split(Array(clean.utf8)[...]))
    }

    private static func blockLines(_ body: Line) -> [Line] {
        var lines = split(body)
        let isStarred = lines.dropFirst().allSatisfy { line in
            line.isEmpty || line.drop(while: isSpace).first == UInt8(ascii: "*")
        }
        for index in lines.indices.dropFirst() where isStarred {
            lines[index] = lines[index].drop(while: isSpace).dropFirst()
        }
        // The line of the opening marker has an indentation of its own.
        if let first = lines.first, lines.count > 1 {
            let shared = indentation(of: lines.dropFirst())
            lines[0] = Array(repeating: UInt8(ascii: " "), count: shared) + first.drop(while: isSpace)
        }
        return lines.map(trimmed)
    }

    private static func split(_ text: Line) -> [Line] {
        text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(trimmed)
    }

    private static func joined(_ lines: [Line]) -> String? {
        let shared = indentation(of: lines[...])
        var kept = lines.map { $0.dropFirst(shared) }[...]
        kept = kept.drop(while: \.isEmpty)
        while kept.last?.isEmpty == true {
            kept.removeLast()
        }
        return kept.isEmpty ? nil : kept.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }

    private static func indentation(of lines: ArraySlice<Line>) -> Int {
        lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == UInt8(ascii: " ") }.count }.min() ?? 0
    }

    private static func trimmed(_ line: Line) -> Line {
        var line = line
        while let last = line.last, isSpace(last) {
            line.removeLast()
        }
        return line
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
