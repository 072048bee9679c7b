// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `FILE` or `FILE=/path`: a file or folder of the host that is copied into a sandbox.
struct FileAddition {
    let source: URL
    let destination: String

    /// Takes apart the text of an option.
    ///
    /// A file whose own name has `=/` in it is taken for itself, if it is there.
    init(_ text: String) {
        let separator = text.lastIndex(of: "=") ?? text.startIndex
        let path = text[separator...].dropFirst()
        if separator > text.startIndex, path.hasPrefix("/"), !FileManager.default.fileExists(atPath: text) {
            source = ScriptFile.url(String(text[..<separator]))
            destination = String(path)
        } else {
            source = ScriptFile.url(text)
            // A folder that is named with a slash at its end, or `.`, has a name all the same.
            destination = "/" + source.standardizedFileURL.lastPathComponent
        }
    }
}
