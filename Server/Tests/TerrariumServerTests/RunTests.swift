// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumServer

/// `/v1/runs`: one program in a fresh sandbox.
@Suite(.timeLimit(.minutes(2)))
struct RunTests {
    @Test("A run answers the value, its text, and what was printed")
    func values() async throws {
        try await TestServer.with { server in
            let answer = try await server.run(
                "import sys\nprint('out')\nprint('err', file=sys.stderr)\n{'b': (1, 2.0), 'a': b'hi'}"
            )
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.json["status"] == "ok")
            #expect(answer.json["stdout"] == "out\n")
            #expect(answer.json["stderr"] == "err\n")
            #expect(answer.json["text"] == "{'b': (1, 2.0), 'a': b'hi'}")
            #expect(answer.text.contains(#""value":{"b":[1,2.0],"a":{"$bytes":"aGk="}}"#))
            #expect(answer.json["usage"]?["memory_bytes"]?.int ?? 0 > 0)
        }
    }

    @Test("A program gets inputs, files, arguments and standard input, and its files come back")
    func everythingGiven() async throws {
        try await TestServer.with { server in
            let code = """
                import sys, pathlib
                print(type(when).__name__, when.year, input(), sys.argv[1:])
                pathlib.Path('/out').mkdir()
                pathlib.Path('/out/b.bin').write_bytes(pathlib.Path('/in/a.txt').read_bytes()[::-1])
                """
            let answer = try await server.run(
                code,
                [
                    .init(key: "inputs", value: ["when": .date(try #require(PythonDate("2024-05-06")))]),
                    .init(key: "files", value: ["/in/a.txt": .bytes([1, 2, 255])]),
                    .init(key: "stdin", value: "line\n"), .init(key: "arguments", value: ["-v"]),
                    .init(key: "return_files", value: ["/out", "/in/a.txt", "/nowhere"]),
                ]
            )
            #expect(answer.json["stdout"] == "date 2024 line ['-v']\n")
            #expect(answer.json["files"] == ["/out/b.bin": .bytes([255, 2, 1]), "/in/a.txt": .bytes([1, 2, 255])])
        }
    }

    @Test("An exception and a limit are answers like others")
    func failures() async throws {
        try await TestServer.with { server in
            let error = try await server.run("x = 1\n1 / 0")
            #expect(error.status == 200)
            #expect(error.json["status"] == "error")
            #expect(error.json["error"]?["type"] == "ZeroDivisionError")
            #expect(error.json["error"]?["line"] == 2)
            #expect(error.json["error"]?["traceback"]?.string?.contains("1 / 0") == true)
            let exit = try await server.run("raise SystemExit(3)")
            #expect(exit.json["status"] == "exited")
            #expect(exit.json["exit_code"] == 3)
            let limits = PythonValue.Item(key: "limits", value: ["seconds": 0.2])
            let timeout = try await server.run("while True: pass", [limits])
            #expect(timeout.status == 200)
            #expect(timeout.json["status"] == "timeout")
            #expect(timeout.json["breaches"]?[0]?["limit"] == "time")
            #expect(timeout.json["breaches"]?[0]?["allowed"] == 0.2)
            let stubborn = try await server.run(
                "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
                [limits]
            )
            #expect(stubborn.status == 200)
            #expect(stubborn.json["status"] == "timeout")
            #expect(stubborn.json["error"]?["type"] == "timeLimit")
            let memory = try await server.run("x = bytearray(10**9)")
            #expect(memory.json["status"] == "memory")
        }
    }

    @Test("Programs of different requests share nothing, over one connection too")
    func isolation() async throws {
        try await TestServer.with { server in
            let connection = try server.connect()
            let request = try server.request("POST", "/v1/runs", json: ["code": "seen = 'seen' in globals()\nseen"])
            // Both at once: the answers come in the same order.
            try await connection.send(request + request)
            var reader = AnswerReader(connection)
            #expect(try await reader.next().json["value"] == false)
            #expect(try await reader.next().json["value"] == false)
        }
    }

    @Test(
        "A request that is not as it should be is a problem that says where",
        arguments: [
            ([:], "/code"), (["code": 1], "/code"), (["code": "1", "cod": 1], "/cod"),
            (["code": "1", "kind": "shell"], "/kind"), (["code": "1", "inputs": [1]], "/inputs"),
            (["code": "1", "files": ["a": "relative"]], "/files"), (["code": "1", "files": ["/a": 1]], "/files"),
            (["code": "1", "files": ["/": "root"]], "/files"), (["code": "1", "stdin": 1], "/stdin"),
            (["code": "1", "arguments": ["a", 1]], "/arguments"), (["code": "1", "forms": ["html"]], "/forms"),
            (["code": "1", "limits": ["seconds": 0]], "/limits/seconds"),
            (["code": "1", "limits": ["seconds": 61]], "/limits/seconds"),
            (["code": "1", "limits": ["memory_bytes": 1_000_000_000_000]], "/limits/memory_bytes"),
            (["code": "1", "limits": ["a/b~c": 1]], "/limits/a~1b~0c"),
            (["code": "1", "return_files": ["../x"]], "/return_files"),
        ] as [(PythonValue, String)]
    )
    func invalidRequests(body: PythonValue, pointer: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.send("POST", "/v1/runs", json: body)
            #expect(answer.status == 400)
            #expect(answer.problem == "invalid-request")
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer, "\(answer.text)")
        }
    }

    @Test("A member that is null is as one that is not there")
    func nullMembers() async throws {
        try await TestServer.with { server in
            let names: [PythonString] = [
                "kind", "name", "inputs", "files", "stdin", "arguments", "forms", "limits", "return_files",
            ]
            let answer = try await server.run("6 * 7", names.map { .init(key: $0, value: .null) })
            #expect(answer.status == 200 && answer.json["value"] == 42, "\(answer.text)")
            #expect(try await server.send("POST", "/v1/runs", json: ["code": .null]).status == 400)
        }
    }

    @Test("A client that goes away takes its program with it")
    func disconnect() async throws {
        try await TestServer.with {
            $0.pool.maxSandboxes = 1
            $0.limits.standard.time = .seconds(60)
        } _: { server in
            for sayGoodbye in [true, false] {
                let connection = try server.connect()
                try await connection.send(try server.request("POST", "/v1/runs", json: ["code": "while True: pass"]))
                while server.application.statistics.running == 0 { await Task.yield() }
                if sayGoodbye { connection.finish() } else { connection.abort() }
                // There is one place, which is free only if the first program has gone.
                #expect(try await server.run("6 * 7").json["value"] == 42)
            }
        }
    }

    @Test("Programs beyond the bound are refused, and the tenant is told when to come again")
    func overload() async throws {
        try await TestServer.with {
            $0.pool.maxSandboxes = 1
            $0.pool.maxWaiting = 0
        } _: { server in
            let connection = try server.connect()
            try await connection.send(try server.request("POST", "/v1/runs", json: ["code": "while True: pass"]))
            while server.application.statistics.running == 0 { await Task.yield() }
            let answer = try await server.run("1")
            #expect(answer.status == 503)
            #expect(answer.problem == "overloaded")
            #expect(answer.headers["retry-after"] == "1")
        }
    }
}
