// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import NIOCore
import Terrarium
import Testing

@testable import TerrariumServer

/// Attacks of clients, of pages in a browser of this machine, and of programs; each test is named after one.
@Suite(.timeLimit(.minutes(2)))
struct AttackTests {
    private static let token = "0123456789abcdef-secret-token"

    @Test("DNS rebinding: a page's own name, resolved to this machine, is not answered")
    func rebinding() async throws {
        try await TestServer.with { server in
            for host in ["evil.example", "evil.example:\(server.port)", "127.0.0.1.evil.example", "localhost.", "[::1"]
            {
                let answer = try await server.send("GET", "/healthz", headers: [("Host", host)])
                #expect(answer.status == 421, "\(host)")
                #expect(answer.problem == "misdirected-request")
            }
            for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"] {
                #expect(try await server.send("GET", "/healthz", headers: [("Host", host)]).status == 200, "\(host)")
            }
        }
    }

    @Test("Two hosts in one request: whoever stands between may have looked at the other one")
    func twoHosts() async throws {
        try await TestServer.with { server in
            let answer = try await server.send("GET", "/healthz", headers: [("Host", "localhost"), ("Host", "evil")])
            #expect(answer.status == 400)
            #expect(answer.problem == "invalid-request")
        }
    }

    @Test("Origin: a page of another server runs nothing here")
    func origin() async throws {
        try await TestServer.with {
            $0.origins = ["https://app.example"]
        } _: { server in
            let body: PythonValue = ["code": "1"]
            let ownPort = "http://127.0.0.1:\(server.port)"
            for origin in ["https://evil.example", "null", "http://127.0.0.1:1", ownPort + ".evil.example", ""] {
                let answer = try await server.send("POST", "/v1/runs", headers: [("Origin", origin)], json: body)
                #expect(answer.status == 403, "\(origin)")
                #expect(answer.problem == "forbidden-origin")
            }
            for origin in [ownPort, "https://app.example"] {
                let answer = try await server.send("POST", "/v1/runs", headers: [("Origin", origin)], json: body)
                #expect(answer.status == 200, "\(origin)")
            }
        }
    }

    @Test("A form of another page cannot send JSON, and nothing else is taken")
    func forms() async throws {
        try await TestServer.with { server in
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
                let answer = try await server.send(
                    "POST",
                    "/v1/runs",
                    headers: [("Content-Type", type)],
                    json: ["code": "1"]
                )
                #expect(answer.status == 415, "\(type)")
                #expect(answer.problem == "unsupported-media-type")
            }
        }
    }

    @Test("Without a right token there is nothing but health")
    func tokens() async throws {
        try await TestServer.with {
            try $0.tokens.add(Self.token, for: Tenant(name: "acme"))
        } _: { server in
            let body: PythonValue = ["code": "1"]
            let wrong = [
                "Bearer \(Self.token)x", "Bearer \(Self.token.dropLast())", "Bearer", "Bearer ", Self.token,
                "Basic \(Self.token)", "Bearer " + String(repeating: "a", count: 5_000),
            ]
            for header in wrong {
                let answer = try await server.send("POST", "/v1/runs", headers: [("Authorization", header)], json: body)
                #expect(answer.status == 401, "\(header)")
                #expect(answer.problem == "unauthenticated")
                #expect(answer.headers["www-authenticate"] == "Bearer")
            }
            #expect(try await server.send("POST", "/v1/runs", json: body).status == 401)
            #expect(try await server.send("GET", "/nothing").status == 401)
            for header in [("Authorization", "Bearer \(Self.token)"), ("x-api-key", Self.token)] {
                #expect(try await server.send("POST", "/v1/runs", headers: [header], json: body).status == 200)
            }
            #expect(try await server.send("GET", "/healthz").status == 200)
            #expect(try await server.send("GET", "/readyz").status == 200)
        }
    }

    @Test("Tokens, code and output are in no log")
    func secretsInLogs() async throws {
        try await TestServer.with {
            try $0.tokens.add(Self.token, for: Tenant(name: "acme"))
        } _: { server in
            let authorization = ("Authorization", "Bearer \(Self.token)")
            let code: PythonValue = ["code": "print('secret' + 'output')\nraise ValueError('secret' + 'error')"]
            let path = "/v1/runs?token=\(Self.token)"
            #expect(try await server.send("POST", path, headers: [authorization], json: code).status == 200)
            _ = try await server.send("GET", "/v1/\(Self.token)?token=\(Self.token)", headers: [authorization])
            _ = try await server.send("POST", path, headers: [("Authorization", "Bearer \(Self.token)no")], json: code)
            #expect(server.log.text.contains(#""route":"/v1/runs""#))
            #expect(server.log.text.contains(#""tenant":"acme""#))
            for secret in [Self.token, "secret", "ValueError", "print"] {
                #expect(!server.log.text.contains(secret), "\(secret)")
            }
        }
    }

    @Test("Anybody in the network: without a token the server listens on this machine only")
    func openServer() async throws {
        for host in ["0.0.0.0", "::", "192.168.1.5", "127.0.0.1.evil.example", "example.com", ""] {
            var configuration = ServeConfiguration()
            configuration.host = host
            #expect(throws: ServeConfiguration.Invalid.self, "\(host)") { try configuration.validate() }
            try configuration.tokens.add(Self.token, for: .local)
            try configuration.validate()
        }
        for host in ["127.0.0.1", "127.1.2.3", "::1", "localhost"] {
            var configuration = ServeConfiguration()
            configuration.host = host
            try configuration.validate()
        }
    }

    @Test("A body that is too large is refused, whether its length is told or not")
    func largeBodies() async throws {
        try await TestServer.with {
            $0.connection.bodyBytes = 1_000
        } _: { server in
            let large: PythonValue = ["code": PythonValue(String(repeating: "#", count: 2_000))]
            let told = try await server.send("POST", "/v1/runs", json: large)
            #expect(told.status == 413)
            #expect(told.problem == "too-large")
            #expect(told.json["allowed"] == 1_000)
            // In pieces, without an end: the connection is closed.
            let connection = try server.connect()
            try await connection.send(
                "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let piece = "400\r\n" + String(repeating: " ", count: 1_024) + "\r\n"
            try await connection.send(piece + piece)
            var reader = AnswerReader(connection)
            let untold = try await reader.next()
            #expect(untold.status == 413)
            #expect(untold.headers["connection"] == "close")
            #expect(try await reader.isClosed())
            // A length that no body could have is refused before it comes.
            let giant = try server.connect()
            try await giant.send(
                "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 999999999999\r\n\r\n"
            )
            var giantReader = AnswerReader(giant)
            #expect(try await giantReader.next().status == 413)
        }
    }

    @Test("A body that never comes to its end does not keep the connection")
    func slowBodies() async throws {
        try await TestServer.with {
            $0.connection.requestTime = .milliseconds(200)
        } _: { server in
            let connection = try server.connect()
            try await connection.send(
                "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            var reader = AnswerReader(connection)
            #expect(try await reader.isClosed())
        }
    }

    @Test("A header that never comes to its end does not keep the connection")
    func slowHeaders() async throws {
        try await TestServer.with {
            $0.connection.idleTime = .milliseconds(200)
        } _: { server in
            let connection = try server.connect()
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            var reader = AnswerReader(connection)
            #expect(try await reader.isClosed())
        }
    }

    @Test("Header bombs: many, and large ones")
    func headerBombs() async throws {
        try await TestServer.with { server in
            let many = (0..<200).map { ("X-\($0)", "a") }
            let large = [("X-Large", String(repeating: "a", count: 40_000))]
            for headers in [many, large] {
                let answer = try await server.send("GET", "/healthz", headers: headers)
                #expect(answer.status == 431)
                #expect(answer.problem == "too-large")
            }
        }
    }

    @Test(
        "What is no HTTP, and requests of which two servers think differently",
        arguments: [
            "\u{16}\u{3}\u{1}\u{0}\u{5}hello\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "GET\r\n\r\n",
            "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ]
    )
    func malformedHTTP(text: String) async throws {
        try await TestServer.with { server in
            let connection = try server.connect()
            try await connection.send(text)
            var reader = AnswerReader(connection)
            let answer = try await reader.next()
            #expect(answer.status == 400)
            #expect(answer.problem == "invalid-request")
            #expect(try await reader.isClosed())
        }
    }

    @Test(
        "Paths that lead elsewhere, or are none",
        arguments: ["/%", "/%zz", "/%00", "/%ff", "*", "//", "/v1/../etc/passwd"]
    )
    func paths(path: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.send("GET", path)
            #expect(answer.status == 400 || answer.status == 404)
            #expect(answer.problem != nil)
        }
    }

    @Test("JSON bombs: nested deep, and with tags that lie")
    func jsonBombs() async throws {
        try await TestServer.with { server in
            let bodies = [
                String(repeating: "[", count: 100_000), String(repeating: #"{"code":"#, count: 1_000), "",
                #"{"code":"1","inputs":{"x":{"$array":{"type":"f8","shape":[4611686018427387904,4],"data":""}}}}"#,
                #"{"code":"1","inputs":{"x":{"$bytes":{"address":0,"count":99}}}}"#, "\u{FEFF}{}", #"{"code":"1"}x"#,
            ]
            for body in bodies {
                let answer = try await server.send("POST", "/v1/runs", body: Array(body.utf8))
                #expect(answer.status == 400)
                #expect(answer.problem == "invalid-request")
            }
        }
    }

    @Test("More connections than there may be wait, and none of the others suffers")
    func connections() async throws {
        try await TestServer.with {
            $0.maxConnections = 2
        } _: { server in
            let connections = [try server.connect(), try server.connect()]
            let request = try server.request("GET", "/healthz")
            for connection in connections {
                try await connection.send(request)
                var reader = AnswerReader(connection)
                #expect(try await reader.next().status == 200)
            }
            let third = try server.connect()
            try await third.send(request)
            connections[0].finish()
            connections[0].abort()
            var reader = AnswerReader(third)
            #expect(try await reader.next().status == 200)
        }
    }

    @Test("Answers with a program's output are no pages")
    func output() async throws {
        try await TestServer.with { server in
            let answer = try await server.run("print('<script>alert(1)</script>\\x1b[2J')")
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(!answer.body.contains(0x1B))
        }
    }

    @Test("Names of another tenant's sessions, and names that were never given, are the same: not found")
    func otherTenants() async throws {
        try await TestServer.with {
            try $0.tokens.add(Self.token, for: Tenant(name: "acme"))
            try $0.tokens.add("another-tenant-0123456789", for: Tenant(name: "evil"))
        } _: { server in
            let acme = [("Authorization", "Bearer \(Self.token)")]
            let evil = [("Authorization", "Bearer another-tenant-0123456789")]
            let made = try await server.send("POST", "/v1/sessions", headers: acme, json: [:])
            let id = try #require(made.json["id"]?.string)
            let forged = "s_" + String(repeating: "0", count: 32)
            let requests: [(String, String, PythonValue?)] = [
                ("GET", "", nil), ("DELETE", "", nil), ("PATCH", "", [:]), ("POST", "/runs", ["code": "1"]),
                ("GET", "/runs", nil), ("GET", "/runs/1", nil), ("GET", "/runs/1/events", nil), ("POST", "/fork", [:]),
                ("POST", "/rollback", [:]), ("POST", "/interrupt", [:]), ("POST", "/check", ["code": "1"]),
                ("POST", "/complete", ["code": "1"]), ("POST", "/inspect", ["code": "1"]), ("GET", "/files", nil),
                ("GET", "/files/a", nil), ("PUT", "/files/a", [:]), ("DELETE", "/files/a", nil),
                ("POST", "/runs/1/resume", [:]), ("DELETE", "/runs/1", nil),
            ]
            for (method, path, body) in requests {
                let theirs = try await server.send(method, "/v1/sessions/\(id)\(path)", headers: evil, json: body)
                let none = try await server.send(method, "/v1/sessions/\(forged)\(path)", headers: evil, json: body)
                #expect(theirs.status == 404 && theirs.problem == "not-found", "\(method) \(path)")
                #expect(theirs.body == none.body, "\(method) \(path)")
            }
            #expect(try await server.send("GET", "/v1/sessions/\(id)", headers: acme).status == 200)
            let list = try await server.send("GET", "/v1/sessions", headers: evil)
            #expect(list.json["sessions"] == [])
        }
    }

    @Test("Paths of files lead nowhere but into the session")
    func fileTraversal() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            for path in ["/../../etc/passwd", "/..%2F..%2Fetc%2Fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"] {
                let answer = try await server.send("GET", "/v1/sessions/\(id)/files\(path)")
                #expect(answer.status == 404 || answer.status == 400, "\(path)")
                #expect(!answer.text.contains("root:"))
            }
        }
    }

    @Test("A key that another tenant used brings none of its answers")
    func foreignIdempotencyKeys() async throws {
        try await TestServer.with {
            try $0.tokens.add(Self.token, for: Tenant(name: "acme"))
            try $0.tokens.add("another-tenant-0123456789", for: Tenant(name: "evil"))
        } _: { server in
            let body: PythonValue = ["code": "import random\nrandom.random()"]
            var values: Set<PythonValue> = []
            for token in [Self.token, "another-tenant-0123456789"] {
                let headers = [("Authorization", "Bearer \(token)"), ("Idempotency-Key", "same")]
                let answer = try await server.send("POST", "/v1/runs", headers: headers, json: body)
                #expect(answer.headers["idempotency-replayed"] == nil)
                values.insert(try #require(answer.json["value"]))
            }
            #expect(values.count == 2)
        }
    }
}
