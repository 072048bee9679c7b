// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumMCP

/// The protocol: messages in, messages out.
@Suite(.timeLimit(.minutes(2)))
struct ProtocolTests {
    private static let envelope = #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#

    @Test(
        "A client of the earlier era gets its own revision, others the newest",
        arguments: [
            ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
            ("2025-11-25", "2025-11-25"), ("2023-01-01", "2025-11-25"), ("2026-07-28", "2025-11-25"),
        ]
    )
    func initialization(asked: String, given: String) async throws {
        let client = try await Client()
        let answer = await client.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"\#(asked)"}}"#
        )
        #expect(answer["result"]?["protocolVersion"]?.string == given)
        #expect(answer["result"]?["resultType"] == nil)
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)["result"] == [:])
    }

    @Test("What a revision does not have is left out of tools and answers")
    func oldRevisions() async throws {
        for (revision, hasAnnotations, hasStructure) in [
            ("2024-11-05", false, false), ("2025-03-26", true, false), ("2025-06-18", true, true),
        ] {
            let client = try await Client.legacy(revision)
            let tools = await client.ask(#"{"jsonrpc":"2.0","id":"t","method":"tools/list"}"#)
            let tool = try #require(tools["result"]?["tools"]?[0])
            #expect((tool["annotations"] != nil) == hasAnnotations)
            #expect((tool["outputSchema"] != nil) == hasStructure)
            let answer = await client.call("run_python", ["code": "open('/out/f', 'w').write('x')"])
            #expect((answer["result"]?["structuredContent"] != nil) == hasStructure)
            let kinds = answer["result"]?["content"]?.array?.map { $0["type"]?.string }
            #expect(kinds == ["text", hasStructure ? "resource_link" : "text"])
        }
    }

    @Test("Each request of the modern era stands for itself")
    func modern() async throws {
        let client = try await Client()
        let found = await client.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{\#(Self.envelope)}}"#
        )
        #expect(found["result"]?["supportedVersions"] == ["2026-07-28"])
        #expect(found["result"]?["resultType"] == "complete" && found["result"]?["ttlMs"]?.int != nil)
        let call = #""name":"run_python","arguments":{"code":"6 * 7"},\#(Self.envelope)"#
        let answer = await client.ask(#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{\#(call)}}"#)
        #expect(answer["result"]?["structuredContent"]?["value"] == 42)
        #expect(answer["result"]?["resultType"] == "complete")
        #expect(answer["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "terrarium")
        // Methods that went with the era before, and the other era on the same connection.
        let ping = await client.ask(#"{"jsonrpc":"2.0","id":3,"method":"ping","params":{\#(Self.envelope)}}"#)
        #expect(ping.errorCode == -32601)
        let late = await client.ask(
            #"{"jsonrpc":"2.0","id":4,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
        )
        #expect(late.errorCode == -32022)
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":5,"method":"tools/list"}"#).errorCode == -32602)
    }

    @Test("A revision that is not known, and a modern request after initialize, are errors")
    func eras() async throws {
        let unknown = #""_meta":{"io.modelcontextprotocol/protocolVersion":"2030-01-01"}"#
        let client = try await Client()
        let answer = await client.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(unknown)}}"#)
        #expect(answer.errorCode == -32022)
        #expect(answer["error"]?["data"]?["supported"] == ["2026-07-28"])
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).errorCode == -32600)
        let legacy = try await Client.legacy()
        let modern = await legacy.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(Self.envelope)}}"#)
        #expect(modern.errorCode == -32600)
    }

    @Test(
        "What is no message gets the protocol's error, and the connection goes on",
        arguments: [
            ("{", -32700, false), ("\u{0}", -32700, false), (#"{"a":NaN}"#, -32700, false), ("nul", -32700, false),
            (#"{"jsonrpc":"2.0","id":7,"method":"ping"} {}"#, -32700, false), ("[]", -32600, false),
            (#"[{"jsonrpc":"2.0","id":7,"method":"ping"}]"#, -32600, false), ("17", -32600, false),
            (#"{"id":7,"method":"ping"}"#, -32600, true), (#"{"jsonrpc":"2.0","id":7}"#, -32600, true),
            (#"{"jsonrpc":"2.0","id":7,"method":5}"#, -32600, true),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, false),
            (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600, false),
            (#"{"jsonrpc":"2.0","id":1e400,"method":"ping"}"#, -32600, false),
            (#"{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}"#, -32602, true),
            (#"{"jsonrpc":"2.0","id":7,"method":"nonsense"}"#, -32601, true),
            (#"{"jsonrpc":"2.0","id":7,"method":"prompts/list"}"#, -32601, true),
            (#"{"jsonrpc":"2.0","id":7,"method":"tools/call"}"#, -32602, true),
            (#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rm"}}"#, -32602, true),
            (
                #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"run_python","arguments":[]}}"#,
                -32602, true
            ),
            (#"{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":"x"}}"#, -32602, true),
            (#"{"jsonrpc":"2.0","id":7,"method":"resources/read"}"#, -32602, true),
            (
                #"{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#, -32002,
                true
            ),
        ]
    )
    func malformed(line: String, code: Int, hasID: Bool) async throws {
        let client = try await Client.legacy()
        let answer = await client.ask(line)
        #expect(answer.errorCode == code)
        #expect(answer["id"] == (hasID ? 7 : .null))
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":8,"method":"ping"}"#)["result"] == [:])
    }

    private static let wrongCalls: [(tool: String, arguments: PythonValue, word: String)] = [
        ("run_python", [:], "code"), ("run_python", ["code": 5], "code"),
        ("run_python", ["code": "1", "timeout_seconds": -1], "timeout_seconds"),
        ("run_python", ["code": "1", "tools": ["__import__"]], "name of a tool"),
        ("write_file", ["path": "/x"], "text"), ("write_file", ["path": "/x", "base64": "!"], "base64"),
        ("write_file", ["path": "/", "text": ""], "path"), ("write_file", ["path": "a\0b", "text": ""], "path"),
        ("read_file", ["path": "/none"], "/none"), ("fork_session", ["count": 17], "count"),
        ("undo_run", [:], "no run"), ("undo_run", ["to_run": 1.5], "to_run"),
        ("resume_python", ["results": []], "waits"),
    ]

    @Test("Wrong arguments of a tool are an answer that the model can mend", arguments: wrongCalls)
    func wrongArguments(tool: String, arguments: PythonValue, word: String) async throws {
        let answer = try await Client.legacy().call(tool, arguments)
        #expect(answer.isToolError && answer.toolText.contains(word), "\(answer)")
    }

    @Test("Requests are answered as they finish, and no two with one id are under way")
    func parallel() async throws {
        let client = try await Client.legacy()
        let fork = await client.call("fork_session", [:])
        let copy = try #require(fork["result"]?["structuredContent"]?["sessions"]?[0]?.string)
        let slow = #"{"name":"run_python","arguments":{"code":"import time\ntime.sleep(1)"}}"#
        await client.send(#"{"jsonrpc":"2.0","id":"slow","method":"tools/call","params":\#(slow)}"#)
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":"slow","method":"ping"}"#).errorCode == -32600)
        #expect(try await client.run("1", session: copy)["value"] == 1)
        #expect(!client.messages.contains { $0["id"] == "slow" && $0["result"] != nil })
        _ = await client.first { $0["id"] == "slow" && $0["result"] != nil }
    }

    @Test("No more requests are taken than may be under way")
    func overload() async throws {
        var bounds = MCPConnection.Limits()
        bounds.requests = 2
        let client = try await Client(connection: bounds)
        _ = await client.ask(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
        )
        let slow = #"{"name":"run_python","arguments":{"code":"import time\ntime.sleep(1)"}}"#
        for id in 1...2 {
            await client.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":\#(slow)}"#)
        }
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#).errorCode == -32000)
        for id in 1...2 { _ = await client.first { $0["id"]?.int == id } }
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":4,"method":"ping"}"#)["result"] == [:])
    }

    @Test("A request that is cancelled gets no answer, its program ends, and the session keeps what it did")
    func cancellation() async throws {
        var limits = Terrarium.Limits()
        limits.time = .seconds(60)
        for code in [
            "while True: pass", "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        ] {
            let client = try await Client.legacy(limits: limits)
            _ = try await client.run("kept = 1")
            let start = ContinuousClock.now
            let request: PythonValue = [
                "jsonrpc": "2.0", "id": "loop", "method": "tools/call",
                "params": [
                    "name": "run_python",
                    "arguments": [
                        "code": PythonValue("from terrarium import progress\nfor i in progress([1]): pass\n" + code)
                    ],
                    "_meta": ["progressToken": 5],
                ],
            ]
            await client.send(JSONText.value(request) ?? "")
            let progress = await client.first { $0["method"] == "notifications/progress" }
            #expect(progress["params"]?["progressToken"] == 5)
            await client.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"loop"}}"#)
            #expect(try await client.run("kept")["value"] == 1)
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(!client.messages.contains { $0["id"] == "loop" })
        }
    }

    @Test("The end of a connection cancels what is under way")
    func finish() async throws {
        var limits = Terrarium.Limits()
        limits.time = nil
        let client = try await Client.legacy(limits: limits)
        let loop = #"{"name":"run_python","arguments":{"code":"while True: pass"}}"#
        await client.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":\#(loop)}"#)
        await client.connection.finish()
        #expect(!client.messages.contains { $0["id"] == 1 })
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#).errorCode == -32600)
    }
}
