// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sentences for a person whose program did not end well, on what to do.
enum ProgramHints {
    /// Returns the hints for a run, which may name files in the folder of its script, or in the working directory.
    static func texts(for run: Run, script: String? = nil) -> [String] {
        let folder =
            if let script, script != ScriptFile.standardInput {
                ScriptFile.url(script).standardizedFileURL.deletingLastPathComponent()
            } else {
                ScriptFile.url(FileManager.default.currentDirectoryPath)
            }
        return LimitHints.texts(for: run) + HostFileHints.texts(for: run, in: folder)
    }
}
