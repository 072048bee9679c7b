// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import Terrarium
import Testing

@testable import TerrariumServer

/// `terrarium-serve` as a process: its options, its environment, its end.
@Suite(.timeLimit(.minutes(2)))
struct ProcessTests {
    private func run(_ code: String, on server: ServerProcess, token: String? = nil) async throws -> HTTPAnswer {
        let connection = try RawConnection(port: server.port)
        try await connection.send(try request(code, token: token))
        var reader = AnswerReader(connection)
        return try await reader.next()
    }

    private func request(_ code: String, token: String? = nil) throws -> [UInt8] {
        let body = try PythonValue.dict([.init(key: "code", value: PythonValue(code))]).json()
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let head = "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\n\(authorization)Content-Type: application/json\r\n"
        return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    @Test("SIGTERM lets programs that run end, takes no more, and ends the process with success")
    func drain() async throws {
        let server = try await ServerProcess()
        let (busy, idle) = (try RawConnection(port: server.port), try RawConnection(port: server.port))
        try await busy.send(try request("import time\nprint('started')\ntime.sleep(1.5)\n'done'"))
        // An answer over the other connection, so that it is known to the server, and the program is on its way.
        try await idle.send(try request("1"))
        var idleReader = AnswerReader(idle)
        #expect(try await idleReader.next().json["value"] == 1)
        server.signal(SIGTERM)
        #expect(try await idleReader.isClosed())
        var reader = AnswerReader(busy)
        #expect(try await reader.next().json["value"] == "done")
        let end = await server.end()
        #expect(end.code == 0, "\(end.log)")
        #expect(throws: RawConnection.Failure.self) { try RawConnection(port: server.port) }
    }

    @Test("Programs that do not end within the drain time-out are stopped")
    func drainTimeout() async throws {
        let server = try await ServerProcess(["--drain-timeout", "0.2", "--seconds", "60"])
        let busy = try RawConnection(port: server.port)
        try await busy.send(try request("print('started')\nwhile True: pass"))
        let ready = try await run("1", on: server)
        #expect(ready.json["value"] == 1)
        server.signal(SIGTERM)
        let end = await server.end()
        #expect(end.code == 0, "\(end.log)")
    }

    @Test("/readyz says no before the socket is closed, so that a load balancer looks elsewhere first")
    func drainDelay() async throws {
        let server = try await ServerProcess(["--drain-delay", "60", "--drain-timeout", "1"])
        server.signal(SIGTERM)
        while true {
            let connection = try RawConnection(port: server.port)
            try await connection.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            var reader = AnswerReader(connection)
            let answer = try await reader.next()
            guard answer.status == 503 else { continue }
            #expect(answer.problem == "draining")
            #expect(answer.headers["retry-after"] != nil)
            break
        }
        let answer = try await run("1", on: server)
        #expect(answer.problem == "draining")
        // It waits for a minute otherwise.
        server.signal(SIGKILL)
        #expect(await server.end().code == -SIGKILL)
    }

    @Test("Options count more than the environment, and tokens come from a file that is the owner's")
    func settings() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "terrarium-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "tokens").path
        try Data("# tenants\nacme  acme-token-0123456789\n\nother\tother-token-0123456789\n".utf8)
            .write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let variables = [
            "TERRARIUM_SERVE_TOKEN_FILE": file, "TERRARIUM_SERVE_SECONDS": "0.001",
            "TERRARIUM_TOKEN": "environment-token-0123",
        ]
        let server = try await ServerProcess(["--seconds", "5"], variables: variables)
        for token in ["acme-token-0123456789", "other-token-0123456789", "environment-token-0123"] {
            #expect(try await run("sum(range(10**6))", on: server, token: token).json["status"] == "ok")
        }
        #expect(try await run("1", on: server).status == 401)
        server.signal(SIGTERM)
        let log = await server.end().log
        #expect(log.contains(#""tenant":"acme""#) && log.contains(#""tenant":"default""#))
        #expect(!log.contains("token-0123"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let refused = try await ServerProcess.run(["--token-file", file])
        #expect(refused.code != 0)
        #expect(refused.log.contains("chmod 600"))
    }

    @Test(
        "What cannot be is refused with a sentence",
        arguments: [
            (["--host", "0.0.0.0"], [:], "TERRARIUM_TOKEN"), (["--port", "70000"], [:], "--port"),
            ([], ["TERRARIUM_SERVE_MAX_RUNS": "many"], "--max-runs"), (["--max-runs", "0"], [:], "--max-runs"),
            ([], ["TERRARIUM_TOKEN": "short"], "16 to 512"), ([], ["TERRARIUM_TOKEN": ""], "16 to 512"),
            (["--token-file", "/nonexistent/file"], [:], "/nonexistent/file"),
            (["--image", "/nonexistent/file"], [:], "/nonexistent/file"),
            (["--log-level", "loud"], [:], "loud"),
        ] as [([String], [String: String], String)]
    )
    func refusals(arguments: [String], variables: [String: String], part: String) async throws {
        let end = try await ServerProcess.run(["--port", "0"] + arguments, variables: variables)
        #expect(end.code != 0 && end.code > 0)
        #expect(end.log.contains(part), "\(end.log)")
        #expect(!end.log.contains("short"))
    }
}
