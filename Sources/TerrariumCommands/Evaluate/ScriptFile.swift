// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads Python source, which is UTF-8.
enum ScriptFile {
    static func url(_ path: String) -> URL {
        URL(filePath: path)
    }

    static func read(_ path: String) throws -> String {
        guard let data = try? Data(contentsOf: url(path)) else {
            throw CommandFailure.usage("The script \(path) cannot be read.")
        }
        return try decode(data, name: path)
    }

    static func readStandardInput() throws -> String {
        try decode(Data(HostInput.readToEnd()), name: "standard input")
    }

    private static func decode(_ data: Data, name: String) throws -> String {
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure.usage("\(name) is not UTF-8 text.")
        }
        return text
    }
}
