// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Testing

@testable import TerrariumCommands

struct HistoryFileTests {
    /// Runs a closure with the file of a user whose state is in a folder of its own.
    private func withFile(_ body: (HistoryFile) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(try #require(HistoryFile(environment: ["XDG_STATE_HOME": folder.path, "HOME": "/nowhere"])))
    }

    @Test("The file is in the user's folder for state; a relative one counts as none")
    func place() {
        let path = { HistoryFile(environment: $0)?.path }
        #expect(path(["XDG_STATE_HOME": "/state", "HOME": "/home"]) == "/state/terrarium/repl-history")
        #expect(path(["XDG_STATE_HOME": "state", "HOME": "/home"]) == "/home/.local/state/terrarium/repl-history")
        #expect(path([:]) == nil)
    }

    @Test("Lines come back in order; long ones and such with control characters are left out")
    func lines() throws {
        try withFile { file in
            #expect(file.load() == [])
            for line in ["x = 1", "", "naïve = '🐍'", "a\u{1B}[2J", String(repeating: "y", count: 9_000), "x"] {
                file.append(line)
            }
            #expect(file.load() == ["x = 1", "naïve = '🐍'", "x"])
            try Data("good\nbad\u{1B}[2J\n".utf8).write(to: URL(filePath: file.path))
            #expect(file.load() == ["good"])
        }
    }

    @Test("A file that has grown is cut to its last lines, and stays its user's alone")
    func bound() throws {
        try withFile { file in
            file.append("first")
            let many = (0..<50_000).map { "line \($0) \(String(repeating: "x", count: 30))" }
            try Data((many.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file.path))
            #expect(file.load() == many.suffix(HistoryFile.maxLines))
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.size] as? Int ?? 0 < 100_000)
            file.append("last")
            #expect(file.load() == many.suffix(HistoryFile.maxLines - 1) + ["last"])
        }
    }

    @Test("Symlink in the place of the file: neither read nor written through")
    func link() throws {
        try withFile { file in
            file.append("x")
            let target = file.path + "-target"
            try Data("secret\n".utf8).write(to: URL(filePath: target))
            try FileManager.default.removeItem(atPath: file.path)
            try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
            file.append("y")
            #expect(file.load() == [])
            #expect(try String(contentsOfFile: target, encoding: .utf8) == "secret\n")
        }
    }
}
