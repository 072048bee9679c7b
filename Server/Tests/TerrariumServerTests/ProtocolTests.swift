// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Terrarium
import Testing

@testable import TerrariumServer

/// HTTP as such: methods, paths, connections.
@Suite(.timeLimit(.minutes(2)))
struct ProtocolTests {
    @Test("What is not there, and methods that a resource does not have, are problems")
    func routing() async throws {
        try await TestServer.with { server in
            let missing = try await server.send("GET", "/v1/nothing")
            #expect(missing.status == 404)
            #expect(missing.problem == "not-found")
            let method = try await server.send("DELETE", "/v1/runs")
            #expect(method.status == 405)
            #expect(method.problem == "method-not-allowed")
            #expect(method.headers["allow"] == "POST")
            #expect(try await server.send("PROPFIND", "/v1/runs").status == 405)
            #expect(try await server.send("BREW", "/v1/runs").problem == "invalid-request")
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() async throws {
        try await TestServer.with { server in
            let answer = try await server.send("HEAD", "/healthz")
            #expect(answer.status == 200)
            #expect(answer.headers["content-length"] == "15")
            #expect(answer.body.isEmpty)
        }
    }

    @Test("A connection serves many requests, those that failed among them")
    func keepAlive() async throws {
        try await TestServer.with { server in
            let connection = try server.connect()
            var reader = AnswerReader(connection)
            for (path, status) in [("/healthz", 200), ("/nothing", 404), ("/readyz", 200)] {
                try await connection.send(try server.request("GET", path))
                #expect(try await reader.next().status == status)
            }
        }
    }

    @Test("A client that asks first whether it may send a body is told so")
    func expectContinue() async throws {
        try await TestServer.with { server in
            let connection = try server.connect()
            var reader = AnswerReader(connection)
            let body = #"{"code": "2 + 2"}"#
            try await connection.send(
                "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await reader.next().status == 100)
            try await connection.send(body)
            #expect(try await reader.next().json["value"] == 4)
        }
    }

    @Test("A client that wants the connection closed gets it closed")
    func close() async throws {
        try await TestServer.with { server in
            let connection = try server.connect()
            try await connection.send(try server.request("GET", "/healthz", headers: [("Connection", "close")]))
            var reader = AnswerReader(connection)
            #expect(try await reader.next().status == 200)
            #expect(try await reader.isClosed())
        }
    }

    @Test("SHA-256 has the digests of FIPS 180-4, and lengths around those of its blocks")
    func sha256() {
        #expect(
            SHA256Digest.hexadecimal(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            SHA256Digest.hexadecimal(of: [])
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        #expect(
            SHA256Digest.hexadecimal(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000))
                == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
        )
    }
}
