// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The user's cache folder: `$XDG_CACHE_HOME/terrarium`, else the platform's own place.
///
/// `Scripts/setup.py` follows the same rule.
enum UserCache {
    /// The folder for this environment, or `nil` where there is neither `XDG_CACHE_HOME` nor a home folder.
    static func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL? {
        if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty {
            return URL(filePath: cache, directoryHint: .isDirectory).appending(path: "terrarium")
        }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        #if os(macOS)
        let cache = "Library/Caches/terrarium"
        #else
        let cache = ".cache/terrarium"
        #endif
        return URL(filePath: home, directoryHint: .isDirectory).appending(path: cache)
    }
}
