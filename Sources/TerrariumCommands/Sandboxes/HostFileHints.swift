// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sentences for a person whose program looked in vain for a file that lies beside it on the host.
enum HostFileHints {
    private static let maxNameLength = 200

    /// Names the option that gives the sandbox the module or the file that the program did not find, if there is one.
    ///
    /// The error is the program's own, so nothing outside of the folder is looked at, whatever it says.
    static func texts(for run: Run, in folder: URL) -> [String] {
        guard let error = run.error, let name = quoted(in: error.message) else { return [] }
        let found =
            switch error.type {
            case "ModuleNotFoundError": module(name, in: folder)
            case "FileNotFoundError": file(name, in: folder)
            default: nil as URL?
            }
        guard let found else { return [] }
        let file = relativePath(of: found)
        let destination = error.type == "FileNotFoundError" && name.contains("/") ? "=/\(name)" : ""
        return ["\(file) is not in the sandbox; --file \(file)\(destination) copies it there."]
    }

    /// The last text in quotation marks of a message such as `No module named 'a'`.
    private static func quoted(in message: String) -> String? {
        let parts = message.prefix(4_096).split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count >= 3, let name = parts.dropLast().last, (1...maxNameLength).contains(name.utf8.count) else {
            return nil
        }
        return String(name)
    }

    private static func module(_ name: String, in folder: URL) -> URL? {
        let top = name.prefix { $0 != "." }
        guard top.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), !top.isEmpty else { return nil }
        let candidates = [folder.appending(path: "\(top).py"), folder.appending(path: String(top))]
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func file(_ path: String, in folder: URL) -> URL? {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = path.unicodeScalars.allSatisfy {
            $0.properties.isXIDContinue || "./-_ ".unicodeScalars.contains($0)
        }
        guard isPlain, names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        let candidate = folder.appending(path: path)
        return FileManager.default.fileExists(atPath: candidate.path) ? candidate : nil
    }

    /// The path as it is typed in the working directory.
    private static func relativePath(of file: URL) -> String {
        let start = FileManager.default.currentDirectoryPath + "/"
        let path = file.standardizedFileURL.path
        return path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path
    }
}
