// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumServer

/// `/v1/sessions`: sandboxes with names, their runs, files and states.
@Suite(.timeLimit(.minutes(2)))
struct SessionTests {
    @Test("A session keeps variables and files from run to run")
    func state() async throws {
        try await TestServer.with { server in
            let made = try await server.send(
                "POST",
                "/v1/sessions",
                json: ["files": ["/in/a.txt": "hello"], "metadata": ["user": "ada"], "ttl_seconds": 60]
            )
            #expect(made.status == 201)
            let id = try #require(made.json["id"]?.string)
            #expect(made.headers["location"] == "/v1/sessions/\(id)")
            #expect(made.json["metadata"] == ["user": "ada"])
            #expect(made.json["state"] == "idle")
            let first = try await server.run("x = open('/in/a.txt').read()\nprint(x)", in: id)
            #expect(first.json["run"] == 1)
            #expect(first.json["stdout"] == "hello\n")
            let second = try await server.run("x + y", in: id, [.init(key: "inputs", value: ["y": "!"])])
            #expect(second.json["run"] == 2)
            #expect(second.json["value"] == "hello!")
            #expect(second.json["stdout"] == "")
            let got = try await server.send("GET", "/v1/sessions/\(id)/runs/1")
            #expect(got.json["stdout"] == "hello\n")
            #expect(try await server.send("GET", "/v1/sessions/\(id)/runs").json["runs"]?.array?.count == 2)
            #expect(try await server.send("DELETE", "/v1/sessions/\(id)").status == 204)
            #expect(try await server.send("GET", "/v1/sessions/\(id)").problem == "not-found")
        }
    }

