// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium mcp`: clients as they are, and the streams and signals of the process.
@Suite(.timeLimit(.minutes(5)))
struct MCPTests {
    private static var fixtures: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/MCP")
    }

    /// The folder of the Pythons with clients: the environment variable `TERRARIUM_TEST_CLIENTS`, which `make test` sets.
    private static let variable = "TERRARIUM_TEST_CLIENTS"

    @Test(
        "Clients of others work as they are",
        .disabled(
            if: ProcessInfo.processInfo.environment[variable] == "",
            "The clients need Python 3.11 or later: Scripts/setup.py clients prints no folder."
        ),
        arguments: [
            ("python-mcp-2", "mcp2.py", ["auto", "2026-07-28"]), ("python-mcp-2", "mcp2.py", ["legacy", "2025-11-25"]),
            ("python-mcp-2", "fastmcp_client.py", []), ("python-mcp-1", "mcp1.py", []),
        ]
    )
    func clients(python: String, script: String, arguments: [String]) async throws {
        let result = try await Subprocess.run(
            "\(TestEnvironment.value(of: Self.variable))/\(python)",
            [Self.fixtures.appending(path: script).path, try TerrariumBinary.path] + arguments
        )
        #expect(result.outputText == "ok\n" && result.exitCode == 0, "\(result.errorText)")
    }

    private static let opening =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"# + "\n"

    private static func call(_ id: Int, _ code: String) -> String {
        let code = HostPython.quote(code)
        let parameters = #"{"name":"run_python","arguments":{"code":\#(code)}}"#
        return #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":\#(parameters)}"# + "\n"
    }

    /// Runs the server with messages as its input, which stays open for as long as answers take.
    private static func serve(_ options: String, _ input: String) async throws -> Subprocess {
        try await TerrariumBinary.shell("{ cat; sleep 3; } | $T mcp \(options)", input: input)
    }

    @Test("Standard output carries messages only, whatever programs print")
    func streams() async throws {
        let code = "import os, sys\nos.write(1, b'raw')\nprint('text', file=sys.__stdout__)\nos.write(2, b'raw')"
        let result = try await Self.serve("", Self.opening + "nonsense\n" + Self.call(2, code))
        let lines = result.output.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 3)
        for line in lines {
            let message = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            #expect(message["jsonrpc"] as? String == "2.0")
        }
        #expect(result.exitCode == 0 && result.errorText == "")
    }

    @Test("The end of the input ends the process within a second, whatever a program does")
    func endOfInput() async throws {
        let code = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
        let start = ContinuousClock.now
        let input = Self.opening + Self.call(2, code)
        let result = try await TerrariumBinary.run(["mcp", "--time-limit", "none"], input: input)
        #expect(result.exitCode == 0)
        // Start and image included.
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(result.output.split(separator: UInt8(ascii: "\n")).count == 1)
    }

    @Test("SIGTERM ends the process with success, while a program runs and the input is open")
    func termination() async throws {
        let program = """
            import json, signal, subprocess, sys, time
            child = subprocess.Popen([sys.argv[1], "mcp", "--time-limit", "none"], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
            child.stdin.write(sys.argv[2])
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["id"] == 1
            time.sleep(0.3)
            start = time.monotonic()
            child.send_signal(signal.SIGTERM)
            print(child.wait(10), child.stdout.read() == "", time.monotonic() - start < 2)
            """
        let input = Self.opening + Self.call(2, "while True: pass")
        #expect(try await HostPython.run(program, [TerrariumBinary.path, input]) == "0 True True\n")
    }

    @Test("A client that goes away ends the process")
    func brokenPipe() async throws {
        let program = """
            import subprocess, sys
            child = subprocess.Popen([sys.argv[1], "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            child.stdout.close()
            child.stdin.write(sys.argv[2])
            child.stdin.flush()
            print(child.wait(10))
            """
        // Minus the number of SIGPIPE, whose own action ends a child of Python.
        #expect(try await HostPython.run(program, [TerrariumBinary.path, Self.opening]) == "-13\n")
    }

    @Test("Sessions get what the options give them")
    func options() async throws {
        let folder = try TemporaryFolder()
        try folder.write("in.txt", "text")
        let code = "import os\nopen('/data.txt').read() + os.environ['NAME']"
        let result = try await Self.serve(
            "--file '\(folder.url.path)/in.txt=/data.txt' --env NAME=value",
            Self.opening + Self.call(2, code)
        )
        #expect(result.outputText.contains(#""value": "textvalue""#), "\(result.outputText)\(result.errorText)")
        let refused = try await TerrariumBinary.run(["mcp", "--out", folder.url.path])
        #expect(refused.exitCode == 2 && refused.outputText == "")
    }
}
