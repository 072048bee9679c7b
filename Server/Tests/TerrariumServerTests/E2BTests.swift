// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import Testing

@testable import TerrariumServer

/// E2B's protocol: its client as it is, and what others may not do.
@Suite(.timeLimit(.minutes(5)))
struct E2BTests {
    private static let variable = "TERRARIUM_TEST_CLIENTS"
    private static let token = "token-of-acme-0123456789"

    /// A sandbox that was made, with the headers that its clients send.
    private struct Made {
        let id: String
        let headers: [(String, String)]
    }

    private func make(_ server: TestServer, token: String = token) async throws -> Made {
        let answer = try await server.send(
            "POST",
            "/v2/sandboxes",
            headers: [("X-API-KEY", token)],
            json: ["templateID": "base"]
        )
        #expect(answer.status == 201, "\(answer.text)")
        let id = try #require(answer.json["sandboxID"]?.string)
        let access = try #require(answer.json["envdAccessToken"]?.string)
        return Made(id: id, headers: [("E2b-Sandbox-Id", id), ("X-Access-Token", access)])
    }

    private func withServer(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.with {
            try $0.tokens.add(Self.token, for: Tenant(name: "acme"))
            try $0.tokens.add("token-of-evil-0123456789", for: Tenant(name: "evil"))
        } _: {
            try await body($0)
        }
    }

    @Test(
        "The client of E2B works as it is",
        .disabled(
            if: ProcessInfo.processInfo.environment[variable] == "",
            "The client needs Python 3.11 or later: Scripts/setup.py clients prints no folder."
        )
    )
    func client() async throws {
        try await withServer { server in
            let result = try await ClientProgram.run(
                Self.variable,
                "python-e2b",
                "e2b_client.py",
                ["http://127.0.0.1:\(server.port)", Self.token]
            )
            #expect(result.output == "ok\n" && result.code == 0, "\(result.error)")
        }
    }

    @Test("Another tenant's sandbox is one that there is not, and its token is no other's")
    func otherTenants() async throws {
        try await withServer { server in
            let made = try await make(server)
            let evil = try await make(server, token: "token-of-evil-0123456789")
            let key = ("X-API-KEY", "token-of-evil-0123456789")
            for (method, path) in [
                ("GET", "/sandboxes/\(made.id)"), ("DELETE", "/sandboxes/\(made.id)"),
                ("POST", "/v2/sandboxes/\(made.id)/connect"), ("POST", "/sandboxes/\(made.id)/pause"),
                ("POST", "/sandboxes/\(made.id)/fork"),
            ] {
                let answer = try await server.send(method, path, headers: [key], json: [:])
                #expect(answer.status == 404, "\(method) \(path): \(answer.text)")
            }
            let listed = try await server.send("GET", "/v2/sandboxes", headers: [key])
            #expect(listed.json.array?.map { $0["sandboxID"]?.string } == [evil.id])
            let mixed = [("E2b-Sandbox-Id", made.id), evil.headers[1]]
            for headers in [
                mixed, [made.headers[0]], [made.headers[0], ("X-Access-Token", "")], [made.headers[0], key],
            ] {
                let answer = try await server.send("POST", "/execute", headers: headers, json: ["code": "1"])
                #expect(answer.status == 401, "\(headers): \(answer.text)")
            }
            #expect(try await server.send("GET", "/health", headers: made.headers).status == 204)
        }
    }

    @Test("A session of the other interface is no sandbox, and none of the secrets is logged")
    func sessions() async throws {
        try await withServer { server in
            let authorization = ("Authorization", "Bearer \(Self.token)")
            let session = try await server.send("POST", "/v1/sessions", headers: [authorization], json: [:])
            let id = try #require(session.json["id"]?.string?.dropFirst(2))
            #expect(try await server.send("GET", "/sandboxes/\(id)", headers: [authorization]).status == 404)
            let headers = [("E2b-Sandbox-Id", String(id)), ("X-Access-Token", "")]
            #expect(try await server.send("POST", "/execute", headers: headers, json: ["code": "1"]).status == 502)
            let made = try await make(server)
            _ = try await server.send("POST", "/execute", headers: made.headers, json: ["code": "'secret-of-program'"])
            #expect(!server.log.text.contains(made.headers[1].1))
            #expect(!server.log.text.contains("secret-of-program"))
        }
    }

