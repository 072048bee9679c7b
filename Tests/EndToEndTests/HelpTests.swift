// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import TestSupport
import Testing

/// What the program says of itself.
struct HelpTests {
    @Test(
        "The help is what the fixture has",
        arguments: [
            (["--help"], "help.txt"), (["help", "eval"], "help-eval.txt"), (["help", "cache"], "help-cache.txt"),
            (["help", "run"], "help-run.txt"), (["help", "repl"], "help-repl.txt"),
            (["help", "snapshot"], "help-snapshot.txt"), (["help", "mcp"], "help-mcp.txt"),
        ]
    )
    func help(arguments: [String], fixture: String) async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(fixture)")
        let result = try await TerrariumBinary.run(arguments, variables: ["COLUMNS": "80"])
        #expect(
            result.outputText == (try String(contentsOf: file, encoding: .utf8)),
            "If it is meant to change: COLUMNS=80 terrarium \(arguments.joined(separator: " ")) > \(file.path)"
        )
        #expect(result.errorText == "")
        #expect(result.exitCode == 0)
    }

    @Test("--version prints the version of the package")
    func version() async throws {
        let result = try await TerrariumBinary.run(["--version"])
        #expect(result.outputText == TerrariumVersion.current + "\n")
        #expect(result.exitCode == 0)
    }
}
