// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport

extension WasmTools {
    /// What `wasm-tools component wit` prints of a file or folder.
    static func wit(of url: URL, _ options: String...) throws -> String {
        String(decoding: try WasmTools().run("wasm-tools", ["component", "wit", url.path] + options), as: UTF8.self)
    }

    /// What `wasm-tools component wit` prints of a text.
    static func wit(ofText text: String, _ options: String...) throws -> String {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "input.wit")
        try Data(text.utf8).write(to: file)
        return String(
            decoding: try WasmTools().run("wasm-tools", ["component", "wit", file.path] + options),
            as: UTF8.self
        )
    }

    /// The lines of a WIT text but for those that are blank or comments.
    static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n")
            .map { line in line.drop { $0 == " " } }
            .filter { !$0.isEmpty && !$0.hasPrefix("///") }
    }
}
