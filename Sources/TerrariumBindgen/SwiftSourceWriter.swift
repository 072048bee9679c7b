// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Writes Swift source line by line.
struct SwiftSourceWriter {
    private(set) var text = ""
    private var depth = 0

    /// Writes a line at the current indentation.
    mutating func line(_ content: String = "") {
        if !content.isEmpty {
            text += String(repeating: "    ", count: depth) + content
        }
        text += "\n"
    }

    /// Writes `head {`, the lines of a body one step further in, and `}`.
    mutating func block<Failure: Error>(
        _ head: String,
        _ body: (inout SwiftSourceWriter) throws(Failure) -> Void
    ) throws(Failure) {
        line(head + " {")
        depth += 1
        try body(&self)
        depth -= 1
        line("}")
    }

    /// Writes a line that opens something, the lines of a body one step further in, and what closes it.
    mutating func block<Failure: Error>(
        _ opening: String,
        closing: String,
        _ body: (inout SwiftSourceWriter) throws(Failure) -> Void
    ) throws(Failure) {
        line(opening)
        depth += 1
        try body(&self)
        depth -= 1
        line(closing)
    }

    /// Writes documentation comments.
    mutating func docs(_ docs: String?) {
        guard let docs else { return }
        for content in docs.split(separator: "\n", omittingEmptySubsequences: false) {
            line(content.isEmpty ? "///" : "/// \(content)")
        }
    }
}
