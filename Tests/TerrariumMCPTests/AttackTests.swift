// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumMCP

/// Clients and programs that mean harm; each test is named after the attack.
@Suite(.timeLimit(.minutes(2)))
struct AttackTests {
    @Test(
        "Forged handle",
        arguments: [
            "s_00000000000000000000000000000000", "", "default", "../s_1", "s_\u{1B}[31m",
            String(repeating: "x", count: 100_000),
        ]
    )
    func forgedHandle(handle: String) async throws {
        let client = try await Client.legacy()
        _ = try await client.run("secret = 1")
        for tool in ["run_python", "write_file", "read_file", "fork_session", "undo_run", "resume_python"] {
            let answer = await client.call(
                tool,
                ["session": PythonValue(handle), "code": "secret", "path": "/x", "text": "", "results": []]
            )
            #expect(answer.isToolError && answer.toolText.hasPrefix("There is no session"))
            #expect(answer.toolText.utf8.count < 300 && !answer.toolText.utf8.contains(0x1B))
        }
    }

    @Test("Handles that can be guessed")
    func guessedHandle() async throws {
        let client = try await Client.legacy()
        let answer = await client.call("fork_session", ["count": 16])
        let handles = try #require(answer["result"]?["structuredContent"]?["sessions"]?.strings)
        #expect(Set(handles).count == 16)
        for handle in handles {
            #expect(handle.wholeMatch(of: /s_[0-9a-f]{32}/) != nil)
        }
        // Any two differ in about half of their digits' bits.
        let halves = Set(handles.map { $0.dropFirst(2).prefix(8) })
        #expect(halves.count == 16)
    }

    @Test("Oversized line")
    func oversizedLine() async throws {
        var bounds = MCPConnection.Limits()
        bounds.lineBytes = 10_000
        let client = try await Client(connection: bounds)
        let long = await client.ask(String(repeating: "[", count: 5_000_000))
        #expect(long.errorCode == -32600 && long["id"] == .null)
        #expect(await client.ask(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)["result"] == [:])
    }

