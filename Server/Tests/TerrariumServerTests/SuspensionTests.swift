// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumServer

/// Programs that await functions of the client, and requests that are sent twice.
@Suite(.timeLimit(.minutes(2)))
struct SuspensionTests {
    private static let functions: PythonValue = [
        "functions": [
            ["name": "search", "description": "Searches.", "parameters": ["query", "limit"]], ["name": "now"],
        ]
    ]

    @Test("A program that awaits a function waits for its client, and goes on with the answer")
    func resume() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession(Self.functions)
            let code = """
                import asyncio
                print(search.__doc__)
                hits, time = await asyncio.gather(search('crates', limit=3), now())
                print(hits)
                len(hits) + time
                """
            let waiting = try await server.run(code, in: id)
            #expect(waiting.status == 200)
            #expect(waiting.json["status"] == "needs_results")
            #expect(waiting.json["stdout"] == "Searches.\n")
            let calls = try #require(waiting.json["calls"]?.array)
            #expect(calls.map { $0["name"] } == ["search", "now"])
            #expect(calls[0]["arguments"] == ["query": "crates", "limit": 3])
            #expect(try await server.send("GET", "/v1/sessions/\(id)").json["state"] == "suspended")
            #expect(try await server.run("1", in: id).problem == "suspended")
            let path = "/v1/sessions/\(id)/runs/1/resume"
            let id0 = try #require(calls[0]["id"]), id1 = try #require(calls[1]["id"])
            let unknown = try await server.send("POST", path, json: ["results": [["id": 999, "value": 1]]])
            #expect(unknown.problem == "invalid-request")
            // One after the other: it waits for the rest.
            let half = try await server.send("POST", path, json: ["results": [["id": id0, "value": [1, 2]]]])
            #expect(half.json["status"] == "needs_results")
            #expect(half.json["calls"]?.array?.count == 1)
            let done = try await server.send("POST", path, json: ["results": [["id": id1, "value": 40]]])
            #expect(done.json["status"] == "ok", "\(done.text)")
            #expect(done.json["value"] == 42)
            #expect(done.json["stdout"] == "Searches.\n[1, 2]\n")
            #expect(try await server.send("POST", path, json: ["results": []]).problem == "not-suspended")
        }
    }

    @Test("An error of the client is raised at the call, by the name of its class")
    func errors() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession(Self.functions)
            let code = "try:\n    await now()\nexcept Exception as error:\n    print(type(error).__name__, error)"
            for (error, output) in [
                ("no clock", "FunctionError no clock\n"), (["type": "KeyError", "message": "x"], "KeyError 'x'\n"),
            ] as [(PythonValue, PythonValue)] {
                let waiting = try await server.run(code, in: id).json
                let call = try #require(waiting["calls"]?[0]?["id"])
                let run = try #require(waiting["run"]?.int)
                let answer = try await server.send(
                    "POST",
                    "/v1/sessions/\(id)/runs/\(run)/resume",
                    json: ["results": [["id": call, "error": error]]]
                )
                #expect(answer.json["stdout"] == output)
            }
        }
    }

    @Test("A waiting program is copied with its session, and gets different answers in both")
    func forks() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession(Self.functions)
            let waiting = try await server.run("await search('a') * 2", in: id).json
            let call = try #require(waiting["calls"]?[0]?["id"])
            let fork = try await server.send("POST", "/v1/sessions/\(id)/fork", json: [:])
            let copy = try #require(fork.json["sessions"]?[0]?["id"]?.string)
            for (session, value) in [(id, 1), (copy, 10)] {
                let answer = try await server.send(
                    "POST",
                    "/v1/sessions/\(session)/runs/1/resume",
                    json: ["results": [["id": call, "value": PythonValue(value)]]]
                )
                #expect(answer.json["value"]?.int == 2 * value, "\(answer.text)")
            }
        }
    }

    @Test("A waiting program can be dropped, or taken back with its run")
    func dropped() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession(Self.functions)
            _ = try await server.run("x = 1\nawait now()", in: id)
            #expect(try await server.send("DELETE", "/v1/sessions/\(id)/runs/1").status == 204)
            #expect(try await server.send("GET", "/v1/sessions/\(id)/runs/1").json["status"] == "cancelled")
            #expect(try await server.run("x", in: id).json["value"] == 1)
            _ = try await server.run("x = 2\nawait now()", in: id)
            #expect(try await server.send("POST", "/v1/sessions/\(id)/rollback", json: [:]).status == 200)
            #expect(try await server.run("x", in: id).json["value"] == 1)
        }
    }

    @Test("A program cannot call what was not declared")
    func undeclared() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession(Self.functions)
            let answer = try await server.run("await __terrarium_call_function('delete', {})", in: id)
            #expect(answer.json["error"]?["type"]?.string?.hasSuffix("FunctionError") == true, "\(answer.text)")
        }
    }

    @Test(
        "Declarations that Python does not allow are refused",
        arguments: ["", "1a", "a-b", "class", "__import__", "a b", "é"]
    )
    func declarations(name: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.send(
                "POST",
                "/v1/sessions",
                json: ["functions": [["name": PythonValue(name)]]]
            )
            #expect(answer.problem == "invalid-request")
            #expect(answer.json["errors"]?[0]?["pointer"] == "/functions/0/name")
        }
    }

    // MARK: - Requests that are sent twice

    @Test("A request with the same key is done once, and answered alike")
    func idempotency() async throws {
        try await TestServer.with { server in
            let id = try await server.makeSession()
            let key = [("Idempotency-Key", "k1")]
            let path = "/v1/sessions/\(id)/runs"
            let code: PythonValue = ["code": "n = globals().get('n', 0) + 1\nn"]
            let first = try await server.send("POST", path, headers: key, json: code)
            let second = try await server.send("POST", path, headers: key, json: code)
            #expect(first.json["value"] == 1)
            #expect(second.body == first.body)
            #expect(second.headers["idempotency-replayed"] == "true")
            #expect(first.headers["idempotency-replayed"] == nil)
            let other = try await server.send("POST", path, headers: key, json: ["code": "2"])
            #expect(other.status == 422 && other.problem == "idempotency-mismatch")
            let long = [("Idempotency-Key", String(repeating: "k", count: 256))]
            #expect(try await server.send("POST", path, headers: long, json: code).status == 400)
            // A request that failed has done nothing, and may be sent again.
            let failing = [("Idempotency-Key", "k2")]
            let body: PythonValue = ["to_run": 99]
            for _ in 0..<2 {
                let answer = try await server.send("POST", "/v1/sessions/\(id)/rollback", headers: failing, json: body)
                #expect(answer.status == 409 && answer.problem == "no-such-state")
            }
        }
    }

    @Test("A client with a key that goes away finds the answer when it comes again")
    func comesAgain() async throws {
        try await TestServer.with {
            $0.limits.standard.time = .seconds(60)
        } _: { server in
            let id = try await server.makeSession(Self.functions)
            let path = "/v1/sessions/\(id)/runs"
            let key = [("Idempotency-Key", "k")]
            let code: PythonValue = ["code": "import time\nprint('started')\ntime.sleep(0.5)\n6 * 7"]
            let connection = try server.connect()
            try await connection.send(try server.request("POST", path, headers: key, json: code))
            while try await server.send("GET", path).json["runs"]?.array?.last?["status"] != "running" {}
            connection.abort()
            while true {
                let answer = try await server.send("POST", path, headers: key, json: code)
                if answer.problem == "idempotency-in-progress" { continue }
                #expect(answer.json["value"] == 42)
                break
            }
            #expect(try await server.send("GET", path).json["runs"]?.array?.count == 1)
        }
    }
}
