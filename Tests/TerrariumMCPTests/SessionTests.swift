// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumMCP

/// Sessions: their states, and what they keep apart.
@Suite(.timeLimit(.minutes(2)))
struct SessionTests {
    @Test("Runs are taken back one by one, files with them, and no further than states are kept")
    func undo() async throws {
        var configuration = MCPService.Configuration()
        configuration.maxUndoPoints = 2
        let client = try await Client.legacy(configuration: configuration)
        for number in 1...4 {
            _ = try await client.run("n = \(number)\nopen('/out/n', 'w').write(str(n))")
        }
        #expect(await client.call("undo_run", [:])["result"]?["structuredContent"]?["run"] == 3)
        #expect(try await client.run("n, open('/out/n').read()")["text"] == "(3, '3')")
        // That was a run as well: 3 and 4 are kept now.
        #expect(await client.call("undo_run", ["to_run": 1]).toolText.contains("run 2 at the earliest"))
        #expect(await client.call("undo_run", ["to_run": 2])["result"]?["structuredContent"]?["run"] == 2)
        #expect(try await client.run("n")["value"] == 2)
        #expect(await client.call("undo_run", ["to_run": 9]).isToolError)
    }

    @Test("The session that was not used for the longest time goes, with an answer that says so; the default one stays")
    func eviction() async throws {
        var configuration = MCPService.Configuration()
        configuration.maxSessions = 3
        let client = try await Client.legacy(configuration: configuration)
        _ = try await client.run("n = 0")
        let forked = await client.call("fork_session", ["count": 2])["result"]?["structuredContent"]?["sessions"]
        let handles = try #require(forked?.strings)
        #expect(try await client.run("n", session: handles[0])["value"] == 0)
        let third = await client.call("fork_session", [:])["result"]?["structuredContent"]?["sessions"]?[0]?.string
        let gone = await client.call("run_python", ["code": "n", "session": PythonValue(handles[1])])
        #expect(gone.isToolError && gone.toolText.contains("has ended"))
        #expect(try await client.run("n", session: handles[0])["value"] == 0)
        #expect(try await client.run("n", session: third)["value"] == 0)
        #expect(try await client.run("n")["value"] == 0)
        #expect(await client.call("fork_session", ["count": 3]).isToolError)
    }

    @Test("A program that waits is copied and answered twice, and dropped by undo_run")
    func suspension() async throws {
        let client = try await Client.legacy()
        let code = "before = 1\nvalue = await ask_user('name?')\nvalue"
        let tools: PythonValue = [["name": "ask-user", "input_schema": ["properties": ["question": [:]]]]]
        let waiting = await client.call("run_python", ["code": PythonValue(code), "tools": tools])
        let call = try #require(waiting["result"]?["structuredContent"]?["calls"]?[0])
        #expect(call["name"] == "ask-user" && call["arguments"] == ["question": "name?"])
        let id = try #require(call["id"])
        #expect(await client.call("run_python", ["code": "1"]).toolText.contains("resume_python"))
        let fork = await client.call("fork_session", [:])
        let copy = try #require(fork["result"]?["structuredContent"]?["sessions"]?[0])
        let failed = await client.call(
            "resume_python",
            ["results": [["id": id, "error": "nobody there"]], "session": copy]
        )
        #expect(failed.isToolError && failed.toolText.contains("ToolError: nobody there"))
        let answered = await client.call("resume_python", ["results": [["id": id, "value": ["a": [1.5, nil]]]]])
        #expect(answered["result"]?["structuredContent"]?["value"] == ["a": [1.5, nil]])
        #expect(await client.call("resume_python", ["results": [["id": id]]]).toolText.contains("No program"))

        // The tools stay known, and undo drops a program that waits.
        _ = await client.call("run_python", ["code": "await ask_user(question='again?')"])
        #expect(await client.call("undo_run", [:])["result"]?["structuredContent"]?["run"] == 1)
        #expect(try await client.run("before")["value"] == 1)
    }