    @Test("Deep JSON")
    func deepJSON() async throws {
        let client = try await Client.legacy()
        for (opening, closing) in [("[", "]"), (#"{"a":"#, "}")] {
            for depth in [99, 1_000, 1_000_000] {
                let inner = String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
                let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":\#(inner)}}"#
                #expect(await client.ask(line).errorCode == -32700)
            }
        }
        // A program's own value is left out instead.
        let deep = try await client.run("x = 1\nfor _ in range(500): x = [x]\nx")
        #expect(deep["status"] == "ok" && deep["value"] == nil)
    }

    @Test(
        "Paths that leave the session",
        arguments: [
            "/etc/passwd", "../../../../etc/passwd", "/proc/self/environ", "/out/../../etc/passwd", "//etc/passwd",
        ]
    )
    func pathEscape(path: String) async throws {
        let client = try await Client.legacy()
        let first = try await client.run("1")
        let handle = try #require(first["session"]?.string)
        let read = await client.call("read_file", ["path": PythonValue(path)])
        #expect(!read.toolText.contains("root:") && !read.toolText.contains("PATH="))
        _ = await client.call("write_file", ["path": PythonValue(path), "text": "mine"])
        let escaped = path.replacing("/", with: "%2F").replacing(".", with: "%2e")
        for uri in [
            "terrarium://sessions/\(handle)/files/\(escaped)", "terrarium://sessions/\(handle)/files/\(path)",
            "terrarium://sessions/\(handle)/../../\(path)", "terrarium://sessions/../\(path)", "file://\(path)",
            "terrarium://sessions/\(handle)/files/%", "terrarium://sessions/\(handle)/files/%00",
            "terrarium://sessions/\(handle)/files/%ff",
        ] {
            let id = client.nextID()
            let request: PythonValue = [
                "jsonrpc": "2.0", "id": PythonValue(id), "method": "resources/read",
                "params": ["uri": PythonValue(uri)],
            ]
            await client.send(JSONText.value(request) ?? "")
            let answer = await client.first { $0["id"]?.int == id }
            let text = answer["result"]?["contents"]?[0]?["text"]?.string
            // The sandbox's own file, or an error.
            #expect(text == "mine" || answer.errorCode == -32002, "\(uri): \(answer)")
        }
    }

    @Test("Symbolic link of a program to a file of the host")
    func symbolicLink() async throws {
        let client = try await Client.legacy()
        _ = try await client.run("import os\nos.symlink('/etc/passwd', '/out/link')")
        let read = await client.call("read_file", ["path": "/out/link"])
        #expect(read.isToolError)
    }

    @Test("Messages that are valid but for some bytes")
    func mutatedMessages() async throws {
        let client = try await Client.legacy()
        let envelope = #""_meta":{"progressToken":1}"#
        let valid = [
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_python","arguments":{"code":"1"},\#(envelope)}}"#,
            #"{"jsonrpc":"2.0","id":"a","method":"resources/read","params":{"uri":"terrarium://sessions/s_1/files/a"}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
            #"{"jsonrpc":"2.0","id":2,"result":{"roots":[]}}"#,
        ].map { Array($0.utf8) }
        // A sequence of its own, so that a failure comes again.
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<2_000 {
            var line = valid[random(valid.count)]
            for _ in 0...random(4) {
                let index = random(line.count)
                switch random(4) {
                case 0: line[index] = UInt8(random(256))
                case 1: line.remove(at: index)
                case 2: line.insert(contentsOf: line[index...].prefix(random(20)), at: index)
                default: line.removeLast(min(random(5), line.count - 1))
                }
            }
            await client.connection.receive(line + [UInt8(ascii: "\n")])
        }
        // As many as there may be can still be under way.
        var answer: PythonValue
        var number = 0
        repeat {
            number += 1
            let id = "last\(number)"
            await client.send(#"{"jsonrpc":"2.0","id":"\#(id)","method":"ping"}"#)
            answer = await client.first { $0["id"]?.string == id }
        } while answer.errorCode == -32000
        #expect(answer["result"] == [:])
        for message in client.messages {
            #expect((message["result"] != nil) != (message["error"] != nil) || message["method"] != nil)
            #expect(message.errorCode != -32603)
        }
    }

    @Test("Terminal escapes in output, errors, names of files and progress")
    func terminalEscapes() async throws {
        let client = try await Client.legacy()
        let evil = #"\x1b]0;title\x07\x1b[2J\x9b31m\u202e\r\x08"#
        let code = """
            import sys
            print('\(evil)shown')
            print('\(evil)', file=sys.stderr)
            open('/out/\(evil)', 'w').close()
            raise type('E\(evil)', (Exception,), {})('\(evil)')
            """
        let answer = await client.call("run_python", ["code": PythonValue(code)])
        let structured = try #require(answer["result"]?["structuredContent"])
        let texts = [
            answer.toolText, structured["stdout"]?.string, structured["stderr"]?.string,
            structured["error"]?["message"]?.string, structured["error"]?["traceback"]?.string,
            structured["error"]?["type"]?.string,
            answer["result"]?["content"]?.array?.last?["name"]?.string,
        ].compactMap(\.self)
        #expect(texts.count == 7 && answer.toolText.contains("shown"))
        for text in texts {
            #expect(!text.unicodeScalars.contains { [0x1B, 0x07, 0x08, 0x0D, 0x9B, 0x202E].contains($0.value) })
        }
    }

    @Test("Colours are taken away with their numbers")
    func colours() {
        #expect(PlainText.clean("\u{1B}[1;31mred\u{1B}[0m \u{1B}[") == "red ")
        #expect(PlainText.clean("a\tb\n👩‍🚀é") == "a\tb\n👩‍🚀é")
    }

    @Test("Calls of tools that were never declared, and answers to calls that were never made")
    func forgedCalls() async throws {
        let client = try await Client.legacy()
        let code = """
            try:
                await __terrarium_call_tool('delete_everything', {})
            except ToolError as error:
                print(error)
            await __terrarium_call_tool(f, 5)
            """
        let answer = await client.call("run_python", ["code": PythonValue(code), "tools": ["f"]])
        #expect(answer.toolText.contains("There is no such tool."))
        #expect(answer["result"]?["structuredContent"]?["calls"] == nil)
        let waiting = await client.call("run_python", ["code": "await f()"])
        let id = try #require(waiting["result"]?["structuredContent"]?["calls"]?[0]?["id"]?.int)
        for forged: PythonValue in [["id": PythonValue(id + 1)], ["id": "1"], [:], 5] {
            #expect(await client.call("resume_python", ["results": [forged]]).isToolError)
        }
        let resumed = await client.call("resume_python", ["results": [["id": PythonValue(id), "value": 7]]])
        #expect(resumed["result"]?["structuredContent"]?["value"] == 7)
    }

    @Test("Code in the name of a tool")
    func codeInNames() async throws {
        let client = try await Client.legacy()
        let name = "f(): pass\nimport os\ndef g"
        let answer = await client.call(
            "run_python",
            ["code": "'os' in globals(), [n for n in globals() if n.startswith('f__')]", "tools": [PythonValue(name)]]
        )
        #expect(answer.toolText == "=> (False, ['f____pass_import_os_def_g'])")
    }

    @Test("Output and values without end")
    func largeOutput() async throws {
        let client = try await Client.legacy()
        let answer = await client.call("run_python", ["code": "print('x' * 3_000_000)\n'y' * 3_000_000"])
        #expect(answer.toolText.utf8.count < 30_000 && answer.toolText.contains("left out"))
        let structured = answer["result"]?["structuredContent"]
        #expect(structured?["truncated"] == true && structured?["value"] == nil)
        #expect((structured?["stdout"]?.string?.utf8.count ?? 0) < 110_000)
        let many = try await client.run("for i in range(500): open(f'/out/{i}', 'w').close()")
        #expect(many["files"]?.array?.count == 100)
    }
}
