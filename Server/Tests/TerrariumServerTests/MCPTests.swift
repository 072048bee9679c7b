// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import TerrariumMCP
import Testing

@testable import TerrariumServer

/// `/mcp`: the protocol over HTTP, and clients as they are.
@Suite(.timeLimit(.minutes(5)))
struct MCPTests {
    private static let accept = ("Accept", "application/json, text/event-stream")

    /// Those of a client that opened with the last revision that has `initialize`.
    private static let legacyHeaders = [accept, ("MCP-Protocol-Version", "2025-11-25")]

    private func legacy(_ method: String, _ parameters: PythonValue = [:]) -> PythonValue {
        ["jsonrpc": "2.0", "id": 1, "method": PythonValue(method), "params": parameters]
    }

    private func modern(_ method: String, _ parameters: [PythonValue.Item] = []) -> PythonValue {
        let meta: PythonValue = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
        ]
        return legacy(method, .dict(parameters + [.init(key: "_meta", value: meta)]))
    }

    private func headers(_ method: String, _ name: String? = nil) -> [(String, String)] {
        let named = name.map { [("Mcp-Name", $0)] } ?? []
        return [Self.accept, ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)] + named
    }

    @Test("Both eras are answered by one stateless endpoint")
    func eras() async throws {
        try await TestServer.with { server in
            let opened = try await server.send(
                "POST",
                "/mcp",
                headers: [Self.accept],
                json: legacy("initialize", ["protocolVersion": "2025-06-18"])
            )
            #expect(opened.status == 200)
            #expect(opened.json["result"]?["protocolVersion"] == "2025-06-18")
            #expect(opened.headers["mcp-session-id"] == nil)
            let note: PythonValue = ["jsonrpc": "2.0", "method": "notifications/initialized"]
            let noted = try await server.send("POST", "/mcp", headers: [Self.accept], json: note)
            #expect(noted.status == 202 && noted.body.isEmpty)
            let discovered = try await server.send(
                "POST",
                "/mcp",
                headers: headers("server/discover"),
                json: modern("server/discover")
            )
            #expect(discovered.json["result"]?["supportedVersions"] == ["2026-07-28"])
            for (headers, body) in [
                ([Self.accept, ("MCP-Protocol-Version", "2025-11-25")], legacy("tools/list")),
                (headers("tools/list"), modern("tools/list")),
            ] {
                let tools = try await server.send("POST", "/mcp", headers: headers, json: body)
                #expect(tools.json["result"]?["tools"]?.array?.count == 6)
                #expect(!tools.text.contains("default session"))
            }
            for method in ["GET", "DELETE"] {
                let answer = try await server.send(method, "/mcp", headers: [Self.accept])
                #expect(answer.status == 405 && answer.headers["allow"] == "POST")
            }
        }
    }

    @Test("A session is made by a call that names none, and gone on with by its handle")
    func sessions() async throws {
        try await TestServer.with { server in
            func call(_ code: String, _ session: PythonValue?) async throws -> PythonValue {
                var arguments: [PythonValue.Item] = [.init(key: "code", value: PythonValue(code))]
                if let session { arguments.append(.init(key: "session", value: session)) }
                let body = modern(
                    "tools/call",
                    [.init(key: "name", value: "run_python"), .init(key: "arguments", value: .dict(arguments))]
                )
                var headers = headers("tools/call", "run_python")
                if let session = session?.string { headers.append(("Mcp-Param-Session", session)) }
                let answer = try await server.send("POST", "/mcp", headers: headers, json: body)
                #expect(answer.status == 200, "\(answer.text)")
                return answer.json["result"] ?? .null
            }
            let first = try await call("x = 1", nil)
            let session = try #require(first["structuredContent"]?["session"])
            #expect(first["content"]?[0]?["text"]?.string?.contains(session.string ?? "?") == true)
            #expect(try await call("x + 1", session)["structuredContent"]?["value"] == 2)
            let other = try await call("'x' in globals()", nil)
            #expect(other["structuredContent"]?["value"] == false)
            #expect(other["structuredContent"]?["session"] != session)
        }
    }

    @Test("Headers that say something else than the body, and requests of no era, are refused")
    func mismatches() async throws {
        try await TestServer.with { server in
            let call = modern(
                "tools/call",
                [.init(key: "name", value: "run_python"), .init(key: "arguments", value: [:])]
            )
            let good = headers("tools/call", "run_python")
            let wrong: [[(String, String)]] = [
                Array(good.dropLast()), good.dropLast() + [("Mcp-Name", "read_file")],
                good + [("Mcp-Name", "run_python")],
                headers("tools/list", "run_python"), [Self.accept], good + [("Mcp-Param-Session", "s_other")],
                good.filter { $0.0 != "MCP-Protocol-Version" } + [("MCP-Protocol-Version", "2025-11-25")],
            ]
            for headers in wrong {
                let answer = try await server.send("POST", "/mcp", headers: headers, json: call)
                #expect(answer.status == 400, "\(headers)")
                #expect(answer.json["error"]?["code"] == -32_020, "\(answer.text)")
            }
            let encoded = good.dropLast() + [("Mcp-Name", "=?base64?cnVuX3B5dGhvbg==?=")]
            #expect(try await server.send("POST", "/mcp", headers: Array(encoded), json: call).status == 200)
            let unknown = try await server.send(
                "POST",
                "/mcp",
                headers: headers("tools/none"),
                json: modern("tools/none")
            )
            #expect(unknown.status == 404 && unknown.json["error"]?["code"] == -32_601)
            let version = ("MCP-Protocol-Version", "2019-01-01")
            let old = try await server.send(
                "POST",
                "/mcp",
                headers: [Self.accept, version],
                json: legacy("tools/list")
            )
            #expect(old.status == 400 && old.json["error"]?["code"] == -32_022)
            let accept = ("Accept", "application/json")
            #expect(try await server.send("POST", "/mcp", headers: [accept], json: legacy("ping")).status == 406)
            let type = ("Content-Type", "text/plain")
            #expect(
                try await server.send("POST", "/mcp", headers: [Self.accept, type], json: legacy("ping")).status == 415
            )
            for body in ["", "[]", "[{}]", "{}", #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#] {
                let answer = try await server.send("POST", "/mcp", headers: [Self.accept], body: Array(body.utf8))
                #expect(answer.status == 400, "\(body)")
                #expect(answer.json["error"]?["code"]?.int != nil)
            }
        }
    }

    @Test("A handle of another tenant leads nowhere")
    func otherTenants() async throws {
        try await TestServer.with {
            try $0.tokens.add("token-of-acme-0123456789", for: Tenant(name: "acme"))
            try $0.tokens.add("token-of-evil-0123456789", for: Tenant(name: "evil"))
        } _: { server in
            func call(_ token: String, _ arguments: PythonValue) async throws -> PythonValue {
                let headers = Self.legacyHeaders + [("Authorization", "Bearer \(token)")]
                let body = legacy("tools/call", ["name": "run_python", "arguments": arguments])
                return try await server.send("POST", "/mcp", headers: headers, json: body).json["result"] ?? .null
            }
            let made = try await call("token-of-acme-0123456789", ["code": "secret = 1"])
            let session = try #require(made["structuredContent"]?["session"])
            let stolen = try await call("token-of-evil-0123456789", ["code": "secret", "session": session])
            #expect(stolen["isError"] == true && stolen["structuredContent"] == nil)
            #expect(try await server.send("POST", "/mcp", headers: [Self.accept], json: legacy("ping")).status == 401)
        }
    }

    @Test("Progress makes the answer a stream of events, whose last one is the response")
    func progress() async throws {
        try await TestServer.with { server in
            let code: PythonValue = "import terrarium\nfor i in terrarium.progress(range(3)): pass\n42"
            for (code, isStream) in [(code, true), ("42", false)] as [(PythonValue, Bool)] {
                let parameters: PythonValue = [
                    "name": "run_python", "arguments": ["code": code], "_meta": ["progressToken": "t"],
                ]
                let answer = try await server.send(
                    "POST",
                    "/mcp",
                    headers: Self.legacyHeaders,
                    json: legacy("tools/call", parameters)
                )
                #expect(answer.headers["content-type"] == (isStream ? "text/event-stream" : "application/json"))
                let messages = try answer.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map {
                    try PythonValue(json: Array($0.dropFirst(6).utf8))
                }
                let last = isStream ? messages.last : answer.json
                #expect(last?["result"]?["structuredContent"]?["value"] == 42)
                #expect(messages.dropLast().allSatisfy { $0["method"] == "notifications/progress" })
            }
        }
    }

    @Test("A client that closes its connection ends its program, and the session keeps what it did")
    func disconnect() async throws {
        try await TestServer.with {
            $0.limits.standard.time = .seconds(60)
            $0.pool.maxSandboxes = 1
        } _: { server in
            func body(_ code: String, _ session: PythonValue?) -> PythonValue {
                var arguments: [PythonValue.Item] = [.init(key: "code", value: PythonValue(code))]
                if let session { arguments.append(.init(key: "session", value: session)) }
                return legacy("tools/call", ["name": "run_python", "arguments": .dict(arguments)])
            }
            let made = try await server.send("POST", "/mcp", headers: Self.legacyHeaders, json: body("x = 1", nil))
            let session = try #require(made.json["result"]?["structuredContent"]?["session"])
            let connection = try server.connect()
            let stuck = body("x = 2\nwhile True: pass", session)
            try await connection.send(try server.request("POST", "/mcp", headers: Self.legacyHeaders, json: stuck))
            while server.application.statistics.running == 0 { await Task.yield() }
            connection.abort()
            let after = try await server.send("POST", "/mcp", headers: Self.legacyHeaders, json: body("x", session))
            #expect([1, 2].contains(after.json["result"]?["structuredContent"]?["value"]?.int))
        }
    }

    // MARK: - Clients of others

    private static let variable = "TERRARIUM_TEST_CLIENTS"

    @Test(
        "Clients of others work as they are",
        .disabled(
            if: ProcessInfo.processInfo.environment[variable] == "",
            "The clients need Python 3.11 or later: Scripts/setup.py clients prints no folder."
        ),
        arguments: [
            ("python-mcp-2", "mcp2_http.py", ["auto", "2026-07-28"]),
            ("python-mcp-2", "mcp2_http.py", ["legacy", "2025-11-25"]), ("python-mcp-1", "mcp1_http.py", []),
        ]
    )
    func clients(python: String, script: String, arguments: [String]) async throws {
        try await TestServer.with { server in
            let result = try await ClientProgram.run(
                Self.variable,
                python,
                script,
                ["http://127.0.0.1:\(server.port)/mcp"] + arguments
            )
            #expect(result.output == "ok\n" && result.code == 0, "\(result.error)")
        }
    }
}
