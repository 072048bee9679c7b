// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// A line that is being edited: what keys do to it, whatever the terminal.
struct LineEditor {
    /// The effect of a key.
    enum Action: Equatable {
        /// The line may have changed.
        case edited
        /// Return was pressed.
        case entered
        /// Tab was pressed: complete what is before the cursor.
        case complete
        /// Ctrl-C was pressed.
        case interrupted
        /// Ctrl-D was pressed on an empty line.
        case ended
    }

    private(set) var text: [Character] = []
    private(set) var cursor = 0
    private let history: [String]
    private var place: Int
    private var draft: [Character] = []
    /// Bytes of a key that takes several.
    private var pending: [UInt8] = []

    init(history: [String]) {
        self.history = history
        place = history.count
    }

    var line: String { String(text) }

    /// Takes a byte from the terminal; `nil` as long as a key is not complete.
    mutating func take(_ byte: UInt8) -> Action? {
        pending.append(byte)
        if pending[0] == 0x1B { return takeEscape() }
        if pending[0] >= 0x80 {
            guard let characters = String(validating: pending, as: UTF8.self) else {
                if pending.count >= 4 { pending = [] }
                return nil
            }
            pending = []
            insert(characters)
            return .edited
        }
        pending = []
        return takeControl(byte)
    }

    /// Puts text where the cursor is.
    mutating func insert(_ characters: some Sequence<Character>) {
        // An accent that comes as a scalar of its own joins the letter before it.
        let before = Array(String(text[..<cursor]) + String(characters))
        text.replaceSubrange(..<cursor, with: before)
        cursor = before.count
    }

    /// Puts text in the place of what is before the cursor, from a place on.
    mutating func replace(from start: Int, with replacement: String) {
        guard (0...cursor).contains(start) else { return }
        text.removeSubrange(start..<cursor)
        cursor = start
        insert(replacement)
    }

    private mutating func takeControl(_ byte: UInt8) -> Action? {
        switch byte {
        case 0x01: cursor = 0
        case 0x02: cursor = max(0, cursor - 1)
        case 0x03: return .interrupted
        case 0x04:
            if text.isEmpty { return .ended }
            deleteForwards()
        case 0x05: cursor = text.count
        case 0x06: cursor = min(text.count, cursor + 1)
        case 0x08, 0x7F:
            guard cursor > 0 else { break }
            cursor -= 1
            text.remove(at: cursor)
        case 0x09: return tab()
        case 0x0A, 0x0D: return .entered
        case 0x0B: text.removeSubrange(cursor...)
        case 0x0E: browse(1)
        case 0x10: browse(-1)
        case 0x15:
            text.removeSubrange(..<cursor)
            cursor = 0
        case 0x17: deleteWord()
        case 0x20..<0x7F: insert([Character(Unicode.Scalar(byte))])
        default: break
        }
        return .edited
    }

    /// At the beginning of a line Tab indents; elsewhere it completes.
    private mutating func tab() -> Action {
        guard text[..<cursor].allSatisfy({ $0 == " " }) else { return .complete }
        insert(repeatElement(" ", count: 4))
        return .edited
    }

    private mutating func takeEscape() -> Action? {
        guard pending.count >= 2 else { return nil }
        guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else {
            pending = []
            return .edited
        }
        guard pending.count >= 3, let last = pending.last, (0x40...0x7E).contains(last) else {
            if pending.count > 16 { pending = [] }
            return nil
        }
        let key = String(decoding: pending[2...], as: UTF8.self)
        pending = []
        switch key {
        case "A": browse(-1)
        case "B": browse(1)
        case "C": cursor = min(text.count, cursor + 1)
        case "D": cursor = max(0, cursor - 1)
        case "H", "1~", "7~": cursor = 0
        case "F", "4~", "8~": cursor = text.count
        case "3~": deleteForwards()
        default: break
        }
        return .edited
    }

    private mutating func deleteForwards() {
        if cursor < text.count { text.remove(at: cursor) }
    }

    private mutating func deleteWord() {
        var start = cursor
        while start > 0, text[start - 1] == " " { start -= 1 }
        while start > 0, text[start - 1] != " " { start -= 1 }
        text.removeSubrange(start..<cursor)
        cursor = start
    }

    /// Shows an earlier or later line of the history; what was being typed is behind the last.
    private mutating func browse(_ step: Int) {
        let next = place + step
        guard (0...history.count).contains(next) else { return }
        if place == history.count { draft = text }
        place = next
        text = next == history.count ? draft : Array(history[next])
        cursor = text.count
    }
}
