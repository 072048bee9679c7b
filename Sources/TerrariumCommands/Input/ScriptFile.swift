// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads scripts of the host, whose encoding is Python's business.
enum ScriptFile {
    /// The name that stands for standard input.
    static let standardInput = "-"

    static func url(_ path: String) -> URL {
        URL(filePath: path)
    }

    /// Reads a script, or standard input to its end if its name is `-`.
    static func read(_ path: String) throws -> [UInt8] {
        guard path != standardInput else { return HostInput.readToEnd() }
        guard let data = try? Data(contentsOf: url(path)) else {
            throw CommandFailure.usage("The script \(path) cannot be read.")
        }
        return Array(data)
    }
}