    @Test("A fork has a token of its own")
    func fork() async throws {
        try await withServer { server in
            let made = try await make(server)
            _ = try await server.send("POST", "/execute", headers: made.headers, json: ["code": "x = 1"])
            let key = ("X-API-KEY", Self.token)
            let forked = try await server.send("POST", "/sandboxes/\(made.id)/fork", headers: [key], json: ["count": 2])
            #expect(forked.status == 201 && forked.json.array?.count == 2, "\(forked.text)")
            let copy = try #require(forked.json[0]?["sandbox"])
            let id = ("E2b-Sandbox-Id", try #require(copy["sandboxID"]?.string))
            let stolen = try await server.send("POST", "/execute", headers: [id, made.headers[1]], json: ["code": "x"])
            #expect(stolen.status == 401)
            let own = ("X-Access-Token", try #require(copy["envdAccessToken"]?.string))
            let answer = try await server.send("POST", "/execute", headers: [id, own], json: ["code": "x"])
            #expect(answer.status == 200 && answer.text.contains(#""text":"1""#), "\(answer.text)")
        }
    }

    @Test("Paths stay inside the sandbox, and bodies that are none are refused")
    func files() async throws {
        try await withServer { server in
            let made = try await make(server)
            for path in ["../../../../etc/passwd", "/proc/self/environ", "/etc/passwd"] {
                let answer = try await server.send("GET", "/files?path=\(path)", headers: made.headers)
                #expect(answer.status == 404, "\(path): \(answer.text)")
            }
            let type = ("Content-Type", "multipart/form-data; boundary=b")
            for body in [
                "", "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data\r\n\r\n", "--c--", "--b\r\n\r\n\r\nx--b--",
            ] {
                let answer = try await server.send(
                    "POST",
                    "/files",
                    headers: made.headers + [type],
                    body: Array(body.utf8)
                )
                #expect(answer.status == 400, "\(body): \(answer.text)")
            }
            let call = "/filesystem.Filesystem/Stat"
            for body in ["[]", "{", #"{"path":1}"#, "{}"] {
                let answer = try await server.send("POST", call, headers: made.headers, body: Array(body.utf8))
                #expect(answer.status == 400 && answer.json["code"] == "invalid_argument", "\(body): \(answer.text)")
            }
            let missing = try await server.send("POST", call, headers: made.headers, json: ["path": "/none"])
            #expect(missing.status == 404 && missing.json["code"] == "not_found")
            let command = try await server.send("POST", "/process.Process/Start", headers: made.headers, json: [:])
            #expect(command.status == 501 && command.json["code"] == "unimplemented", "\(command.text)")
        }
    }

    @Test("Variables of one run are gone after it, however it ended")
    func variables() async throws {
        try await TestServer.with {
            $0.limits.maxSeconds = 0.3
        } _: { server in
            let made = try await make(server)
            for code in ["1", "1 / 0", "while True: pass", "sum(range(10 ** 12))", "import os\ndel os.environ['A']"] {
                let run: PythonValue = ["code": PythonValue(code), "env_vars": ["A": "of one run", "HOME": "/other"]]
                let answer = try await server.send("POST", "/execute", headers: made.headers, json: run)
                #expect(answer.status == 200, "\(answer.text)")
                let after: PythonValue = ["code": "import os\n('A' in os.environ, os.environ['HOME'])"]
                let left = try await server.send("POST", "/execute", headers: made.headers, json: after)
                #expect(left.text.contains("(False, '/home/user')"), "\(code): \(left.text)")
            }
        }
    }

    @Test("Who has no right token is told so before anything else of the request is looked at")
    func unauthenticated() async throws {
        try await withServer { server in
            let made = try await make(server)
            for (method, path) in [
                ("POST", "/execute"), ("GET", "/contexts"), ("POST", "/contexts"), ("GET", "/health"),
                ("GET", "/files"),
                ("POST", "/files"), ("POST", "/filesystem.Filesystem/Stat"), ("POST", "/process.Process/Start"),
            ] {
                let headers = [made.headers[0], ("X-Access-Token", "wrong")]
                let answer = try await server.send(method, path, headers: headers, body: Array("{".utf8))
                #expect(answer.status == 401, "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test("A client that goes away interrupts its program, and the sandbox keeps what it did")
    func disconnect() async throws {
        try await TestServer.with {
            $0.limits.maxSeconds = 60
        } _: { server in
            let made = try await make(server)
            let connection = try server.connect()
            let code: PythonValue = ["code": "x = 1\nwhile True: pass"]
            try await connection.send(try server.request("POST", "/execute", headers: made.headers, json: code))
            while server.application.statistics.running == 0 { await Task.yield() }
            // After the program has begun, and not while it is set up.
            try await Task.sleep(for: .milliseconds(200))
            connection.abort()
            let after = try await server.send("POST", "/execute", headers: made.headers, json: ["code": "x"])
            #expect(after.text.contains(#""text":"1""#), "\(after.text)")
        }
    }
}
