// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Copies the results of programs to a folder of the host.
enum OutputFolder {
    private static let maxNames = 5
    private static let maxDepth = 64

    /// Copies a folder of a sandbox, and says which of its entries are no files or folders and so were left out.
    static func copy(_ path: String, of sandbox: Sandbox, to folder: URL) async throws {
        try await sandbox.copy(path, to: folder)
        let leftOut = try await specialEntries(of: path, in: sandbox, depth: 0)
        guard !leftOut.isEmpty else { return }
        let shown = leftOut.prefix(maxNames).joined(separator: ", ")
        let more = leftOut.count > maxNames ? " and \(leftOut.count - maxNames) more" : ""
        StandardStream.error.print("terrarium: Links and special files are not copied out: \(shown)\(more).")
    }

    /// The paths of the entries that are no files or folders.
    ///
    /// The copy was made before, so their number has a limit.
    private static func specialEntries(of path: String, in sandbox: Sandbox, depth: Int) async throws -> [String] {
        guard depth < maxDepth else { return [] }
        var special: [String] = []
        for entry in try await sandbox.list(path) {
            let inner = "\(path)/\(entry.name)"
            switch entry.kind {
            case .file: continue
            case .directory: special += try await specialEntries(of: inner, in: sandbox, depth: depth + 1)
            default: special.append(TerminalText.plain(inner))
            }
        }
        return special
    }
}