    @Test("A program with tools sleeps in its own time, and not longer than it may")
    func sleepers() async throws {
        var limits = Terrarium.Limits()
        limits.time = .seconds(1)
        let client = try await Client.legacy(limits: limits)
        let short = await client.call(
            "run_python",
            ["code": "import asyncio\nawait asyncio.sleep(0.05)\n'awake'", "tools": ["f"]]
        )
        #expect(short["result"]?["structuredContent"]?["value"] == "awake")
        let long = try await client.run("while True: await asyncio.sleep(0.3)")
        #expect(long["status"] == "timeout")
        // It was dropped while it waited, which takes nothing back.
        let kept = await client.call("run_python", ["code": "kept = 1\nwhile True: await asyncio.sleep(0.3)"])
        #expect(kept.isToolError && !kept.toolText.contains("as it was before"))
        #expect(try await client.run("kept")["value"] == 1)
        let brief = await client.call(
            "run_python",
            ["code": "late = 1\nawait asyncio.sleep(100)", "timeout_seconds": 0.2]
        )
        #expect(brief["result"]?["structuredContent"]?["status"] == "timeout")
        #expect(try await client.run("late")["value"] == 1)
        #expect(try await client.run("2 + 2")["value"] == 4)
    }

    @Test("Calls of one session that are sent at once run in their order")
    func order() async throws {
        let client = try await Client.legacy()
        for number in 0..<20 {
            let code = number == 0 ? "order = [0]" : "order.append(\(number))"
            let parameters = #"{"name":"run_python","arguments":{"code":"\#(code)"}}"#
            await client.send(#"{"jsonrpc":"2.0","id":"\#(number)","method":"tools/call","params":\#(parameters)}"#)
        }
        #expect(try await client.run("order")["value"] == .list((0..<20).map { PythonValue($0) }))
    }

    @Test("A list of resources does not wait for a program, and has what the last answer told of")
    func resourcesOfBusySessions() async throws {
        let client = try await Client.legacy()
        _ = try await client.run("open('/out/first', 'w').close()")
        let code = "open('/out/second', 'w').close()\\nimport time\\ntime.sleep(2)"
        let parameters = #"{"name":"run_python","arguments":{"code":"\#(code)"}}"#
        await client.send(#"{"jsonrpc":"2.0","id":"slow","method":"tools/call","params":\#(parameters)}"#)
        let listed = await client.ask(#"{"jsonrpc":"2.0","id":"list","method":"resources/list"}"#)
        #expect(listed["id"] == "list")
        #expect(listed["result"]?["resources"]?.array?.map { $0["name"]?.string } == ["first"])
        _ = await client.first { $0["id"] == "slow" }
        let later = await client.ask(#"{"jsonrpc":"2.0","id":"later","method":"resources/list"}"#)
        #expect(later["result"]?["resources"]?.array?.count == 2)
    }

    @Test("Limits end programs with a status, and the session goes on")
    func limits() async throws {
        var limits = Terrarium.Limits()
        limits.time = .milliseconds(300)
        let client = try await Client.legacy(limits: limits)
        for (code, status) in [
            ("while True: pass", "timeout"), ("x = bytes(10 ** 9)", "memory"), ("import os; os.abort()", "error"),
            ("raise SystemExit(3)", "exited"), ("1 +", "error"),
            ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "timeout"),
        ] {
            #expect(try await client.run(code)["status"]?.string == status, "\(code)")
        }
        #expect(try await client.run("2 + 2")["value"] == 4)
    }

    @Test("Displays are pictures and documents, and an update takes the place of what it updates")
    func displays() async throws {
        let client = try await Client.legacy()
        let code = """
            from IPython.display import display, HTML, SVG, update_display
            display(HTML('<b>1</b>'), display_id='a')
            update_display(HTML('<b>2</b>'), display_id='a')
            display(SVG('<svg xmlns="http://www.w3.org/2000/svg"/>'))
            """
        let answer = await client.call("run_python", ["code": PythonValue(code)])
        let resources = answer["result"]?["content"]?.array?.compactMap { $0["resource"] }
        #expect(resources?.map { $0["mimeType"]?.string } == ["text/html", "image/svg+xml"])
        #expect(resources?.first?["text"] == "<b>2</b>")
    }

    @Test("Bytes come back as they were written")
    func files() async throws {
        let client = try await Client.legacy()
        let bytes: [UInt8] = Array(0...255)
        let base64 =
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w=="
        _ = await client.call("write_file", ["path": "/data/all", "base64": PythonValue(base64)])
        #expect(
            try await client.run("open('/data/all', 'rb').read()")["text"]?.string
                == PythonValue.bytes(bytes).representation
        )
        let read = await client.call("read_file", ["path": "/data/all"])
        #expect(read["result"]?["structuredContent"]?["base64"]?.string == base64)
        // A text is cut between characters.
        _ = await client.call("write_file", ["path": "/t", "text": "aé€"])
        let part = await client.call("read_file", ["path": "/t", "max_bytes": 2])["result"]?["structuredContent"]
        #expect(part?["text"] == "a" && part?["truncated"] == true && part?["bytes"] == 6)
    }
}
