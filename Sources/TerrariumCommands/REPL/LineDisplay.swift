// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Shows a line that is being edited on as many rows of a terminal as it takes.
///
/// Each drawing starts from the row in which the line begins, so the display remembers the cursor's row.
struct LineDisplay {
    /// A place relative to the first column of the row in which the line begins.
    private struct Place: Equatable {
        var row = 0
        var column = 0

        /// Advances past a character; a part of it that does not fit into the row goes to the next one.
        mutating func advance(past character: Character, columns: Int) {
            for scalar in character.unicodeScalars {
                wrap(before: scalar, columns: columns)
                column += scalar.terminalWidth
            }
        }

        mutating func wrap(before scalar: Unicode.Scalar?, columns: Int) {
            if column + (scalar?.terminalWidth ?? 1) > columns { (row, column) = (row + 1, 0) }
        }
    }

    private var cursor = Place()
    private var end = Place()

    /// Draws the line, and leaves the cursor where the next character is inserted.
    ///
    /// - Parameters:
    ///   - prompt: The text before the line.
    ///   - text: The line.
    ///   - cursor: The index of the character that the cursor stands on.
    ///   - columns: The terminal's width.
    /// - Returns: The text to write to the terminal.
    mutating func draw(prompt: String, text: [Character], cursor: Int, columns: Int) -> String {
        let columns = max(columns, 2)
        var output = clear() + prompt
        for character in prompt { end.advance(past: character, columns: columns) }
        for (index, character) in text.enumerated() {
            let shown = Self.shown(character)
            if index == cursor {
                self.cursor = end
                self.cursor.wrap(before: shown.unicodeScalars.first, columns: columns)
            }
            end.advance(past: shown, columns: columns)
            output.append(shown)
        }
        if end.column == columns {
            // The terminal would keep the cursor in the last column until the next character comes.
            output += "\r\n"
            end = Place(row: end.row + 1)
        }
        if cursor >= text.count { self.cursor = end }
        if self.cursor != end {
            output += "\r"
            if end.row > self.cursor.row { output += "\u{1B}[\(end.row - self.cursor.row)A" }
            if self.cursor.column > 0 { output += "\u{1B}[\(self.cursor.column)C" }
        }
        return output
    }

    /// Goes to the row after the line, in which the next line begins.
    mutating func leave() -> String {
        defer { (cursor, end) = (Place(), Place()) }
        let down = end.row > cursor.row ? "\u{1B}[\(end.row - cursor.row)B" : ""
        // A line that fills its last row has gone on to the next one already.
        return down + (end.row > 0 && end.column == 0 ? "\r" : "\r\n")
    }

    /// Removes the line from the screen, and leaves the cursor where it began.
    mutating func clear() -> String {
        defer { (cursor, end) = (Place(), Place()) }
        return "\r" + (cursor.row > 0 ? "\u{1B}[\(cursor.row)A" : "") + "\u{1B}[J"
    }

    /// A control character would move the cursor.
    private static func shown(_ character: Character) -> Character {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "\u{FFFD}" : character
    }
}
