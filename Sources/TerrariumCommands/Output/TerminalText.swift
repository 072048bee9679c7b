// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Text that a program made up, for a message of this one.
enum TerminalText {
    /// The text without control characters, which could steer the terminal.
    static func plain(_ text: String) -> String {
        let isPlain = { (scalar: Unicode.Scalar) in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter(isPlain)))
    }
}
