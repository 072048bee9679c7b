// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium serve`: another program of that name is found, and becomes this process.
@Suite(.timeLimit(.minutes(1)))
struct ServeCommandTests {
    /// Runs the command by a link in a folder, with another folder as the path.
    private func serve(_ arguments: String, in folder: URL, path: URL) async throws -> Subprocess {
        let line =
            "cp \"$T\" '\(folder.path)/terrarium' && PATH='\(path.path)' '\(folder.path)/terrarium' serve \(arguments)"
        return try await TerrariumBinary.shell(line)
    }

    private func makeServer(in folder: URL, saying text: String) throws {
        let file = folder.appending(path: "terrarium-serve")
        try Data("#!/bin/sh\necho \(text) \"$@\"\nexit 7\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    @Test("The program beside this one comes first, then that on the path, with the same arguments and exit code")
    func found() async throws {
        let (beside, onPath) = (try TemporaryFolder(), try TemporaryFolder())
        try makeServer(in: onPath.url, saying: "path")
        let first = try await serve("--port 0 --help 'a b'", in: beside.url, path: onPath.url)
        #expect(first.outputText == "path --port 0 --help a b\n" && first.exitCode == 7, "\(first.errorText)")
        try makeServer(in: beside.url, saying: "beside")
        let second = try await serve("--version", in: beside.url, path: onPath.url)
        #expect(second.outputText == "beside --version\n" && second.exitCode == 7)
    }

    @Test("Without that program, a line says how to have it")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let result = try await serve("", in: folder.url, path: folder.url)
        #expect(result.exitCode == 2)
        #expect(result.errorText.hasPrefix("terrarium: There is no terrarium-serve"))
        #expect(result.errorText.contains("`make serve`"))
        #expect(result.errorText.split(separator: "\n").count == 1)
    }
}
