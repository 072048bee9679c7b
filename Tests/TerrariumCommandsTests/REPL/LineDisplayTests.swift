// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Testing

@testable import TerrariumCommands

/// Lines on the rows of a terminal, which a small model of one plays.
struct LineDisplayTests {
    /// The rows of a screen, as a terminal changes them by what is written to it.
    private struct Screen {
        let columns: Int
        private(set) var rows: [[String]] = [[]]
        private(set) var row = 0
        private(set) var column = 0

        init(columns: Int) { self.columns = columns }

        /// The text of all rows, with a bar where the cursor is.
        var text: String {
            var shown = rows.map { $0.joined() }
            let cells = rows[row] + Array(repeating: " ", count: max(0, column - rows[row].count))
            shown[row] = cells[..<column].joined() + "|" + cells[column...].joined()
            return shown.joined(separator: "\n")
        }

        mutating func write(_ text: String) {
            var scalars = Array(text.unicodeScalars)[...]
            while let scalar = scalars.popFirst() {
                switch scalar {
                case "\r": column = 0
                case "\n": goTo(row: row + 1)
                case "\u{1B}":
                    scalars.removeFirst()
                    let digits = scalars.prefix { ("0"..."9").contains($0) }
                    scalars = scalars.dropFirst(digits.count)
                    let count = Int(String(String.UnicodeScalarView(digits))) ?? 1
                    switch scalars.popFirst() {
                    case "A": row = max(0, row - count)
                    case "B": goTo(row: row + count)
                    case "C": column = min(columns - 1, column + count)
                    case "J":
                        rows.removeSubrange((row + 1)...)
                        rows[row].removeSubrange(min(column, rows[row].count)...)
                    case let other: Issue.record("\(String(describing: other)) is no key that the screen knows")
                    }
                default: put(scalar)
                }
            }
        }

        private mutating func goTo(row: Int) {
            self.row = row
            while rows.count <= row { rows.append([]) }
        }

        private mutating func put(_ scalar: Unicode.Scalar) {
            let width = scalar.terminalWidth
            if width == 0, column > 0 {
                rows[row][column - 1].unicodeScalars.append(scalar)
                return
            }
            if column + width > columns {
                goTo(row: row + 1)
                column = 0
            }
            while rows[row].count < column + width { rows[row].append(" ") }
            rows[row][column] = String(scalar)
            if width == 2 { rows[row][column + 1] = "" }
            column += width
        }
    }

    @Test(
        "A line takes the rows that it needs, with the cursor where the next character goes",
        arguments: [
            ("", 0, "> |"), ("abc", 3, "> abc|"), ("abc", 1, "> a|bc"), ("abcdefg", 7, "> abcdef\ng|"),
            ("abcdef", 6, "> abcdef\n|"), ("abcdefgh", 2, "> ab|cdef\ngh"), ("abcdefgh", 6, "> abcdef\n|gh"),
            ("abcdefghijklmno", 13, "> abcdef\nghijklm|n\no"),
            // Wide characters do not begin in the last column, and combining ones take none.
            ("日本語", 3, "> 日本語\n|"), ("日本語語", 1, "> 日|本語\n語"), ("a日本語", 4, "> a日本\n語|"),
            ("a日本語", 3, "> a日本\n|語"), ("e\u{301}e\u{301}x", 2, "> e\u{301}e\u{301}|x"), ("😀😀😀😀", 4, "> 😀😀😀\n😀|"),
            ("\u{1}x", 2, "> \u{FFFD}x|"),
        ]
    )
    func drawing(text: String, cursor: Int, shown: String) {
        var screen = Screen(columns: 8)
        var display = LineDisplay()
        screen.write(display.draw(prompt: "> ", text: Array(text), cursor: cursor, columns: 8))
        #expect(screen.text == shown)
    }

    @Test("Whatever was drawn before, a drawing leaves the same screen as a first one")
    func redrawing() {
        let texts = ["", "a", "abcdef", "日本語語日本語", "abcdefghijklmnop", "e\u{301}日e\u{301}本xyz語"]
        for before in texts {
            for after in texts {
                for (first, second) in [(0, 0), (before.count, after.count), (before.count / 2, after.count / 2)] {
                    var screen = Screen(columns: 8)
                    var display = LineDisplay()
                    screen.write(display.draw(prompt: "> ", text: Array(before), cursor: first, columns: 8))
                    screen.write(display.draw(prompt: "> ", text: Array(after), cursor: second, columns: 8))
                    var fresh = Screen(columns: 8)
                    var other = LineDisplay()
                    fresh.write(other.draw(prompt: "> ", text: Array(after), cursor: second, columns: 8))
                    #expect(screen.text == fresh.text, "\(before) at \(first), then \(after) at \(second)")
                }
            }
        }
    }

    @Test("After a line the next one begins in the row below", arguments: [("ab", 0), ("abcdef", 6), ("abcdefghi", 1)])
    func leaving(text: String, cursor: Int) {
        var screen = Screen(columns: 8)
        var display = LineDisplay()
        screen.write(display.draw(prompt: "> ", text: Array(text), cursor: cursor, columns: 8))
        screen.write(display.leave() + "next")
        let rows = screen.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(rows.dropLast().joined() == "> \(text)")
        #expect(rows.last == "next|")
    }
}
