// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Text that somebody else made up, for people and terminals.
enum PlainText {
    /// The text without characters that could steer a terminal or turn around the direction of what is shown.
    ///
    /// Line breaks and tabs stay, and so does what joins characters of scripts and emoji.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var clean = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            // Of a sequence that sets colours or moves the cursor nothing stays, not its parameters either.
            if scalar == "\u{1B}", rest.first == "[" {
                rest = rest.dropFirst().drop { (0x20...0x3F).contains($0.value) }
                if let last = rest.first, (0x40...0x7E).contains(last.value) { rest.removeFirst() }
            } else if !isHarmful(scalar) {
                clean.append(scalar)
            }
        }
        return String(clean)
    }

    /// A name for a message of one line: clean, and no longer than a name is.
    static func name(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(80).filter { !isHarmful($0) && $0 != "\n" }))
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
