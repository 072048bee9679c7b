// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium run` with a Python script.
@Suite(.timeLimit(.minutes(5)))
struct RunScriptTests {
    private func run(
        _ source: String,
        _ options: [String] = [],
        _ arguments: [String] = [],
        input: String = ""
    ) async throws -> Subprocess {
        let folder = try TemporaryFolder()
        let script = try folder.write("script.py", source)
        return try await TerrariumBinary.run(["run", "-q"] + options + [script.path] + arguments, input: input)
    }

    @Test("A script gets its arguments, variables, files and input, and its results come out")
    func grants() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("in.csv", "a,b\n1,2\n")
        try folder.write("tree/deep/x.txt", "x")
        let out = folder.url.appending(path: "results")
        let result = try await run(
            """
            import csv, os, sys
            rows = list(csv.reader(open('in.csv')))
            os.makedirs('/out/sub')
            open('/out/sub/total.txt', 'w').write(str(sum(map(int, rows[1]))))
            print(sys.argv[1:], os.environ['KIND'], open('/tree/deep/x.txt').read(), sys.stdin.read())
            print('warned', file=sys.stderr)
            """,
            [
                "--file", file.path, "--file", folder.url.appending(path: "tree").path, "--out", out.path,
                "--env", "KIND=test's", "--stdin",
            ],
            ["-v", "two"],
            input: "typed"
        )
        #expect(result.exitCode == 0)
        #expect(result.outputText == "['-v', 'two'] test's x typed\n" && result.errorText == "warned\n")
        #expect(try String(contentsOf: out.appending(path: "sub/total.txt"), encoding: .utf8) == "3")
    }

    @Test("Exit codes are those of a script: 1 for an exception, its own, 124 for the time limit")
    func exitCodes() async throws {
        let raised = try await run("def f(): raise ValueError('no')\nf()")
        #expect(raised.exitCode == 1)
        #expect(raised.errorText.contains("script.py\", line 2, in <module>"))
        #expect(raised.errorText.hasSuffix("ValueError: no\n"))
        #expect(try await run("import sys\nsys.exit(7)").exitCode == 7)
        #expect(try await run("while True: pass", ["--time-limit", "300ms"]).exitCode == 124)
        #expect(try await run("sum(range(10 ** 12))", ["--time-limit", "300ms"]).exitCode == 124)
        #expect(try await run("x = bytes(100 << 20)", ["--memory-limit", "20MB"]).exitCode == 1)
    }

    @Test("Standard input, files and variables of the host are not there unless granted")
    func nothingGranted() async throws {
        let result = try await run(
            "import os, sys\nprint(repr(sys.stdin.read()), os.listdir('/'), 'HOME' in os.environ)",
            input: "secret"
        )
        #expect(result.outputText == "'' [] False\n", "\(result.errorText)")
    }

    @Test("What is for components is refused")
    func componentOptions() async throws {
        #expect(try await run("1", ["--network"]).exitCode == 2)
        #expect(try await run("1", ["--file", "/does/not/exist"]).exitCode == 2)
    }
}