    @Test("Fork, roll back: each copy goes its own way, and runs can be taken back")
    func states() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            for code in ["x = 1", "x = 2", "x = 3"] { _ = try await server.run(code, in: id) }
            let forks = try await server.send("POST", "/v1/sessions/\(id)/fork", json: ["count": 2])
            #expect(forks.status == 201)
            let copies = try #require(forks.json["sessions"]?.array).compactMap { $0["id"]?.string }
            #expect(Set(copies + [id]).count == 3)
            _ = try await server.run("x = 30", in: copies[0])
            #expect(try await server.run("x", in: copies[1]).json["value"] == 3)
            let back = try await server.send("POST", "/v1/sessions/\(id)/rollback", json: ["to_run": 1])
            #expect(back.json["run"] == 1)
            #expect(try await server.run("x", in: id).json["value"] == 1)
            #expect(try await server.run("x", in: copies[0]).json["value"] == 30)
            // A copy can go back to before it was made.
            #expect(
                try await server.send("POST", "/v1/sessions/\(copies[1])/rollback", json: ["to_run": 2]).status == 200
            )
            #expect(try await server.run("x", in: copies[1]).json["value"] == 2)
            let none = try await server.send("POST", "/v1/sessions/\(id)/rollback", json: ["to_run": 99])
            #expect(none.problem == "no-such-state")
        }
    }

    @Test("Files are written, read, listed and removed")
    func files() async throws {
        try await TestServer.with { server in
            let base = "/v1/sessions/\(try await server.makeSession())/files"
            let bytes: [UInt8] = [0, 255, 10, 13]
            let binary = [("Content-Type", "application/octet-stream")]
            #expect(try await server.send("PUT", base + "/d/%C3%A9%20x", headers: binary, body: bytes).status == 204)
            let read = try await server.send("GET", base + "/d/%C3%A9%20x")
            #expect(read.body == bytes)
            #expect(read.headers["content-type"] == "application/octet-stream")
            #expect(read.headers["content-disposition"] == "attachment")
            let listing = try await server.send("GET", base + "/d")
            #expect(listing.json["entries"] == [["name": "é x", "kind": "file", "bytes": 4]])
            let root = try await server.send("GET", base)
            #expect(root.json["entries"]?.array?.contains { $0["name"] == "d" } == true)
            #expect(try await server.send("DELETE", base + "/d").status == 204)
            #expect(try await server.send("GET", base + "/d/%C3%A9%20x").problem == "no-such-file")
            #expect(try await server.send("DELETE", base + "/d").problem == "no-such-file")
            #expect(try await server.send("PUT", base + "/", headers: binary, body: bytes).problem == "invalid-request")
        }
    }

    @Test("Requests for one session wait for each other, in order; too many are refused")
    func order() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let connection = try server.connect()
            var requests: [UInt8] = []
            let path = "/v1/sessions/\(id)/runs"
            for index in 0..<5 {
                let code = "order = globals().get('order', []) + [\(index)]"
                requests += try server.request(
                    "POST",
                    path,
                    headers: [("Prefer", "respond-async")],
                    json: ["code": PythonValue(code)]
                )
            }
            try await connection.send(requests)
            var reader = AnswerReader(connection)
            for index in 1...5 {
                let answer = try await reader.next()
                #expect(answer.status == 202)
                #expect(answer.headers["location"] == "\(path)/\(index)")
            }
            #expect(try await server.run("order", in: id).json["value"] == [0, 1, 2, 3, 4])
            _ = try await server.send(
                "POST",
                path,
                headers: [("Prefer", "respond-async")],
                json: ["code": "while True: pass"]
            )
            var statuses: [Int] = []
            for _ in 0..<40 {
                let headers = [("Prefer", "respond-async")]
                statuses.append(try await server.send("POST", path, headers: headers, json: ["code": "1"]).status)
            }
            #expect(statuses.first == 202 && statuses.last == 409)
        }
    }

    @Test("An interrupted program keeps what it did, and so does one whose client goes away")
    func interrupts() async throws {
        try await TestServer.with {
            $0.limits.standard.time = .seconds(60)
        } _: { server in
            let id = try await server.makeSession()
            let path = "/v1/sessions/\(id)/runs"
            let code: PythonValue = ["code": "x = 5\nprint('started')\nwhile True: pass"]
            for goesAway in [false, true] {
                let connection = try server.connect()
                try await connection.send(try server.request("POST", path, json: code))
                while try await server.send("GET", path).json["runs"]?.array?.last?["status"] != "running" {
                    await Task.yield()
                }
                // So that it is not only on its way.
                let number = try await server.send("GET", path).json["runs"]?.array?.last?["run"]?.int ?? 0
                while try await server.send("GET", "\(path)/\(number)").json["stdout"] != "started\n" {}
                if goesAway {
                    connection.abort()
                } else {
                    #expect(try await server.send("POST", "/v1/sessions/\(id)/interrupt", json: [:]).status == 204)
                    var reader = AnswerReader(connection)
                    #expect(try await reader.next().json["error"]?["type"] == "KeyboardInterrupt")
                }
                #expect(try await server.run("x", in: id).json["value"] == 5)
                _ = try await server.run("del x", in: id)
            }
        }
    }

    @Test("A run that is cancelled is taken back")
    func cancelled() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let path = "/v1/sessions/\(id)/runs"
            _ = try await server.run("x = 1", in: id)
            let headers = [("Prefer", "respond-async")]
            let code: PythonValue = ["code": "x = 2\nprint('started')\nwhile True: pass"]
            #expect(try await server.send("POST", path, headers: headers, json: code).status == 202)
            while try await server.send("GET", "\(path)/2").json["stdout"] != "started\n" {}
            #expect(try await server.send("DELETE", "\(path)/2").status == 204)
            #expect(try await server.run("x", in: id).json["value"] == 1)
            #expect(try await server.send("GET", "\(path)/2").json["status"] == "cancelled")
        }
    }

    @Test("A program that had to be stopped leaves the session as it was before")
    func stopped() async throws {
        try await TestServer.with {
            $0.limits.standard.time = .milliseconds(200)
        } _: { server in
            let id = try await server.makeSession()
            _ = try await server.run("x = 1", in: id)
            let code = "x = 2\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass"
            #expect(try await server.run(code, in: id).json["status"] == "timeout")
            #expect(try await server.run("x", in: id).json["value"] == 1)
        }
    }

    @Test("Check, complete and inspect know the session's names")
    func tools() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let path = "/v1/sessions/\(id)"
            _ = try await server.run("def greet(name):\n    'Says hello.'\nletters = 'abc'", in: id)
            let check = try await server.send("POST", path + "/check", json: ["code": "greet(lettres)\nif"])
            #expect(check.json["problems"]?.array?.isEmpty == false)
            let complete = try await server.send("POST", path + "/complete", json: ["code": "lett", "cursor": 4])
            #expect(complete.json["matches"]?.array?.contains { $0["text"] == "letters" } == true)
            let inspect = try await server.send("POST", path + "/inspect", json: ["code": "greet"])
            #expect(inspect.json["documentation"] == "Says hello.")
            #expect(try await server.send("POST", path + "/inspect", json: ["code": "nothing"]).status == 404)
            let beyond = try await server.send("POST", path + "/complete", json: ["code": "a", "cursor": 2])
            #expect(beyond.problem == "invalid-request")
        }
    }

    @Test("Lists have pages, and a tenant sees its own sessions only")
    func pages() async throws {
        try await TestServer.with {
            try $0.tokens.add("token-of-acme-0123456789", for: Tenant(name: "acme"))
            try $0.tokens.add("token-of-other-0123456789", for: Tenant(name: "other"))
            $0.sessions.maxSessionsPerTenant = 5
        } _: { server in
            let acme = [("Authorization", "Bearer token-of-acme-0123456789")]
            let other = [("Authorization", "Bearer token-of-other-0123456789")]
            var made: [String] = []
            for _ in 0..<5 {
                let answer = try await server.send("POST", "/v1/sessions", headers: acme, json: [:])
                made.append(try #require(answer.json["id"]?.string))
            }
            let full = try await server.send("POST", "/v1/sessions", headers: acme, json: [:])
            #expect(full.status == 429 && full.problem == "quota")
            #expect(full.json["allowed"] == 5 && full.headers["retry-after"] != nil)
            #expect(try await server.send("POST", "/v1/sessions", headers: other, json: [:]).status == 201)
            var seen: [String] = []
            var path = "/v1/sessions?limit=2"
            while true {
                let page = try await server.send("GET", path, headers: acme).json
                seen += page["sessions"]?.array?.compactMap { $0["id"]?.string } ?? []
                guard let next = page["next"]?.string else { break }
                path = "/v1/sessions?limit=2&cursor=\(next)"
            }
            #expect(seen == made.reversed())
            #expect(try await server.send("GET", "/v1/sessions?limit=0", headers: acme).status == 400)
            #expect(try await server.send("GET", "/v1/sessions?cursor=x", headers: acme).status == 400)
            // A place that is free is there for the next one.
            _ = try await server.send("DELETE", "/v1/sessions/\(made[0])", headers: acme)
            #expect(try await server.send("POST", "/v1/sessions", headers: acme, json: [:]).status == 201)
        }
    }

    @Test("A session that nobody uses for its time to live is gone; one that is used is not")
    func expiry() async throws {
        try await TestServer.with { server in
            let short = try await server.send("POST", "/v1/sessions", json: ["ttl_seconds": 0.1])
            let id = try #require(short.json["id"]?.string)
            let long = try await server.makeSession()
            // Each look would be a use.
            while try await server.send("GET", "/v1/sessions").json["sessions"]?.array?.count != 1 {}
            #expect(try await server.send("GET", "/v1/sessions/\(id)").status == 404)
            #expect(try await server.run("1", in: long).status == 200)
            let changed = try await server.send(
                "PATCH",
                "/v1/sessions/\(long)",
                json: ["ttl_seconds": 5, "metadata": ["a": "b"]]
            )
            #expect(changed.json["ttl_seconds"] == 5.0)
            #expect(changed.json["metadata"] == ["a": "b"])
        }
    }
}

extension TestServer {
    func makeSession(_ settings: PythonValue = [:]) async throws -> String {
        let answer = try await send("POST", "/v1/sessions", json: settings)
        return try #require(answer.json["id"]?.string, "\(answer.text)")
    }

    func run(_ code: String, in session: String, _ members: [PythonValue.Item] = []) async throws -> HTTPAnswer {
        let body = PythonValue.dict([.init(key: "code", value: PythonValue(code))] + members)
        return try await send("POST", "/v1/sessions/\(session)/runs", json: body)
    }
}
